"""This file holds a warm WeasyPrint: one page a line on standard input, its CPU seconds back."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from partner_assess.adapters import pdf_page
from partner_assess.adapters.pdf import Attachment


def main() -> None:
    """Print each named page, and say what it cost."""
    pdf_page.collect_seldom()
    for line in sys.stdin:
        html = Path(line.strip()).read_text(encoding="utf-8")
        began = time.process_time()
        made = pdf_page.render(
            html,
            attachment=Attachment("report.json", html.encode(), "The facts of this document"),
            identifier=bytes(16),
            created=datetime(2026, 11, 22, tzinfo=UTC),
        )
        cost = time.process_time() - began
        if not made.startswith(b"%PDF-"):
            raise SystemExit("no PDF came out")
        sys.stdout.write(f"{cost}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
