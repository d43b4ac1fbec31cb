"""Files that are replaced whole or not at all, and a lock over threads and processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class Busy(Exception):
    """Another process kept the lock for longer than we may wait."""


@contextmanager
def locked(path: Path, *, seconds: float = 30.0) -> Iterator[None]:
    """Hold the lock file `path` alone, over all threads and processes of this machine.

    Raises Busy when it could not be had within `seconds`.
    """
    lock = FileLock(path, timeout=seconds, poll_interval=0.01)
    try:
        lock.acquire()
    except Timeout as error:
        sentence = f"Another process has been changing {path.parent} for {seconds:g} seconds."
        raise Busy(sentence) from error
    try:
        yield
    finally:
        lock.release()


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Put `data` in place of `path`; a crash or a full disk leaves the old file as it was.

    The caller holds the lock of the file: the temporary file has a fixed name, so that a killed
    writer leaves no litter. `mode` is for a new file; an old one keeps its own.
    """
    path = path.resolve()
    if path.exists():
        mode = path.stat().st_mode & 0o777
    beside = path.with_name(f"{path.name}.new")
    try:
        _write_synced(beside, data, mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a renamed file survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_synced(path: Path, data: bytes, mode: int) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)
        file.write(data)
        file.flush()
        os.fsync(handle)
