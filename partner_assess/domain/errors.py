"""This file holds the base of every refusal: a code and parameters, never a sentence."""

from __future__ import annotations


class RuleError(Exception):
    """A rule says no. Sentences for people live in `web/messages.py`, one a code.

    Attributes:
        code: Stable name of the refusal, snake case.
        params: Values a sentence may need, by name.
    """

    code = "refused"

    def __init__(self, code: str | None = None, **params: object) -> None:
        self.code = code or type(self).code
        self.params = params
        super().__init__(self.code, params)


class ChangedMeanwhile(RuleError):
    """Someone else changed the record since it was shown."""

    code = "changed_meanwhile"


class NotReady(RuleError):
    """A move is allowed, but something it needs is missing.

    Attributes:
        problems: What is missing, each with a code and where it is.
    """

    code = "not_ready"

    def __init__(self, problems: tuple[object, ...], code: str | None = None) -> None:
        super().__init__(code)
        self.problems = problems
