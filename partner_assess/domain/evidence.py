"""This file holds what may be recorded as evidence, and which files may come with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework, Standard

MAX_FILES = 10  # for one standard of one assessment. Source: domain.md 5.2
MAX_FILE_BYTES = 10 * 1024 * 1024  # Source: ours; a scanned policy of fifty pages
MAX_TITLE = 200
_MAX_NAME = 120

# The kinds of file that are kept, by the end of their names. Source: domain.md 5.2
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_OTHER_ENDINGS = {"jpeg": "jpg"}

# What people bring instead, by what they can do about it.
_REFUSED = {
    "file_is_archive": {"zip", "7z", "rar", "tar", "gz", "tgz", "bz2", "xz"},
    "file_is_old_office": {"doc", "xls", "dot", "xlt", "ppt", "rtf", "odt", "ods", "pptx"},
    "file_has_macros": {"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm"},
    "file_is_other_image": {"heic", "heif", "gif", "bmp", "tif", "tiff", "webp", "svg"},
}


class RefusedFile(RuleError):
    """A file is not kept; the code says why."""

    code = "file_type_refused"


class RefusedEvidence(RuleError):
    """A piece of evidence cannot be recorded as it is described.

    Attributes:
        problems: Code of everything that is wrong; `code` is the first.
    """

    code = "evidence_refused"

    def __init__(self, problems: tuple[str, ...], **params: object) -> None:
        super().__init__(problems[0], **params)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept, as it is kept.

    Attributes:
        content: What is kept; of a picture, the picture alone.
        extension: Its kind, a key of `MEDIA_TYPES`.
        filename: What people called it, made harmless: shown, never used as a path.
    """

    content: bytes
    media_type: str
    extension: str
    filename: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence as it is described in a form.

    Attributes:
        proves: Ids of the indicators it proves.
        boundary_confirmed: "No names, no case facts, blank forms only" was ticked.
        file: Perhaps none: the paper itself was seen.
    """

    type_id: str
    title: str = ""
    dated_on: date | None = None
    proves: tuple[str, ...] = ()
    boundary_confirmed: bool = False
    file: CheckedFile | None = None


def extension_of(filename: str) -> str:
    """Return the kind of file a name promises, a key of `MEDIA_TYPES`.

    >>> extension_of("Policy.final.JPEG")
    'jpg'

    Source: domain.md 5.2

    Raises:
        RefusedFile: it is none of them.
    """
    _, dot, ending = _visible(filename).rpartition(".")
    ending = ending.strip().lower() if dot else ""
    extension = _OTHER_ENDINGS.get(ending, ending)
    if extension in MEDIA_TYPES:
        return extension
    code = next((code for code, endings in _REFUSED.items() if extension in endings), None)
    raise RefusedFile(code, allowed=tuple(MEDIA_TYPES))


def clean_filename(filename: str) -> str:
    r"""Return the name of an allowed file, safe to show: one line, one direction, no folder.

    >>> clean_filename("../../code\u202e of\tconduct.PDF")
    'code of conduct.pdf'

    Source: ours; a name is text from a stranger

    Raises:
        RefusedFile: the name does not promise an allowed kind of file.
    """
    extension = extension_of(filename)
    stem = _visible(filename).rpartition(".")[0]
    stem = stem[: _MAX_NAME - len(extension) - 1].strip(" .")
    return f"{stem or 'file'}.{extension}"


def require_acceptable_size(size: int) -> None:
    """Raise RefusedFile for an empty file, or one over the limit (inclusive).

    Source: ours; a scanned policy of fifty pages passes
    """
    if size == 0:
        raise RefusedFile("file_empty")
    if size > MAX_FILE_BYTES:
        raise RefusedFile("file_too_large", limit_mb=MAX_FILE_BYTES // (1024 * 1024))


def require_recordable(
    framework: Framework, standard: Standard, piece: Piece, *, files_so_far: int, today: date
) -> None:
    """Raise RefusedEvidence unless the piece can be recorded for the standard.

    Its type is listed for the standard, or is one that is described in words and is; it proves
    indicators of this standard that take evidence; it is not dated after today. A file comes
    with the tick, as one of ten at most.

    Source: E1, E3 (types); domain.md 1.2 (what it proves), 1.3 (S6.4), 5.2 (files)
    """
    problems = (
        *_wrong_in_words(framework, standard, piece, today),
        *_wrong_with_file(piece, files_so_far),
    )
    if problems:
        raise RefusedEvidence(problems, limit=MAX_FILES)


def _wrong_in_words(
    framework: Framework, standard: Standard, piece: Piece, today: date
) -> Iterator[str]:
    described = {kind.id for kind in framework.evidence_types if kind.needs_description}
    if not standard.evidence:
        yield "evidence_not_taken"
    elif piece.type_id not in described.union(standard.evidence):
        yield "evidence_type_unknown"
    if piece.type_id in described and not piece.title.strip():
        yield "evidence_title_missing"
    if len(piece.title) > MAX_TITLE:
        yield "evidence_title_too_long"
    if piece.dated_on is not None and piece.dated_on > today:
        yield "evidence_dated_in_future"
    provable = {i.id for i in standard.indicators if not i.answer_only}
    if not provable.issuperset(piece.proves):
        yield "evidence_proves_unknown"


def _wrong_with_file(piece: Piece, files_so_far: int) -> Iterator[str]:
    if piece.file is None:
        return
    if not piece.boundary_confirmed:
        yield "boundary_not_confirmed"
    if files_so_far >= MAX_FILES:
        yield "too_many_files"


def _visible(filename: str) -> str:
    """Return the last part of a name without what is not seen: controls, marks of direction."""
    # A name is cut first, so that the work is bounded; its end holds the kind of file.
    last = filename[-4096:].replace("\\", "/").rpartition("/")[2]
    shown = "".join(map(_shown, unicodedata.normalize("NFC", last)))
    return " ".join(shown.split()).rstrip(" .")


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp"} or character in "\t\n\r":
        return " "
    return "" if category.startswith("C") else character
