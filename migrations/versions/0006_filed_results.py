"""What was filed last of each calculator, in words: it outlives the outbox row and the snapshot.

Revision ID: 0006_filed_results
Revises: 0005_outbox
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_filed_results"
down_revision = "0005_outbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "filed_results",
        sa.Column("doctor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("doctor_id", "patient_id", name="pk_filed_results"),
    )


def downgrade() -> None:
    op.drop_table("filed_results")
