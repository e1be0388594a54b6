"""This file holds the look at documents and workbooks (docx, xlsx): what their parts say.

Office follows relationships and types of content, so they are what is looked at.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from xml.parsers import expat

from partner_assess.adapters.evidence_files.packages import unpacked
from partner_assess.domain.evidence import RefusedFile

_TYPES = "[content_types].xml"  # names are in lower case here
_ROOT_LINKS = "_rels/.rels"
_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"

# What stands at the end of a relationship's type.
_MACROS = {"vbaProject", "wordVbaData", "xlMacrosheet", "xlIntlMacrosheet"}
_EMBEDDED = {"oleObject", "package", "control", "activeXControlBinary", "aFChunk"}
_ELSEWHERE = {"externalLink", "connections", "webextension"}
_HARMLESS_ELSEWHERE = {"hyperlink"}  # opened by a click only


def checked_document(content: bytes) -> bytes:
    """Return a docx that may be kept, as it is.

    Raises:
        RefusedFile: it may not.
    """
    _check(content, "docx", _MAIN.format("wordprocessingml.document"))
    return content


def checked_workbook(content: bytes) -> bytes:
    """Return an xlsx that may be kept, as it is.

    Raises:
        RefusedFile: it may not.
    """
    _check(content, "xlsx", _MAIN.format("spreadsheetml.sheet"))
    return content


def _check(content: bytes, extension: str, main_type: str) -> None:
    parts = unpacked(content, extension, keep=_is_looked_at)
    _refuse_names(parts)
    types = _Types(parts.get(_TYPES) or b"")
    for part in parts.values():
        for link in _links(part or b""):
            _refuse_link(link)
    main = _main_part(parts.get(_ROOT_LINKS) or b"")
    if main not in parts or types.of(main) != main_type:
        raise RefusedFile("file_content_differs", extension=extension)


def _main_part(root_links: bytes) -> str:
    """Return the name of the part that a package is about, empty if it names none."""
    for link in _links(root_links):
        if _kind(link) == "officeDocument":
            return posixpath.normpath(link.get("Target", "").lstrip("/")).lower()
    return ""


def _is_looked_at(name: str) -> bool:
    return name == _TYPES or name.endswith(".rels")


def _refuse_names(names: Iterable[str]) -> None:
    """Refuse by name what no relationship need lead to."""
    for name in names:
        if "vbaproject" in name or "/macrosheets/" in name:
            raise RefusedFile("file_has_macros")
        if "oleobject" in name or "/activex/" in name:
            raise RefusedFile("file_has_attachments")


def _links(part: bytes) -> list[dict[str, str]]:
    elements = _elements(part) if part else []
    return [named for tag, named in elements if tag == "Relationship"]


def _kind(link: dict[str, str]) -> str:
    return link.get("Type", "").rpartition("/")[2]


def _refuse_link(link: dict[str, str]) -> None:
    kind = _kind(link)
    if kind in _MACROS:
        raise RefusedFile("file_has_macros")
    if kind in _EMBEDDED:
        raise RefusedFile("file_has_attachments")
    is_elsewhere = link.get("TargetMode", "").lower() == "external"
    if kind in _ELSEWHERE or (is_elsewhere and kind not in _HARMLESS_ELSEWHERE):
        raise RefusedFile("file_has_links")


class _Types:
    """The table of what each part of a package is."""

    def __init__(self, part: bytes) -> None:
        self.by_part: dict[str, str] = {}
        self.by_ending: dict[str, str] = {}
        for tag, named in _elements(part) if part else ():
            kind = named.get("ContentType", "")
            if "macro" in kind.lower():
                raise RefusedFile("file_has_macros")
            if tag == "Override":
                self.by_part[named.get("PartName", "").lstrip("/").lower()] = kind
            elif tag == "Default":
                self.by_ending[named.get("Extension", "").lower()] = kind

    def of(self, name: str) -> str | None:
        return self.by_part.get(name) or self.by_ending.get(name.rpartition(".")[2])


def _elements(part: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return tags and attributes, without namespaces, of a small XML without a DTD."""
    found: list[tuple[str, dict[str, str]]] = []

    def note(tag: str, attributes: dict[str, str]) -> None:
        found.append((tag.rpartition(" ")[2], attributes))

    def refuse(*_declared: object) -> None:
        raise RefusedFile("file_damaged")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = note
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(part, True)  # noqa: FBT003 (the parser's own way to say: this is all)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise RefusedFile("file_damaged") from error
    return found
