from __future__ import annotations

import random

import pytest

from partner_assess.adapters.evidence_files import checked
from partner_assess.domain.evidence import MAX_FILE_BYTES, RefusedFile
from tests.uploads import SAMPLES, packed, refusal


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
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_a_file_that_was_cut_off_is_refused(filename: str, share: float) -> None:
    whole = SAMPLES[filename]
    assert refusal(filename, whole[: int(len(whole) * share)]) in {
        "file_damaged",
        "file_content_differs",
    }


@pytest.mark.parametrize("filename", SAMPLES)
def test_a_file_damaged_anywhere_is_kept_or_refused_and_nothing_else(filename: str) -> None:
    chance = random.Random(filename)  # noqa: S311 - the same damage each time
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
