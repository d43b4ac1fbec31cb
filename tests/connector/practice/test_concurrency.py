"""Eight clients at once: names stay unique, tokens count every write, no update is lost."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connector.practice.conftest import Client

CLIENTS = 8
NAMES = ("Ann", "ann ", "Ben", "BEN", "Cy")
#: One step of a client: (what, which name or record, which invoice)
STEPS = st.tuples(
    st.sampled_from(["create", "rename", "note", "bill", "pay", "void"]),
    st.integers(0, len(NAMES) - 1),
    st.integers(0, 3),
)
PLANS = st.lists(st.lists(STEPS, max_size=6), min_size=CLIENTS, max_size=CLIENTS)


@dataclass
class Seen:
    """What the clients were answered, all together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    #: Accepted writes by (path, id).
    writes: Counter[tuple[str, str]] = field(default_factory=Counter)
    marks: dict[str, set[str]] = field(default_factory=dict)
    customers: list[str] = field(default_factory=list)
    invoices: list[str] = field(default_factory=list)


class Actor:
    """One client that works through its plan."""

    def __init__(self, client: Client, seen: Seen, number: int) -> None:
        self.client, self.seen, self.number = client, seen, number
        self.step = 0

    def play(self, plan: list[tuple[str, int, int]]) -> None:
        for what, name, which in plan:
            self.step += 1
            getattr(self, what)(name, which)
        self.client.http.close()

    def create(self, name: int, which: int) -> None:
        made = self._write("customer", {"DisplayName": NAMES[name]})
        if made:
            with self.seen.lock:
                self.seen.customers.append(made["Id"])

    def rename(self, name: int, which: int) -> None:
        self._change("customer", self._pick(self.seen.customers, which), DisplayName=NAMES[name])

    def note(self, name: int, which: int) -> None:
        """Read, add a mark, write; again when somebody else was first."""
        identity = self._pick(self.seen.customers, which)
        mark = f"<{self.number}.{self.step}>"
        while identity:
            read = self.client.read(f"customer/{identity}")
            notes = read.get("Notes", "") + mark
            if self._write("customer", _sparse(read, Notes=notes)):
                with self.seen.lock:
                    self.seen.marks.setdefault(identity, set()).add(mark)
                return

    def bill(self, name: int, which: int) -> None:
        detail = {"ItemRef": {"value": "1"}}
        kind = "SalesItemLineDetail"
        line = {"Amount": 100, "DetailType": kind, kind: detail}
        made = self._write("invoice", {"CustomerRef": {"value": "10"}, "Line": [line]})
        assert made is not None
        with self.seen.lock:
            self.seen.invoices.append(made["Id"])

    def pay(self, name: int, which: int) -> None:
        identity = self._pick(self.seen.invoices, which)
        if identity:
            link = {"TxnId": identity, "TxnType": "Invoice"}
            part = {"Amount": 40, "LinkedTxn": [link]}
            body = {"CustomerRef": {"value": "10"}, "TotalAmt": 40, "Line": [part]}
            if self._write("payment", body):
                with self.seen.lock:
                    self.seen.writes["invoice", identity] += 1

    def void(self, name: int, which: int) -> None:
        identity = self._pick(self.seen.invoices, which)
        if identity:
            read = self.client.read(f"invoice/{identity}")
            self._write("invoice", _key(read), operation="void")

    def _change(self, path: str, identity: str | None, **fields: Any) -> None:
        if identity:
            self._write(path, _sparse(self.client.read(f"{path}/{identity}"), **fields))

    def _pick(self, known: list[str], which: int) -> str | None:
        with self.seen.lock:
            return known[which % len(known)] if known else None

    def _write(self, path: str, body: dict[str, Any], **params: str) -> dict[str, Any] | None:
        """The record when it was accepted; refusals must be of the kinds that rivals cause."""
        answer = self.client.post(path, body, **params)
        if answer.status_code == 200:
            made: dict[str, Any] = next(iter(answer.json().values()))
            with self.seen.lock:
                self.seen.writes[path, made["Id"]] += 1
            return made
        code = answer.json()["Fault"]["Error"][0]["code"]
        assert code in ("5010", "6240", "620", "6000"), answer.text
        return None


def _key(read: dict[str, Any]) -> dict[str, Any]:
    return {"Id": read["Id"], "SyncToken": read["SyncToken"]}


def _sparse(read: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**_key(read), "sparse": True, **fields}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans=PLANS)
def test_no_interleaving_harms_the_books(r1: Client, plans: Any) -> None:
    r1.running.state.reset()
    seen = Seen()
    actors = [Actor(Client(r1.running), seen, number) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(one.play, plan) for one, plan in zip(actors, plans, strict=True)]:
            done.result(60)

    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    customers = r1.books()["records"]["Customer"]
    names = [one["DisplayName"].strip().casefold() for one in customers]
    assert len(names) == len(set(names))
    for (path, identity), count in seen.writes.items():
        if path != "payment":
            token = int(r1.read(f"{path}/{identity}")["SyncToken"])
            assert token == count - 1, (path, identity)
    for identity, marks in seen.marks.items():
        notes = r1.read(f"customer/{identity}")["Notes"]
        assert sorted(marks) == sorted(f"<{part}" for part in notes.split("<")[1:])
    open_invoices = sum(one["Balance"] for one in r1.books()["records"]["Invoice"])
    unapplied = sum(one["UnappliedAmt"] for one in r1.books()["records"]["Payment"])
    assert r1.read("customer/10")["Balance"] == open_invoices - unapplied
