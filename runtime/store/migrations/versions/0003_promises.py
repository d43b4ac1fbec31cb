"""What recipes promise of their events: limits, expectations, backfills"""

from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('runs', sa.Column('backfill', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('runs_of_recipe', 'runs', ['recipe', 'backfill', 'received_at'])
    op.create_index('events_of_trigger', 'events', ['trigger', 'received_at'])
    op.create_table('backfills',
    sa.Column('recipe', sa.String(), nullable=False),
    sa.Column('connection', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('since', sa.Double(), nullable=False),
    sa.Column('page', sa.String(), nullable=False),
    sa.Column('began_at', sa.Double(), nullable=False),
    sa.Column('ended_at', sa.Double(), nullable=True),
    sa.Column('started', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('recipe', 'connection')
    )


def downgrade() -> None:
    op.drop_table('backfills')
    op.drop_index('events_of_trigger', 'events')
    op.drop_index('runs_of_recipe', 'runs')
    op.drop_column('runs', 'backfill')
