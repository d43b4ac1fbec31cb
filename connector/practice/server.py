"""Serves the practice company over HTTP: as a command, or in a thread for tests."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from flask import Flask
from waitress import create_server, wasyncore

from connector.practice import Observe, create_app
from connector.practice.books.books import Books
from connector.practice.login import oauth
from connector.practice.login.tokens import CLIENT_ID, CLIENT_SECRET
from connector.practice.seed import fixture
from connector.practice.shelf import Shelf
from connector.practice.state import State
from connector.practice.storage import LoginFile
from connector.practice.wire import dump

_THREADS = 16
_ANNOUNCE_EVERY = 0.05
#: Seconds that calls under way are waited for when it is asked to stop.
_LAST_CALLS = 2


class Running:
    """A served practice company; a context manager that stops it at the end."""

    def __init__(
        self,
        state: State,
        *,
        port: int,
        host: str,
        login: LoginFile | None,
        observe: Observe | None = None,
    ) -> None:
        self.state = state
        self._login = login
        self._sockets: dict[int, Any] = {}
        self._stopping = threading.Event()
        #: Keeps the wake-up pipe open while `ask_to_stop` writes to it.
        self._closing = threading.RLock()
        self._server = self._listening(create_app(state, login, observe), host, port)
        self.port = int(self._server.effective_port)
        #: Where the accounting API is: paths begin `/v3/company/…`.
        self.api = state.downloads.base = f"http://{host}:{self.port}"
        self.discovery = self.api + oauth.DISCOVERY
        self.authorize = self.api + oauth.AUTHORIZE
        self.token = self.api + oauth.TOKEN
        self.revoke = self.api + oauth.REVOKE
        self.control = f"{self.api}/_control"
        self.client_id = CLIENT_ID
        self.client_secret = CLIENT_SECRET
        #: A ready refresh token for all companies; each company has one of its own too.
        self.refresh_token = state.tokens.grant(list(state.companies))
        self.companies = [
            {
                "realm_id": books.realm,
                "name": books.name,
                "refresh_token": state.tokens.grant([books.realm]),
            }
            for books in state.companies.values()
        ]
        if login is not None:
            login.keep()
        self._threads = [
            threading.Thread(target=self._loop, name="practice"),
            threading.Thread(target=self._announce, name="practice-webhooks"),
        ]

    def _listening(self, app: Flask, host: str, port: int) -> Any:
        """Waitress on a port; raises OSError for one that cannot be had."""
        try:
            return create_server(app, host=host, port=port, threads=_THREADS, map=self._sockets)
        except OSError:
            wasyncore.close_all(self._sockets)
            raise

    def access_token(self) -> str:
        """A fresh access token for all companies."""
        return self.state.tokens.access(list(self.state.companies))

    def described(self) -> str:
        """The first line of the command's output, JSON."""
        names = (
            "api",
            "discovery",
            "authorize",
            "token",
            "revoke",
            "control",
            "client_id",
            "client_secret",
            "refresh_token",
            "companies",
        )
        return dump({name: getattr(self, name) for name in names})

    def __enter__(self) -> Running:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ask_to_stop()
        self.state.webhooks.close()
        for thread in self._threads:
            thread.join()
        if self._login is not None:
            self._login.keep(anyway=True)
        self.state.close()

    def wait(self) -> None:
        """Return when someone asked it to stop; signals are handled meanwhile."""
        while not self._stopping.wait(timeout=60):
            pass

    def ask_to_stop(self) -> None:
        """Stop answering; may be called from a signal handler."""
        with self._closing:
            if not self._stopping.is_set():
                self._stopping.set()
                self._server.pull_trigger()

    def _loop(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=60, use_poll=True, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown(timeout=_LAST_CALLS)
        with self._closing:
            wasyncore.close_all(self._sockets)

    def _announce(self) -> None:
        while not self._stopping.wait(timeout=_ANNOUNCE_EVERY):
            self.state.webhooks.deliver()


def start(
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    data: Path | None = None,
    seed: Callable[[], list[Books]] = fixture,
    observe: Observe | None = None,
) -> Running:
    """A practice company on `port` (0 = any free one), served inside a `with` block.

    `seed` is `seed.fixture` or `seed.empty`; what is kept in the folder `data` goes before it.
    With a folder every write is on disk before it is answered; without one all is in memory.
    `observe` is told the path and the JSON body of each success of the accounting API.
    """
    shelf = Shelf(data)
    with ExitStack() as opened:
        opened.callback(shelf.close)
        state = State(shelf, seed)
        opened.callback(state.close)
        login = None
        if data is not None:
            login = LoginFile(state, data)
            login.restore()
        running = Running(state, port=port, host=host, login=login, observe=observe)
        # All went well: it is closed by whoever uses it.
        opened.pop_all()
    return running


def run(
    port: int,
    data: Path | None,
    out: TextIO,
    host: str = "127.0.0.1",
    seed: Callable[[], list[Books]] = fixture,
) -> None:
    """Serve until SIGTERM or SIGINT; the first line on `out` says where everything is, as JSON."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    running = start(port=port, host=host, data=data, seed=seed)

    def stop(number: int, frame: object) -> None:
        running.ask_to_stop()

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        with running:
            print(running.described(), file=out, flush=True)
            running.wait()
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
