"""The demonstration's own data folder: made anew each time, and nothing else is ever wiped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from string import Template

from filelock import FileLock, Timeout

from runtime.demo.trouble import Trouble

_MARKER = "made-by-bookrelay-demo"
_MARKED = "`bookrelay demo` made this folder and deletes it when it is run again.\n"
_TEMPLATE = Path(__file__).parent / "setup.yaml"


@contextmanager
def fresh(folder: Path) -> Iterator[None]:
    """An empty `folder` with our marker, which no other demonstration uses meanwhile.

    Raises Trouble when it is not ours to wipe, in use, or cannot be written.
    """
    sign = folder.parent / f".{folder.name}.lock"
    lock = FileLock(sign)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        sign.touch()  # a file that cannot be written looks like a taken lock otherwise
        lock.acquire(timeout=0)
    except Timeout:
        raise Trouble(f"Another demo is running in {folder}. End it first (Ctrl-C).") from None
    except OSError as error:
        raise _unusable(folder, error) from error
    try:
        _wipe(folder)
        yield
    finally:
        lock.release()


def write_setup(folder: Path, values: Mapping[str, str]) -> Path:
    """The setup file of the practice company, with `values` in it; for the owner's eyes only."""
    path = folder / "setup.yaml"
    text = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(values)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return path


def _wipe(folder: Path) -> None:
    try:
        if folder.is_symlink() or (folder.exists() and not _is_ours(folder)):
            raise Trouble(
                f"{folder} was not made by the demo, so it is left alone. Move it away, or choose "
                "another folder with --data."
            )
        _check_unused(folder)
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        (folder / _MARKER).write_text(_MARKED, encoding="utf-8")
    except OSError as error:
        raise _unusable(folder, error) from error


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / _MARKER).is_file() or not any(folder.iterdir()))


def _check_unused(folder: Path) -> None:
    """A Bookrelay at work holds a lock in the folder `workers`, which its death frees."""
    for sign in (folder / "workers").glob("*.lock"):
        lock = FileLock(sign)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise Trouble(f"A Bookrelay is running on {folder}. Stop it first.") from None
        lock.release()


def _unusable(folder: Path, error: OSError) -> Trouble:
    return Trouble(
        f"The demo's folder {folder} cannot be used: {error.strerror or error}. "
        "Choose one that can be written with --data."
    )
