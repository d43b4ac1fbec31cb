"""Keeps the schema that editors complete recipes by as what is installed and connected says."""

from __future__ import annotations

import logging
from pathlib import Path

from runtime.atomic import Busy, locked, write_whole
from runtime.recipes import Installed
from runtime.recipes.editor_schema import as_text, editor_schema

log = logging.getLogger(__name__)


class EditorSchema:
    """`schemas/recipe.schema.json` of a data folder, which its recipes name in their first line."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "schemas" / "recipe.schema.json"
        self._written_for: Installed | None = None

    def keep(self, installed: Installed) -> bool:
        """Write the file anew where what recipes may name has changed; True when it was written.

        An editor can do without: a file that cannot be written is logged, and tried again later.
        """
        if installed == self._written_for:
            return False
        text = as_text(editor_schema(installed)).encode()
        try:
            written = self._put(text)
        except (OSError, Busy) as error:
            log.warning(
                "the schema for editors was not written: %s",
                error,
                extra={"action": "editor_schema_not_written"},
            )
            return False
        self._written_for = installed
        return written

    def _put(self, text: bytes) -> bool:
        self._path.parent.mkdir(exist_ok=True)
        with locked(self._path.with_name(".recipe.schema.lock")):
            if self._path.is_file() and self._path.read_bytes() == text:
                return False
            write_whole(self._path, text, mode=0o644)
            return True
