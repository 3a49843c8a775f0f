"""Invitations

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_invitation_by_person")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_invitation")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invitation_network"), "invitation", ["network"])
    op.create_index(op.f("ix_invitation_organisation"), "invitation", ["organisation"])
    op.create_index("ix_invitation_once", "invitation", ["email", "organisation", "network"], unique=True)


def downgrade() -> None:
    op.drop_table("invitation")
