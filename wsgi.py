"""This file holds the app as servers load it: environment → Settings → create_app."""

from __future__ import annotations

import os

from partner_assess.app import create_app
from partner_assess.settings import BadSettings, Settings

settings = Settings.from_env(os.environ)
if settings.is_demo:
    # A server of one's own may listen anywhere; the demo, whose passwords are published, may not.
    raise BadSettings(
        ("wsgi:app serves production only. For the demo run `make run`; it stays on this machine.",)
    )
app = create_app(settings)
