"""Brings what ships with the program into a data folder; what people may have edited stays."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from runtime.recipes.templates.reading import FOLDER

log = logging.getLogger(__name__)


def copy_recipes(shipped: Path, folder: Path) -> None:
    """First start: the shipped recipes become the user's own, and are never overwritten after.

    Of what ships later only new versions of templates are added: they do nothing until a recipe
    uses them. New recipes are not, because they would begin to book by themselves.
    """
    if folder.exists():
        _add_templates(shipped / FOLDER, folder / FOLDER)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = folder.with_name(f"{folder.name}.{os.getpid()}.new")
    shutil.copytree(shipped, half)
    try:
        half.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(half)


def _add_templates(shipped: Path, folder: Path) -> None:
    new = [file for file in sorted(shipped.glob("*.yaml")) if not (folder / file.name).exists()]
    try:
        for file in new:
            folder.mkdir(exist_ok=True)
            _add(file, folder / file.name)
    except OSError as error:  # a folder that is not ours to write, such as a mounted checkout
        words = error.strerror or type(error).__name__
        log.info("templates not added: %s", words, extra={"action": "templates_not_added"})


def _add(file: Path, target: Path) -> None:
    """A copy that is under its name at once and whole."""
    half = target.with_name(f".{target.name}.{os.getpid()}.new")
    half.write_bytes(file.read_bytes())
    half.rename(target)
    log.info("template %s added", target.stem, extra={"action": "template_added"})
