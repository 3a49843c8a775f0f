"""People who sign in elsewhere: whose account it is, browsers that are on their way, and no password needed here

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# The numbers of sign-ins are never used again: a batch that makes the table anew has to be told.
NUMBERED = {"sqlite_autoincrement": True}
# Stands in nobody's account: whoever signed in elsewhere asks for a link to choose one.
NO_PASSWORD = "none"  # noqa: S105 -- a word that is no digest of any password


def upgrade() -> None:
    with op.batch_alter_table("person") as batch_op:
        batch_op.alter_column("password_hash", existing_type=sa.String(), nullable=True)
    with op.batch_alter_table("sign_in", table_kwargs=NUMBERED) as batch_op:
        batch_op.add_column(sa.Column("issuer", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("issuers_own", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("sign_in", table_kwargs=NUMBERED) as batch_op:
        batch_op.alter_column("issuer", existing_type=sa.String(), server_default=None)
        batch_op.alter_column("issuers_own", existing_type=sa.String(), server_default=None)
    op.create_index(op.f("ix_sign_in_issuers_own"), "sign_in", ["issuers_own"])
    op.create_table(
        "identity",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("gave_admin", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_identity")),
        sa.UniqueConstraint("digest", name=op.f("uq_identity_digest")),
    )
    op.create_index(op.f("ix_identity_person_id"), "identity", ["person_id"])
    op.create_table(
        "departure",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_departure")),
    )
    op.create_index(op.f("ix_departure_browser"), "departure", ["browser"])
    op.create_index(op.f("ix_departure_expires_at"), "departure", ["expires_at"])


def downgrade() -> None:
    op.drop_table("departure")
    op.drop_table("identity")
    with op.batch_alter_table("sign_in", table_kwargs=NUMBERED) as batch_op:
        batch_op.drop_index(op.f("ix_sign_in_issuers_own"))
        batch_op.drop_column("issuers_own")
        batch_op.drop_column("issuer")
    op.execute(
        sa.text("UPDATE person SET password_hash = :none WHERE password_hash IS NULL").bindparams(none=NO_PASSWORD)
    )
    with op.batch_alter_table("person") as batch_op:
        batch_op.alter_column("password_hash", existing_type=sa.String(), nullable=False)
