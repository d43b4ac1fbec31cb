"""Serves the web application with Waitress until the process is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from flask import Flask
from waitress.server import create_server

from runtime.intake import LARGEST
from runtime.relay import Heart

#: Seconds a thread may keep the interpreter while others wait for it. The default, 5 ms, lets
#: eight busy workers keep an acknowledgement waiting for 40 ms.
_TURN = 0.0005
#: Threads that answer requests; they share the machine with the worker threads.
_THREADS = 8


def serve(app: Flask, heart: Heart, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Answer requests and work until SIGTERM or SIGINT; `ready` is told the URL once it listens.

    Port 0 takes any free port. Raises OSError when the port is taken.
    """
    server = create_server(
        app,
        host=host,
        port=port,
        threads=_THREADS,
        # The hook answers 413 itself, with a sentence; this bound only protects the memory.
        max_request_body_size=32 * LARGEST,
        clear_untrusted_proxy_headers=False,
        ident="bookrelay",
    )
    signal.signal(signal.SIGTERM, _leave)
    sys.setswitchinterval(_TURN)
    # A queue of requests is what a burst is; telling of each would only make it longer.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        heart.start()
        ready(f"http://{host}:{server.effective_port}")
        server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.close()
        heart.stop()


def work(heart: Heart) -> None:
    """Work without answering requests until SIGTERM or SIGINT."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    heart.start()
    try:
        stopped.wait()
    finally:
        heart.stop()


def _leave(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
