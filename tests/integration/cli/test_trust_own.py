"""`trust own` writes what another agency needs to trust our documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Engine

from partner_assess.adapters.seals import FolderOfKeys
from partner_assess.cli.trust import trust
from partner_assess.db.session import open_session
from partner_assess.usecases.ports import Ports
from tests.factories import NOW, make_house


class App:
    def __init__(self, engine: Engine, ports: Ports) -> None:
        self.engine, self.ports = engine, ports


def installed(engine: Engine, ports: Ports) -> tuple[App, str]:
    with open_session(engine) as session:
        code = make_house(session).agency.code
        session.commit()
    return App(engine, ports), code


def run(app: Any, code: str, file: Path) -> Result:
    return CliRunner().invoke(trust, ["own", "--agency", code, "-o", str(file)], obj=app)


def test_the_root_is_written_and_its_fingerprint_told(
    committing_engine: Engine, ports: Ports, tmp_path: Path
) -> None:
    seals = FolderOfKeys(tmp_path / "keys", demo_clock=lambda: NOW)
    app, code = installed(committing_engine, replace(ports, seals=seals))
    file = tmp_path / "root.pem"
    result = run(app, code, file)
    der = x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(Encoding.DER)
    assert der == seals.root(code).certificate
    assert json.loads(result.stdout) == {
        "agency": code,
        "fingerprint": hashlib.sha256(der).hexdigest(),
        "state": "own",
        "file": str(file),
    }
    (tmp_path / "keys" / f"{code}.cert.pem").write_text("?")
    assert "cannot be read" in refused(run(app, code, file))
    seals.close()


def refused(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def test_who_has_none_is_told(committing_engine: Engine, ports: Ports, tmp_path: Path) -> None:
    app, code = installed(committing_engine, ports)
    file = tmp_path / "root.pem"
    assert "has no key" in refused(run(app, code, file))
    assert "no agency" in refused(run(app, "UNZ", file))
    assert not file.exists()
