"""Keeps the state of the practice company in one JSON file, replaced as a whole.

The file is written every few seconds when something changed, and on an orderly stop: killing the
process loses the last seconds. SQLite comes later.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from connector.practice.books import Books
from connector.practice.replay import Answer
from connector.practice.state import State
from connector.practice.switches import Switches
from connector.practice.wire import dump, load

_FILE = "practice.json"


def save(state: State, folder: Path) -> None:
    """Write the state to `folder`, which is made when it is missing."""
    text = dump(
        {
            "clock": state.clock.dump(),
            "switches": asdict(state.switches),
            "grants": state.tokens.dump(),
            "companies": [_kept(books) for books in state.companies.values()],
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{_FILE}.new"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / _FILE)
    _sync_folder(folder)


def restore(state: State, folder: Path) -> bool:
    """Take up what `save` wrote; False when there is nothing."""
    file = folder / _FILE
    if not file.exists():
        return False
    kept = load(file.read_bytes())
    state.clock.load(kept["clock"])
    state.switches = Switches(**kept["switches"])
    state.tokens.load(kept["grants"])
    state.companies = {one["realm"]: _books(one) for one in kept["companies"]}
    return True


def _sync_folder(folder: Path) -> None:
    """The new name is durable only when the folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _kept(books: Books) -> dict[str, Any]:
    with books.lock:
        return {
            "realm": books.realm,
            "name": books.name,
            "zone": books.zone.key,
            "info": books.info,
            "preferences": books.preferences,
            "records": {entity: list(rows.values()) for entity, rows in books.records.items()},
            "sequences": dict(books.sequences),
            "last_number": dict(books.last_number),
            "answers": {key: asdict(one) for key, one in books.replay.made().items()},
        }


def _books(kept: dict[str, Any]) -> Books:
    books = Books(realm=kept["realm"], name=kept["name"], zone=kept["zone"])
    books.info, books.preferences = kept["info"], kept["preferences"]
    for entity, rows in kept["records"].items():
        for record in rows:
            books.put(entity, record)
    books.sequences.update(kept["sequences"])
    books.last_number.update(kept["last_number"])
    for key, answer in kept["answers"].items():
        books.replay.remember(key, Answer(**answer))
    return books
