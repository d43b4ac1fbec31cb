"""Kills a serving Bookrelay again and again while payments come in, and tells where each kill fell.

The practice company runs in the test's own process, so that a kill can be aimed at the moment in
which it has committed a write and not answered yet.
"""

from __future__ import annotations

import json
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import requests

from connector.practice.server import Running
from connector.signatures import sign_standard
from tests.flows.processes import Bookrelay, OpenRequest, SteppedTime, Wreck
from tests.flows.takings import Delivery, Takings, takings
from tests.harness import MAPPING, REALM, SECRET

#: Seconds that answers are kept back while a kill is aimed between commit and answer.
_KEPT_BACK = 0.3
#: Seconds after which an aimed kill that has found nothing to do falls anyway.
_AIM = 8.0
#: Seconds that what was lost several times over may still wait for its next try.
_PATIENCE = 300.0
_SENDERS = 4
_STEP = 7200.0


class Gap(StrEnum):
    """Where a kill found a request."""

    BEFORE_SEND = "before send"
    AFTER_COMMIT = "after commit"
    BEFORE_RECORD = "before record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How hard it is tried."""

    events: int
    kills: int
    #: The share of answers that the practice company loses after its work is done.
    lost: float
    #: Whether a repeated requestid is answered with the first answer.
    replay: bool
    seed: int


@dataclass(slots=True, kw_only=True)
class Toll:
    """What was done to it."""

    gaps: Counter[Gap] = field(default_factory=Counter)
    #: Runs under way at a kill that had no request open.
    between: int = 0
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One kill and what it left."""

    what: str
    #: Seconds since 1970, real time.
    at: float
    #: How many calls the practice company had answered by then.
    answered: int
    wreck: Wreck


class Senders:
    """The sources: each delivery is repeated, signed anew, until it is answered 200."""

    def __init__(self, relay: Bookrelay, clock: SteppedTime, chance: random.Random) -> None:
        self._relay = relay
        self._clock = clock
        self._chance = chance
        self._waiting: queue.Queue[Delivery] = queue.Queue()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(_SENDERS)]
        #: Identities that were answered 200.
        self.taken: set[str] = set()
        #: Deliveries that were answered otherwise or not at all, and refusals by status.
        self.failed = 0
        self.refused: Counter[int] = Counter()

    def begin(self) -> None:
        """Start to send."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop, whatever is left."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def give(self, deliveries: Iterable[Delivery]) -> None:
        """Send these; every seventh is delivered twice, as sources do."""
        for delivery in deliveries:
            self._waiting.put(delivery)
            if self._chance.random() < 1 / 7:
                self._waiting.put(delivery)

    def _work(self) -> None:
        with requests.Session() as session:
            while not self._stopping.is_set():
                try:
                    delivery = self._waiting.get(timeout=0.05)
                except queue.Empty:
                    continue
                self._deliver(session, delivery)

    def _deliver(self, session: requests.Session, delivery: Delivery) -> None:
        raw = json.dumps(delivery.event).encode()
        while not self._stopping.is_set():
            if self._post(session, delivery.identity, raw):
                self.taken.add(delivery.identity)
                return
            self.failed += 1
            self._stopping.wait(0.05)

    def _post(self, session: requests.Session, identity: str, raw: bytes) -> bool:
        url = self._relay.url
        if url is None:
            return False
        headers = sign_standard(SECRET, identity, int(self._clock.now()), raw)
        try:
            answer = session.post(
                f"{url}/hooks/leadexploder", data=raw, headers=headers, timeout=(2, 20)
            )
        except requests.RequestException:
            return False
        if answer.status_code != 200:
            self.refused[answer.status_code] += 1
        return answer.status_code == 200


