"""This file holds a good document, changed after it was signed: shadow attacks and their kin."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from partner_assess.domain.report import to_json
from tests import pki, signed_pdf
from tests.signed_pdf import How, attach, sealed_report


def other_payload() -> bytes:
    """Return the facts with the risk turned into its opposite."""
    return to_json(sealed_report()).replace(b'"risk":"high"', b'"risk":"low"')


def updated(
    change: Callable[[IncrementalPdfFileWriter], object], pdf: bytes | None = None
) -> bytes:
    """Return a document with a revision more, as any program may add one."""
    into = IncrementalPdfFileWriter(io.BytesIO(pdf or signed_pdf.good()), strict=False)
    change(into)
    out = io.BytesIO()
    into.write(out)
    return out.getvalue()


def _dictionary(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): one for key, one in entries.items()})


def other_data_added() -> bytes:
    return updated(lambda into: _swap_stream(into, other_payload()))


def _swap_stream(into: IncrementalPdfFileWriter, data: bytes) -> None:
    spec = into.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    reference = spec["/EF"].raw_get("/F").reference
    stream = spec["/EF"]["/F"]
    changed = generic.StreamObject(stream_data=data, dict_data=dict(stream.items()))
    for key in ("/Filter", "/DecodeParms", "/Length"):
        changed.pop(key, None)
    into.objects[(reference.generation, reference.idnum)] = changed


def painted_over() -> bytes:
    def change(into: IncrementalPdfFileWriter) -> None:
        page = into.root["/Pages"]["/Kids"][0]
        stream = generic.StreamObject(stream_data=b"1 1 1 rg 0 0 300 300 re f")
        page["/Contents"] = into.add_object(stream)
        into.update_container(page)

    return updated(change)


def annotated() -> bytes:
    def change(into: IncrementalPdfFileWriter) -> None:
        page = into.root["/Pages"]["/Kids"][0]
        note = _dictionary(
            Type=pdf_name("/Annot"),
            Subtype=pdf_name("/FreeText"),
            Contents=generic.pdf_string("Low risk"),
            Rect=generic.ArrayObject(map(generic.NumberObject, (0, 0, 99, 99))),
        )
        page["/Annots"] = generic.ArrayObject([into.add_object(note)])
        into.update_container(page)

    return updated(change)


def second_file_added() -> bytes:
    return updated(lambda into: attach(into, other_payload(), name="report2.json"))


def page_hidden() -> bytes:
    """Return the hide attack: an overlay that was signed is taken away."""

    def change(into: IncrementalPdfFileWriter) -> None:
        pages = into.root["/Pages"]
        pages["/Kids"] = generic.ArrayObject()
        pages["/Count"] = generic.NumberObject(0)
        into.update_container(pages)

    return updated(change)


def font_replaced() -> bytes:
    """Return the replace attack: what the page refers to is exchanged for another thing."""

    def change(into: IncrementalPdfFileWriter) -> None:
        page = into.root["/Pages"]["/Kids"][0]
        page["/Resources"] = _dictionary(Font=into.add_object(_dictionary()))
        into.update_container(page)

    return updated(change)


def catalog_replaced() -> bytes:
    """Return the hide-and-replace attack: another catalog, with another page and other data."""

    def change(into: IncrementalPdfFileWriter) -> None:
        root = into.root
        pages = _dictionary(
            Type=pdf_name("/Pages"), Kids=generic.ArrayObject(), Count=generic.NumberObject(0)
        )
        root["/Pages"] = into.add_object(pages)
        for key in ("/Names", "/AF"):
            root.pop(key, None)
        attach(into, other_payload())
        into.update_root()

    return updated(change)


def certification_dropped() -> bytes:
    def change(into: IncrementalPdfFileWriter) -> None:
        into.root.pop("/Perms", None)
        into.update_root()

    return updated(change)


def form_dropped() -> bytes:
    return updated(forget_form)


def forget_form(into: IncrementalPdfFileWriter) -> None:
    """Write a catalog that knows of no form, and so of no signature."""
    into.root.pop("/AcroForm", None)
    into.update_root()


def signature_dropped() -> bytes:
    def change(into: IncrementalPdfFileWriter) -> None:
        field = into.root["/AcroForm"]["/Fields"][0]
        field.pop("/V", None)
        into.update_container(field)

    return updated(change)


def lists_replaced() -> bytes:
    def change(into: IncrementalPdfFileWriter) -> None:
        into.root.pop("/DSS", None)
        into.update_root()

    return updated(change)


def metadata_changed() -> bytes:
    def change(into: IncrementalPdfFileWriter) -> None:
        into.root["/Lang"] = generic.pdf_string("xx")
        into.update_root()

    return updated(change)


def nothing_changed() -> bytes:
    return updated(lambda into: into.update_root())


def back_to_unsigned() -> bytes:
    """Return the bytes before the revision that was signed."""
    reader = PdfFileReader(io.BytesIO(signed_pdf.good()))
    end = reader.xrefs.get_xref_container_info(reader.total_revisions - 2).end_location
    whole = signed_pdf.good()
    return whole[: whole.index(b"%%EOF", end) + 6]


def never_signed() -> bytes:
    return signed_pdf.unsigned()


def signed_again(*, how: How, second: pki.Holder) -> bytes:
    """Return a document with a second signature over the first."""
    _, seal = pki.agency()
    first = signed_pdf.certified(
        signed_pdf.unsigned(), seal.signer(), How(certify=False, permission=None)
    )
    return signed_pdf.certified(first, second.signer(), how)


def second_signature_of_a_stranger() -> bytes:
    stranger = pki.a_root("Demo: nobody").issue("Demo: nobody's seal")
    return signed_again(how=How(certify=False, field="Other"), second=stranger)


def second_signature_of_its_own() -> bytes:
    return signed_again(how=How(certify=False, field="Other"), second=pki.agency()[1])


def approved_only() -> bytes:
    return signed_pdf.document(how=How(certify=False))


def form_filling_allowed() -> bytes:
    return signed_pdf.document(how=How(permission=MDPPerm.FILL_FORMS))


def annotations_allowed() -> bytes:
    return signed_pdf.document(how=How(permission=MDPPerm.ANNOTATE))


def facts(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return the facts of a sealed report, changed, in canonical form."""
    told = json.loads(to_json(sealed_report()))
    change(told)
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
