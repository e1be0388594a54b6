"""This file holds what our PDFs say of themselves beyond what WeasyPrint writes.

That they meet PDF/UA-1 and hold a report (in the XMP metadata, each schema declared as PDF/A
demands), which way a table's header cells point, that running heads, feet and watermarks are no
part of the text, and where a seal will be.
"""
# pydyf is untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, cast
from xml.sax.saxutils import escape

import pydyf

from partner_assess.adapters.pdf import SEAL_FIELD

# Flags of an annotation: what PDF/A wants, and that a reader cannot move it.
PRINTED_AND_LOCKED = 4 + 128

# PDF/A accepts only schemas that it knows or that the file itself describes.
XMP = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:report="urn:partner-assess:report:1#"
  report:fileName="{name}" report:sha256="{digest}"/>
<rdf:Description rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag>{schemas}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
SCHEMA = """
<rdf:li rdf:parseType="Resource">
 <pdfaSchema:schema>{title}</pdfaSchema:schema>
 <pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI>
 <pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>
 <pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li>"""
PROPERTY = """
<rdf:li rdf:parseType="Resource">
 <pdfaProperty:name>{name}</pdfaProperty:name>
 <pdfaProperty:valueType>{kind}</pdfaProperty:valueType>
 <pdfaProperty:category>internal</pdfaProperty:category>
 <pdfaProperty:description>{told}</pdfaProperty:description>
</rdf:li>"""
DESCRIBED = (
    (
        "PDF/UA identification",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        (("part", "Integer", "Part of ISO 14289 that the file meets"),),
    ),
    (
        "PartnerAssess report",
        "urn:partner-assess:report:1#",
        "report",
        (
            ("fileName", "Text", "Name of the embedded file that holds the data"),
            ("sha256", "Text", "SHA-256 of that file, in hex"),
        ),
    ),
)


def declare(metadata: Any, name: str, content: bytes) -> None:
    """Make WeasyPrint's metadata say PDF/UA-1, and which embedded file is the report."""
    written_by_weasyprint = metadata.generate_rdf_metadata

    def with_ours(variant: str, version: int, conformance: str) -> bytes:
        rdf: bytes = written_by_weasyprint(variant, version, conformance)
        head, end, tail = rdf.rpartition(b"</rdf:RDF>")
        return head + _ours(name, hashlib.sha256(content).hexdigest()).encode() + end + tail

    metadata.generate_rdf_metadata = with_ours


def _ours(name: str, digest: str) -> str:
    schemas = "".join(
        SCHEMA.format(
            title=title,
            uri=uri,
            prefix=prefix,
            properties="".join(
                PROPERTY.format(name=one, kind=kind, told=told) for one, kind, told in properties
            ),
        )
        for title, uri, prefix, properties in DESCRIBED
    )
    return XMP.format(name=escape(name, {'"': "&quot;"}), digest=digest, schemas=schemas)


def finish(document: Any, pdf: pydyf.PDF, *, seal_label: str = "") -> None:
    """Mend what WeasyPrint 70 leaves open, just before the file is written."""
    catalog = pdf.catalog
    # Every attachment is listed twice (Kozea/WeasyPrint 2917).
    catalog["AF"] = pydyf.Array(dict.fromkeys(catalog["AF"]))
    _point_header_cells(pdf)
    _set_aside_running_content(pdf)
    if seal_label:
        _make_place_for_seal(pdf, seal_label)


def _element(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _point_header_cells(pdf: pydyf.PDF) -> None:
    for cell in pdf.objects:
        if isinstance(cell, dict) and cell.get("S") == "/TH" and "A" in cell:
            row = _element(pdf, cell["P"])
            in_head = _element(pdf, row["P"])["S"] == "/THead"
            cell["A"]["Scope"] = "/Column" if in_head else "/Row"


def _set_aside_running_content(pdf: pydyf.PDF) -> None:
    """Mark as artifact what is drawn on the pages but has no place in the tag tree.

    WeasyPrint tags heads, feet and watermarks, then leaves them out of the tree; a small sign
    without a title stands beside its word and says nothing more. PDF/UA wants both as artifacts.
    """
    root = _element(pdf, pdf.catalog["StructTreeRoot"])
    in_tree = set(_branches(pdf, root["K"][0]))
    numbers = _element(pdf, root["ParentTree"])["Nums"]
    pages = [_element(pdf, reference) for reference in pdf.page_references]
    for page, owners in zip(pages, numbers[1::2], strict=False):
        outside = {place for place, owner in enumerate(owners) if owner not in in_tree}
        stream = _element(pdf, page["Contents"])
        stream.stream = list(_with_artifacts(stream.stream, outside))
        for place in outside:
            owners[place] = "null"


def _make_place_for_seal(pdf: pydyf.PDF, label: str) -> None:
    """Add an empty signature field without a size, as a form in the tag tree.

    Signing changes nothing but the field's value, so the file meets both norms before and after.
    """
    page = pdf.page_references[-1]
    root = _element(pdf, pdf.catalog["StructTreeRoot"])
    numbers = _element(pdf, root["ParentTree"])["Nums"]
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(SEAL_FIELD),
            "TU": pydyf.String(label),
            "F": PRINTED_AND_LOCKED,
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "P": page,
            "StructParent": len(numbers) // 2,
        }
    )
    pdf.add_object(field)
    target = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": page})
    form = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/Form", "P": root["K"][0], "Pg": page, "K": target}
    )
    pdf.add_object(form)
    _element(pdf, root["K"][0])["K"].append(form.reference)
    numbers.extend([len(numbers) // 2, form.reference])
    _element(pdf, page).setdefault("Annots", pydyf.Array()).append(field.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference])})


def _branches(pdf: pydyf.PDF, reference: bytes) -> Iterator[bytes]:
    """Yield every element of the tag tree, and take pictures without words out of it."""
    yield reference
    element = _element(pdf, reference)
    kids = element.get("K", ())
    for kid in [kid for kid in kids if isinstance(kid, bytes)]:
        if _is_decoration(_element(pdf, kid)):
            kids.remove(kid)
        else:
            yield from _branches(pdf, kid)


def _is_decoration(element: Any) -> bool:
    return element.get("S") == "/Figure" and "Alt" not in element


def _with_artifacts(drawn: list[Any], outside: set[int]) -> Iterator[Any]:
    """Yield the page's drawing again; marked content begins as tag, properties and BDC."""
    for place, step in enumerate(drawn):
        if place + 1 < len(drawn) and _is_outside(drawn[place + 1], outside):
            yield b"/Artifact"
        elif _is_outside(step, outside):
            continue
        elif step == b"BDC" and _is_outside(drawn[place - 1], outside):
            yield b"BMC"
        else:
            yield step


def _is_outside(step: object, outside: set[int]) -> bool:
    return isinstance(step, dict) and cast("dict[str, int]", step).get("MCID") in outside
