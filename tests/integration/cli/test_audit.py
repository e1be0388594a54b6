"""This file holds the command that checks the trail."""

from __future__ import annotations

from sqlalchemy import text

from partner_assess.db.session import make_engine
from tests.integration.cli.conftest import Shell


def test_the_demos_trail_is_whole_and_a_changed_entry_is_named(demo: Shell) -> None:
    (found,) = demo("audit", "verify").rows
    assert (found["ok"], found["table"]) == (True, "event")
    assert found["entries"] > 100
    demo("jobs", "run")

    engine = make_engine(demo.env["PARTNER_ASSESS_DATABASE_URL"])
    on = "" if engine.dialect.name == "sqlite" else " ON event"
    with engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER event_is_not_changed{on}"))
        connection.execute(
            text(
                "UPDATE event SET comment = 'changed' WHERE number = 7 AND agency_id ="
                " (SELECT id FROM agency WHERE code = 'UNA')"
            )
        )
    engine.dispose()
    said = demo("audit", "verify")
    assert said.code == 1
    assert '"ok": false, "entries": 6, "table": "event"' in said.out
    assert '"agency": "UNA", "number": 7, "problem": "changed"' in said.out
