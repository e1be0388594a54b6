"""This file holds the unpacking of a zip: by what is really there, never by what it states."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from partner_assess.adapters.evidence_files.inflating import inflated
from partner_assess.domain.evidence import RefusedFile

MAX_MEMBERS = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_KEPT = 2 * 1024 * 1024  # of the parts that are read and not only counted
_MEMBER = b"PK\x01\x02"
_FIRST = b"PK\x03\x04"
_END = b"PK\x05\x06"
_END_SIZE = 22
_OLE = b"\xd0\xcf\x11\xe0"  # an old .doc or .xls, or a new one with a password
_IS_ENCRYPTED = 0x1
_IS_UTF8 = 0x800
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError)


def unpacked(
    content: bytes, extension: str, *, keep: Callable[[str], bool]
) -> dict[str, bytes | None]:
    """Return the parts of a zip by name: the content of those to keep, None for the others.

    All of them are unpacked and counted, a chunk at a time. Names are in lower case: Office
    takes no notice of it, so nor must we.

    Raises:
        RefusedFile: it is no zip and nothing but a zip, or it is damaged, encrypted, or a bomb.
    """
    _require_zip_alone(content, extension)
    try:
        return _parts(content, _members(content, extension), keep)
    except _DAMAGE as error:
        raise RefusedFile("file_damaged") from error


def _require_zip_alone(content: bytes, extension: str) -> None:
    """Refuse what does not begin and end as a zip, and one with more members than allowed."""
    if content.startswith(_OLE):
        has_password = "EncryptedPackage".encode("utf-16-le") in content
        raise RefusedFile("file_encrypted" if has_password else "file_is_old_office")
    if not content.startswith(_FIRST):
        raise RefusedFile("file_content_differs", extension=extension)
    if content[-_END_SIZE:][: len(_END)] != _END:
        raise RefusedFile("file_damaged")  # cut off, or something follows
    if content.count(_MEMBER) > MAX_MEMBERS:
        raise RefusedFile("file_unpacks_too_large")


def _members(content: bytes, extension: str) -> dict[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        listed = package.infolist()
    members = {_name(member): member for member in listed}
    if len(members) != len(listed):
        raise RefusedFile("file_damaged")  # two of a name: readers disagree which one counts
    if min((member.header_offset for member in listed), default=None) != 0:
        raise RefusedFile("file_content_differs", extension=extension)
    return members


def _name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _IS_ENCRYPTED:
        raise RefusedFile("file_encrypted")
    name = member.filename.replace("\\", "/").lower()
    if name.startswith("/") or ".." in name.split("/"):
        raise RefusedFile("file_damaged")
    return name


def _parts(
    content: bytes, members: dict[str, zipfile.ZipInfo], keep: Callable[[str], bool]
) -> dict[str, bytes | None]:
    may_unpack = min(MAX_UNPACKED, MAX_RATIO * len(content))
    may_keep = MAX_KEPT
    parts: dict[str, bytes | None] = {}
    for name, member in members.items():
        is_kept = keep(name)
        kept = bytearray()
        for chunk in _chunks(content, member):
            may_unpack -= len(chunk)
            may_keep -= len(chunk) if is_kept else 0
            if may_unpack < 0 or may_keep < 0:
                raise RefusedFile("file_unpacks_too_large")
            if is_kept:
                kept += chunk
        parts[name] = bytes(kept) if is_kept else None
    return parts


def _chunks(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member really holds, however little it states.

    Raises:
        RefusedFile: what comes out is not what was stated.
    """
    packed = _packed(content, member)
    read, size, checksum = 0, 0, 0
    for taken, chunk in _unpacked(packed, member):
        read, size, checksum = read + taken, size + len(chunk), zlib.crc32(chunk, checksum)
        yield chunk
    if (read, size, checksum) != (len(packed), member.file_size, member.CRC):
        raise RefusedFile("file_damaged")


def _unpacked(packed: memoryview, member: zipfile.ZipInfo) -> Iterator[tuple[int, bytes]]:
    if member.compress_type == zipfile.ZIP_DEFLATED:
        yield from inflated(packed, wbits=-zlib.MAX_WBITS)
    elif member.compress_type == zipfile.ZIP_STORED:
        yield len(packed), bytes(packed)
    else:
        raise RefusedFile("file_damaged")  # no office program packs like this


def _packed(content: bytes, member: zipfile.ZipInfo) -> memoryview:
    """Return the bytes of a member, by its own header, which must agree with the list."""
    header = member.header_offset
    signature, name_length, extra_length = struct.unpack_from("<4s22xHH", content, header)
    encoding = "utf-8" if member.flag_bits & _IS_UTF8 else "cp437"
    start = header + 30 + name_length
    if signature != _FIRST or content[header + 30 : start] != member.orig_filename.encode(encoding):
        raise RefusedFile("file_damaged")
    start += extra_length
    return memoryview(content)[start : start + member.compress_size]
