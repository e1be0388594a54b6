from __future__ import annotations

import hashlib
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from partner_assess.adapters.evidence_files import BadStorageUrl, FileStore, checked, make_store
from partner_assess.domain.evidence import MAX_FILE_BYTES, RefusedFile

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "application/vnd.openxmlformats-officedocument"
DOCUMENT = f"{KINDS}.wordprocessingml.document.main+xml"
WORKBOOK = f"{KINDS}.spreadsheetml.sheet.main+xml"


def refusal(filename: str, content: bytes) -> str:
    """Return the code with which a file is refused."""
    with pytest.raises(RefusedFile) as caught:
        checked(filename, content)
    return caught.value.code


# --- what people bring ---------------------------------------------------------------------------


def a_pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    """Return a PDF of one page, with its objects packed into streams as today's programs do."""
    pdf = pikepdf.Pdf.new()
    pdf.add_blank_page()
    if change:
        change(pdf)
    saved = io.BytesIO()
    how = {"object_stream_mode": pikepdf.ObjectStreamMode.generate, **save}
    pdf.save(saved, **how)
    return saved.getvalue()


def links(*those: tuple[str, str, str]) -> str:
    """Return the relationships of a part: kind, target, mode."""
    lines = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"'
        f' TargetMode="{mode}"/>'
        for number, (kind, target, mode) in enumerate(those)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{LINKS}">{lines}</Relationships>'


