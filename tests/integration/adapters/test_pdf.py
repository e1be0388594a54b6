"""The document is archival, accessible, holds its data, and is the same each time it is made."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest

from partner_assess.adapters import pdf
from partner_assess.domain.report import Report, from_json, summary, to_json
from tests.documents import inputs, page_of
from tests.machine import needs
from tests.sample_report import a_draft, a_report, a_superseded_report, signed, with_comment
from tests.verapdf.validator import broken_rules

pytestmark = needs("pango")

HOSTILE = "\n".join(
    [
        '<link rel=attachment href="file:///etc/hostname"><script>alert(1)</script></style>',
        '<img src="http://192.0.2.1/x.png"> {{ report }} {% raw %}',
        "w" * 500,
        "سياسة المنظمة 2026-11-02 (PSEA)",
        "\U0001f600 \u6f22\u5b57 \u202etxet desrever\u202c \u2028 end",
        *(f"line {number} of a comment that does not end soon" for number in range(100)),
    ]
)
DOCUMENTS: dict[str, Callable[[], Report]] = {
    "english": a_report,
    "signed": lambda: signed(a_report()),
    "signed-arabic": lambda: signed(a_report(language="ar")),
    "arabic": lambda: a_report(language="ar"),
    "draft": a_draft,
    "superseded": a_superseded_report,
    "summary": lambda: summary(a_report()),
    "hostile": lambda: with_comment(a_report(), HOSTILE),
}


def made(report: Report) -> bytes:
    return pdf.render_in_process(page_of(report), **inputs(report))


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return {name: made(report()) for name, report in DOCUMENTS.items()}


def run(*command: str | Path, folder: Path | None = None, given: bytes = b"") -> tuple[int, bytes]:
    done = subprocess.run(  # noqa: S603 (the commands below, nothing from outside)
        command, input=given, stdout=subprocess.PIPE, check=False, cwd=folder, timeout=60
    )
    return done.returncode, done.stdout


def words_of(content: bytes, folder: Path, *options: str) -> str:
    path = folder / "document.pdf"
    path.write_bytes(content)
    return run("pdftotext", *options, path, "-")[1].decode()


@needs("java")
def test_every_document_meets_pdf_a_3a_and_pdf_ua_1(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    assert broken_rules(documents, tmp_path) == {name: [] for name in documents}


@needs("java")
def test_the_validator_sees_what_is_missing(documents: dict[str, bytes], tmp_path: Path) -> None:
    spoilt = {}
    for name, spoil in {
        "no-ua": lambda file: spoil_metadata(file, b'pdfuaid:part="1"', b'pdfuaid:part="7"'),
        "no-schema": lambda file: spoil_metadata(file, b"pdfaExtension:schemas", b"rdf:value"),
        "no-relation": lambda file: file.Root.AF[0].__delitem__("/AFRelationship"),
        "no-language": lambda file: file.Root.__delitem__("/Lang"),
    }.items():
        path = tmp_path / "spoilt.pdf"
        path.write_bytes(documents["english"])
        with pikepdf.open(path, allow_overwriting_input=True) as file:
            spoil(file)
            file.save(path)
        spoilt[name] = path.read_bytes()
    broken = broken_rules(spoilt, tmp_path)
    assert [name for name, rules in broken.items() if not rules] == []


def spoil_metadata(file: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    metadata = file.Root.Metadata
    told = metadata.read_bytes()
    assert old in told
    metadata.write(told.replace(old, new))


@needs("pdf-tools")
def test_the_data_inside_is_the_report_byte_for_byte(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    for name, report in DOCUMENTS.items():
        (tmp_path / "document.pdf").write_bytes(documents[name])
        run("pdfdetach", "-saveall", "document.pdf", folder=tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["document.pdf", "report.json"]
        data = (tmp_path / "report.json").read_bytes()
        assert data == to_json(report())
        assert from_json(data) == report()


def test_the_attachment_is_listed_once_and_as_data(documents: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(documents["english"])) as file:
        assert len(file.Root.AF) == 1
        assert str(file.Root.AF[0].AFRelationship) == "/Data"


def test_the_same_report_gives_the_same_bytes_in_another_process(
    documents: dict[str, bytes],
) -> None:
    assert made(a_report()) == documents["english"]
    assert made(a_report(language="ar")) == documents["arabic"]


def test_other_facts_give_other_bytes(documents: dict[str, bytes]) -> None:
    report = a_report()
    later = report.identity.generated_at + timedelta(seconds=1)
    changed = replace(report, identity=replace(report.identity, generated_at=later))
    assert made(changed) != documents["english"]


@needs("pdf-tools")
def test_the_first_page_says_whom_what_and_until_when_in_this_order(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    first = words_of(documents["english"], tmp_path).split("\f")[0]
    places = [
        first.find(words)
        for words in (
            "UN ENTITIES ONLY",
            "Demo: Lantern Community Trust",
            "Low capacity: high SEA risk",
            "8 now",
            "Management and HR",
            "What it demands",
            "by 16 November 2027",
            "from 17 November 2027",
            "This document is not signed.",
        )
    ]
    assert -1 not in places
    assert places == sorted(places)
    assert "Page 1 of 4" in first


@needs("pdf-tools")
@pytest.mark.parametrize("name", ["signed", "signed-arabic"])
def test_a_signed_one_says_by_whom_on_its_first_page_and_how_to_verify_it_on_its_last(
    documents: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    first, *_, last, _ = words_of(documents[name], tmp_path, "-raw").split("\f")
    code = ("7K3M0", "9QXT1", "V5B2R", "DYH8N")
    for word in ("Signed by", *code, "How to verify it: on the last page"):
        assert word in first
    for word in ("What the seal says", "pdfsig", "Total document signed"):
        assert word in " ".join(last.split())


def test_the_code_to_scan_has_its_address_as_words(documents: dict[str, bytes]) -> None:
    address = "https://psea.agency-a.example/check/7K3M09QXT1V5B2RDYH8N"
    with pikepdf.open(io.BytesIO(documents["signed"])) as file:
        elements = [one for one in file.objects if isinstance(one, pikepdf.Dictionary)]
        said = {str(one.Alt) for one in elements if one.get("/S") == "/Figure" and "/Alt" in one}
    assert f"QR code of the address {address}" in said


@needs("pdf-tools")
def test_what_was_superseded_says_so_on_the_first_page_and_at_the_foot_of_each(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    first, *others, _ = words_of(documents["superseded"], tmp_path).split("\f")
    assert "Superseded by UNA/2026/0043 on 20 November 2026. Do not rely on it" in first
    assert all("Superseded · Not signed" in page for page in (first, *others))
    assert "Superseded" not in words_of(documents["english"], tmp_path)


@needs("pdf-tools")
def test_every_page_says_for_whom_and_which_document_it_is(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    *pages, after = words_of(documents["english"], tmp_path).split("\f")
    assert after == ""
    assert [page.count("UN ENTITIES ONLY") for page in pages] == [1, 1, 1, 1]
    assert [page.count("UNA/2026/0042-2") > 0 for page in pages] == [True] * 4


@needs("pdf-tools")
def test_what_is_not_final_says_so_across_every_page(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    # Turned letters come one by one, so the blanks between them mean nothing.
    *drafted, _ = words_of(documents["draft"], tmp_path, "-raw").split("\f")
    assert all("DRAFT,notanassessment" in "".join(page.split()) for page in drafted)
    assert "DRAFT" not in words_of(documents["english"], tmp_path)


def test_watermark_heads_and_feet_are_artifacts(documents: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(documents["draft"])) as file:
        drawn = [pikepdf.parse_content_stream(page) for page in file.pages]
        owners = list(file.Root.StructTreeRoot.ParentTree.Nums)
    for page, owner in zip(drawn, owners[1::2], strict=True):
        marks = [
            int(step.operands[1].MCID)
            for step in page
            if str(step.operator) == "BDC" and "/MCID" in step.operands[1]
        ]
        placed = [place for place, one in enumerate(owner) if one is not None]
        assert sorted(marks) == placed


@needs("pdf-tools")
def test_a_hostile_comment_is_text_and_nothing_else(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    words = words_of(documents["hostile"], tmp_path)
    assert '<link rel=attachment href="file:///etc/hostname">' in " ".join(words.split())
    assert "{{ report }}" in words
    assert "line 99 of a comment" in words
    assert "/JavaScript" not in documents["hostile"].decode("latin-1")


def test_only_our_fonts_can_be_fetched() -> None:
    asked = f"""
