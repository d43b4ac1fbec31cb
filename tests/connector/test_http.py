"""What a failed request means, from the exception classes and from real cut connections."""

from __future__ import annotations

import inspect
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
import requests
import urllib3.exceptions
from requests import exceptions

from connector import http as border
from connector.errors import Retryable, Uncertain
from connector.http import Answer, date_of, retry_after, send, session, sort_error

#: What each exception of requests means for a write: retryable, or uncertain for so many seconds.
CONSEQUENCE: dict[type[Exception], float | None] = {
    exceptions.ConnectTimeout: None,
    exceptions.ProxyError: None,
    exceptions.URLRequired: None,
    exceptions.MissingSchema: None,
    exceptions.InvalidSchema: None,
    exceptions.InvalidURL: None,
    exceptions.InvalidProxyURL: None,
    exceptions.InvalidHeader: None,
    exceptions.UnrewindableBodyError: None,
    exceptions.RequestException: 10.0,
    exceptions.ConnectionError: 10.0,
    exceptions.SSLError: 10.0,
    exceptions.Timeout: 120.0,
    exceptions.ReadTimeout: 120.0,
    exceptions.HTTPError: 10.0,
    exceptions.TooManyRedirects: 10.0,
    exceptions.ChunkedEncodingError: 10.0,
    exceptions.ContentDecodingError: 10.0,
    exceptions.StreamConsumedError: 10.0,
    exceptions.RetryError: 10.0,
    exceptions.InvalidJSONError: 10.0,
    exceptions.JSONDecodeError: 10.0,
}


def test_every_exception_of_requests_has_a_row() -> None:
    every = {
        member
        for _, member in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(member, exceptions.RequestException)
    }
    assert every == set(CONSEQUENCE)


@pytest.mark.parametrize("kind", CONSEQUENCE, ids=lambda kind: kind.__name__)
def test_what_an_exception_means(kind: type[Exception]) -> None:
    error = kind("x", "{", 0) if kind is exceptions.JSONDecodeError else kind("x")
    settle = CONSEQUENCE[kind]
    meant = sort_error(error, "QuickBooks")
    if settle is None:
        assert isinstance(meant, Retryable)
        assert "nothing was sent" in meant.sentence
    else:
        assert isinstance(meant, Uncertain)
        assert meant.settle == settle
        assert "may or may not have been done" in meant.sentence
    assert "QuickBooks" in meant.sentence
    assert isinstance(sort_error(error, "QuickBooks", reading=True), Retryable)


def wrapped(reason: Exception) -> exceptions.ConnectionError:
    packed = urllib3.exceptions.MaxRetryError(None, "/", reason)  # type: ignore[arg-type]
    return exceptions.ConnectionError(packed)


@pytest.mark.parametrize(
    ("error", "meant", "settle"),
    [
        (wrapped(urllib3.exceptions.NewConnectionError(None, "refused")), Retryable, 0),  # type: ignore[arg-type]
        (
            wrapped(urllib3.exceptions.NameResolutionError("h", None, socket.gaierror())),  # type: ignore[arg-type]
            Retryable,
            0,
        ),
        (wrapped(urllib3.exceptions.ConnectTimeoutError()), Retryable, 0),
        (exceptions.SSLError(wrapped(ssl.SSLCertVerificationError("unknown"))), Retryable, 0),
        (exceptions.SSLError(wrapped(ssl.SSLError("bad record mac"))), Uncertain, 10),
        (
            exceptions.ConnectionError(urllib3.exceptions.ReadTimeoutError(None, "/", "x")),  # type: ignore[arg-type]
            Uncertain,
            120,
        ),
        (
            exceptions.ConnectionError(
                urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError())
            ),
            Uncertain,
            10,
        ),
    ],
)
def test_what_is_inside_a_connection_error_decides(
    error: Exception, meant: type[Exception], settle: float
) -> None:
    told = sort_error(error, "QuickBooks")
    assert type(told) is meant
    assert getattr(told, "settle", 0) == settle


def test_an_exception_that_holds_itself_ends() -> None:
    error = exceptions.ConnectionError()
    error.args = (error,)
    assert isinstance(sort_error(error, "QuickBooks"), Uncertain)


# A real server that misbehaves at one point.

Behave = Callable[[socket.socket], None]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def read_request(peer: socket.socket) -> None:
    got = b""
    while b"\r\n\r\nbody" not in got:
        got += peer.recv(65536)


@pytest.fixture
def serve() -> Iterator[Callable[[Behave], str]]:
    """Start a server whose first connection behaves as told; gives its address."""
    servers: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(behave: Behave) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def run() -> None:
            peer, _ = server.accept()
            with closing(peer):
                behave(peer)

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/"

    yield start
    for thread in threads:
        thread.join(timeout=5)
    for server in servers:
        server.close()


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with session(pool=2) as opened:
        yield opened


def post(http: requests.Session, url: str, *, reading: bool = False) -> requests.Response:
    return send(http, "POST", url, who="QuickBooks", headers={}, raw=b"body", reading=reading)


