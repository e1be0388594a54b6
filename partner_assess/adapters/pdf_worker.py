"""This file holds what the process does that prints: `adapters/workshop.py` starts it.

It has printed once before it is asked, so that no child has to load and read what all of them use.
"""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime

from partner_assess.adapters import pdf_page
from partner_assess.adapters.pdf import Attachment

_SAMPLE = """<!doctype html><html lang="en"><title>x</title><style>
@font-face { font-family: A; src: url("font:noto-sans"); }
@font-face { font-family: B; src: url("font:noto-sans-arabic"); }
@page { @bottom-center { content: element(foot); } }
.foot { position: running(foot); } body { font: 12px A, B; }
</style><div class="foot">x</div><h1>x <b>\u0645</b></h1>
<svg width="9" height="9"><title>x</title><path d="M0 0h9v9z"/></svg>
<div style="display: flex"><p>x</p><p>x</p></div>
<table><thead><tr><th>x</th></tr></thead><tbody><tr><td>x</td></tr></tbody></table></html>"""


def handle(request: bytes) -> bytes:
    """Return the PDF of a page."""
    asked = json.loads(request)
    created = datetime.fromisoformat(asked["created"])
    # Or each font would carry the second in which it was cut down.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(created.timestamp()))  # noqa: TID251 (a child's own)
    return pdf_page.render(
        asked["html"],
        attachment=Attachment(
            name=asked["attachment"]["name"],
            content=base64.b64decode(asked["attachment"]["content"], validate=True),
            description=asked["attachment"]["description"],
        ),
        identifier=bytes.fromhex(asked["identifier"]),
        created=created,
        seal_label=asked["seal_label"],
    )


def warm_up() -> None:
    """Print once, and let the garbage collector come seldom from then on."""
    pdf_page.render(
        _SAMPLE,
        attachment=Attachment("report.json", b"{}", "x"),
        identifier=bytes(16),
        created=datetime(2026, 1, 1, tzinfo=UTC),
    )
    pdf_page.collect_seldom()