import sys
from partner_assess.adapters.pdf_page import FONTS, FontsOnly
fetcher = FontsOnly()
for address in FONTS:
    assert fetcher(address).read(4)
for address in {["file:///etc/hostname", "http://127.0.0.1/", "data:,x", "font:other", ""]!r}:
    try:
        fetcher(address)
    except ValueError:
        continue
    sys.exit(address or "empty")
"""
    assert run(sys.executable, "-c", asked) == (0, b"")


def test_a_page_that_asks_for_a_file_gets_none() -> None:
    page = (
        '<html lang="en"><title>x</title><link rel="attachment" href="file:///etc/hostname">'
        '<link rel="stylesheet" href="file:///etc/hostname"><style>@font-face{font-family:A;'
        "src:url(font:noto-sans)}html{font-family:A}</style><p>x</p></html>"
    )
    content = pdf.render_in_process(page, **inputs(a_report()))
    with pikepdf.open(io.BytesIO(content)) as file:
        assert list(file.attachments) == ["report.json"]


def test_a_document_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(pdf.PdfFailed) as failed:
        pdf.render_in_process(
            page_of(a_report()), **inputs(a_report()), limits=pdf.Limits(seconds=0)
        )
    assert failed.value.code == "timeout"


def test_a_document_that_needs_too_much_memory_is_given_up_and_spoils_no_other(
    documents: dict[str, bytes],
) -> None:
    heavy = page_of(a_report()).replace("</body>", "w" * 20_000_000 + "</body>")
    with pytest.raises(pdf.PdfFailed) as failed:
        pdf.render_in_process(heavy, **inputs(a_report()), limits=pdf.Limits(megabytes=16))
    assert failed.value.code == "crashed"
    assert made(a_report()) == documents["english"]


def test_a_warm_process_gives_the_bytes_of_a_fresh_one(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    report = a_report()
    data = inputs(report)
    asked = f"""
