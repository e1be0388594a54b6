"""This file holds how many bytes travel for a page, and in how many requests."""

from __future__ import annotations

import re
from dataclasses import dataclass

from werkzeug.test import Client

# What every browser understands; where Brotli is understood too, it is less.
COMPRESSED = {"Accept-Encoding": "gzip"}

# What a page makes a browser fetch: a link in its head that is no page, a script, a picture.
_FETCHED = re.compile(
    r'<link[^>]*rel="(?:icon|stylesheet|preload)"[^>]*href="([^"]+)"'
    r'|<(?:script|img|iframe|source)[^>]*\ssrc="([^"]+)"'
    r'|<link[^>]*href="([^"]+)"[^>]*rel="(?:icon|stylesheet|preload)"'
)
_FETCHED_BY_STYLE = re.compile(r"""url\(["']?(/[^"')]+)""")


@dataclass(frozen=True)
class Travel:
    """What travelled."""

    bytes: int
    requests: int


def first_visit(client: Client, path: str) -> Travel:
    """Return what travels for a page in a browser that has nothing of us yet."""
    text = client.get(path).text
    fetched = [next(filter(None, found)) for found in _FETCHED.findall(text)]
    for address in list(fetched):
        fetched += _FETCHED_BY_STYLE.findall(client.get(address).text)
    sizes = [_size(client, one) for one in (path, *dict.fromkeys(fetched))]
    return Travel(sum(sizes), len(sizes))


def later_page(client: Client, path: str) -> int:
    """Return the bytes of a page whose style and script the browser has kept."""
    return _size(client, path)


def _size(client: Client, path: str) -> int:
    answer = client.get(path.replace("&amp;", "&"), headers=COMPRESSED)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return len(answer.data)
