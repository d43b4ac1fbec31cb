"""The JSON file of the practice login in the data folder; the companies' books are in `shelf`."""

from __future__ import annotations

import os
import threading
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from connector.practice.faults import Fault
from connector.practice.shelf import FolderRefused
from connector.practice.state import State
from connector.practice.switches import Switches
from connector.practice.wire import dump, load

_FILE = "login.json"


class LoginFile:
    """Keeps clock, switches and authorisations; a token that was given out is never forgotten."""

    def __init__(self, state: State, folder: Path) -> None:
        self._state = state
        self._file = folder / _FILE
        self._lock = threading.Lock()
        self._kept: tuple[int, ...] | None = None

    def keep(self, *, anyway: bool = False) -> None:
        """Write the file if something is new; counted reads alone are written only `anyway`."""
        with self._lock:
            version = self._state.version
            if version == self._kept and not anyway:
                return
            _replace(self._file, _told(self._state))
            self._kept = version

    def restore(self) -> None:
        """Take up what was kept, if anything; raises FolderRefused for what cannot be read."""
        if not self._file.exists():
            return
        try:
            self._take_up(load(self._file.read_bytes()))
        except (Fault, KeyError, TypeError, ValueError, AttributeError) as error:
            sentence = f"{self._file} cannot be read. Delete it: apps must connect again then."
            raise FolderRefused(sentence) from error

    def _take_up(self, kept: dict[str, Any]) -> None:
        self._state.clock.load(kept["clock"])
        self._state.switch(_known(kept["switches"]))
        self._state.tokens.load(kept["grants"])
        self._state.webhooks.load(kept["webhooks"])
        self._state.metering.load(kept["metering"])


def _known(kept: dict[str, Any]) -> Switches:
    """The switches that were kept; one that is no longer there is passed over."""
    known = {field.name for field in fields(Switches)}
    return Switches(**{name: value for name, value in kept.items() if name in known})


def _told(state: State) -> str:
    return dump(
        {
            "clock": state.clock.dump(),
            "switches": asdict(state.switches),
            "grants": state.tokens.dump(),
            "webhooks": state.webhooks.dump(),
            "metering": state.metering.told(),
        }
    )


def _replace(file: Path, text: str) -> None:
    """Write the file as a whole, or not at all."""
    temporary = file.with_name(f"{file.name}.new")
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        # The new name is durable only when the folder is.
        os.fsync(folder)
    finally:
        os.close(folder)
