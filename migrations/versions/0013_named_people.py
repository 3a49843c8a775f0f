"""Named people of documents

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "named_person",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_named_person")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_named_person_document_id"), "named_person", ["document_id"])
    op.create_index(op.f("ix_named_person_confirmed_at"), "named_person", ["confirmed_at"])


def downgrade() -> None:
    op.drop_table("named_person")
