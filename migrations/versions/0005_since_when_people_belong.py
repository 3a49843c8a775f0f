"""Since when people belong to organisations, until when; and who coordinates networks

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PRESENT = {"unique": True, "sqlite_where": sa.text("until IS NULL")}


def upgrade() -> None:
    op.rename_table("membership", "former_membership")
    op.create_table(
        "membership",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=True),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_membership")),
    )
    # Nobody noted when they began.
    op.execute(
        "INSERT INTO membership (person_id, organisation, role)"
        " SELECT person_id, organisation, role FROM former_membership ORDER BY person_id, organisation"
    )
    op.drop_table("former_membership")
    op.create_index(op.f("ix_membership_organisation"), "membership", ["organisation"])
    op.create_index("ix_membership_present", "membership", ["person_id", "organisation"], **PRESENT)
    op.create_table(
        "coordination",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coordination_person_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_coordination")),
    )
    op.create_index(op.f("ix_coordination_network"), "coordination", ["network"])
    op.create_index("ix_coordination_present", "coordination", ["person_id", "network"], **PRESENT)


def downgrade() -> None:
    op.drop_table("coordination")
    op.rename_table("membership", "later_membership")
    op.create_table(
        "membership",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("person_id", "organisation", name=op.f("pk_membership")),
    )
    op.execute(
        "INSERT INTO membership (person_id, organisation, role)"
        " SELECT person_id, organisation, role FROM later_membership WHERE until IS NULL"
    )
    op.drop_table("later_membership")
