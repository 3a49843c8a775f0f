"""When what was erased was swept out

Erasures made before were by a command, which does both at once.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("erasure", sa.Column("swept_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE erasure SET swept_at = at")


def downgrade() -> None:
    op.drop_column("erasure", "swept_at")
