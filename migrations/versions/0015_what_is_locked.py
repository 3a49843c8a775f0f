"""What is locked of documents

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_lock",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_lock")),
    )
    op.create_index(op.f("ix_document_lock_differs"), "document_lock", ["differs"])


def downgrade() -> None:
    op.drop_index(op.f("ix_document_lock_differs"), "document_lock")
    op.drop_table("document_lock")
