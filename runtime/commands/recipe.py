"""The group `bookrelay recipe`: what is done to recipes as files and revisions."""

from __future__ import annotations

import click

from runtime.commands.recipe_new import new
from runtime.commands.recipe_upgrade import upgrade


@click.group()
def recipe() -> None:
    """Recipes: their history, and the templates they are made of."""


for command in (new, upgrade):
    recipe.add_command(command)
