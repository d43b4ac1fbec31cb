"""Rewrites the schema that ships for editors: `python -m` this module."""

from __future__ import annotations

from app import action_specs
from connector.catalog import catalog
from runtime.documents import schema
from runtime.recipes import Installed, files_below
from runtime.recipes.editor.schema import as_text, editor_schema
from runtime.recipes.editor.templates import usable
from runtime.recipes.installed import Files

SHIPPED = schema.FOLDER / "recipe.schema.json"


def everything() -> Installed:
    """All that ships, with no connection set up."""
    known = catalog(action_specs())
    return Installed(actions=known.actions, triggers=known.triggers, given_by=known.triggers)


def text() -> str:
    """What the file must say."""
    files = Files(beside=files_below(schema.FOLDER.parent / "recipes"))
    return as_text(editor_schema(everything(), usable(files, everything())))


if __name__ == "__main__":
    SHIPPED.write_text(text(), encoding="utf-8")
