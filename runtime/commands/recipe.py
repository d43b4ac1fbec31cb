"""The group `bookrelay recipe`: what is done to recipes as files and revisions."""

from __future__ import annotations

import click

from runtime.commands.recipe_files import delete, rename, restore
from runtime.commands.recipe_history import history, list_recipes, show_diff, show_recipe
from runtime.commands.recipe_new import new
from runtime.commands.recipe_upgrade import upgrade


@click.group()
def recipe() -> None:
    """Recipes: their history, and the templates they are made of."""


for command in (
    list_recipes,
    show_recipe,
    history,
    show_diff,
    restore,
    rename,
    delete,
    new,
    upgrade,
):
    recipe.add_command(command)
