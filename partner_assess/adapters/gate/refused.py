"""This file holds how a check says no, in the child where it is made."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from pyhanko.pdf_utils.misc import PdfDecodeLimitError

from partner_assess.domain.report.verdict import Refusal


class Refused(Exception):
    """A check failed, and none after it has a meaning."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.value)


@contextmanager
def otherwise(refusal: Refusal) -> Generator[None]:
    """Refuse with this, whatever goes wrong inside: hostile bytes break readers in any way.

    What costs too much is said as such.
    """
    try:
        yield
    except Refused:
        raise
    except (MemoryError, RecursionError, PdfDecodeLimitError) as costly:
        raise Refused(Refusal.TOO_COMPLEX) from costly
    except Exception as broken:
        raise Refused(refusal) from broken


def require(holds: object, refusal: Refusal) -> None:
    """Refuse with this unless it holds."""
    if not holds:
        raise Refused(refusal)
