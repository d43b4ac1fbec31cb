"""Stands for the CRM's API: lists the week's events, for who missed a webhook."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

PATH = "/api/v1/events"


class Crm:
    """The list of events on a free port of this machine, served inside a `with` block."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._lock = threading.Lock()
        #: When the CRM told each event, and the event.
        self._told: list[tuple[datetime, Mapping[str, Any]]] = []
        self._asked = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Crm:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def asked(self) -> int:
        """How often the list was asked for."""
        with self._lock:
            return self._asked

    def publish(self, event: Mapping[str, Any]) -> None:
        """Put an event, with its `id`, on the list."""
        with self._lock:
            self._told.append((datetime.now(UTC), event))

    def answer(self, path: str, authorization: str) -> tuple[int, dict[str, Any]]:
        """Status and body for a GET."""
        asked = urlsplit(path)
        if asked.path != PATH:
            return 404, {"error": "There is nothing here."}
        if authorization != f"Bearer {self._token}":
            return 401, {"error": "The token is not known."}
        since = datetime.fromisoformat(parse_qs(asked.query)["since"][0])
        with self._lock:
            self._asked += 1
            found = [event for told, event in self._told if told >= since]
        return 200, {"events": found, "next": None}


def _handler(crm: Crm) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body = crm.answer(self.path, self.headers.get("Authorization", ""))
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the demonstration tells what matters."""

    return Handler
