"""A document as the app prints it, large and tagged, goes the same way as the small ones."""

from __future__ import annotations

from functools import cache

from partner_assess.adapters import pdf
from partner_assess.adapters.gate import LimitedGate
from partner_assess.domain.report.verdict import Refusal
from tests import pki
from tests.documents import inputs, page_of
from tests.hostile import changed
from tests.machine import needs
from tests.signed_pdf import certified, sealed_report, with_lists

pytestmark = needs("pango")

ROOT, SEAL = pki.agency()
OURS = pki.trust(ROOT)


@cache
def printed() -> bytes:
    report = sealed_report()
    page = pdf.render_in_process(page_of(report), **inputs(report))
    return certified(with_lists(page, SEAL.chain, [ROOT.revocation_list()]), SEAL.signer())


def test_it_is_trusted_and_read_whole(gate: LimitedGate) -> None:
    (verdict,) = gate.verify([printed()], OURS, at=pki.NOW)
    assert verdict.problems == ()
    assert verdict.report == sealed_report()


def test_what_is_done_to_it_is_seen(gate: LimitedGate) -> None:
    whole = printed()
    files = [
        whole + b"\n",
        changed.updated(lambda into: into.update_root(), whole),
        changed.updated(changed.forget_form, whole),
        whole.replace(b"/P 1", b"/P 2"),
        whole[:-7],
    ]
    assert [one.problems for one in gate.verify(files, OURS, at=pki.NOW)] == [
        (Refusal.MODIFIED_AFTER_SIGNING,),
        (Refusal.MODIFIED_AFTER_SIGNING,),
        (Refusal.UNSIGNED,),
        (Refusal.NOT_CERTIFIED,),
        (Refusal.DAMAGED,),
    ]
