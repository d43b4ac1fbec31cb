"""Keep-alive GETs over raw sockets, as fast as one process can send them."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: a server on loopback and the head of each request but its path."""

    port: int
    token: str

    def request(self, path: str) -> bytes:
        """The bytes of one GET."""
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.token}",
            "Accept: application/json",
            "",
            "",
        )
        return "\r\n".join(lines).encode()


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    began: float = 0.0
    received: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out."""

    per_second: float
    #: Milliseconds.
    p50: float
    p99: float


def measure(target: Target, paths: Sequence[str], *, connections: int, seconds: float) -> Measured:
    """Send `paths` in turn over keep-alive connections for `seconds`; all must be answered 200."""
    selector = selectors.DefaultSelector()
    requests = [target.request(path) for path in paths]
    sent, times = 0, []
    opened = [socket.create_connection(("127.0.0.1", target.port)) for _ in range(connections)]
    began = time.perf_counter()
    for plug in opened:
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one = _Connection(plug)
        selector.register(plug, selectors.EVENT_READ, one)
        _send(one, requests[sent % len(requests)])
        sent += 1
    until = began + seconds
    waiting = connections
    while waiting:
        for key, _ in selector.select(timeout=10):
            one = key.data
            one.received += one.socket.recv(262_144)
            if not _whole(one.received):
                continue
            now = time.perf_counter()
            times.append(now - one.began)
            one.received.clear()
            if now < until:
                _send(one, requests[sent % len(requests)])
                sent += 1
            else:
                waiting -= 1
                selector.unregister(one.socket)
    took = time.perf_counter() - began
    for plug in opened:
        plug.close()
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)] * 1000
    return Measured(len(times) / took, statistics.median(ordered) * 1000, p99)


def _send(one: _Connection, request: bytes) -> None:
    one.began = time.perf_counter()
    one.socket.sendall(request)


def _whole(received: bytearray) -> bool:
    """Whether an answer has come whole; RuntimeError when it is not 200."""
    head, found, rest = bytes(received).partition(b"\r\n\r\n")
    if not found:
        return False
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the server answered {head[:200]!r} {rest[:300]!r}")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    return len(rest) >= length
