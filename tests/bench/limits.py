"""This file holds the limits: what docs/bench.md promises, and `make bench` compares with."""

from __future__ import annotations

# Times the server's time for our own empty signed-in page.
PAGES = {
    "list of 50": 3.0,
    "partner": 3.0,
    "standard": 8.0,
    "saving a standard": 6.0,
    "result": 4.0,
}
# Queries that ten times the rows may add.
MORE_QUERIES = 0

# Times a process that only imported Flask, SQLAlchemy and WTForms.
MEMORY = 1.5

# Times the CPU time of a warm headless Chromium.
DOCUMENT = 0.65

# Times the CPU time of a child of the gate that does nothing.
GATE = 2.0
# Times the CPU time of a warm WeasyPrint alone on the same HTML.
SEALED = 1.3
# Of the time of one worker.
TWO_WORKERS = 1 / 1.7

FIRST_VISIT_KB = 35.0
FIRST_VISIT_REQUESTS = 5
LATER_PAGE_KB = 15.0
