"""Letters that are to be sent

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("to_email", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("put_at", sa.DateTime(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_letter")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letter_due", "letter", ["state", "next_at"])
    op.create_index(
        "ix_letter_waiting", "letter", ["sort", "about"], unique=True, sqlite_where=sa.text("state = 'waiting'")
    )


def downgrade() -> None:
    op.drop_table("letter")
