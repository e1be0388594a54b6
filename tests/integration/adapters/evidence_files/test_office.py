from __future__ import annotations

import struct
import zipfile

import pytest

from partner_assess.adapters.evidence_files import checked
from tests.uploads import DOCUMENT, TYPES, a_docx, linked, links, packed, parts, refusal


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("hyperlink", "External"), ("styles", "Internal"), ("image", "Internal")],
)
def test_a_document_may_hold_links_to_click_and_its_own_parts(kind: str, mode: str) -> None:
    content = linked(kind, mode)
    assert checked("a.docx", content).content == content


@pytest.mark.parametrize(
    ("kind", "mode", "code"),
    [
        ("attachedTemplate", "External", "file_has_links"),
        ("image", "External", "file_has_links"),
        ("frame", "external", "file_has_links"),
        ("externalLink", "Internal", "file_has_links"),
        ("externalLinkPath", "External", "file_has_links"),
        ("connections", "Internal", "file_has_links"),
        ("oleObject", "Internal", "file_has_attachments"),
        ("oleObject", "External", "file_has_attachments"),
        ("package", "Internal", "file_has_attachments"),
        ("aFChunk", "Internal", "file_has_attachments"),
        ("control", "Internal", "file_has_attachments"),
        ("vbaProject", "Internal", "file_has_macros"),
        ("xlMacrosheet", "Internal", "file_has_macros"),
    ],
)
def test_a_document_that_reaches_out_carries_or_runs_is_refused(
    kind: str, mode: str, code: str
) -> None:
    assert refusal("a.docx", linked(kind, mode)) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("word/vbaProject.bin", "file_has_macros"),
        ("word/VBAPROJECT.BIN", "file_has_macros"),
        ("xl/macrosheets/sheet1.xml", "file_has_macros"),
        ("word/embeddings/oleObject1.bin", "file_has_attachments"),
        ("word/activeX/activeX1.bin", "file_has_attachments"),
        ("../../evil.xml", "file_damaged"),
        ("/etc/evil.xml", "file_damaged"),
        ("word\\..\\..\\evil.xml", "file_damaged"),
        ("WORD/document.xml", "file_damaged"),
    ],
)
def test_a_document_with_such_a_part_is_refused_though_nothing_leads_to_it(
    name: str, code: str
) -> None:
    assert refusal("a.docx", packed(parts() | {name: b"x"})) == code


def test_a_document_with_macros_is_refused_under_the_name_of_one_without() -> None:
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert refusal("a.docx", packed(parts(kind=kind))) == "file_has_macros"


@pytest.mark.parametrize("missing", list(parts()))
def test_a_zip_that_lacks_a_part_of_a_document_is_refused(missing: str) -> None:
    members = {name: part for name, part in parts().items() if name != missing}
    assert refusal("a.docx", packed(members)) == "file_content_differs"


def test_a_document_whose_main_type_is_a_default_is_kept() -> None:
    kinds = f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="{DOCUMENT}"/></Types>'
    content = packed(parts() | {"[Content_Types].xml": kinds})
    assert checked("a.docx", content).content == content


@pytest.mark.parametrize(
    "part",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<a",
        b"",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b"\xff\xfe<\0",
    ],
)
def test_a_document_with_broken_or_clever_xml_is_refused(part: bytes) -> None:
    broken = parts() | {"[Content_Types].xml": part}
    assert refusal("a.docx", packed(broken)) in {"file_damaged", "file_content_differs"}


def test_a_link_hidden_behind_character_references_or_utf_16_is_seen() -> None:
    plain = links(("image", "https://example.org", "External"))
    for part in (plain.replace("External", "&#x45;xternal"), plain.encode("utf-16")):
        members = parts() | {"word/_rels/document.xml.rels": part}
        assert refusal("a.docx", packed(members)) == "file_has_links"


def test_a_document_with_a_password_is_told_from_an_old_one() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert refusal("a.docx", ole) == "file_is_old_office"
    assert refusal("a.xlsx", ole + "EncryptedPackage".encode("utf-16-le")) == "file_encrypted"


def test_a_part_with_a_password_is_refused() -> None:
    content = bytearray(a_docx())
    listed = content.index(b"PK\x01\x02")
    content[listed + 8] |= 1
    assert refusal("a.docx", bytes(content)) == "file_encrypted"


def test_too_many_parts_are_refused() -> None:
    many: dict[str, str | bytes] = {f"word/{number}.xml": b"" for number in range(1_997)}
    checked("a.docx", packed(parts() | many))
    assert refusal("a.docx", packed(parts() | many | {"word/a": b""})) == "file_unpacks_too_large"


def test_a_zip_bomb_is_refused() -> None:
    content = a_docx(word__media__a=bytes(150_000_000))
    assert refusal("a.docx", content) == "file_unpacks_too_large"


def test_a_zip_of_a_ratio_that_documents_have_is_kept() -> None:
    row = b"".join(b"<c r='A%d'><v>%d</v></c>" % (n, n % 7) for n in range(50_000))
    content = a_docx(word__sheet=row)
    assert len(row) > 4 * len(content)
    assert checked("a.docx", content).content == content


@pytest.mark.parametrize("stated", [0, 5, 2**32 - 2])
def test_a_part_that_states_another_size_than_it_has_is_refused(stated: int) -> None:
    content = bytearray(a_docx(word__z=bytes(50_000)))
    listed = content.rindex(b"PK\x01\x02")
    content[listed + 24 : listed + 28] = struct.pack("<I", stated)
    assert refusal("a.docx", bytes(content)) in {"file_damaged", "file_unpacks_too_large"}


def test_parts_that_lie_over_one_another_are_refused() -> None:
    content = bytearray(a_docx(word__y=b"y", word__z=b"z"))
    last = content.rindex(b"PK\x01\x02")
    before = content.rindex(b"PK\x01\x02", 0, last)
    content[last + 42 : last + 46] = content[before + 42 : before + 46]
    assert refusal("a.docx", bytes(content)) == "file_damaged"


def test_more_relationships_than_can_be_read_are_refused() -> None:
    part = links(*[("hyperlink", f"https://example.org/{n}", "External") for n in range(20_000)])
    content = packed(parts() | {"word/_rels/document.xml.rels": part})
    assert refusal("a.docx", content) == "file_unpacks_too_large"


def test_a_document_stored_without_packing_is_kept() -> None:
    content = packed(parts(), zipfile.ZIP_STORED)
    assert checked("a.docx", content).content == content


def test_a_packing_that_no_office_program_uses_is_refused() -> None:
    assert refusal("a.docx", packed(parts(), zipfile.ZIP_LZMA)) == "file_damaged"
