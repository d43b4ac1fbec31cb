"""Drives a Bookrelay in this process against a practice company over HTTP."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from ruamel.yaml import YAML

from app import Options, build, create_app, heart_of
from connector.practice.server import Running
from connector.signatures import sign_standard, sign_stripe
from runtime import history
from runtime.clock import Observe, SetClock
from runtime.commands.setup import apply_plan
from runtime.setup import read_setup
from runtime.store import runs

SAMPLES = Path(__file__).parent.parent / "connector"
REALM = "9341455600000001"
SECRET = "whsec_c3BhcnJvdy0yNC1ieXRlLW1pbi1zZWNyZXQta2V5ISE="
STRIPE_SECRET = "whsec_example_stripe_secret"

MAPPING = [
    {"match": {"service_type": "residential_cleaning"}, "income_account": "Residential Cleaning"},
    {"match": {"service_type": "plumbing"}, "income_account": "Plumbing Revenue"},
    {"match": {"service_type": "water_heater"}, "income_account": "Water Heater Revenue"},
    {"match": {"category": "retail"}, "income_account": "Product Revenue", "taxable": True},
]


def sample(name: str) -> dict[str, Any]:
    """A sample payload that ships beside its connector."""
    found: dict[str, Any] = json.loads((SAMPLES / name).read_text())
    return found


def payment_event() -> dict[str, Any]:
    """The 475.00 residential cleaning."""
    return copy.deepcopy(sample("leadexploder/samples/std_payment_collected.json"))


class Harness:
    """One Bookrelay."""

    def __init__(
        self,
        practice: Running,
        data: Path,
        *,
        now: datetime,
        observe: Observe | None = None,
    ) -> None:
        self.practice = practice
        self.data = data
        self.clock = SetClock(now)
        requests.post(f"{practice.control}/clock", json={"now": now.isoformat()}, timeout=5)
        self.relay = build(Options(data=data, environment={}), clock=self.clock, observe=observe)
        self.read_recipes()
        self.relay.liveness.begin()
        self.heart = heart_of(self.relay)
        self.web = create_app(self.relay).test_client()
        self.sent = 0

    def again(self, observe: Observe | None = None) -> None:
        """What a new process after a kill does: nothing is handed over but the data folder."""
        self.relay.liveness.abandon()
        self.relay.database.close()
        self.relay = build(
            Options(data=self.data, environment={}), clock=self.clock, observe=observe
        )
        self.read_recipes()
        self.relay.liveness.begin()
        self.heart = heart_of(self.relay)
        self.web = create_app(self.relay).test_client()

    def close(self) -> None:
        self.relay.liveness.end()
        self.relay.database.close()

    def setup(self, company: Mapping[str, Any] | None = None, **top: Any) -> None:
        """Apply the setup of the fixture company, with `company`'s keys over it."""
        body: dict[str, Any] = {
            "connections": {
                "leadexploder": {"webhook_secret": SECRET},
                "stripe": {"webhook_secret": STRIPE_SECRET},
            },
            "company": {
                "name": "Sparrow Home Services LLC",
                "time_zone": "America/Boise",
                "quickbooks": {
                    "environment": "practice",
                    "client_id": self.practice.client_id,
                    "client_secret": self.practice.client_secret,
                    "refresh_token": self.practice.refresh_token,
                    "realm_id": REALM,
                    "api_base": self.practice.api,
                    "token_url": self.practice.token,
                    "limits": "off",
                },
                "accounts": {
                    "deposits": "Customer Deposits",
                    "tips": "Tips Payable",
                    "discounts": "Discounts Given",
                    "fees": "Merchant Fees",
                },
                "account_mapping": MAPPING,
                "go_live": "yes",
                **(company or {}),
            },
            **top,
        }
        self.apply(body)

    def apply(self, body: Mapping[str, Any]) -> None:
        """Apply a setup file with this content."""
        path = self.data / "setup.yaml"
        with path.open("w") as file:
            YAML(typ="safe").dump(dict(body), file)
        existing = self.relay.settings.current()
        plan, problems = read_setup(path.read_text(), "setup.yaml", existing=existing)
        assert plan is not None, problems
        apply_plan(self.relay, plan)

    def post(
        self,
        event: Mapping[str, Any],
        *,
        identity: str = "",
        connection: str = "leadexploder",
    ) -> dict[str, Any]:
        """Deliver an event through the real webhook; the answer must be 200."""
        raw = json.dumps(event).encode()
        at = int(self.clock.now().timestamp())
        self.sent += 1
        if connection == "stripe":
            headers = sign_stripe(STRIPE_SECRET, at, raw)
        else:
            headers = sign_standard(SECRET, identity or f"msg_{self.sent}", at, raw)
        answer = self.web.post(f"/hooks/{connection}", data=raw, headers=headers)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def work(self) -> int:
        """Do all that is due now."""
        return self.relay.workers.drain()

    def tick(self) -> None:
        """What the scheduler does every second, and once more where a file was just saved."""
        self.heart.tick()
        if self.relay.shelf.unsettled:
            self.heart.tick()

    def read_recipes(self) -> None:
        """Look at the recipe files until none may be half saved any more."""
        self.relay.shelf.refresh()
        if self.relay.shelf.unsettled:
            self.relay.shelf.refresh()

    def settle(self, seconds: float = 700.0, step: float = 10.0) -> None:
        """Let time pass until nothing is due any more, or `seconds` are over."""
        for _ in range(int(seconds / step)):
            self.tick()
            self.work()
            counts = self.relay.database.read(runs.counts)
            if not counts.get("waiting") and not counts.get("queued"):
                return
            self.clock.move(step)

    def runs(self) -> list[dict[str, Any]]:
        """All runs, in the form of `runs --json`."""
        return self.relay.database.read(history.all_runs)

    def holds(self) -> list[dict[str, Any]]:
        """All holds, in the form of `holds --json`."""
        return self.relay.database.read(history.all_holds)

    # What stands in QuickBooks

    def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call the practice company's control API."""
        url = f"{self.practice.control}/{path}"
        if body is None:
            return requests.get(url, timeout=10).json()
        answer = requests.post(url, json=body, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def books(self, realm: str = REALM) -> dict[str, Any]:
        """Everything in a company."""
        found: dict[str, Any] = self.control(f"books/{realm}")
        return found

    def records(self, entity: str) -> list[dict[str, Any]]:
        """All records of an entity."""
        found = self.books()["records"].get(entity, [])
        return list(found.values()) if isinstance(found, dict) else list(found)

    def calls(self) -> list[dict[str, Any]]:
        """The call log, tokens left out."""
        log = self.control("calls")
        rows = log["calls"] if isinstance(log, dict) else log
        return [row for row in rows if "/v3/" in row["path"]]
