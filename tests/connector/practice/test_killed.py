"""A process that is killed at any moment under load: what it answered is kept, as a whole."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from connector.practice.books.books import Books
from connector.practice.server import Running
from tests.answers import start

R1 = "9341455600000001"
KILLS, WRITERS = 6, 3
AUTH = ("practice-client", "practice-secret")
_COMMAND = (
    "import pathlib, sys; from connector.practice.server import run;"
    "run(0, pathlib.Path(sys.argv[1]), sys.stdout)"
)
_KIND = "SalesItemLineDetail"
_LINE = {"Amount": 100, "DetailType": _KIND, _KIND: {"ItemRef": {"value": "1"}}}
_INVOICE = {"CustomerRef": {"value": "10"}, "Line": [_LINE]}


@dataclass
class Seen:
    """What the clients were answered before the process was gone."""

    #: By requestid: where it was sent, what, and the text of the answer.
    writes: dict[str, tuple[str, Any, str]] = field(default_factory=dict)
    access: list[str] = field(default_factory=list)
    #: Refresh tokens, each the last that its client was given and not asking for the next.
    refresh: list[str] = field(default_factory=list)
    realms: list[str] = field(default_factory=list)


@contextmanager
def _served(folder: Path) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    command = [sys.executable, "-c", _COMMAND, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline()), process
        finally:
            process.kill()


def _tokens(told: dict[str, Any], seen: Seen, refresh: str) -> dict[str, str]:
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    answer = requests.post(told["token"], data=form, auth=AUTH, timeout=20)
    given: dict[str, str] = answer.json()
    seen.access.append(given["access_token"])
    return given


def _write(told: dict[str, Any], seen: Seen, name: str) -> None:
    """One client: a customer, an invoice, and now and then the next tokens."""
    refresh = told["refresh_tokens"].pop()
    for number in range(10_000):
        given = _tokens(told, seen, refresh)
        refresh = given["refresh_token"]
        bearer = f"Bearer {given['access_token']}"
        headers = {"Accept": "application/json", "Authorization": bearer}
        try:
            for step in range(3):
                key = f"{name}.{number}.{step}"
                _post(told, seen, (f"{key}c", "customer", {"DisplayName": key}), headers)
                _post(told, seen, (f"{key}i", "invoice", _INVOICE), headers)
        except requests.RequestException:
            seen.refresh.append(refresh)
            return


def _post(
    told: dict[str, Any], seen: Seen, write: tuple[str, str, Any], headers: dict[str, str]
) -> None:
    key, path, body = write
    url = f"{told['api']}/v3/company/{R1}/{path}"
    made = requests.post(url, params={"requestid": key}, json=body, headers=headers, timeout=20)
    assert made.status_code == 200, made.text
    seen.writes[key] = (path, body, made.text)


def _found(told: dict[str, Any], seen: Seen, name: str) -> None:
    """One client that adds companies."""
    for number in range(10_000):
        body = {"name": f"{name} {number}"}
        made = requests.post(f"{told['control']}/companies", json=body, timeout=20).json()
        seen.realms.append(made["realm_id"])


def _until_gone(work: Callable[..., None], *arguments: Any) -> None:
    try:
        work(*arguments)
    except requests.RequestException:
        return


def _round(folder: Path, seen: Seen, name: str, writes: int) -> None:
    """Serve the folder to all clients and kill the process once so many writes were answered."""
    with _served(folder) as (told, process):
        requests.post(f"{told['control']}/switches", json={"rotation": "every"}, timeout=20)
        listed = requests.get(f"{told['control']}/companies", timeout=20).json()
        mine = [one["refresh_token"] for one in listed if one["realm_id"] == R1]
        for _ in range(WRITERS - 1):
            again = requests.get(f"{told['control']}/companies", timeout=20).json()
            mine += [one["refresh_token"] for one in again if one["realm_id"] == R1]
        told["refresh_tokens"] = mine
        works = [(_write, f"{name}.{number}") for number in range(WRITERS)] + [(_found, name)]
        threads = [
            threading.Thread(target=_until_gone, args=[work, told, seen, one])
            for work, one in works
        ]
        for thread in threads:
            thread.start()
        enough, pause = len(seen.writes) + writes, threading.Event()
        while len(seen.writes) < enough and any(thread.is_alive() for thread in threads):
            pause.wait(0.001)
        process.kill()
        for thread in threads:
            thread.join()


def test_a_kill_at_any_moment_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    seen, chance = Seen(), random.Random(7)
    for number in range(KILLS):
        _round(tmp_path, seen, f"r{number}", chance.randint(3, 25))
    assert len(seen.writes) > KILLS * 3
    with start(data=tmp_path) as running:
        books = running.state.companies[R1]
        before = books.count("Invoice")
        _check_tokens(running, seen)
        _check_answers(running, seen)
        assert books.count("Invoice") == before
        assert set(seen.realms) <= set(running.state.companies)
        for one in running.state.companies.values():
            _check_whole(one)


def _check_tokens(running: Running, seen: Seen) -> None:
    tokens = running.state.tokens
    assert seen.access
    assert seen.refresh
    assert all(tokens.realms(token) == (R1,) for token in seen.access)
    for token in seen.refresh:
        assert tokens.refresh(token, running.state.switches).refresh != token


def _check_answers(running: Running, seen: Seen) -> None:
    """A repeated requestid gets the first answer, and the record is what was answered."""
    with requests.Session() as http:
        http.headers["Accept"] = "application/json"
        http.headers["Authorization"] = f"Bearer {running.access_token()}"
        for key, (path, body, text) in seen.writes.items():
            url = f"{running.api}/v3/company/{R1}/{path}"
            assert http.post(url, params={"requestid": key}, json=body, timeout=20).text == text
            name, record = next(iter(json.loads(text).items()))
            kept = running.state.companies[R1].find(name, record["Id"])
            assert kept is not None
            assert kept.get("DisplayName") == record.get("DisplayName")


def _check_whole(books: Books) -> None:
    """Each invoice has its entry, answer and balance, and there is nothing else."""
    run = books.store.run
    assert run("PRAGMA integrity_check") == [("ok",)]
    assert books.name
    for basis in (1, 2):
        total = run("SELECT sum(amount) FROM posting WHERE basis IN (0, ?)", (basis,))
        assert total in ([(0,)], [(None,)])
    invoices = {one["Id"] for one in books.all("Invoice")}
    posted = run("SELECT DISTINCT id FROM posting WHERE entity = 'Invoice'")
    assert {identity for (identity,) in posted} == invoices
    if books.realm == R1:
        owed = sum(one["Balance"] for one in books.all("Invoice"))
        assert books.balance("10") == owed
        answered = run("SELECT count(*) FROM answer WHERE key LIKE '%i'")
        assert answered == [(len(invoices),)]
