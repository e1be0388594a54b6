"""This file holds what tests of seals share: a folder of keys, and how others judge a seal."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

from asn1crypto import cms, tsp, x509
from cryptography import x509 as crypto_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore

from partner_assess.adapters import pdf
from partner_assess.adapters.seals import demo_keys
from partner_assess.domain.report import Report
from partner_assess.domain.trust import Root
from tests import pki
from tests.documents import inputs, page_of

LABEL = "Seal of Demo: Agency A"


def unsealed(report: Report) -> bytes:
    """Return the document of a report with an empty place for a seal."""
    return pdf.render_in_process(page_of(report), **inputs(report), seal_label=LABEL)


@dataclass(frozen=True)
class Judgement:
    """What pyHanko's own validator says, with one root and a revocation list demanded."""

    is_valid: bool
    covers_all: bool
    allows_nothing: bool
    is_unchanged: bool
    signed_at: datetime | None
    timestamped_at: datetime | None


def judged(content: bytes, root: Root, *, at: datetime | None = None) -> Judgement:
    """Return what a validator says that has nothing but the file, the root and the clock."""
    reader = PdfFileReader(BytesIO(content))
    (signature,) = reader.embedded_regular_signatures
    inside = DocumentSecurityStore.read_dss(reader)
    context = inside.as_validation_context(
        {
            "trust_roots": [x509.Certificate.load(root.certificate)],
            "allow_fetching": False,
            "revocation_mode": "require",
            "moment": at or signature.self_reported_timestamp,
        }
    )
    status = validate_pdf_signature(signature, context)
    stamp = status.timestamp_validity
    return Judgement(
        is_valid=status.bottom_line,
        covers_all=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        allows_nothing=signature.docmdp_level is MDPPerm.NO_CHANGES,
        is_unchanged=status.modification_level is ModificationLevel.NONE,
        signed_at=status.signer_reported_dt,
        timestamped_at=stamp.timestamp if stamp else None,
    )


def signature_of(content: bytes) -> tuple[cms.SignedData, bytes]:
    """Return the signature inside a PDF, parsed, and the bytes that follow it in its place."""
    reader = PdfFileReader(BytesIO(content))
    (signature,) = reader.embedded_regular_signatures
    place = bytes(signature.pkcs7_content)
    parsed = cms.ContentInfo.load(place)
    encoded = parsed.dump(force=True)
    assert place.startswith(encoded)  # strict DER
    return parsed["content"], place[len(encoded) :]


def told(*command: str | Path) -> tuple[int, str]:
    """Return exit code and words of a program that judges."""
    done = subprocess.run(  # noqa: S603 (the tests' own commands)
        command,
        capture_output=True,
        check=False,
        timeout=60,
        env={"PATH": os.defpath, "TZ": "UTC", "LANG": "C.UTF-8"},
    )
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


@contextmanager
def time_stamp_authority(at: datetime) -> Generator[tuple[str, Root]]:
    """Yield the address and root of an authority on this machine whose clock stands still."""
    authority = pki.a_root("Demo: time root")
    key = rsa.generate_private_key(65537, 2048)
    stamper = authority.issue("Demo: time", purposes=pki.TIME_STAMPING, key=key).stamper(at)

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Authority) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", Root("", authority.der)
        server.shutdown()


def new_root(folder: Path, agency_code: str, *, at: datetime) -> None:
    """Replace an agency's root and seal, as an operator does."""
    demo_keys.write(folder, agency_code, demo_keys.new_root(agency_code, at=at), at=at)


def new_seal(folder: Path, agency_code: str, *, at: datetime) -> None:
    """Replace an agency's seal by one under the same root."""
    root = demo_keys.root_of(folder, agency_code, at=at)
    assert root is not None
    demo_keys.write(folder, agency_code, root, at=at)


def pem(der: bytes) -> bytes:
    """Return a certificate as PEM."""
    certificate = crypto_x509.load_der_x509_certificate(der)
    return certificate.public_bytes(serialization.Encoding.PEM)