class Siege:
    """One run of a plan; `end` must be called whatever happens."""

    def __init__(self, practice: Running, folder: Path, plan: Plan) -> None:
        self.plan = plan
        self.practice = practice
        self.chance = random.Random(plan.seed)
        self.takings: Takings = takings(plan.events, self.chance)
        self.clock = SteppedTime(folder / "clock")
        self.relay = Bookrelay(folder / "data", self.clock.file, folder / "serve.log")
        self.senders = Senders(self.relay, self.clock, random.Random(plan.seed))
        self.toll = Toll()
        self._setup(folder / "setup.yaml")

    def run(self) -> None:
        """Send everything, kill as often as planned, then leave it alone until all is done."""
        self.senders.begin()
        shares = _shares(self.takings.deliveries, self.plan.kills)
        steps = {self.plan.kills // 3: _STEP, 2 * self.plan.kills // 3: 0.0}
        kill: Kill | None = None
        for number, (aim, share) in enumerate(zip(self._aims(), shares, strict=True)):
            self.senders.give(share)
            self.relay.start(aim if ":" in aim else "")
            self._sort_out(kill)
            if number in steps:
                self.clock.step(steps[number])
            kill = self._strike(number + 1, aim)
        self.relay.start()
        self._sort_out(kill)
        self._rest()

    def end(self) -> None:
        """Stop everything."""
        self.senders.end()
        self.relay.stop()

    def books(self) -> dict[str, Any]:
        """Everything in the practice company."""
        found: dict[str, Any] = requests.get(
            f"{self.practice.control}/books/{REALM}", timeout=30
        ).json()
        return found

    def _setup(self, file: Path) -> None:
        self._control("switches", {"replay": self.plan.replay, "latency_ms": 3})
        quickbooks = {
            "environment": "practice",
            "client_id": self.practice.client_id,
            "client_secret": self.practice.client_secret,
            "refresh_token": self.practice.refresh_token,
            "realm_id": REALM,
            "api_base": self.practice.api,
            "token_url": self.practice.token,
            "limits": "off",
        }
        company = {
            "name": "Sparrow Home Services LLC",
            "time_zone": "America/Boise",
            "quickbooks": quickbooks,
            "account_mapping": MAPPING,
            "go_live": "yes",
        }
        connections = {"leadexploder": {"webhook_secret": SECRET}}
        file.write_text(json.dumps({"connections": connections, "company": company}))
        self.relay.command("setup", str(file))
        self._lose_answers()

    def _aims(self) -> list[str]:
        """The aim of each kill: each gap, commits, and moments from outside, in any order."""
        aims = []
        for number in range(self.plan.kills):
            n = self.chance.randrange(1, 9)
            kinds = [f"sending:{n}", f"received:{n}", "answering", f"commit:{4 * n}"]
            aims.append(kinds[number] if number < len(kinds) else self._any_aim(kinds))
        self.chance.shuffle(aims)
        return aims

    def _any_aim(self, kinds: list[str]) -> str:
        return self.chance.choice([*kinds, "moment", "moment", "moment", "moment"])

    def _strike(self, number: int, aim: str) -> Kill:
        """Kill the process at the moment it is aimed at, or see that it has killed itself."""
        if aim == "moment":
            time.sleep(self.chance.uniform(0.02, 0.6))
        elif aim == "answering":
            self._await_commit_without_answer()
        else:
            _until(self.relay.gone, _AIM)
        answered, at = len(self.practice.state.calls.told()), time.time()
        self.relay.kill()
        if aim == "answering":
            self._lose_answers()
        what = f"kill {number} ({aim})"
        return Kill(what=what, at=at, answered=answered, wreck=self.relay.wreck())

    def _await_commit_without_answer(self) -> None:
        """Return while the practice company keeps back the answer to a write it has committed."""
        self._control("faults", None)
        match = {"method": "POST", "path": "/v3/"}
        rule = {"match": match, "kind": "delay", "when": "after", "seconds": _KEPT_BACK}
        self._control("faults", {**rule, "rate": 1.0})
        time.sleep(_KEPT_BACK / 10)  # what was under way without the rule
        books = self.practice.state.companies[REALM]
        before = books.version
        _until(lambda: books.version != before, _AIM)

    def _lose_answers(self) -> None:
        self._control("faults", None)
        seed = self.chance.randrange(1_000_000)
        self._control("faults", {"kind": "lost_answer", "rate": self.plan.lost, "seed": seed})

    def _sort_out(self, kill: Kill | None) -> None:
        """Say where the last kill fell; the practice company has come to rest since."""
        if kill is None:
            return
        gaps = Counter(self._gap(request, kill) for request in kill.wreck.open)
        self.toll.gaps += gaps
        self.toll.between += kill.wreck.between
        found = [f"{gap} {gaps[gap]}" for gap in Gap if gaps[gap]]
        found += [f"between writes {kill.wreck.between}"] if kill.wreck.between else []
        self.toll.told.append(f"{kill.what}: {', '.join(found) or 'idle'}")

    def _gap(self, request: OpenRequest, kill: Kill) -> Gap:
        # The clock may have stepped between the sending and the kill.
        moments = [request.sent_at - offset for offset in (0.0, _STEP)]
        sent_at = max(moment for moment in moments if moment <= kill.at + 1)
        calls = [
            (number, call)
            for number, call in enumerate(self.practice.state.calls.told())
            if call["requestid"] == request.key and _at(call) > sent_at - 0.05
        ]
        if not calls:
            return Gap.BEFORE_SEND
        number, last = calls[-1]
        unanswered = last["status"] == 0 or number >= kill.answered
        return Gap.AFTER_COMMIT if unanswered else Gap.BEFORE_RECORD

    def _rest(self) -> None:
        """Wait until everything is delivered and no run is under way any more."""
        wanted = {delivery.identity for delivery in self.takings.deliveries}

        def done() -> bool:
            if not wanted <= self.senders.taken:
                return False
            counts = self.relay.counts()
            open_runs = sum(counts.get(state, 0) for state in ("queued", "running", "waiting"))
            return not counts["new"] and not open_runs

        _until(done, _PATIENCE)

    def _control(self, path: str, body: dict[str, Any] | None) -> None:
        url = f"{self.practice.control}/{path}"
        answer = (
            requests.delete(url, timeout=10)
            if body is None
            else requests.post(url, json=body, timeout=10)
        )
        assert answer.ok, answer.text


def _until(true: Callable[[], bool], seconds: float) -> None:
    """Return when it is true, or after so many seconds of waiting for other processes."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.005 if seconds <= _AIM else 0.1)


def _shares(deliveries: tuple[Delivery, ...], count: int) -> list[tuple[Delivery, ...]]:
    return [deliveries[number::count] for number in range(count)]


def _at(call: dict[str, Any]) -> float:
    return datetime.fromisoformat(call["time"]).timestamp()