def test_an_answer(serve: Callable[[Behave], str], http: requests.Session) -> None:
    def behave(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(ANSWER)

    assert post(http, serve(behave)).content == b"{}"


def test_nobody_listens(http: requests.Session) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with pytest.raises(Retryable, match="nothing was sent"):
        post(http, f"http://127.0.0.1:{port}/")


def test_no_such_host(http: requests.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Retryable, match="nothing was sent"):
        post(http, "http://nowhere.example/")


@pytest.mark.parametrize(
    "sent",
    [b"", ANSWER.replace(b"2", b"9"), b"garbage\r\n\r\n"],
    ids=["before the answer", "in the body", "no HTTP"],
)
def test_cut_connections_are_uncertain(
    serve: Callable[[Behave], str], http: requests.Session, sent: bytes
) -> None:
    def behave(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(sent)

    with pytest.raises(Uncertain) as lost:
        post(http, serve(behave))
    assert lost.value.settle == 10.0


def test_a_kept_connection_that_the_server_closes_is_uncertain(
    serve: Callable[[Behave], str], http: requests.Session
) -> None:
    def behave(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(ANSWER)
        read_request(peer)  # the second request arrives, then the connection ends

    url = serve(behave)
    assert post(http, url).status_code == 200
    with pytest.raises(Uncertain, match="was cut") as lost:
        post(http, url)
    assert lost.value.settle == 10.0


@pytest.mark.parametrize("started", [b"", ANSWER[:-1]], ids=["no answer", "half a body"])
def test_silence_is_uncertain_for_longer(
    serve: Callable[[Behave], str],
    http: requests.Session,
    monkeypatch: pytest.MonkeyPatch,
    started: bytes,
) -> None:
    done = threading.Event()

    def behave(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(started)
        done.wait(5)

    monkeypatch.setattr(border, "TIMEOUT", (1.0, 0.05))
    try:
        with pytest.raises(Uncertain, match="in time") as lost:
            post(http, serve(behave))
    finally:
        done.set()
    assert lost.value.settle == 120.0


def test_a_question_that_was_cut_is_asked_again(
    serve: Callable[[Behave], str], http: requests.Session
) -> None:
    with pytest.raises(Retryable, match="nothing was changed"):
        post(http, serve(read_request), reading=True)


def test_redirects_are_not_followed_and_cookies_not_kept(
    serve: Callable[[Behave], str], http: requests.Session
) -> None:
    def behave(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(
            b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /other\r\n"
            b"Set-Cookie: company=1\r\nContent-Length: 0\r\n\r\n"
        )

    assert post(http, serve(behave)).status_code == 307
    assert not http.cookies


def test_a_session_keeps_connections_and_never_repeats() -> None:
    with session(pool=5) as http:
        for scheme in ("http://x.example/", "https://x.example/"):
            adapter = http.get_adapter(scheme)
            assert isinstance(adapter, requests.adapters.HTTPAdapter)
            assert adapter.max_retries.total == 0
            assert adapter._pool_maxsize == 5  # type: ignore[attr-defined]
        assert not http.trust_env


def test_the_proxy_is_asked_for_once_per_host(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "direct.example")
    with session() as http:

        def proxies(url: str) -> object:
            settings = http.merge_environment_settings(url, {}, None, None, None)
            return settings["proxies"].get("http")

        assert proxies("http://api.example/a") == "http://proxy.example:3128"
        assert proxies("http://direct.example/a") is None
        assert proxies("http://127.0.0.1:8090/a") is None
        monkeypatch.setattr(border, "get_environ_proxies", lambda url: pytest.fail(url))
        assert proxies("http://api.example/b") == "http://proxy.example:3128"


def test_own_certificate_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with session() as http:
        assert http.verify is True
    monkeypatch.setenv("CURL_CA_BUNDLE", "/etc/own.pem")
    with session() as http:
        settings = http.merge_environment_settings("https://x.example/", {}, None, None, None)
        assert settings["verify"] == "/etc/own.pem"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30.0),
        (" 0 ", 0.0),
        ("86400", 3600.0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("Fri, 06 Nov 2026 23:58:40 GMT", None),
        ("²", None),
        ("9" * 20, None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": text}) == seconds


def test_no_retry_after() -> None:
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Fri, 06 Nov 2026 23:58:40 GMT", datetime(2026, 11, 6, 23, 58, 40, tzinfo=UTC)),
        ("Fri, 06 Nov 2026 16:58:40 -0700", datetime(2026, 11, 6, 23, 58, 40, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("Fri, 99 Nov 2026 23:58:40 GMT", None),
    ],
)
def test_date(text: str, date: datetime | None) -> None:
    assert date_of({"Date": text}) == date


def test_no_date() -> None:
    assert date_of({}) is None


def test_an_answers_id() -> None:
    assert Answer(record={"Id": "12"}).id == "12"
    assert Answer(record={"BatchItemResponse": []}).id == ""
