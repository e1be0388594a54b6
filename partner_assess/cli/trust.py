"""This file holds the commands about whose signatures count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click
from sqlalchemy.orm import Session

from partner_assess.cli import files, json_lines
from partner_assess.cli.json_lines import BadInput, quoted
from partner_assess.cli.trust_bundle import bundle
from partner_assess.cli.trust_own import own
from partner_assess.cli.typed import Text
from partner_assess.db import queries
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.trust import State, normal_fingerprint, require_same
from partner_assess.usecases import received
from partner_assess.usecases import trust as deeds

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts
    from partner_assess.db.models.trust import TrustedRoot

_FILE = click.Path(path_type=Path)
_for_agency = click.option(
    "--for", "reader", help="Short code of the agency whose list it is; else everybody's here."
)


@click.group()
def trust() -> None:
    """Say whose signatures count."""


@trust.command()
@click.argument("file", type=_FILE)
@click.option("--agency", "code", required=True, help="Short code of whom the root speaks for.")
@_for_agency
@click.option("--confirm", "typed", help="The fingerprint, as the other agency tells it.")
@click.pass_obj
def add(parts: Parts, file: Path, *, code: str, reader: str | None, typed: str | None) -> None:
    """Put the root certificate in FILE on a list; it counts once its fingerprint is repeated."""
    certificate = parts.ports.gate.read_root(files.read_bytes(file), at=parts.now())
    with open_session(parts.engine) as opened, unit_of_work(opened) as session:
        root = deeds.add(
            session,
            parts.ports,
            certificate=certificate,
            agency_code=code,
            list_of=_list_of(session, reader),
            actor=None,
            now=parts.now(),
        )
        if typed is not None:
            _confirm(session, parts, root, typed)
    json_lines.write([_told(root)])


@trust.command("list")
@_for_agency
@click.option("--removed", is_flag=True, help="Also those that were removed.")
@click.pass_obj
def list_(parts: Parts, *, reader: str | None, removed: bool) -> None:
    """List the roots of every list; with --for those that count or wait for one agency."""
    with open_session(parts.engine, reading=True) as session:
        asked = _list_of(session, reader)
        json_lines.write(
            {
                **_told(row),
                "for": row.list_agency.code if row.list_agency else None,
                "subject": row.subject,
                "valid_until": row.not_after.isoformat(),
            }
            for row in queries.trust.everywhere(session)
            if (reader is None or row.list_agency_id in {None, asked})
            and (removed or row.state is not State.REMOVED)
        )


@trust.command()
@click.argument("fingerprint")
@click.option("--agency", "code", help="Only if it speaks for this agency.")
@_for_agency
@click.option("--reason", type=Text(), default="Removed at the command line", show_default=True)
@click.pass_obj
def remove(
    parts: Parts, fingerprint: str, *, code: str | None, reader: str | None, reason: str
) -> None:
    """Take the root with this FINGERPRINT off a list."""
    with open_session(parts.engine) as opened, unit_of_work(opened) as session:
        found = _on_list(session, fingerprint, code, reader)
        root = deeds.remove(
            session,
            root_id=found.id,
            seen=None,
            reason=reason,
            list_of=found.list_agency_id,
            actor=None,
            now=parts.now(),
        )
    json_lines.write([_told(root)])


@trust.command()
@click.argument("file", type=_FILE)
@_for_agency
@click.pass_obj
def update(parts: Parts, file: Path, *, reader: str | None) -> None:
    """Take in the revocation list, status list or trust bundle in FILE, signed by a root."""
    data = files.read_bytes(file)
    with open_session(parts.engine, reading=True) as session:
        list_of = _list_of(session, reader)
        trusted = deeds.trust_of(session, parts.ports, agency_id=list_of)
    handed = deeds.read(parts.ports, data, trusted, at=parts.now())
    with open_session(parts.engine) as opened, unit_of_work(opened) as session:
        deeds.take(
            session, parts.ports, handed=handed, list_of=list_of, actor=None, now=parts.now()
        )
        session.flush()
        received.apply_words(
            session, parts.ports, reader_id=list_of, now=parts.now(), today_of=parts.today
        )
    json_lines.write([{"agency": handed.told.agency_code, "kind": handed.kind}])


def _list_of(session: Session, reader: str | None) -> UUID | None:
    """Return whose list is meant; None for that of the whole installation."""
    if reader is None:
        return None
    found = queries.agencies.by_code(session, reader)
    if found is None:
        raise BadInput(f"There is no agency {quoted(reader)} here; see `agency list`.")
    return found.id


def _confirm(session: Session, parts: Parts, root: TrustedRoot, typed: str) -> None:
    if root.state is State.TRUSTED:
        require_same(root.fingerprint, typed)
        return
    deeds.confirm(
        session,
        root_id=root.id,
        seen=None,
        typed=typed,
        list_of=root.list_agency_id,
        actor=None,
        now=parts.now(),
    )


def _on_list(
    session: Session, fingerprint: str, code: str | None, reader: str | None
) -> TrustedRoot:
    asked = _list_of(session, reader)
    known = queries.trust.with_fingerprint(session, normal_fingerprint(fingerprint))
    for row in known:
        if row.list_agency_id == asked:
            if code not in {None, row.agency_code}:
                raise BadInput(f"It speaks for {quoted(row.agency_code)}, not {quoted(code)}.")
            return row
    elsewhere = [f"--for {row.list_agency.code}" for row in known if row.list_agency]
    hint = f"; it is on another: {', '.join(elsewhere)}." if elsewhere else "; see `trust list`."
    raise BadInput(f"No root {quoted(fingerprint)} is on that list{hint}")


def _told(root: TrustedRoot) -> dict[str, object]:
    return {
        "agency": root.agency_code,
        "fingerprint": root.fingerprint,
        "state": root.state.value,
    }


trust.add_command(bundle)
trust.add_command(own)

commands = (trust,)
