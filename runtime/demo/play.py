"""Plays the sample week: starts the processes, delivers, waits, and checks the books."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from connector.signatures import sign_standard, sign_stripe
from runtime.demo import expected
from runtime.demo.crm import Crm
from runtime.demo.deliveries import Delivery, Way
from runtime.demo.folder import fresh, write_setup
from runtime.demo.ledger import Ledger
from runtime.demo.processes import Child, run, wait_until
from runtime.demo.report import Outcome, report
from runtime.demo.trouble import Interrupted, Signals, Trouble
from runtime.demo.week import distinct, week

REALM = "9341455600000001"
#: Made up, and good for this machine only.
CRM_SECRET = "whsec_Ym9va3JlbGF5LWRlbW8tc2VjcmV0LWtleSE="  # noqa: S105
STRIPE_SECRET = "whsec_demo_of_stripe"  # noqa: S105
CRM_TOKEN = "demo-token"  # noqa: S105
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the demonstration is given by the command."""

    #: The data folder, made anew.
    folder: Path
    #: How to start this program as another process.
    program: Sequence[str]
    #: How the user calls it, for hints.
    called: str
    #: Stay up after the report.
    serve: bool
    #: Progress.
    tell: Callable[[str], None]
    #: Results.
    show: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays: the practice company, Bookrelay and the CRM."""

    #: The first line of the practice company.
    company: Mapping[str, Any]
    #: Where Bookrelay listens.
    url: str
    crm: Crm
    children: tuple[Child, ...]
    http: requests.Session

    def check(self) -> None:
        """Raises Trouble when one of them has ended."""
        for child in self.children:
            child.check()

    def ledger(self) -> Ledger:
        """The practice company's books as they are now."""
        return Ledger(self._get(f"{self.company['control']}/books/{REALM}"))

    def counts(self) -> dict[str, int]:
        """How many runs are in each state, by Bookrelay's own metrics."""
        text = self.http.get(f"{self.url}/metrics", timeout=_TIMEOUT).text
        rows = [line for line in text.splitlines() if line.startswith("bookrelay_runs{")]
        return {row.split('"')[1]: int(float(row.split()[-1])) for row in rows}

    def _get(self, url: str) -> Any:
        return json.loads(self.http.get(url, timeout=_TIMEOUT).content, parse_float=Decimal)


def demonstrate(stage: Stage) -> bool:
    """Play the week; whether the books are as they must be. Raises Trouble.

    Every process that was started is stopped before this returns or raises.
    """
    try:
        with Signals() as signals, fresh(stage.folder), ExitStack() as stack:
            cast = _gather(stage, signals, stack)
            right = _perform(stage, cast)
            if stage.serve:
                _stay(stage, cast)
            return right
    except Interrupted:
        raise Trouble("Interrupted. Everything that the demo started is stopped.") from None
    except requests.RequestException as error:
        raise Trouble(f"A part of the demo does not answer: {error}") from error


def _gather(stage: Stage, signals: Signals, stack: ExitStack) -> Cast:
    stage.tell("Starting a practice company and a Bookrelay ...")
    books = stage.folder / "practice"
    practice = ["practice", "--port", "0", "--data", str(books)]
    serve = ["serve", "--port", "0", "--data", str(stage.folder)]
    crm = stack.enter_context(Crm(CRM_TOKEN))
    http = stack.enter_context(requests.Session())
    http.trust_env = False  # a proxy has no business between processes of one machine
    children = tuple(
        stack.enter_context(Child(words[0], [*stage.program, *words], stage.folder, signals))
        for words in (practice, serve)
    )
    return Cast(
        company=json.loads(children[0].first_line()),
        url=children[1].first_line().split()[-1],
        crm=crm,
        children=children,
        http=http,
    )


