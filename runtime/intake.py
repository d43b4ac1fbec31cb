"""Takes a webhook in: verified, stored, and only then acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connector.base import BadWebhook, Connector
from runtime.clock import Clock
from runtime.masking import Masker
from runtime.settings import Settings
from runtime.store import events
from runtime.store.database import Database

#: Largest body that is taken, in bytes.
LARGEST = 1_000_000

#: Headers worth keeping with an event; signatures are proof already used and are left out.
_KEPT = frozenset({"content-type", "user-agent", "webhook-id", "webhook-timestamp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one happening."""

    event: str
    #: stored, duplicate, ignored
    status: str


class Intake:
    """The way in for webhooks."""

    def __init__(
        self,
        *,
        database: Database,
        settings: Callable[[], Settings],
        connectors: Mapping[str, Connector],
        account: Callable[[str], Mapping[str, str]],
        clock: Clock,
        masker: Callable[[], Masker],
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._settings = settings
        self._connectors = connectors
        self._account = account
        self._clock = clock
        self._masker = masker
        self._wake = wake

    def receive(
        self, connection: str, raw: bytes, headers: Mapping[str, str]
    ) -> tuple[Receipt, ...]:
        """Verify and store; when it returns, the events are on disk.

        `headers` has lower-case names. Raises BadWebhook with the HTTP status to answer, and
        StoreFull when nothing could be kept.
        """
        connector = self._connector(connection)
        now = self._clock.now()
        happenings = connector.receive(raw, headers, self._account(connection), now)
        kept = {name: value for name, value in headers.items() if name in _KEPT}
        stored = self._database.write(
            events.add_all, connection, happenings, self._masker().value(kept), now
        )
        if any(status == "stored" for _, status in stored):
            self._wake()
        return tuple(Receipt(event=str(event), status=status) for event, status in stored)

    def _connector(self, connection: str) -> Connector:
        known = self._settings().connections.get(connection)
        connector = self._connectors.get(known.connector) if known else None
        if connector is None:
            raise BadWebhook(
                404,
                f'There is no connection "{connection}" here. Nothing was stored; add it under '
                "connections in the settings, or correct the URL at the sender.",
            )
        return connector
