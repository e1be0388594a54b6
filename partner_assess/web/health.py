"""This file holds what a watchdog asks: does the process answer, is the service ready."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from partner_assess.db import migrations, queries
from partner_assess.web import context
from partner_assess.web.permit import public

bp = Blueprint("health", __name__)
_LONGEST_LAG = timedelta(minutes=5)


def init(app: Flask) -> None:
    """Register the two addresses."""
    app.register_blueprint(bp)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(ok=True)


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether database, migrations, storage and jobs are as they should be."""
    checks = {"database": False, "migrations": False, "storage": False, "jobs": False}
    try:
        oldest = queries.jobs.oldest_waiting(context.session(), now=context.now())
        checks["database"] = True
        checks["migrations"] = migrations.is_current(context.parts().engine)
        checks["jobs"] = oldest is None or context.now() - oldest < _LONGEST_LAG
        checks["storage"] = context.ports().store.put(b"ready") != ""
    except (SQLAlchemyError, OSError):
        pass
    ready = all(checks.values())
    return jsonify(ok=ready, **checks), 200 if ready else 503
