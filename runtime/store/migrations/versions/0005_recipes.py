"""Recipes: which are in force, what was done with them, tables and template of each revision"""

from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('recipe_revisions') as batch_op:
        batch_op.add_column(sa.Column('parts', sa.Text(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('originals', sa.Text(), nullable=False, server_default='{}'))
    op.create_table('recipes',
    sa.Column('recipe', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('since', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('recipe')
    )
    op.create_table('recipe_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recipe', sa.String(), nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('ix_recipe_changes_recipe', 'recipe_changes', ['recipe'])
    op.execute(
        "INSERT INTO recipe_changes (recipe, at, who, what, revision, note) "
        "SELECT recipe, accepted_at, 'file', 'accepted', revision, file FROM recipe_revisions "
        "ORDER BY accepted_at, recipe, revision"
    )
    # Whether its file is still there is seen when the folder is read next.
    op.execute(
        "INSERT INTO recipes (recipe, file, state, since) "
        "SELECT r.recipe, r.file, 'unknown', "
        "(SELECT MIN(f.accepted_at) FROM recipe_revisions f WHERE f.recipe = r.recipe) "
        "FROM recipe_revisions r WHERE r.revision = "
        "(SELECT MAX(n.revision) FROM recipe_revisions n WHERE n.recipe = r.recipe)"
    )


def downgrade() -> None:
    op.drop_index('ix_recipe_changes_recipe', 'recipe_changes')
    op.drop_table('recipe_changes')
    op.drop_table('recipes')
    with op.batch_alter_table('recipe_revisions') as batch_op:
        batch_op.drop_column('originals')
        batch_op.drop_column('parts')
