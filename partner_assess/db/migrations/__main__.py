"""This file holds what `make migration` runs."""

from __future__ import annotations

import sys

from partner_assess.db import migrations

migrations.draft(sys.argv[1])
