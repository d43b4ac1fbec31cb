"""The sealed secrets of this data folder: put, opened, and masked wherever text is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runtime.clock import Clock
from runtime.masking import Masker
from runtime.settings import Settings
from runtime.store import secrets
from runtime.store.database import Database
from runtime.vault import SecretUnreadable, Vault


class Safe:
    """Secrets by name, such as `connection/stripe/webhook_secret`; safe to share."""

    def __init__(self, *, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        #: Sealed bytes to what they hold, so that a webhook costs no decryption.
        self._opened: dict[bytes, str] = {}
        self._masker = Masker()
        self._masked: set[str] = set()

    def put(self, name: str, value: str) -> None:
        """Seal and keep a value."""
        self._database.write(secrets.put, name, self.seal(value), self._clock.now())
        self.refresh()

    def seal(self, value: str) -> bytes:
        """What may be stored in place of `value`, by a caller with a transaction of its own."""
        sealed = self._vault.seal(value)
        self._opened[sealed] = value
        return sealed

    def get(self, name: str) -> str | None:
        """The value of a secret, as it is now. Raises SecretUnreadable."""
        sealed = self._database.read(secrets.get, name)
        return None if sealed is None else self._open(bytes(sealed), name)

    def refresh(self) -> None:
        """Learn which values must be masked; called at start and on ticks."""
        known = set()
        for name, sealed in self._database.read(secrets.every).items():
            try:
                known.add(self._open(bytes(sealed), name))
            except SecretUnreadable:
                continue  # what cannot be opened cannot be shown either
        if known != self._masked:
            self._masked = known
            self._masker = Masker(known)

    def masker(self) -> Masker:
        """The masker for everything that is shown, logged or kept."""
        return self._masker

    def _open(self, sealed: bytes, name: str) -> str:
        if sealed not in self._opened:
            self._opened[sealed] = self._vault.open(sealed, name)
        return self._opened[sealed]


class Accounts:
    """Connections as connectors want them: plain options and opened secrets in one mapping."""

    def __init__(self, safe: Safe, settings: Callable[[], Settings]) -> None:
        self._safe = safe
        self._settings = settings

    def __call__(self, connection: str) -> Mapping[str, str]:
        """The account of a connection; empty when there is none. Raises SecretUnreadable."""
        known = self._settings().connections.get(connection)
        if known is None:
            return {}
        account = {key: str(value) for key, value in known.options.items()}
        for name in known.has_secret:
            value = self._safe.get(f"connection/{connection}/{name}")
            if value is not None:
                account[name] = value
        return account
