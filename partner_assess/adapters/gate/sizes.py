"""This file holds what one file may cost."""

from __future__ import annotations

from partner_assess.adapters.workshop import Limits

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_CERTIFICATE = 64 * 1024
LIMITS = Limits(seconds=2, megabytes=300)
# Of the processor, so that the two seconds hold where the machine is busy.
PROCESSOR_SECONDS = 1
