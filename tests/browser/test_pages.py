"""This file holds tests of one page of each kind: it fits, it is accessible, it is quiet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from partner_assess.cli.demo import PASSWORD
from tests.browser import crawl
from tests.browser.crawl import Visit
from tests.browser.pages.person import Person
from tests.browser.site import ROOT, Site

SCREENSHOTS = ROOT / "build" / "screenshots"
