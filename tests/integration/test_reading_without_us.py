"""A sister agency reads a shared document by the script in docs/, which has none of our code."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from partner_assess.domain.report import json_schema, to_json
from tests import pki, signed_pdf
from tests.hostile import changed, in_place, inside, strangers
from tests.signed_pdf import sealed_report

SCRIPT = Path(__file__).parents[2] / "docs/read_shared_document.py"


def run(folder: Path, file: bytes, agency: str = "UNA") -> subprocess.CompletedProcess[str]:
    (folder / "document.pdf").write_bytes(file)
    (folder / "root.pem").write_bytes(pki.agency()[0].pem)
    (folder / "schema.json").write_text(json.dumps(json_schema()))
    return subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, "-I", SCRIPT, "document.pdf", "root.pem", "schema.json", agency],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_uses_public_libraries_only() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named += [
        one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names
    ]
    outside = {name.partition(".")[0] for name in named} - set(sys.stdlib_module_names)
    assert outside == {"pyhanko", "asn1crypto", "jsonschema"}


def test_a_good_document_is_read(tmp_path: Path) -> None:
    done = run(tmp_path, signed_pdf.good())
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(to_json(sealed_report()))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (in_place.text_swapped, "changed after"),
        (changed.other_data_added, "changed after"),
        (changed.never_signed, "0 signatures"),
        (changed.approved_only, "allows changes"),
        (inside.two_files, "more than one file"),
        (inside.pretty_printed, "the one way"),
        (inside.unknown_key, "unexpected"),
        (lambda: strangers.root_of_the_same_name()[0], "does not count"),
        (lambda: strangers.revoked_by_the_list_inside()[0], "does not count"),
        (lambda: strangers.expired_when_signed()[0], "does not count"),
    ],
)
def test_a_document_that_is_not_good_is_refused(tmp_path: Path, file: object, said: str) -> None:
    done = run(tmp_path, file())  # type: ignore[operator]
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("not trusted: ")
    assert said in done.stderr


def test_a_root_speaks_for_its_own_agency(tmp_path: Path) -> None:
    done = run(tmp_path, signed_pdf.good(), "UNB")
    assert done.returncode == 1
    assert "speaks for UNA" in done.stderr
