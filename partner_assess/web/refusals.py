"""This file holds how a form says what a rule refused."""

from __future__ import annotations

from collections.abc import Mapping

from partner_assess.domain.errors import RuleError
from partner_assess.web import messages
from partner_assess.web.forms import PageForm


def show(form: PageForm, error: RuleError, at: Mapping[str, str]) -> None:
    """Say it at the field that `at` names for the refusal's code, else above the form."""
    sentence = messages.sentence(error)
    if field := at.get(error.code):
        form.add_problem(field, sentence)
    else:
        form.form_errors.append(sentence)
