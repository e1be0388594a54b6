"""This file holds files that are hardly documents: cut off, glued, of another kind."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import pikepdf

from tests import signed_pdf

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)


def empty() -> bytes:
    return b""


def png() -> bytes:
    return PNG


def html() -> bytes:
    return b"<!doctype html><title>Demo: report</title><p>Low risk"


def plain_json() -> bytes:
    return b'{"schema":"partner-assess/report/1"}'


def header_only() -> bytes:
    return b"%PDF-1.7\n"


def header_and_noise() -> bytes:
    return b"%PDF-1.7\n" + bytes(range(256)) * 40


def zeros() -> bytes:
    return b"%PDF-1.7\n" + bytes(100_000)


def truncated() -> bytes:
    whole = signed_pdf.good()
    return whole[: len(whole) * 2 // 3]


def without_its_last_line() -> bytes:
    return signed_pdf.good().removesuffix(b"\n").removesuffix(b"%%EOF")


def html_before() -> bytes:
    return b"<html><!--" + signed_pdf.good()


def one_byte_before() -> bytes:
    return b"\n" + signed_pdf.good()


def zip_after() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("report.json", b"{}")
    return signed_pdf.good() + packed.getvalue()


def zip_after_with_an_end() -> bytes:
    return zip_after() + b"\n%%EOF\n"


def junk_after() -> bytes:
    return signed_pdf.good() + b"junk\n"


def spaces_after() -> bytes:
    return signed_pdf.good() + b"\n\n"


def comment_and_end_after() -> bytes:
    whole = signed_pdf.good()
    start = re.findall(rb"startxref\s+(\d+)", whole)[-1]
    return whole + b"%comment\nstartxref\n" + start + b"\n%%EOF\n"


def another_product() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return out.getvalue()


def another_product_encrypted() -> bytes:
    return encrypted(another_product(), user="open", owner="open")


def encrypted(pdf: bytes, *, user: str, owner: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as made:
        made.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


def encrypted_for_users() -> bytes:
    return encrypted(signed_pdf.unsigned(), user="secret", owner="secret")


def encrypted_for_owners() -> bytes:
    return encrypted(signed_pdf.unsigned(), user="", owner="secret")


def rewritten() -> bytes:
    """Return the document written anew by another program, the signature kept as it was."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed_pdf.good())) as made:
        made.save(out)
    return out.getvalue()


def raw_pdf(*objects: bytes, root: int = 1, size: int | None = None) -> bytes:
    """Return a PDF of these objects, written by hand, with a table that is right."""
    made = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places: list[int] = []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (size or len(objects) + 1, root)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def a_million_objects() -> bytes:
    table = b"0000000015 00000 n \n" * 900_000
    made = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    start = len(made)
    return (
        made + b"xref\n0 1\n0000000000 65535 f \n1 900000\n" + table
        + b"trailer\n<< /Size 900001 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    )  # fmt: skip


def a_million_names() -> bytes:
    return raw_pdf(b"<< /Type /Catalog /AcroForm << /Fields [" + b"2 0 R " * 1_000_000 + b"] >> >>")


def deep_nest() -> bytes:
    return raw_pdf(b"<< /Type /Catalog /AcroForm " + b"[" * 200_000 + b"]" * 200_000 + b" >>")


def page_tree_in_a_loop() -> bytes:
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [2 0 R] /Parent 2 0 R >>",
    )


def fields_in_a_loop() -> bytes:
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        b"<< /Type /Pages /Count 0 /Kids [] >>",
        b"<< /T (Seal) /Kids [3 0 R] >>",
    )


def reference_to_itself() -> bytes:
    return raw_pdf(b"1 0 R")


def tables_in_a_loop() -> bytes:
    made = raw_pdf(b"<< /Type /Catalog >>")
    start = int(re.findall(rb"startxref\s+(\d+)", made)[-1])
    return made.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def huge_table() -> bytes:
    return raw_pdf(b"<< /Type /Catalog >>").replace(b"xref\n0 2", b"xref\n0 999999999999")


def huge_numbers() -> bytes:
    return raw_pdf(b"<< /Type /Catalog /Version " + b"9" * 20_000 + b" >>")


def long_name() -> bytes:
    return raw_pdf(b"<< /Type /Catalog /" + b"N" * 10_000_000 + b" 1 >>")


def bomb_of_objects() -> bytes:
    """Return a PDF whose catalog lies in a stream that unpacks to 200 MB."""
    packed = _bomb(b"1 0 << /Type /Catalog >> ", 200)
    stream = (
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    )
    return _with_xref_stream(stream % (len(packed), packed), catalog_in_stream=True)


def bomb_of_the_table() -> bytes:
    """Return a PDF whose table of objects unpacks to 200 MB."""
    return _with_xref_stream(b"<< /Type /Catalog >>", packed=_bomb(b"", 200))


def _with_xref_stream(
    first: bytes, *, packed: bytes | None = None, catalog_in_stream: bool = False
) -> bytes:
    made = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    place = len(made)
    made += b"2 0 obj\n" + first + b"\nendobj\n"
    start = len(made)
    row_of_first = b"\x01" + place.to_bytes(4, "big") + b"\0"
    catalog = b"\x02" + (2).to_bytes(4, "big") + b"\0" if catalog_in_stream else row_of_first
    table = b"\0" + bytes(4) + b"\xff" + catalog + row_of_first
    data = zlib.compress(table) if packed is None else packed
    head = b"<< /Type /XRef /Size 3 /W [1 4 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>"
    made += b"4 0 obj\n" + head % len(data) + b"\nstream\n" + data + b"\nendstream\nendobj\n"
    return made + b"startxref\n%d\n%%%%EOF\n" % start


def _bomb(begin: bytes, megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(begin)]
    parts += [packer.compress(b" " * 1_000_000) for _ in range(megabytes)]
    return b"".join((*parts, packer.flush()))


def far_too_large() -> bytes:
    return b"%PDF-" + bytes(20 * 1024 * 1024)


def as_large_as_may_be() -> bytes:
    return b"%PDF-1.7\n" + b"(" * (20 * 1024 * 1024 - 9)
