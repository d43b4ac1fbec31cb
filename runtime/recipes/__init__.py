"""The recipe language: loaded and checked, matched with events, mapped. All of it pure."""

from runtime.recipes.installed import Beside, Installed, nothing_beside
from runtime.recipes.loading import files_below, load_recipes, parse_recipe
from runtime.recipes.model import Recipe, Step
from runtime.recipes.phrases import Expectation, Limit
from runtime.recipes.rivals import two_recipes

__all__ = [
    "Beside",
    "Expectation",
    "Installed",
    "Limit",
    "Recipe",
    "Step",
    "files_below",
    "load_recipes",
    "nothing_beside",
    "parse_recipe",
    "two_recipes",
]
