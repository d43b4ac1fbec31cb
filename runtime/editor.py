"""Keeps the schemas that editors complete recipes by as what is installed and connected says."""

from __future__ import annotations

import logging
from pathlib import Path

from runtime.atomic import Busy, locked, write_whole
from runtime.recipes import Installed, files_below
from runtime.recipes.editor.schema import as_text, editor_schema, editor_schema_of_templates
from runtime.recipes.editor.templates import usable
from runtime.recipes.installed import Files

log = logging.getLogger(__name__)


class EditorSchemas:
    """The folder `schemas` of a data folder: its recipes name these files in their first line."""

    def __init__(self, folder: Path, recipes: Path) -> None:
        self._folder = folder / "schemas"
        self._recipes = recipes
        self._written_for: Installed | None = None

    def keep(self, installed: Installed, *, again: bool = False) -> bool:
        """Write what has changed; True when something had. `again` where files have changed.

        An editor can do without: what cannot be written is logged, and tried again later.
        """
        if installed == self._written_for and not again:
            return False
        files = Files(beside=files_below(self._recipes), root=self._recipes.name)
        made = {
            "recipe": editor_schema(installed, usable(files, installed)),
            "recipe-template": editor_schema_of_templates(installed),
        }
        try:
            self._folder.mkdir(exist_ok=True)
            with locked(self._folder / ".lock"):
                written = [self._put(name, as_text(node)) for name, node in made.items()]
        except (OSError, Busy) as error:
            log.warning(
                "the schemas for editors were not written: %s",
                error,
                extra={"action": "editor_schemas_not_written"},
            )
            return False
        self._written_for = installed
        return any(written)

    def _put(self, name: str, text: str) -> bool:
        path = self._folder / f"{name}.schema.json"
        if path.is_file() and path.read_bytes() == text.encode():
            return False
        write_whole(path, text.encode(), mode=0o644)
        return True
