"""This file holds the command that writes an agency's own root, to hand to others."""

from __future__ import annotations

import base64
import hashlib
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partner_assess.cli import json_lines
from partner_assess.cli.files import whole_or_not_at_all
from partner_assess.cli.json_lines import BadInput, quoted
from partner_assess.db import queries
from partner_assess.db.session import open_session
from partner_assess.domain.trust import NoSeal, SealFailed

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts


@click.command()
@click.option("--agency", "code", required=True, help="Short code of an agency of this database.")
@click.option("-o", "--output", "file", required=True, type=click.Path(path_type=Path))
@click.pass_obj
def own(parts: Parts, *, code: str, file: Path) -> None:
    """Write the agency's own root as PEM; tell its fingerprint by another way than the file."""
    certificate = _own_root(parts, code)
    with whole_or_not_at_all(file) as unfinished:
        unfinished.write_text(_pem(certificate), encoding="ascii")
    json_lines.write(
        [
            {
                "agency": code,
                "fingerprint": hashlib.sha256(certificate).hexdigest(),
                "state": "own",
                "file": str(file),
            }
        ]
    )


def _own_root(parts: Parts, code: str) -> bytes:
    with open_session(parts.engine, reading=True) as session:
        if queries.agencies.by_code(session, code) is None:
            raise BadInput(f"There is no agency {quoted(code)}; see `agency list`.")
    try:
        return parts.ports.seals.root(code).certificate
    except NoSeal:
        raise BadInput(f"{quoted(code)} has no key in PARTNER_ASSESS_SIGNING_KEYS.") from None
    except SealFailed as failed:
        said = failed.params["detail"]
        raise BadInput(f"The certificates of {quoted(code)} cannot be read: {said}") from None


def _pem(der: bytes) -> str:
    lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])
