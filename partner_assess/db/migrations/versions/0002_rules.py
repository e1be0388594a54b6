"""Remember who made a result preliminary; find stored files by their name.

Revision: 0002
Follows: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database forward."""
    # Not in a batch: that would rebuild a table which others refer to.
    op.add_column(
        "assessment",
        sa.Column(
            "determined_by",
            sa.Uuid(),
            sa.ForeignKey("user.id", name=op.f("fk_assessment_determined_by_user")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.execute(
        "UPDATE assessment SET determined_by = (SELECT by_id FROM event WHERE about = 'assessment'"
        " AND about_id = assessment.id AND action = 'preliminary' ORDER BY event.id DESC LIMIT 1)"
    )
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"])
    op.create_index(op.f("ix_report_issue_pdf_sha256"), "report_issue", ["pdf_sha256"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_report_issue_pdf_sha256"), "report_issue")
    op.drop_index(op.f("ix_evidence_sha256"), "evidence")
    with op.batch_alter_table("assessment") as batch:
        batch.drop_column("determined_by")