def _perform(stage: Stage, cast: Cast) -> bool:
    before = cast.ledger().people()
    _set_up(stage, cast)
    deliveries = week()
    answers = _deliver(stage, cast, deliveries)
    _wait(stage, cast, distinct(deliveries))
    ledger = cast.ledger()
    wanted = expected.of(distinct(deliveries))
    outcome = Outcome(
        deliveries=deliveries,
        answers=answers,
        runs=_records(stage, "runs"),
        events=_records(stage, "events"),
        ledger=ledger,
        before=before,
        wanted=wanted,
        differences=expected.differences(ledger.books(before), wanted),
        setup=stage.folder / "setup.yaml",
        release=f"{stage.called} setup {stage.folder / 'setup.yaml'} --data {stage.folder}",
    )
    stage.show(report(outcome))
    return not outcome.differences


def _set_up(stage: Stage, cast: Cast) -> None:
    company = cast.company
    values = {
        "program": stage.called,
        "crm_secret": CRM_SECRET,
        "crm_url": cast.crm.url,
        "crm_token": CRM_TOKEN,
        "stripe_secret": STRIPE_SECRET,
        "realm": REALM,
        **{key: company[key] for key in ("client_id", "client_secret", "refresh_token")},
        **{key: company[key] for key in ("api", "token")},
    }
    path = write_setup(stage.folder, values)
    stage.tell(f"Applying {path} ...")
    stage.tell(run([*stage.program, "setup", str(path), "--data", str(stage.folder)]).rstrip())


def _deliver(stage: Stage, cast: Cast, deliveries: tuple[Delivery, ...]) -> list[str]:
    """Deliver the week; what Bookrelay answered to each (`lost` for what the CRM only lists)."""
    answers = []
    for each in deliveries:
        answer = "lost" if each.way is Way.POLL else _post(cast, each)
        stage.tell(f"  {each.at.replace('T', ' ')}  {each.words}: {answer}")
        answers.append(answer)
    # Once the list was asked for, the first poll has set the baseline from which events count.
    wait_until(lambda: cast.crm.asked > 0, "Bookrelay did not poll the CRM", checks=(cast.check,))
    for each in distinct(deliveries):
        if each.connection == "leadexploder":
            cast.crm.publish({"id": each.identity, **each.event})
    return answers


def _post(cast: Cast, delivery: Delivery) -> str:
    raw = json.dumps(delivery.event).encode()
    now = int(time.time())
    if delivery.connection == "stripe":
        signed = sign_stripe(STRIPE_SECRET, now, raw)
    else:
        signed = sign_standard(CRM_SECRET, delivery.identity, now, raw)
    answer = cast.http.post(
        f"{cast.url}/hooks/{delivery.connection}",
        data=raw,
        headers={"Content-Type": "application/json", **signed},
        timeout=_TIMEOUT,
    )
    if answer.status_code != 200:
        raise Trouble(f"Bookrelay refused {delivery.words} ({answer.status_code}): {answer.text}")
    return str(answer.json()["status"])


def _wait(stage: Stage, cast: Cast, events: tuple[Delivery, ...]) -> None:
    """Until every event that starts a recipe has come to its end."""
    stage.tell("Waiting until all is done ...")
    due = sum(each.type in expected.STARTING for each in events)

    def done() -> bool:
        counts = cast.counts()
        open_ = sum(counts.get(state, 0) for state in ("queued", "running", "waiting"))
        return not open_ and sum(counts.values()) >= due

    wait_until(done, "The week was not booked", checks=(cast.check,), seconds=40.0)


def _records(stage: Stage, what: str) -> list[dict[str, Any]]:
    told = run([*stage.program, what, "list", "--json", "--data", str(stage.folder)])
    records: list[dict[str, Any]] = json.loads(told)
    return records


def _stay(stage: Stage, cast: Cast) -> None:
    """Until Ctrl-C, or until one of the processes ends by itself (Trouble)."""
    stage.show(f"\nBookrelay:            {cast.url}/")
    stage.show(f"Practice company:     {cast.company['api']}/books/{REALM}")
    stage.show("Both stay up. Press Ctrl-C to stop them.")
    try:
        while True:
            time.sleep(0.2)
            cast.check()
    except Interrupted:
        stage.tell("Stopping.")
