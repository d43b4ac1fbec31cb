"""Recipes, store, runner and pages: what happens between a trigger and the books."""
