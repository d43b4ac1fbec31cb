"""A full disk: nothing is acknowledged that is not kept; with space again, all goes on."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from connector import oauth
from connector.signatures import sign_standard
from runtime.store import events, ledger, workers
from runtime.store.database import Database, StoreFull
from tests.events import NEW, line, payment
from tests.harness import SECRET, Harness

#: SQLite's own upper bound of pages.
_ENDLESS = 1_073_741_823


class Disk:
    """Takes the space away from a database, and gives it back; a watcher of points besides."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._full = False
        self._when: tuple[str, int] | None = None
        self.database: Database | None = None

    def install(self, database: Database) -> None:
        """Rule over the connections of `database`."""
        self.database = database
        with database.engine.connect() as connection:
            connection.exec_driver_sql("CREATE TABLE ballast (filler BLOB)")
        event.listen(database.engine, "checkout", lambda raw, record, proxy: self._limit(raw))

    def fill_at(self, point: str, n: int) -> None:
        """Be full from the n-th time on that `point` is reached."""
        self._when = (point, n)

    def __call__(self, point: str) -> None:
        if self._when is None or point != self._when[0]:
            return
        self._when = (point, self._when[1] - 1)
        if self._when[1] == 0:
            self._when = None
            self.fill()

    def fill(self) -> None:
        """No page can be added any more, and none is free."""
        self._full = True
        self._renew()

    def clear(self) -> None:
        """There is space again."""
        self._full = False
        self._renew()

    def _renew(self) -> None:
        """Let the writer take a connection anew, as it does after each failure."""
        assert self.database is not None
        database = self.database
        with database.engine.connect() as connection:
            if self._full and self._kind == "full":
                _use_up(connection.connection)
        with database._lock:
            database._abandon()

    def _limit(self, raw: Any) -> None:
        if self._kind == "read-only":
            raw.execute(f"PRAGMA query_only={'ON' if self._full else 'OFF'}")
            return
        pages = raw.execute("PRAGMA page_count").fetchone()[0] if self._full else _ENDLESS
        raw.execute(f"PRAGMA max_page_count={pages}")


def _use_up(raw: Any) -> None:
    """Fill the pages that are free inside the file."""
    for size in (3000, 100):
        try:
            while True:
                raw.execute("INSERT INTO ballast VALUES (zeroblob(?))", (size,))
        except Exception as error:
            if "full" not in str(error):
                raise


@pytest.fixture(params=["full", "read-only"])
def disk(request: pytest.FixtureRequest) -> Disk:
    return Disk(request.param)


@pytest.fixture
def full(make_harness: Callable[..., Harness], disk: Disk) -> Harness:
    """A Bookrelay on that disk, which has space at first."""
    harness = make_harness(observe=disk)
    harness.setup()
    harness.control("switches", {"replay": False})
    disk.install(harness.relay.database)
    return harness


def _large(number: str = "7001", **more: Any) -> dict[str, Any]:
    """An event whose handling needs new pages at every step."""
    return payment(number, [line("20.00") for _ in range(30)], **more)


