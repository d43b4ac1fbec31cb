"""Notices, and who was told of them"""

from alembic import op
import sqlalchemy as sa


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('fix', sa.Text(), nullable=False),
    sa.Column('recipients', sa.Text(), nullable=False),
    sa.Column('first_at', sa.Double(), nullable=False),
    sa.Column('last_at', sa.Double(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('news', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.Double(), nullable=True),
    sa.Column('ending', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key'),
    sqlite_autoincrement=True
    )
    op.create_index('notices_open', 'notices', ['id'], sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('deliveries',
    sa.Column('notice', sa.Integer(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.Double(), nullable=True),
    sa.Column('told_end', sa.Boolean(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.Double(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['notice'], ['notices.id']),
    sa.PrimaryKeyConstraint('notice', 'recipient')
    )


def downgrade() -> None:
    op.drop_table('deliveries')
    op.drop_index('notices_open', 'notices')
    op.drop_table('notices')
