"""This file holds the app as servers load it: environment → Settings → create_app."""

from __future__ import annotations

import os

from partner_assess.app import create_app
from partner_assess.settings import Settings

app = create_app(Settings.from_env(os.environ))