def _deliver(harness: Harness, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    raw = json.dumps(body).encode()
    at = int(harness.clock.now().timestamp())
    headers = sign_standard(SECRET, "msg_full", at, raw)
    answer = harness.web.post("/hooks/leadexploder", data=raw, headers=headers)
    return answer.status_code, answer.get_json()


def _one_paid_invoice(harness: Harness) -> None:
    assert [run["state"] for run in harness.runs()] == ["succeeded"]
    assert [(i["TotalAmt"], i["Balance"]) for i in harness.records("Invoice")] == [(600, 0)]
    assert len(harness.records("Payment")) == 1
    names = [customer["DisplayName"] for customer in harness.records("Customer")]
    assert names.count(NEW["name"]) == 1
    committed = [call for call in harness.calls() if call["committed"]]
    assert len(committed) == 4  # customer, item, invoice, payment


def test_a_webhook_is_not_acknowledged_and_comes_again(full: Harness, disk: Disk) -> None:
    disk.fill()
    status, told = _deliver(full, _large())
    assert status == 429
    assert told["error"].endswith("Send it again later.")
    assert full.relay.database.read(events.recent) == []
    disk.clear()
    status, told = _deliver(full, _large())
    assert (status, told["status"]) == (200, "stored")
    full.settle()
    _one_paid_invoice(full)


@pytest.mark.parametrize("point", ["sending", "received", "yield"])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_run_that_cannot_be_recorded_is_given_back(
    full: Harness, disk: Disk, point: str, n: int, caplog: pytest.LogCaptureFixture
) -> None:
    full.post(_large())
    disk.fill_at(point, n)
    for _ in range(3):
        _work(full)
        full.clock.move(20)
    assert any(getattr(record, "action", "") == "store_full" for record in caplog.records)
    assert [run["state"] for run in full.runs()] != ["succeeded"]
    disk.clear()
    full.settle()
    _one_paid_invoice(full)


def test_the_workers_go_on_by_themselves(
    full: Harness, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(12):
        contact = {
            **NEW,
            "id": f"c_{number}",
            "name": f"Robin {number}",
            "email": f"r{number}@x.org",
        }
        full.post(_large(str(7100 + number), contact=contact))
    disk.fill_at("received", 5)
    full.relay.workers.start()
    full.relay.workers.wake()
    _go_on(full, lambda: "store_full" in _actions(caplog))
    disk.clear()
    _go_on(full, lambda: {run["state"] for run in full.runs()} == {"succeeded"})
    full.relay.workers.stop()
    assert [run["state"] for run in full.runs()] == ["succeeded"] * 12, full.holds()
    assert len(full.records("Payment")) == 12
    assert {invoice["Balance"] for invoice in full.records("Invoice")} == {0}
    assert "worker_error" not in _actions(caplog)


def test_a_store_that_cannot_be_read_for_a_moment_asks_nobody(
    full: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An I/O error, or a database server that is started anew, is no error of the run."""
    full.post(_large())
    read, broken = full.relay.database.read, [ledger.look_up]

    def read_or_fail(call: Any, *args: Any) -> Any:
        if call in broken:
            broken.remove(call)
            raise OperationalError("SELECT", {}, Exception("disk I/O error"))
        return read(call, *args)

    monkeypatch.setattr(full.relay.database, "read", read_or_fail)
    full.settle()
    assert not broken
    _one_paid_invoice(full)


def _work(harness: Harness) -> None:
    try:
        harness.work()
    except StoreFull:
        return


def _actions(caplog: pytest.LogCaptureFixture) -> set[str]:
    return {getattr(record, "action", "") for record in list(caplog.records)}


def _go_on(harness: Harness, true: Callable[[], bool]) -> None:
    """Let other threads work and the clock run, each second of it in a hundredth."""
    end = time.monotonic() + 30
    while not true() and time.monotonic() < end:
        harness.clock.move(1)
        try:
            harness.tick()
        except (StoreFull, OperationalError):
            harness.relay.workers.wake()
        time.sleep(0.01)


def test_a_lease_whose_return_could_not_be_stored_is_its_holders_again(
    full: Harness, disk: Disk
) -> None:
    database = full.relay.database
    first = database.write(workers.acquire, "token/x", "w1", "w1")
    assert first is not None
    assert database.write(workers.acquire, "token/x", "w2", "w2") is None
    again = database.write(workers.acquire, "token/x", "w1", "w1")
    assert again == first + 1
    assert not database.read(workers.holds, "token/x", first)


def test_a_login_that_could_not_be_kept_is_renewed_again(
    full: Harness, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew = oauth.refresh

    def renew_and_fill(*args: Any) -> Any:
        fresh = renew(*args)
        disk.fill()
        return fresh

    full.post(_large())
    monkeypatch.setattr(oauth, "refresh", renew_and_fill)
    _work(full)
    monkeypatch.undo()
    disk.clear()
    full.settle()
    _one_paid_invoice(full)
