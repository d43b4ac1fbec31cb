"""A CRM that sends webhooks as fast as they are acknowledged, in a process of its own.

Run as `python -m tests.benchmarks.sender URL TAG COUNT SENDER OF`: says `ready` on stdout, begins
at a line on stdin, and prints when it began and ended and how long each acknowledgement took.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from urllib.parse import urlsplit

from tests.benchmarks.workload import request_of, sales, shares


class Line:
    """A kept connection that sends one request after the other."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> int:
        """Send one request and read its answer; the status."""
        self._socket.sendall(request)
        answer = self._read()
        return int(answer[9:12])

    def pipeline(self, requests: bytes, times: int, answers: int) -> None:
        """Send several requests in one go, `times` times, and count their answers."""
        for _ in range(times):
            self._socket.sendall(requests)
            seen = b""
            while seen.count(b"HTTP/1.1 200") < answers or not seen.endswith(b"}"):
                seen += self._socket.recv(1 << 20)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _read(self) -> bytes:
        got = b""
        while True:
            more = self._socket.recv(65536)
            if not more:
                raise ConnectionError("the server hung up before its answer was whole")
            got += more
            head, found, body = got.partition(b"\r\n\r\n")
            if found and len(body) >= _length(head):
                return got


def _length(head: bytes) -> int:
    lower = head.lower()
    start = lower.index(b"content-length:") + 15
    return int(lower[start : (lower + b"\r").index(b"\r", start)])


def main(url: str, tag: str, count: int, sender: int, of: int) -> None:
    """Send one share of the round `tag`."""
    parts = urlsplit(url)
    mine = shares(sales(count, tag), of)[sender]
    requests = [request_of(sale, parts.path) for sale in mine]
    line = Line(parts.hostname or "127.0.0.1", parts.port or 80)
    print("ready", flush=True)
    sys.stdin.readline()
    began, took, refused = time.time(), [], 0
    for request in requests:
        start = time.perf_counter()
        refused += line.send(request) != 200
        took.append(time.perf_counter() - start)
    line.close()
    print(json.dumps({"began": began, "ended": time.time(), "took": took, "refused": refused}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
