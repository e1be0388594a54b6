"""Verify and read a shared assessment with public libraries only: pyHanko and jsonschema.

    python read_shared_document.py DOCUMENT.pdf ROOT.pem SCHEMA.json [AGENCY]

ROOT is the root certificate of the agency (`partner-assess trust own`), whose fingerprint you have
compared by another way than the file came; SCHEMA is what `partner-assess report schema` prints;
AGENCY is the short code of the agency for which you pinned that root.
Prints the data and exits with 0; or says in one line why not, and exits with 1.
See reading-a-shared-document.md for what each step is for.
"""

from __future__ import annotations

import json
import logging
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, read_certification_data
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel


class NotTrusted(Exception):
    """The document is not to be relied on."""


def read(file: bytes, root: x509.Certificate, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a document that is trusted. Raises NotTrusted."""
    reader = PdfFileReader(BytesIO(file), strict=True)
    signature = whole_signature(reader, file)
    require(certified(reader, signature), "it allows changes after the signature")
    require_signed_by(root, reader, signature)
    data = attachment(reader.get_historical_resolver(signature.signed_revision))
    told = strict_json(data)
    jsonschema.Draft202012Validator(schema).validate(told)
    return told


def whole_signature(reader: PdfFileReader, file: bytes) -> EmbeddedPdfSignature:
    """Return the one signature, which covers every byte but itself."""
    require(file.startswith(b"%PDF-") and not reader.encrypted, "it is no plain PDF")
    found = reader.embedded_signatures
    require(len(found) == 1, f"it has {len(found)} signatures instead of one")
    covers = found[0].evaluate_signature_coverage()
    require(covers is SignatureCoverageLevel.ENTIRE_FILE, "it was changed after it was signed")
    _, begin, end, _ = found[0].byte_range
    hexed = found[0].pkcs7_content.hex().encode()
    gap = file[begin:end]
    require(gap in {b"<%s>" % hexed, b"<%s>" % hexed.upper()}, "the signature's gap is not plain")
    return found[0]


def certified(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    """Return whether the signature forbids every change."""
    said = read_certification_data(reader)
    levels = (said.permission if said else None, signature.docmdp_level)
    return levels == (MDPPerm.NO_CHANGES, MDPPerm.NO_CHANGES)


def require_signed_by(
    root: x509.Certificate, reader: PdfFileReader, signature: EmbeddedPdfSignature
) -> None:
    """Raise NotTrusted unless the seal led to the root, unrevoked, when the document was signed."""
    lists = DocumentSecurityStore.read_dss(reader)  # certificates and lists lie in the document
    context = lists.as_validation_context(
        {
            "trust_roots": [root],
            "moment": signature.self_reported_timestamp,
            "revocation_mode": "require",
            "allow_fetching": False,
        }
    )
    usage = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
    status = validate_pdf_signature(signature, context, key_usage_settings=usage)
    require(status.intact and status.valid, "it was changed after it was signed")
    require(status.bottom_line, f"its seal does not count: {status.trust_problem_indic}")


def attachment(revision: Any) -> bytes:
    """Return the one file inside, as it was when the document was signed."""
    names = revision.root["/Names"]["/EmbeddedFiles"]["/Names"]
    require(len(names) == 2 and len(revision.root["/AF"]) == 1, "it holds more than one file")
    require(names.raw_get(1) == revision.root["/AF"].raw_get(0), "its file is not its data")
    require(names[1]["/UF"] == "report.json", "its file has another name")
    return names[1]["/EF"]["/F"].data


def strict_json(data: bytes) -> dict[str, Any]:
    """Return the values, if the bytes are the one way to write them."""

    def no_float(number: str) -> NoReturn:
        raise NotTrusted(f"its data holds the number {number}")

    told: dict[str, Any] = json.loads(data, parse_float=no_float, parse_constant=no_float)
    again = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    require(again.encode() == data, "its data is not written in the one way")
    return told


def require(holds: object, otherwise: str) -> None:
    """Raise NotTrusted unless it holds."""
    if not holds:
        raise NotTrusted(otherwise)


def certificate(file: Path) -> x509.Certificate:
    """Return the certificate in a PEM or DER file."""
    data = file.read_bytes()
    return x509.Certificate.load(pem.unarmor(data)[2] if pem.detect(data) else data)


def main(document: str, root: str, schema: str, agency: str | None = None) -> int:
    """Print the data of a document that is trusted, or say why it is not."""
    logging.disable()  # pyHanko would tell the whole story
    try:
        known = json.loads(Path(schema).read_text(encoding="utf-8"))
        told = read(Path(document).read_bytes(), certificate(Path(root)), known)
        owner = told["owner"]["agency_code"]
        require(agency in {None, owner}, f"it speaks for {owner}, which this root may not")
    except (NotTrusted, PdfReadError, jsonschema.ValidationError, ValueError, KeyError) as why:
        sys.stderr.write(f"not trusted: {str(why).splitlines()[0]}\n")
        return 1
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
