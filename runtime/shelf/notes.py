"""Keeps a note beside each recipe file that cannot be used, for as long as it cannot."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from runtime.shelf.files import NOTE

log = logging.getLogger(__name__)

#: End of the name of a note that is being written.
_HALF = ".half"


def keep_notes(folder: Path, wanted: Mapping[Path, str], unsure: Collection[Path]) -> None:
    """Leave exactly the `wanted` notes, by the file they are about; of `unsure` files as it is.

    A folder that cannot be written stops nothing: the problems are told elsewhere too.
    """
    texts = {path.with_name(f"{path.name}{NOTE}"): text for path, text in wanted.items()}
    left = {path.with_name(f"{path.name}{NOTE}") for path in unsure}
    for path in _present(folder):
        if path not in texts and path not in left:
            with _tolerant(path, "removed"):
                path.unlink(missing_ok=True)
    for path, text in texts.items():
        if not _says(path, text.encode()):
            with _tolerant(path, "written"):
                _write(path, text.encode())


def _present(folder: Path) -> list[Path]:
    """Our notes that lie there, and halves of them that a killed process left."""
    return sorted([*folder.rglob(f"*{NOTE}"), *folder.rglob(f".*{NOTE}.*{_HALF}")])


def _write(path: Path, text: bytes) -> None:
    """Put a whole note in place; each process has a half of its own, so that none disturbs."""
    half = path.with_name(f".{path.name}.{os.getpid()}{_HALF}")
    try:
        half.write_bytes(text)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _says(path: Path, text: bytes) -> bool:
    """Whether a note is there already; a pipe or a huge file of its name is not read."""
    try:
        same = path.is_file() and path.stat().st_size == len(text)
        return same and path.read_bytes() == text
    except OSError:
        return False


@contextmanager
def _tolerant(path: Path, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.warning(
            "the note %s cannot be %s: %s",
            path.name,
            done,
            error.strerror or type(error).__name__,
            extra={"action": "recipe_note"},
        )
