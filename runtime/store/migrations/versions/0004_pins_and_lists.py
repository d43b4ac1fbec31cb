"""Names pinned to records of QuickBooks, and the lists that all processes share."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pins",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("company", "kind", "name", "quickbooks_id", "label", "type", "state")
        ),
        sa.Column("pinned_at", sa.Double(), nullable=False),
        sa.Column("checked_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("company", "kind", "name"),
    )
    op.create_table(
        "lists",
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("read_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("company", "query"),
    )


def downgrade() -> None:
    op.drop_table("lists")
    op.drop_table("pins")
