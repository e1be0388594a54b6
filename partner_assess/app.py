"""This file holds the one place where the parts meet: the app, and the `partner-assess` command."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from partner_assess.adapters import criteria_files, evidence_files, pdf, seals
from partner_assess.adapters.gate import LimitedGate
from partner_assess.adapters.trail_heads import HeadsInFolder
from partner_assess.cli import main as cli
from partner_assess.db import queries
from partner_assess.db.session import make_engine, open_session
from partner_assess.settings import BadSettings, Settings
from partner_assess.usecases.ports import Ports, Seals
from partner_assess.web import (
    compression,
    context,
    errors,
    frame,
    health,
    i18n,
    jinja,
    limits,
    printing,
    security,
    sessions,
    static_files,
)
from partner_assess.web.accounts.views import bp as accounts
from partner_assess.web.approvals.views import bp as approvals
from partner_assess.web.assessments.views import bp as assessments
from partner_assess.web.check.views import bp as check
from partner_assess.web.documents.views import bp as documents
from partner_assess.web.home.views import bp as home
from partner_assess.web.links.views import bp as links
from partner_assess.web.partners.views import bp as partners
from partner_assess.web.partnerships.views import bp as partnerships
from partner_assess.web.plans.views import bp as plans
from partner_assess.web.portfolio.views import bp as portfolio
from partner_assess.web.received.views import bp as received
from partner_assess.web.suspensions.views import bp as suspensions
from partner_assess.web.trust.views import bp as trust

log = logging.getLogger(__name__)

SCREENS = (
    accounts,
    home,
    partners,
    partnerships,
    assessments,
    approvals,
    plans,
    suspensions,
    documents,
    received,
    links,
    check,
    portfolio,
    trust,
)


def make_ports(settings: Settings) -> Ports:
    """Return the outside world that the settings describe.

    Raises:
        BadCriteria: a file of criteria is bad; with every problem found.
    """
    catalogue = criteria_files.load_frameworks(settings.criteria_dir)
    store = evidence_files.make_store(settings.storage_url)
    return Ports(
        catalogue=catalogue,
        policies=criteria_files.load_policies(settings.criteria_dir),
        store=store,
        heads=HeadsInFolder(store.root / "trail"),
        render_report=printing.Printer(settings.asset_dir / "templates", catalogue).print_report,
        seals=_seals(settings),
        gate=LimitedGate(),
        base_url=settings.base_url,
        crosswalks=criteria_files.load_crosswalks(settings.criteria_dir, catalogue),
    )


def _seals(settings: Settings) -> Seals:
    if settings.signing_keys is None:
        return seals.NoSeals()
    return seals.FolderOfKeys(
        settings.signing_keys,
        tsa_url=settings.tsa_url,
        demo_clock=(lambda: settings.fixed_now or datetime.now(UTC)) if settings.is_demo else None,
    )


def create_app(
    settings: Settings,
    *,
    engine: Engine | None = None,
    ports: Ports | None = None,
    sessions_of: Callable[[bool], Session] | None = None,
) -> Flask:
    """Return the web app; tests hand in sessions that they roll back.

    Raises:
        BadCriteria: a file of criteria is bad; with every problem found.
        BadSettings: production on a database that holds the demo's accounts, or with keys that
            do not belong together.
    """
    made = engine or make_engine(settings.database_url)
    if not settings.is_demo:
        _refuse_demo_accounts(made)
        _refuse_bad_keys(settings)
    app = Flask(
        "partner_assess",
        template_folder=str(settings.asset_dir / "templates"),
        static_folder=str(settings.asset_dir / "static"),
    )
    app.extensions["partner_assess"] = context.Parts(
        settings=settings,
        engine=made,
        open_session=sessions_of or (lambda reading: open_session(made, reading=reading)),
        ports=ports or make_ports(settings),
        pdf_is_off=pdf.available(),
    )
    for part in (sessions, frame, errors, jinja, limits, health, compression):
        part.init(app)
    security.init(app, settings)
    i18n.init(app, pseudo_languages=settings.pseudo_languages)
    for screen in SCREENS:
        app.register_blueprint(screen)
    app.teardown_appcontext(context.close_session)
    static_files.init(app)
    return app


def _refuse_demo_accounts(engine: Engine) -> None:
    """Raise BadSettings where the database holds accounts whose password everybody knows."""
    from partner_assess.cli.demo.people import ACCOUNTS  # the demo's code is read only here

    try:
        with open_session(engine, reading=True) as session:
            found = [one.email for one in ACCOUNTS if queries.users.by_email(session, one.email)]
    except SQLAlchemyError:
        return  # there is no such table, or no database: /readyz says so
    finally:
        engine.dispose()  # a server may fork from here, and must not share a connection
    if found:
        raise BadSettings(
            (
                "PARTNER_ASSESS_DATABASE_URL names a database with demo accounts"
                f" ({found[0]}, …); production begins with one of its own.",
            )
        )


def _refuse_bad_keys(settings: Settings) -> None:
    """Raise BadSettings where an agency could not sign; log what ends soon."""
    if settings.signing_keys is None:
        return
    problems, dates = seals.judge(settings.signing_keys, now=datetime.now(UTC))
    if problems:
        raise BadSettings(tuple(f"PARTNER_ASSESS_SIGNING_KEYS: {one}." for one in problems))
    for one in dates:
        log.warning("PARTNER_ASSESS_SIGNING_KEYS: %s", one)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    return cli.run(
        arguments if arguments is not None else sys.argv[1:],
        cli.Parts(env=os.environ, make_ports=make_ports, create_app=create_app),
    )
