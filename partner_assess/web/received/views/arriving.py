"""This file holds how files arrive: dropped, looked at, received."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db.session import unit_of_work
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Permission
from partner_assess.domain.report.verdict import Verdict
from partner_assess.usecases import received
from partner_assess.web import context, messages, verdicts
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs
from partner_assess.web.received.forms import ArriveForm, KeepForm
from partner_assess.web.received.pages.lists import Dropped
from partner_assess.web.received.pages.show import Contents, PreviewPage
from partner_assess.web.received.views import shared
from partner_assess.web.received.views.blueprint import bp


@bp.route("/received/new", methods=["GET", "POST"])
@needs(Permission.RECEIVED_IMPORT)
def arrive() -> ResponseReturnValue:
    """Take one PDF or many, and say of each whether it is trusted; nothing is kept yet."""
    form = ArriveForm()
    rows: list[Dropped] = []
    if form.validate_on_submit():
        files = [(one.filename or "", one.read()) for one in form.chosen]
        found = shared.verify([content for _name, content in files])
        rows = [
            _dropped(name, content, verdict)
            for (name, content), verdict in zip(files, found, strict=True)
        ]
        if len(rows) == 1 and rows[0].url:
            return redirect(rows[0].url)
    page = render_template("received/arrive.html", form=form, rows=rows)
    return page, 400 if form.errors or form.form_errors else 200


def _dropped(name: str, content: bytes, verdict: Verdict) -> Dropped:
    facts: dict[str, Any] = {
        "about": "",
        "partner": "",
        "capacity": None,
        "risk": None,
        "known_id": None,
        "newer_id": None,
        "newer_issue": None,
        "is_own": False,
        "url": None,
    }
    issuer = verdict.issuer or ""
    if verdict.trusted and verdict.report is not None:
        issuer = verdict.report.owner.agency
        facts |= _trusted(content, verdict)
    return Dropped(
        name=name[-120:],
        is_trusted=verdict.trusted,
        headline=verdicts.headline(verdict, agency=issuer),
        problems=tuple(verdicts.problems(verdict)),
        **facts,
    )


def _trusted(content: bytes, verdict: Verdict) -> dict[str, Any]:
    """Return what is known of a trusted file, and where to look at it; it waits there for a day."""
    said, session = received.read(verdict), context.session()
    agency_id = context.actor().agency_id
    facts: dict[str, Any] = {
        "about": said.partner.legal_name,
        "capacity": said.totals.capacity,
        "risk": said.totals.risk,
    }
    try:
        known = received.known(session, verdict, agency_id=agency_id)
    except received.OwnDocument:
        return {**facts, "is_own": True}
    likely = received.candidates(session, said, agency_id=agency_id)
    facts["partner"] = likely[0].name if likely else ""
    if known.same is not None:
        here = url_for("received.show", received_id=known.same.id)
        return {**facts, "known_id": known.same.id, "url": here}
    if known.newer is not None:
        return {**facts, "newer_id": known.newer.id, "newer_issue": known.newer.issue}
    return {**facts, "url": url_for("received.preview", held_id=shared.hold(content))}


@bp.route("/received/held/<held_id>", methods=["GET", "POST"])
@needs(Permission.RECEIVED_IMPORT)
def preview(held_id: str) -> ResponseReturnValue:
    """Show what a trusted file says beside what we know; receive it once a person says so."""
    content = shared.held(held_id)
    if content is None:
        return _gone()
    (verdict,) = shared.verify([content])
    form = KeepForm()
    page = _preview(verdict, form)
    if page is None:
        return redirect(url_for(".arrive"))
    if form.validate_on_submit():
        try:
            received_id = _keep(content, verdict, form)
        except RuleError as error:
            form.form_errors.append(messages.sentence(error))
        else:
            flash(_("The assessment is received. Propose what to decide."), "success")
            return redirect(url_for(".show", received_id=received_id))
    html = render_template("received/preview.html", page=page, form=form)
    return html, 400 if form.errors or form.form_errors else 200


def _gone() -> ResponseReturnValue:
    """Ask for the file again: its day is over, or it was another's."""
    form = ArriveForm(formdata=None)
    form.form_errors.append(_("This file waits no longer. Choose it again."))
    page = render_template("received/arrive.html", form=form, rows=[])
    return page, 400 if request.method == "POST" else 200


def _keep(content: bytes, verdict: Verdict, form: KeepForm) -> UUID:
    about = received.About(shared.office_id(), form.partner_id, register=form.is_new)
    with unit_of_work(context.session()) as session:
        kept, _is_new = received.receive(
            session,
            context.ports(),
            verdict=verdict,
            pdf=content,
            about=about,
            verifier=received.verifier(),
            actor=context.actor(),
            now=context.now(),
            today=context.today(),
        )
    return kept.id


def _preview(verdict: Verdict, form: KeepForm) -> PreviewPage | None:
    """Return the page; None for what the gate, or a newer root list, refuses by now."""
    if not verdict.trusted or verdict.report is None:
        return None
    said, session, actor = verdict.report, context.session(), context.actor()
    try:
        known = received.known(session, verdict, agency_id=actor.agency_id)
    except received.OwnDocument:
        return None
    likely = received.candidates(session, said, agency_id=actor.agency_id)
    form.offer([(str(one.id), f"{one.name} · {one.number}") for one in likely], may_wait=True)
    if form.partner.data is None and request.method == "GET":
        form.partner.data = str(likely[0].id) if len(likely) == 1 else None
    told = received.told_now(
        session, context.ports(), said, agency_id=actor.agency_id, today=context.today()
    )
    partner = likely[0] if likely else None
    judged = None
    # Our own result of another office's partner is that office's to show.
    if partner is not None and context.may(Permission.ASSESSMENT_READ, partner.standing()):
        judged = received.judge(
            session, context.ports(), said, partner, told, today=context.today()
        )
    contents = Contents.of(said, judged, told)
    return PreviewPage(
        headline=verdicts.headline(verdict, agency=said.owner.agency),
        contents=contents,
        candidates=likely,
        partner=partner if judged else None,
        known_id=known.same.id if known.same else None,
        newer_id=known.newer.id if known.newer else None,
        newer_issue=known.newer.issue if known.newer else None,
    )
