"""This file holds how a report becomes a page to print."""

from __future__ import annotations

from pathlib import Path

from partner_assess.domain.catalogue import Catalogue


class Printer:
    """Prints reports."""

    def __init__(self, templates: Path, catalogue: Catalogue) -> None:
        self.templates = templates
        self.catalogue = catalogue

    def print_report(self, payload: bytes) -> bytes:
        """Return the PDF of a report."""
        raise NotImplementedError
