"""The settings file: cheap to ask, safe to change from several threads and processes."""

from __future__ import annotations

import copy
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

from runtime.atomic import locked
from runtime.settings.build import settings_from
from runtime.settings.check import check_body
from runtime.settings.model import BadSettings, Settings
from runtime.settings.storage import Mark, SettingsFile, mark_of

Body: TypeAlias = dict[str, Any]
#: Stores a revision's body in the database, before the file has it.
RecordRevision: TypeAlias = Callable[[int, Body], None]

FILE = "settings.json"

#: A file changed this shortly before it was read may change again without its mark changing
#: (inodes are used again, clocks of file systems tick slowly), so it is read once more.
_YOUNG_NS = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the last look at the file found."""

    mark: Mark
    #: True while the mark alone cannot be trusted.
    young: bool
    content: bytes
    settings: Settings
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """The file's one row, opened."""

    revision: int
    body: Body
    #: True where a person edited the file and the edit has no number yet.
    by_hand: bool


class SettingsStore:
    """Settings in `folder`/settings.json; every instance sees every other one's changes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock_path = folder / "settings.lock"
        self._threads = Lock()
        self._seen: _Seen | None = None

    @property
    def trouble(self) -> str:
        """Why the file is not in force as it stands (for the banner); empty when it is."""
        self.current()
        return self._seen.trouble if self._seen else ""

    def current(self) -> Settings:
        """The settings in force; costs one stat call while nothing changes.

        An edit by hand that cannot be used, or was not adopted yet, leaves the last good settings
        in force and says so in `trouble`. Raises BadSettings where there are no last good ones.
        """
        seen = self._seen
        if seen is None or seen.young or seen.mark != self._mark():
            seen = self._seen = self._look(seen)
        return seen.settings

    def change(
        self,
        edit: Callable[[Body], Body],
        record: RecordRevision,
        *,
        at_least: int | Callable[[], int] = 0,
    ) -> Settings:
        """Apply `edit` to the newest body and put it in force under the next number.

        `record` is called before the file is written; when it raises, nothing was changed. Call
        this with no transaction open. `at_least` is the highest revision that the database knows
        (a callable is asked under the lock): a crash may have left it ahead of the file. An edit
        that changes nothing makes no revision. Raises BadSettings for a body that cannot be used.
        """
        with self._alone():
            file = SettingsFile(self._path)
            row = self._newest(file)
            body = _plain(edit(copy.deepcopy(row.body)))
            if not row.by_hand and _canonical(body) == _canonical(row.body):
                return settings_from(body, row.revision)
            check_body(body)
            known = at_least if isinstance(at_least, int) else at_least()
            revision = max(row.revision, known) + 1
            settings = settings_from(body, revision)
            record(revision, copy.deepcopy(body))
            file.write(_row(revision, body))
            return settings

    def adopt(self, record: RecordRevision, *, at_least: int | Callable[[], int] = 0) -> Settings:
        """Give an edit made by hand its number, if there is one that can be used; for ticks."""
        self.current()
        if self._seen is None or not self._seen.trouble:
            return self.current()
        try:
            return self.change(lambda body: body, record, at_least=at_least)
        except BadSettings:
            return self.current()

    def put_back(self, body: Mapping[str, Any], revision: int) -> Settings:
        """Write a revision that the database has over a lost or broken file."""
        with self._alone():
            plain = _plain(dict(body))
            check_body(plain)
            SettingsFile(self._path).overwrite(_row(revision, plain))
            return settings_from(plain, revision)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Threads of this process queue at their own lock: waiting at the file's is polling."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._threads, locked(self._lock_path):
            yield

    def _mark(self) -> Mark:
        try:
            return mark_of(self._path.stat())
        except FileNotFoundError:
            return None

    def _newest(self, file: SettingsFile) -> _Row:
        row = _opened(file.read())
        if row.revision == 0 and self._seen is not None and self._seen.settings.revision:
            raise _gone()
        return row

    def _look(self, before: _Seen | None) -> _Seen:
        file = SettingsFile(self._path)
        trouble = ""
        try:
            row = _opened(file.read())
            if before is not None and file.storage.content == before.content:
                return _seen(file, before.settings, before.trouble)
            if before is not None and before.settings.revision and not row.revision:
                raise _gone()
            if row.by_hand:
                check_body(row.body)
                trouble = f"{FILE} was edited by hand; the edit is not in force yet."
            if before is None or not row.by_hand:
                return _seen(file, settings_from(row.body, row.revision), trouble)
        except BadSettings as error:
            if before is None:
                raise
            trouble = error.sentence
        return _seen(file, before.settings, trouble)


def _seen(file: SettingsFile, settings: Settings, trouble: str) -> _Seen:
    mark = file.storage.mark
    return _Seen(
        mark=mark,
        young=mark is not None and time.time_ns() - mark[1] < _YOUNG_NS,
        content=file.storage.content,
        settings=settings,
        trouble=trouble,
    )


def _gone() -> BadSettings:
    return BadSettings(
        f"{FILE} is gone; the last good settings stay in force.",
        fix="Put back its last good version; the database has every revision.",
    )


def _opened(row: Mapping[str, Any] | None) -> _Row:
    if row is None:
        return _Row(revision=0, body={}, by_hand=False)
    revision, body = row.get("revision"), row.get("body")
    if type(revision) is not int or revision < 0 or not isinstance(body, dict):
        raise BadSettings(
            f"{FILE} has no readable revision and body.",
            fix="Put back its last good version; the database has every revision.",
        )
    by_hand = row.get("digest") != _digest(revision, body)
    return _Row(revision=revision, body=body, by_hand=by_hand)


def _row(revision: int, body: Body) -> dict[str, Any]:
    return {"revision": revision, "digest": _digest(revision, body), "body": body}


def _plain(body: Body) -> Body:
    """The body as JSON keeps it, so that file, database and comparison see the same."""
    try:
        text = json.dumps(body, allow_nan=False, ensure_ascii=False)
        plain = json.loads(text.encode())
    except (TypeError, ValueError) as error:
        sentence = f"The settings hold a value that cannot be stored: {error}."
        raise BadSettings(sentence) from error
    if not isinstance(plain, dict):
        raise BadSettings("An edit of the settings must give the whole body.")
    return plain


def _canonical(body: Body) -> str:
    return json.dumps(body, sort_keys=True)


def _digest(revision: int, body: Body) -> str:
    return hashlib.sha256(f"{revision} {_canonical(body)}".encode()).hexdigest()
