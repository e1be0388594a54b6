"""Chain the trail of each agency, and let nobody change what is chained.

Revision: 0004
Follows: 0003
"""

from __future__ import annotations

from datetime import UTC
from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from partner_assess.db.models.event import APPEND_ONLY
from partner_assess.domain.trail import START, Entry, digest_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "installation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    installation = sa.table("installation", sa.column("id", sa.Uuid()))
    op.execute(sa.insert(installation).values(id=uuid4()))
    op.create_table(
        "chain_head",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_chain_head_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_chain_head")),
    )
    with op.batch_alter_table("event") as batch:
        batch.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        batch.create_unique_constraint(
            batch.f("uq_event_agency_id_number"), ["agency_id", "number"]
        )
        batch.create_check_constraint(
            batch.f("ck_event_chained_whole"), "(number IS NULL) = (digest IS NULL)"
        )
    _chain()
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _chain() -> None:
    """Chain what was written before there were chains."""
    event = sa.table(
        "event",
        sa.column("id", sa.BigInteger()),
        sa.column("agency_id", sa.Uuid()),
        sa.column("partner_id", sa.Uuid()),
        sa.column("about", sa.String()),
        sa.column("about_id", sa.Uuid()),
        sa.column("action", sa.String()),
        sa.column("from_state", sa.String()),
        sa.column("to_state", sa.String()),
        sa.column("by_id", sa.Uuid()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("comment", sa.Text()),
        sa.column("facts", sa.JSON()),
        sa.column("number", sa.Integer()),
        sa.column("digest", sa.String()),
    )
    agency = sa.table("agency", sa.column("id", sa.Uuid()))
    head = sa.table(
        "chain_head", sa.column("agency_id", sa.Uuid()), sa.column("number"), sa.column("digest")
    )
    session = Session(op.get_bind())
    for agency_id in session.scalars(sa.select(agency.c.id)).all():
        number, digest = 0, START
        rows = session.execute(
            sa.select(event).where(event.c.agency_id == agency_id).order_by(event.c.id)
        ).mappings()
        for row in rows.all():
            told = {key: value for key, value in row.items() if key != "id"}
            at = row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
            number += 1
            digest = digest_of(Entry(**{**told, "at": at}), number=number, before=digest)
            session.execute(
                sa.update(event).where(event.c.id == row["id"]).values(number=number, digest=digest)
            )
        session.execute(sa.insert(head).values(agency_id=agency_id, number=number, digest=digest))
    session.flush()


def downgrade() -> None:
    """Bring the database back."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    names = ["event_is_not_changed", "event_is_not_removed"]
    for name in [*names, "event_is_not_emptied"] if on_postgresql else names:
        op.execute(f"DROP TRIGGER {name}" + (" ON event" if on_postgresql else ""))
    if on_postgresql:
        op.execute("DROP FUNCTION event_stays()")
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(batch.f("ck_event_chained_whole"), type_="check")
        batch.drop_constraint(batch.f("uq_event_agency_id_number"), type_="unique")
        batch.drop_column("digest")
        batch.drop_column("number")
    op.drop_table("chain_head")
    op.drop_table("installation")
