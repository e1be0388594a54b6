"""This file holds the unpacking of deflated bytes, a small chunk at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

CHUNK = 64 * 1024


def inflated(packed: memoryview, *, wbits: int = zlib.MAX_WBITS) -> Iterator[tuple[int, bytes]]:
    """Yield what is packed, in chunks, each with how many packed bytes it took.

    Raises:
        zlib.error: it is damaged or cut off; after the chunks that were whole.
    """
    unpacker = zlib.decompressobj(wbits)
    place = 0
    while place < len(packed) and not unpacker.eof:
        fed = packed[place : place + CHUNK]
        chunk = unpacker.decompress(fed, CHUNK)
        read = len(fed) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data)
        place += read
        yield read, chunk
    # All was read, but a last repetition may not be written out yet: a few thousand bytes.
    yield 0, unpacker.flush()
    if not unpacker.eof:
        raise zlib.error("cut off")
