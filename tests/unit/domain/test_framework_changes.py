from __future__ import annotations

from dataclasses import replace

from partner_assess.domain.framework_changes import Change, changes
from tests.builders import six


def test_the_same_framework_has_no_changes() -> None:
    assert changes(six(), replace(six(), version="1.1", digest="1" * 64)) == ()


def test_a_change_is_named_by_ids() -> None:
    first = replace(six().standards[0], weight=2, evidence=("document",))
    text = replace(six().texts["en"], title="New")
    after = replace(six(), standards=(first, *six().standards[1:]), texts={"en": text})
    assert changes(six(), after) == (
        Change("standards[policy].evidence[other]", "other", None),
        Change("standards[policy].weight", "1", "2"),
        Change("texts.en.title", "Title", "New"),
    )
