"""This file holds the commands about shared documents."""

from __future__ import annotations

commands = ()
