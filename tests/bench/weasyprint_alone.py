"""This file holds WeasyPrint and nothing of ours but the fonts: a page a line, its seconds back."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import weasyprint

from partner_assess.adapters.pdf_page import FontsOnly


def main() -> None:
    """Print each named page, and say what CPU time it cost."""
    for line in sys.stdin:
        html = Path(line.strip()).read_text(encoding="utf-8")
        began = time.process_time()
        page = weasyprint.HTML(string=html, url_fetcher=FontsOnly(), base_url=None)
        made = page.write_pdf(pdf_variant="pdf/a-3a")
        cost = time.process_time() - began
        if not made or not made.startswith(b"%PDF-"):
            raise SystemExit("no PDF came out")
        sys.stdout.write(f"{cost}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
