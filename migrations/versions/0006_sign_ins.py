"""Sign-ins that are kept here and can be ended, in place of a stamp in everybody's cookie

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"])
    op.create_index(op.f("ix_sign_in_begun_at"), "sign_in", ["begun_at"])
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("session_stamp")


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        # A stamp that stands in nobody's cookie: everybody signs in again.
        batch_op.add_column(sa.Column("session_stamp", sa.String(), nullable=False, server_default="none"))
    op.drop_table("sign_in")
