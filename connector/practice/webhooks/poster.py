"""Posts one body to a receiver that has three seconds for its answer, and can be broken off."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

#: Seconds until an answer must have come [C].
PATIENCE = 3.0


class Poster:
    """One POST at a time; `close` ends the one under way and all later ones."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._closed = False
        self._under_way: socket.socket | None = None

    def send(self, url: str, raw: bytes, headers: Mapping[str, str]) -> int:
        """The HTTP status of the answer, or 0 when none came in time; redirects are answers."""
        until = time.monotonic() + self._patience
        connection = _connection(url, self._patience)
        try:
            connection.connect()
            return self._exchange(connection, (url, raw, headers), until - time.monotonic())
        except (OSError, http.client.HTTPException, UnicodeError):
            return 0
        finally:
            connection.close()

    def close(self) -> None:
        """Break off; may be called from another thread."""
        with self._lock:
            self._closed = True
            if self._under_way is not None:
                _break_off(self._under_way)

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        message: tuple[str, bytes, Mapping[str, str]],
        seconds: float,
    ) -> int:
        """Timeouts of a socket are for one read each: a timer ends an answer that only drips."""
        url, raw, headers = message
        with self._lock:
            if self._closed:
                return 0
            self._under_way = connection.sock
        timer = threading.Timer(seconds, _break_off, [connection.sock])
        timer.start()
        try:
            connection.request("POST", _target(url), body=raw, headers=dict(headers))
            with connection.getresponse() as response:
                return response.status
        finally:
            timer.cancel()
            with self._lock:
                self._under_way = None


def _connection(url: str, patience: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=patience)


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _break_off(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may be closed already
        sock.shutdown(socket.SHUT_RDWR)
