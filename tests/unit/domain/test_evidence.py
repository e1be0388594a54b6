from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from partner_assess.domain.evidence import (
    MAX_FILE_BYTES,
    MAX_FILES,
    CheckedFile,
    Piece,
    RefusedEvidence,
    RefusedFile,
    clean_filename,
    extension_of,
    require_acceptable_size,
    require_recordable,
)
from partner_assess.domain.framework import Met
from tests.builders import a_standard, eight, six

TODAY = date(2026, 11, 22)
FILE = CheckedFile(b"x", "application/pdf", "pdf", "policy.pdf")
SOUND = Piece("document", "Title", TODAY, ("1.1", "1.3"))
WITH_FILE = replace(SOUND, boundary_confirmed=True, file=FILE)


@pytest.mark.parametrize(
    ("filename", "extension"),
    [
        ("a.pdf", "pdf"),
        ("a.PDF", "pdf"),
        ("a.docx", "docx"),
        ("a.xlsx", "xlsx"),
        ("a.png", "png"),
        ("a.jpg", "jpg"),
        ("a.JPEG", "jpg"),
        ("a.exe.pdf", "pdf"),
        ("a.pdf.", "pdf"),
        ("a.pdf ", "pdf"),
        (".pdf", "pdf"),
    ],
)
def test_an_allowed_kind_is_known_by_the_end_of_the_name(filename: str, extension: str) -> None:
    assert extension_of(filename) == extension


@pytest.mark.parametrize(
    ("filename", "code"),
    [
        ("", "file_type_refused"),
        ("pdf", "file_type_refused"),
        ("....", "file_type_refused"),
        ("a.pdf.exe", "file_type_refused"),
        ("a.pdf\x00.exe", "file_type_refused"),
        ("a\u202efdp.exe", "file_type_refused"),
        ("a.pdf/b", "file_type_refused"),
        ("a.html", "file_type_refused"),
        ("a.zip", "file_is_archive"),
        ("a.pdf.gz", "file_is_archive"),
        ("a.doc", "file_is_old_office"),
        ("a.docm", "file_has_macros"),
        ("a.XLSM", "file_has_macros"),
        ("IMG_1.HEIC", "file_is_other_image"),
        ("a.svg", "file_is_other_image"),
    ],
)
def test_any_other_kind_is_refused_with_what_to_do_about_it(filename: str, code: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        extension_of(filename)
    assert caught.value.code == code
    assert caught.value.params["allowed"] == ("pdf", "docx", "xlsx", "png", "jpg")


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        ("policy.pdf", "policy.pdf"),
        ("Politique générale (2025).PDF", "Politique générale (2025).pdf"),
        ("سياسة.pdf", "سياسة.pdf"),
        ("photo.jpeg", "photo.jpg"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\policy.pdf", "policy.pdf"),
        ("a\u202egpj.\u2066code\u200f.pdf", "agpj.code.pdf"),
        ("a\r\nSet-Cookie: b\x1b[0m.pdf", "a Set-Cookie: b[0m.pdf"),
        ("a\u2028b\u00a0 c.pdf", "a b c.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("...pdf", "file.pdf"),
        (".pdf", "file.pdf"),
        ("\u202e\u202e.pdf", "file.pdf"),
        ("\ud800.pdf", "file.pdf"),
        ("a" * 117 + ".pdf", "a" * 116 + ".pdf"),
        ("a" * 5_000 + ".docx", "a" * 115 + ".docx"),
        ("a" * 10_000_000 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_name_is_shown_in_one_line_and_one_direction(filename: str, shown: str) -> None:
    assert clean_filename(filename) == shown


@pytest.mark.parametrize(
    ("size", "code"),
    [
        (0, "file_empty"),
        (1, None),
        (MAX_FILE_BYTES, None),
        (MAX_FILE_BYTES + 1, "file_too_large"),
        (100 * 1024 * 1024, "file_too_large"),
    ],
)
def test_a_file_holds_something_and_at_most_ten_megabytes(size: int, code: str | None) -> None:
    if code is None:
        require_acceptable_size(size)
        return
    with pytest.raises(RefusedFile) as caught:
        require_acceptable_size(size)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("piece", "files_so_far"),
    [
        (SOUND, 0),
        (SOUND, MAX_FILES),
        (WITH_FILE, 0),
        (WITH_FILE, MAX_FILES - 1),
        (replace(SOUND, title="", dated_on=None, proves=()), 0),
        (replace(SOUND, type_id="other"), 0),
        (replace(SOUND, title="a" * 200), 0),
    ],
)
def test_what_is_described_well_can_be_recorded(piece: Piece, files_so_far: int) -> None:
    require_recordable(six(), a_standard(), piece, files_so_far=files_so_far, today=TODAY)


@pytest.mark.parametrize(
    ("piece", "files_so_far", "problems"),
    [
        (replace(SOUND, type_id="poster"), 0, ("evidence_type_unknown",)),
        (replace(SOUND, type_id=""), 0, ("evidence_type_unknown",)),
        (replace(SOUND, type_id="other", title=" "), 0, ("evidence_title_missing",)),
        (replace(SOUND, title="a" * 201), 0, ("evidence_title_too_long",)),
        (replace(SOUND, dated_on=date(2026, 11, 23)), 0, ("evidence_dated_in_future",)),
        (replace(SOUND, proves=("1.1", "2.1")), 0, ("evidence_proves_unknown",)),
        (replace(WITH_FILE, boundary_confirmed=False), 0, ("boundary_not_confirmed",)),
        (WITH_FILE, MAX_FILES, ("too_many_files",)),
        (
            replace(SOUND, type_id="poster", dated_on=date(2027, 1, 1), file=FILE),
            MAX_FILES,
            (
                "evidence_type_unknown",
                "evidence_dated_in_future",
                "boundary_not_confirmed",
                "too_many_files",
            ),
        ),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(
    piece: Piece, files_so_far: int, problems: tuple[str, ...]
) -> None:
    with pytest.raises(RefusedEvidence) as caught:
        require_recordable(six(), a_standard(), piece, files_so_far=files_so_far, today=TODAY)
    assert caught.value.problems == problems
    assert caught.value.code == problems[0]


def test_an_indicator_that_is_only_answered_takes_no_evidence() -> None:
    standard = a_standard()
    first, *others = standard.indicators
    silent = replace(first, answer_only=True, answers=(Met.MET, Met.NOT_MET))
    standard = replace(standard, indicators=(silent, *others))
    with pytest.raises(RefusedEvidence) as caught:
        require_recordable(six(), standard, SOUND, files_so_far=0, today=TODAY)
    assert caught.value.problems == ("evidence_proves_unknown",)


def test_a_standard_for_which_no_type_is_listed_takes_no_evidence() -> None:
    standard = replace(a_standard(), evidence=())
    with pytest.raises(RefusedEvidence) as caught:
        require_recordable(six(), standard, SOUND, files_so_far=0, today=TODAY)
    assert caught.value.problems == ("evidence_not_taken",)


def test_a_standard_shared_as_its_rating_alone_still_takes_the_file_its_yes_needs() -> None:
    last = eight().standards[-1]
    assert last.rating_only
    piece = replace(WITH_FILE, proves=())
    require_recordable(eight(), last, piece, files_so_far=0, today=TODAY)