def parts(main: str = "word/document.xml", kind: str = DOCUMENT) -> dict[str, str | bytes]:
    """Return the parts of a small docx."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml"'
        f' ContentType="application/xml"/><Override PartName="/{main}"'
        f' ContentType="{kind}"/></Types>',
        "_rels/.rels": links(("officeDocument", main, "Internal")),
        main: "<w:document/>",
    }


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def a_docx(**more: str | bytes) -> bytes:
    """Return a small docx with further parts, named with __ for a slash."""
    return packed(parts() | {name.replace("__", "/"): part for name, part in more.items()})


def an_xlsx() -> bytes:
    return packed(parts("xl/workbook.xml", WORKBOOK))


def a_picture(
    kind: str, mode: str = "RGB", size: tuple[int, int] = (30, 20), **how: object
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 120).save(file, kind, **how)
    return file.getvalue()


def a_png_that_states(width: int, height: int) -> bytes:
    """Return a small PNG whose header states a size."""
    png = a_picture("PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + png[24:29]
    return png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]


SAMPLES = {
    "policy.pdf": a_pdf(),
    "policy.docx": a_docx(),
    "totals.xlsx": an_xlsx(),
    "poster.png": a_picture("PNG"),
    "poster.jpg": a_picture("JPEG"),
}


@pytest.mark.parametrize("filename", SAMPLES)
def test_each_allowed_kind_is_kept(filename: str) -> None:
    file = checked("../" + filename.upper(), SAMPLES[filename])
    assert file.extension == filename.rpartition(".")[2]
    assert file.filename.lower() == filename
    assert file.media_type.partition("/")[0] in {"application", "image"}


@pytest.mark.parametrize("filename", ["policy.pdf", "policy.docx", "totals.xlsx"])
def test_documents_are_kept_as_they_are(filename: str) -> None:
    assert checked(filename, SAMPLES[filename]).content == SAMPLES[filename]


@pytest.mark.parametrize("filename", SAMPLES)
@pytest.mark.parametrize("content_of", SAMPLES)
def test_a_file_is_what_its_name_says_or_is_refused(filename: str, content_of: str) -> None:
    if filename == content_of:
        return
    assert refusal(filename, SAMPLES[content_of]) == "file_content_differs"


@pytest.mark.parametrize("filename", SAMPLES)
@pytest.mark.parametrize(
    "content", [b"MZ" + bytes(200), b"<html>" * 9, b"\0" * 99, packed({"a": "b"})]
)
def test_anything_else_under_an_allowed_name_is_refused(filename: str, content: bytes) -> None:
    assert refusal(filename, content) == "file_content_differs"


@pytest.mark.parametrize("filename", SAMPLES)
def test_an_empty_file_and_one_too_large_are_refused(filename: str) -> None:
    assert refusal(filename, b"") == "file_empty"
    assert refusal(filename, bytes(MAX_FILE_BYTES + 1)) == "file_too_large"


@pytest.mark.parametrize("filename", SAMPLES)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_file_that_was_cut_off_is_refused(filename: str, share: float) -> None:
    whole = SAMPLES[filename]
    assert refusal(filename, whole[: int(len(whole) * share)]) in {
        "file_damaged",
        "file_content_differs",
    }


@pytest.mark.parametrize("filename", SAMPLES)
def test_a_file_damaged_anywhere_is_kept_or_refused_and_nothing_else(filename: str) -> None:
    chance = random.Random(filename)
    ends: set[bool] = set()
    for _ in range(300):
        broken = bytearray(SAMPLES[filename])
        for _ in range(chance.choice([1, 3, 30])):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            checked(filename, bytes(broken))
        except RefusedFile:
            ends.add(False)
        else:
            ends.add(True)
    assert False in ends


@pytest.mark.parametrize("filename", ["policy.docx", "totals.xlsx", "policy.pdf"])
@pytest.mark.parametrize("glued", [packed({"a": "b"}), b"<script>alert(1)</script>", b"MZ"])
def test_a_document_with_something_glued_to_it_is_refused(filename: str, glued: bytes) -> None:
    whole = SAMPLES[filename]
    for content in (glued + whole, whole + glued, glued + whole + glued):
        assert refusal(filename, content) in {"file_content_differs", "file_damaged"}


# --- PDF -----------------------------------------------------------------------------------------


def with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def with_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.exe"] = b"MZ"


@pytest.mark.parametrize("mode", ["generate", "disable"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (with_script, "file_has_scripts"),
        (with_launch, "file_has_scripts"),
        (with_attachment, "file_has_attachments"),
    ],
)
def test_a_pdf_that_acts_or_carries_is_refused_wherever_it_says_so(
    change: Callable[[pikepdf.Pdf], None], code: str, mode: str
) -> None:
    content = a_pdf(change, object_stream_mode=pikepdf.ObjectStreamMode[mode])
    assert refusal("a.pdf", content) == code


def test_a_pdf_name_may_be_spelled_in_hex_and_is_found() -> None:
    plain = a_pdf(with_script, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert b"/JavaScript" in plain
    spelled = plain.replace(b"/JavaScript", b"/J#61vaScrip#74")
    assert refusal("a.pdf", spelled) == "file_has_scripts"


def test_a_pdf_with_a_password_is_refused() -> None:
    lock = pikepdf.Encryption(owner="a", user="b")
    assert refusal("a.pdf", a_pdf(encryption=lock)) == "file_encrypted"


def test_words_about_scripts_in_a_pdf_are_no_scripts() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Title"] = "JavaScript, Launch and Encrypt; /JavaScripts"

    content = a_pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert checked("a.pdf", content).content == content


def test_a_pdf_that_unpacks_without_end_is_refused() -> None:
    bomb = zlib.compress(bytes(80 * 1024 * 1024))
    stream = b"1 0 obj <</Type /ObjStm>> stream\n" + bomb + b"\nendstream endobj\n"
    content = a_pdf()
    assert refusal("a.pdf", content[:9] + stream + content[9:]) == "file_unpacks_too_large"


@pytest.mark.parametrize("filler", [b"/ObjStm stream\n", b"/", b"/#4A", b"stream\n"])
def test_a_pdf_made_to_keep_us_busy_ends(filler: bytes) -> None:
    content = a_pdf()
    size = MAX_FILE_BYTES - len(content) - len(filler)
    padded = content[:9] + filler * (size // len(filler)) + content[9:]
    try:
        assert checked("a.pdf", padded).content == padded
    except RefusedFile as refused:
        assert refused.code == "file_unpacks_too_large"


# --- docx, xlsx ----------------------------------------------------------------------------------


def linked(kind: str, mode: str) -> bytes:
    """Return a docx with one relationship beyond its own."""
    link = links((kind, "https://example.org/a", mode))
    return packed(parts() | {"word/_rels/document.xml.rels": link})


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


# --- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (8_000, 5_001), (12_000, 12_000), (2**31 - 1, 1)]
)
def test_a_picture_of_too_many_points_is_refused_by_what_it_states(width: int, height: int) -> None:
    assert refusal("a.png", a_png_that_states(width, height)) == "file_image_too_large"


def test_a_picture_of_no_points_is_refused() -> None:
    assert refusal("a.png", a_png_that_states(0, 10)) == "file_damaged"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_looks_the_same_afterwards(mode: str) -> None:
    before = a_picture("PNG", mode)
    after = checked("a.png", before).content
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert (new.format, new.mode, new.size) == ("PNG", old.mode, old.size)
        assert new.tobytes() == old.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_is_kept(mode: str) -> None:
    with Image.open(io.BytesIO(checked("a.jpeg", a_picture("JPEG", mode)).content)) as new:
        assert (new.format, new.mode, new.size) == ("JPEG", mode, (30, 20))


def test_the_see_through_colour_of_a_png_stays() -> None:
    before = a_picture("PNG", "P", transparency=120)
    with Image.open(io.BytesIO(checked("a.png", before).content)) as new:
        assert new.info == {"transparency": 120}


@pytest.mark.parametrize(("kind", "filename"), [("PNG", "a.png"), ("JPEG", "a.jpg")])
def test_place_device_comment_and_what_was_glued_on_are_gone(kind: str, filename: str) -> None:
    noted = Image.Exif()
    noted[0x010F] = "SECRETMAKER"
    noted.get_ifd(0x8825)[1] = "N"
    before = a_picture(kind, exif=noted, comment=b"SECRETWORDS", icc_profile=b"SECRETPROFILE")
    assert b"SECRET" in before
    after = checked(filename, before + packed({"secret.txt": "SECRET"})).content
    assert b"SECRET" not in after
    with Image.open(io.BytesIO(after)) as new:
        assert not new.getexif()
        assert not new.info.keys() & {"exif", "comment", "icc_profile", "xmp"}


@pytest.mark.parametrize(("kind", "filename"), [("PNG", "a.png"), ("JPEG", "a.jpg")])
def test_a_picture_is_turned_the_way_its_camera_noted(kind: str, filename: str) -> None:
    noted = Image.Exif()
    noted[0x0112] = 6
    after = checked(filename, a_picture(kind, exif=noted)).content
    with Image.open(io.BytesIO(after)) as new:
        assert new.size == (20, 30)


def test_of_a_phones_several_pictures_in_one_the_first_is_kept() -> None:
    file = io.BytesIO()
    first, second = Image.new("RGB", (30, 20), "red"), Image.new("RGB", (9, 9), "blue")
    first.save(file, "MPO", save_all=True, append_images=[second])
    with Image.open(io.BytesIO(checked("a.jpg", file.getvalue()).content)) as new:
        assert (new.format, new.size) == ("JPEG", (30, 20))


# --- the store -----------------------------------------------------------------------------------

CONTENT = b"Demo: policy"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_content_lies_at_its_own_digest(root: Path) -> None:
    store = FileStore(root)
    assert store.put(CONTENT) == SHA256
    assert store.path(SHA256) == root / SHA256[:2] / SHA256[2:]
    assert store.path(SHA256).read_bytes() == CONTENT


def test_putting_twice_keeps_one_file_untouched(root: Path) -> None:
    store = FileStore(root)
    store.put(CONTENT)
    before = store.path(SHA256).stat()
    assert store.put(CONTENT) == SHA256
    assert files(root) == [f"{SHA256[:2]}/{SHA256[2:]}"]
    assert store.path(SHA256).stat().st_ino == before.st_ino


def test_many_may_put_the_same_at_once(root: Path) -> None:
    content = bytes(1_000_000)
    with ThreadPoolExecutor(8) as people:
        names = set(people.map(lambda _: FileStore(root).put(content), range(40)))
    (name,) = names
    assert files(root) == [f"{name[:2]}/{name[2:]}"]
    assert FileStore(root).path(name).read_bytes() == content


def test_what_cannot_be_written_leaves_nothing_behind(root: Path) -> None:
    (root / SHA256[:2] / SHA256[2:]).mkdir(parents=True)  # a folder is in its place
    with pytest.raises(OSError, match=SHA256[2:]):
        FileStore(root).put(CONTENT)
    assert files(root) == []


def test_what_is_not_there_is_said_to_be_missing(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileStore(root).path(SHA256)


@pytest.mark.parametrize(
    "name", ["", "..", "../" + SHA256, SHA256.upper(), SHA256[:-1], SHA256 + "\n", "/" + SHA256]
)
def test_only_a_digest_is_looked_for(root: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        FileStore(root).path(name)


def test_a_setting_names_the_folder(tmp_path: Path) -> None:
    store = make_store(f"file://{tmp_path}/some%20evidence")
    assert store.root == tmp_path / "some evidence"


@pytest.mark.parametrize(
    "url",
    ["", "file://", "file:///", "file://evidence/files", "evidence", "s3://bucket", "https://a/b"],
)
def test_a_setting_that_names_no_folder_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(BadStorageUrl, match="STORAGE_URL.*file:///"):
        make_store(url)
