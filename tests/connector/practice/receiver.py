"""A small server that receives webhooks."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One POST as it came."""

    path: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def events(self) -> Any:
        return json.loads(self.raw)


class Receiver:
    """Takes webhooks; answers what `answers` holds, then 200. `None` = holds the answer back."""

    def __init__(self) -> None:
        self.answers: list[int | None] = []
        self.came: queue.Queue[Received] = queue.Queue()
        self.go_on = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:  # noqa: N805 - `self` is the receiver
                raw = handler.rfile.read(int(handler.headers["Content-Length"]))
                self.came.put(Received(handler.path, dict(handler.headers), raw))
                answer = self.answers.pop(0) if self.answers else 200
                if answer is None:
                    self.go_on.wait(20)
                    return
                handler.send_response(answer)
                handler.send_header("Location", "/elsewhere")
                handler.end_headers()

            def log_message(handler, format: str, *args: Any) -> None:  # noqa: N805
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks?app=1"

    def all(self) -> list[Received]:
        """What came since this was asked last."""
        came = []
        while not self.came.empty():
            came.append(self.came.get())
        return came


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that is served inside a `with` block."""
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield made
    finally:
        made.go_on.set()
        made.server.shutdown()
        thread.join()
        made.server.server_close()