import sys
from datetime import datetime
from partner_assess.adapters import pdf_page
from partner_assess.adapters.pdf import Attachment
sys.stdout.buffer.write(pdf_page.render(
    sys.stdin.read(),
    attachment=Attachment("report.json", {data["attachment"].content!r},
                          {data["attachment"].description!r}),
    identifier={data["identifier"]!r},
    created=datetime.fromisoformat({report.identity.generated_at.isoformat()!r}),
))
"""
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(pdf.FONTCONFIG.format(folder=tmp_path))
    epoch = str(int(report.identity.generated_at.timestamp()))
    env = {"FONTCONFIG_FILE": str(fonts), "SOURCE_DATE_EPOCH": epoch, "LANG": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603 (our own words above)
        [sys.executable, "-c", asked],
        input=page_of(report).encode(),
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[3],
        env=env,
    )
    assert done.stdout == documents["english"]


def test_the_web_process_never_loads_the_engine() -> None:
    asked = (
        "import sys; from partner_assess.adapters import pdf; pdf.available();"
        "sys.exit('weasyprint' in sys.modules or 'fontTools' in sys.modules)"
    )
    assert run(sys.executable, "-c", asked) == (0, b"")


def test_pdf_is_available_where_these_tests_run() -> None:
    assert pdf.available() is None


def test_the_moment_in_the_file_is_the_moment_of_the_facts(documents: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(documents["english"])) as file, file.open_metadata() as metadata:
        told = datetime.fromisoformat(str(metadata["xmp:CreateDate"]))
    assert told == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
