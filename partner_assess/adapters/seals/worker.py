"""This file holds what the process does that signs: `adapters/workshop.py` starts it.

A request is a line of JSON, then the content. Keys are read here, in the child of one request,
and never leave it. The process has sealed once before it is asked, with a key made for that, so
that no child has to load what all of them use.
"""

# pyHanko's writer is partly untyped.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from partner_assess.adapters.pdf import SEAL_FIELD
from partner_assess.adapters.seals import demo_keys, signing
from partner_assess.adapters.seals import keys as folder_of


def handle(request: bytes) -> bytes:
    """Return the fingerprint of the seal as a line of hex, then what was signed with it."""
    head, _, content = request.partition(b"\n")
    asked: dict[str, Any] = json.loads(head)
    folder, at = Path(asked["folder"]), datetime.fromisoformat(asked["at"])
    if asked["deed"] == "judge":
        return json.dumps(_judged(folder, asked["agencies"], at)).encode()
    keys = _keys(folder, asked["agency"], at, makes_missing=asked["makes_missing"])
    if asked["deed"] == "seal":
        content = signing.seal(content, keys, at=at, tsa_url=asked["tsa_url"])
    elif asked["deed"] == "sign":
        content = signing.sign(content, keys, at=at)
    der = keys.seal.public_bytes(serialization.Encoding.DER)
    return hashlib.sha256(der).hexdigest().encode() + b"\n" + content


def _keys(folder: Path, code: str, at: datetime, *, makes_missing: bool) -> folder_of.Keys:
    if makes_missing:
        return demo_keys.ready(folder, code, at=at)
    with folder_of.locked(folder):
        return folder_of.read(folder, code)


def _judged(folder: Path, codes: list[str], now: datetime) -> dict[str, list[str]]:
    found = [folder_of.problems(folder, code, now=now) for code in codes]
    return {
        "problems": [one for wrong, _ in found for one in wrong],
        "warnings": [one for _, soon in found for one in soon],
    }


def warm_up() -> None:
    """Seal once."""
    page = PdfFileWriter()
    contents = page.add_object(StreamObject(stream_data=b""))
    page.insert_page(PageObject(contents=contents, media_box=(0, 0, 9, 9)))
    append_signature_field(page, SigFieldSpec(SEAL_FIELD))
    written, at = BytesIO(), datetime(2026, 1, 1, tzinfo=UTC)
    page.write(written)
    with TemporaryDirectory() as folder:
        signing.seal(written.getvalue(), demo_keys.ready(Path(folder), "ONCE", at=at), at=at)
