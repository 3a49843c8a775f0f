"""The audit log

Rows are added, never changed, and removed only when they are past their time: the triggers see to it, whatever program
it is that writes. A migration that makes the table anew has to make the triggers anew as well: a test asks for them.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXED = ("at", "deed", "by_person", "person", "document", "origin")
# An INSERT OR REPLACE would remove a row without asking the trigger for removals.
TRIGGERS = (
    """CREATE TRIGGER audit_row_only_added BEFORE INSERT ON audit_row
    WHEN NEW.number <= (SELECT coalesce(max(number), 0) FROM audit_row)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
    """CREATE TRIGGER audit_row_never_changed BEFORE UPDATE ON audit_row
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
    """CREATE TRIGGER audit_row_kept_two_years BEFORE DELETE ON audit_row
    WHEN OLD.at > datetime('now', '-730 days')
    BEGIN SELECT RAISE(ABORT, 'the audit log is kept for two years'); END""",
)


def upgrade() -> None:
    op.create_table(
        "audit_row",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_row")),
        sqlite_autoincrement=True,
    )
    for column in INDEXED:
        op.create_index(op.f(f"ix_audit_row_{column}"), "audit_row", [column])
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    op.drop_table("audit_row")
