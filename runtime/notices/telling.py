"""Tells people of notices: a tick looks what is due, sends it outside of any transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import Connection

from connector.errors import NeedsReconnect
from runtime.clock import Clock
from runtime.masking import Masker
from runtime.models import Delivery, Notice
from runtime.notices.deciding import Message, addressees, after, is_due, message, unsent
from runtime.settings import Settings
from runtime.store import notices, workers
from runtime.store.database import Database

log = logging.getLogger(__name__)

_LEASE = "notices"
#: Hands a message (address, title, body) over; False when it was not taken.
Send = Callable[[str, str, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Delivers notices to the recipients of the settings.

    A message may come twice when the process is killed between sending and noting it; none is
    left out.
    """

    database: Database
    clock: Clock
    worker: str
    settings: Callable[[], Settings]
    #: The opened secret of a name, as in `Safe.get`.
    secret: Callable[[str], str | None]
    send: Send
    masker: Callable[[], Masker]

    def tell(self) -> int:
        """Send what is due; returns how many messages were taken."""
        if not self._due():
            return 0
        fence = self.database.write(workers.acquire, _LEASE, self.worker, self.worker)
        if fence is None:
            return 0
        try:
            # Asked again: another process may have told it before the lease was free.
            return sum(self._one(each, fence) for each in self._due())
        finally:
            self.database.write(workers.release, _LEASE, fence)

    def test(self, recipient: str) -> str:
        """Send a test message at once; why it could not be sent, empty when it was taken."""
        return self._try(
            recipient,
            "Bookrelay: test",
            "This is a test. Whoever reads it is told when Bookrelay needs somebody.",
        )

    def _due(self) -> list[Message]:
        settings = self.settings()
        waiting = self.database.read(notices.to_tell)
        now, zone = self.clock.now(), settings.zone
        return list(_messages(waiting, settings.notifications, now, zone))

    def _one(self, said: Message, fence: int) -> bool:
        error = self._try(said.recipient, said.title, said.body)
        done = after(said, self.clock.now(), error)
        if error and (said.before is None or said.before.error != error):
            log.warning(
                "notice %s %s: %s", said.notice.id, error, said.notice.sentence, extra=_UNSENT
            )
        self.database.write(_record, done, fence)
        return not error

    def _try(self, recipient: str, title: str, body: str) -> str:
        if recipient not in self.settings().notifications:
            return unsent(recipient)
        try:
            address = self.secret(f"notification/{recipient}")
        except NeedsReconnect as unreadable:
            return f"not sent: {unreadable.sentence}"
        if not address:
            return f"not sent: the address of {recipient} is missing; give it again in Settings"
        masker = self.masker()
        if not self.send(address, masker.text(title), masker.text(body)):
            return (
                f"not sent: the service of {recipient} cannot be reached or did not take the "
                f"message; try it with `bookrelay notices test {recipient}`"
            )
        return ""


_UNSENT = {"action": "notice_unsent"}


def _messages(
    waiting: Sequence[tuple[Notice, list[Delivery]]],
    known: Sequence[str],
    now: datetime,
    zone: tzinfo,
) -> Iterator[Message]:
    for notice, told in waiting:
        before = {each.recipient: each for each in told}
        for recipient in addressees(notice, known):
            last = before.get(recipient)
            kept = last is not None and last.error == unsent(recipient) and recipient not in known
            if not kept and is_due(notice, last, now):
                yield message(notice, recipient, last, zone)


def _record(tx: Connection, done: Delivery, fence: int) -> None:
    if workers.holds(tx, _LEASE, fence):
        notices.record(tx, done)
