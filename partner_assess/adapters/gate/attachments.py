"""This file holds the data inside a document, as it was when the document was signed."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver

from partner_assess.adapters.gate.refused import Refused, otherwise, require
from partner_assess.domain.report import BadBundle, Report, from_json
from partner_assess.domain.report.verdict import Refusal

NAME = "report.json"
MIME = "/application/json"

_BY_PROBLEM = {
    "too_large": Refusal.TOO_COMPLEX,
    "too_deep": Refusal.TOO_COMPLEX,
    "not_utf8": Refusal.NOT_CANONICAL,
    "not_json": Refusal.NOT_CANONICAL,
    "float": Refusal.NOT_CANONICAL,
    "duplicate_key": Refusal.NOT_CANONICAL,
    "not_canonical": Refusal.NOT_CANONICAL,
    "contradiction": Refusal.CONTRADICTION,
}


def data_of(revision: HistoricalResolver) -> bytes:
    """Return the one file inside, from the revision that was signed.

    Any other reader may find another file under the same name: there is exactly one, it is the
    document's data, and it is listed once in each of the two places.

    Raises:
        Refused: there is none, more than one, or it is another kind of file.
    """
    with otherwise(Refusal.EMBEDDED_FILES):
        spec = _the_only_file(revision.root)
        require(
            spec["/AFRelationship"] == "/Data" and spec["/UF"] == NAME and spec["/F"] == NAME,
            Refusal.EMBEDDED_FILES,
        )
        held: Any = spec["/EF"]
        stream = held.raw_get("/F")
        require("/UF" not in held or held.raw_get("/UF") == stream, Refusal.EMBEDDED_FILES)
        require(held["/F"]["/Subtype"] == MIME, Refusal.EMBEDDED_FILES)
        file: generic.StreamObject = held["/F"]
    with otherwise(Refusal.DAMAGED):
        data = file.data
        require(_said_size(file) in {None, len(data)}, Refusal.EMBEDDED_FILES)
        return data


def report_in(data: bytes) -> Report:
    """Return the facts in the data.

    Raises:
        Refused: it is not exactly what a report is.
    """
    with otherwise(Refusal.SCHEMA):
        try:
            return from_json(data)
        except BadBundle as bad:
            found = {_BY_PROBLEM.get(problem.code, Refusal.SCHEMA) for problem in bad.problems}
            raise Refused(next(one for one in Refusal if one in found)) from bad


def _the_only_file(root: Any) -> Any:
    try:
        listed = root["/Names"]["/EmbeddedFiles"]
    except KeyError:
        raise Refused(Refusal.NO_DATA) from None
    require("/Kids" not in listed, Refusal.EMBEDDED_FILES)
    pair, associated = listed["/Names"], root["/AF"]
    require(len(pair) > 0, Refusal.NO_DATA)
    require(len(pair) == 2 and len(associated) == 1, Refusal.EMBEDDED_FILES)
    require(pair.raw_get(1) == associated.raw_get(0), Refusal.EMBEDDED_FILES)
    return pair[1]


def _said_size(file: Any) -> int | None:
    return file["/Params"]["/Size"] if "/Params" in file and "/Size" in file["/Params"] else None
