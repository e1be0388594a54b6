"""This file holds how good documents are spoiled at random: in the PDF, and in its signature.

The same seed gives the same changes. What the gate lets in all the same is kept: as a file and the
roots it was judged by, under `tests/hostile/found/`, where `make test` reads it for ever.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from partner_assess.domain.report import summary, to_json
from partner_assess.domain.trust import Root, Trust
from tests import pki
from tests.hostile import strangers
from tests.hostile.in_place import GAP
from tests.signed_pdf import document, good, sealed_report

FOUND = Path(__file__).parent / "found"
_TOKEN = re.compile(rb"/[A-Za-z]{1,20}|\b\d{1,8}\b|<<|>>|\[|\]|endobj|endstream|stream|obj|R\b")

Change = Callable[[random.Random, bytes, bytes], bytes]


@cache
def seeds() -> tuple[tuple[bytes, ...], Trust]:
    """Return documents that are trusted, unlike each other, and the roots of all of them."""
    root, _ = pki.agency()
    by_rsa = root.issue("Demo: UNA seal", key=rsa.generate_private_key(65537, 2048))
    office = root.issue("Demo: UNA office", ca=True)
    below = office.issue("Demo: UNA seal")
    clock = pki.a_root("Demo: clock root")
    trust = (*pki.trust(root), *pki.trust(clock, "CLOCK"))
    files = (
        good(),
        document(to_json(summary(sealed_report())), compress=False, stream_xrefs=False),
        document(holder=(root, by_rsa)),
        document(holder=(root, below), lists=[root.revocation_list(), office.revocation_list()]),
        strangers.stamped(clock, trust)[0],
    )
    return files, trust


def spoiled(seed: int, files: Sequence[bytes]) -> bytes:
    """Return one of the files with one to three changes."""
    chance = random.Random(seed)  # noqa: S311 (to spoil, not to hide)
    made, other = chance.choice(files), chance.choice(files)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        change = chance.choice(_CHANGES)
        inside = chance.random() < 0.4
        made = _in_signature(change, chance, made) if inside else change(chance, made, other)
    return made


def keep(file: bytes, trust: Trust, at: datetime, folder: Path = FOUND) -> Path:
    """Write down a file that was let in, and by what, so that it is read again in each test."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "at": at.isoformat(),
        "file": b64encode(file).decode(),
        "roots": [
            {
                "agency": root.agency_code,
                "certificate": b64encode(root.certificate).decode(),
                "lists": [b64encode(one).decode() for one in root.revocation_lists],
            }
            for root in trust
        ],
    }
    path = folder / f"{hashlib.sha256(file).hexdigest()[:16]}.json"
    path.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return path


def kept(path: Path) -> tuple[bytes, Trust, datetime]:
    """Return what was written down."""
    told = json.loads(path.read_text(encoding="utf-8"))
    roots = tuple(
        Root(
            one["agency"],
            b64decode(one["certificate"]),
            tuple(b64decode(each) for each in one["lists"]),
        )
        for one in told["roots"]
    )
    return b64decode(told["file"]), roots, datetime.fromisoformat(told["at"])


def _in_signature(change: Change, chance: random.Random, file: bytes) -> bytes:
    """Return the file with its signature changed, in a gap of the same size."""
    found = GAP.search(file)
    if found is None:
        return change(chance, file, file)
    held = bytes.fromhex(found[1][: len(found[1]) // 2 * 2].decode())
    length = 4 + int.from_bytes(held[2:4], "big")
    changed = change(chance, held[:length], held[: length // 2])[: len(held)]
    hexed = changed.ljust(len(held), b"\0").hex().upper().encode()
    return file[: found.start(1)] + hexed + file[found.start(1) + len(hexed) :]


def _slice(chance: random.Random, data: bytes, longest: int = 200) -> slice:
    begin = chance.randrange(len(data) + 1)
    return slice(begin, min(len(data), begin + chance.randrange(1, longest)))


def _turn_bits(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8)) if made else 0):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _set_byte(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    place = chance.randrange(max(1, len(data)))
    return (
        data[:place] + bytes([chance.choice((0, 1, 10, 32, 48, 127, 128, 255))]) + data[place + 1 :]
    )


def _delete(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    gone = _slice(chance, data)
    return data[: gone.start] + data[gone.stop :]


def _repeat(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    again = _slice(chance, data)
    return data[: again.stop] + data[again] + data[again.stop :]


def _splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    taken, gone = _slice(chance, other, 2000), _slice(chance, data)
    return data[: gone.start] + other[taken] + data[gone.stop :]


def _cross(chance: random.Random, data: bytes, other: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + other[place:]


def _cut(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _append(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data + other[_slice(chance, other, 5000)] + chance.choice((b"", b"\n", b"%%EOF\n"))


def _swap_tokens(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    tokens = list(_TOKEN.finditer(data))
    if len(tokens) < 2:
        return data
    first, second = sorted(chance.sample(tokens, 2), key=lambda one: one.start())
    return (
        data[: first.start()]
        + second[0]
        + data[first.end() : second.start()]
        + first[0]
        + data[second.end() :]
    )


def _change_number(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    numbers = list(re.finditer(rb"\b\d{1,8}\b", data))
    if not numbers:
        return data
    one = chance.choice(numbers)
    new = chance.choice((0, 1, int(one[0]) + 1, int(one[0]) - 1, 2**31, 10**9, -1))
    return data[: one.start()] + str(new).encode() + data[one.end() :]


_CHANGES: tuple[Change, ...] = (
    _turn_bits,
    _turn_bits,
    _set_byte,
    _delete,
    _repeat,
    _splice,
    _cross,
    _cut,
    _append,
    _swap_tokens,
    _change_number,
)
