from __future__ import annotations

import zlib
from collections.abc import Callable

import pikepdf
import pytest

from partner_assess.adapters.evidence_files import checked
from partner_assess.domain.evidence import MAX_FILE_BYTES
from tests.uploads import a_pdf, refusal


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


@pytest.mark.parametrize("filler", [b"/", b"/#4A", b"stream\n"])
def test_a_pdf_padded_to_keep_us_busy_is_read_to_its_end(filler: bytes) -> None:
    content = padded(filler)
    assert checked("a.pdf", content).content == content


def test_a_pdf_of_a_great_many_streams_is_given_up() -> None:
    assert refusal("a.pdf", padded(b"/ObjStm stream\n")) == "file_unpacks_too_large"


def padded(filler: bytes) -> bytes:
    """Return a PDF filled up to the largest size."""
    content = a_pdf()
    times = (MAX_FILE_BYTES - len(content)) // len(filler)
    return content[:9] + filler * times + content[9:]
