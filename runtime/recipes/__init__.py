"""The recipe language: loaded and checked, matched with events, mapped. All of it pure."""

from runtime.recipes.loading import Recipe, Step, load_recipes, parse_recipe, two_recipes

__all__ = ["Recipe", "Step", "load_recipes", "parse_recipe", "two_recipes"]
