"""Nothing lost, nothing doubled: a serving process is killed twenty times in a day of payments."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.answers import start
from tests.flows.siege import Gap, Plan, Siege


def _number(name: str, default: int) -> int:
    return int(os.environ.get(f"BOOKRELAY_TORTURE_{name}") or default)


def _seed() -> int:
    return int(os.environ.get("BOOKRELAY_KILL_SEED") or secrets.randbelow(1_000_000))


@pytest.mark.parametrize("replay", [True, False], ids=["replay", "no-replay"])
def test_twenty_kills_lose_and_double_nothing(
    replay: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(events=200, kills=20, lost=0.05, replay=replay, seed=_seed())
    _besiege(plan, tmp_path, capsys)


@pytest.mark.torture
@pytest.mark.parametrize("number", range(_number("ROUNDS", 3)))
@pytest.mark.parametrize("replay", [True, False], ids=["replay", "no-replay"])
def test_torture(
    replay: bool, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(
        events=_number("EVENTS", 1000),
        kills=_number("KILLS", 60),
        lost=float(os.environ.get("BOOKRELAY_TORTURE_LOST") or 0.1),
        replay=replay,
        seed=_seed() + number,
    )
    _besiege(plan, tmp_path, capsys)


def _besiege(plan: Plan, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    print(plan)
    with start() as practice:
        siege = Siege(practice, folder, plan)
        before = siege.books()
        try:
            siege.run()
            seconds = time.monotonic() - began
            print("\n".join(siege.toll.told))
            after = siege.books()
            with capsys.disabled():
                print(f"\n{_summary(siege, before, after, seconds)}", end=" ")
            _check_runs(siege)
            _check_books(siege, before, after)
        finally:
            siege.end()
    assert all(siege.toll.gaps[gap] for gap in Gap), siege.toll.gaps


def _check_runs(siege: Siege) -> None:
    """Every event was stored once and has one run, which ended well without help."""
    listed: list[Mapping[str, Any]] = json.loads(siege.relay.command("events", "list", "--json"))
    runs: list[Mapping[str, Any]] = json.loads(siege.relay.command("runs", "list", "--json"))
    wanted = sorted(delivery.identity for delivery in siege.takings.deliveries)
    assert sorted(event["identity"] for event in listed) == wanted
    assert {len(event["runs"]) for event in listed} == {1}
    troubled = [run for run in runs if run["state"] != "succeeded"]
    assert not troubled, json.dumps(troubled[:3], indent=1)
    assert len(runs) == siege.plan.events
    assert not siege.relay.rows("SELECT * FROM requests WHERE state IN ('sent', 'unsent')")
    assert not siege.relay.rows("SELECT * FROM documents WHERE state = 'open'")
    assert json.loads(siege.relay.command("holds", "list", "--json")) == []


def _check_books(siege: Siege, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    takings = siege.takings
    invoices, payments = _new("Invoice", before, after), _new("Payment", before, after)
    assert not _doubled(invoices, "DocNumber")
    assert not _doubled(payments, "PaymentRefNum")
    totals = {invoice["DocNumber"]: _money(invoice["TotalAmt"]) for invoice in invoices}
    assert totals == takings.totals
    assert {_money(invoice["Balance"]) for invoice in invoices} == {Decimal(0)}
    people = {c["Id"]: c for c in after["records"]["Customer"]}
    payers = {
        invoice["DocNumber"]: people[invoice["CustomerRef"]["value"]]["PrimaryEmailAddr"][
            "Address"
        ].lower()
        for invoice in invoices
    }
    assert payers == takings.payers
    assert len(_new("Customer", before, after)) == len(set(takings.payers.values())) - 1  # Dana
    assert sum(_money(p["TotalAmt"]) for p in payments) == sum(takings.totals.values())
    assert all(_money(p.get("UnappliedAmt", 0)) == 0 for p in payments)
    assert len(_new("Item", before, after)) <= len(takings.income)
    assert _income(before, after) == takings.income


def _summary(
    siege: Siege, before: Mapping[str, Any], after: Mapping[str, Any], seconds: float
) -> str:
    plan, toll = siege.plan, siege.toll
    invoices, payments = _new("Invoice", before, after), _new("Payment", before, after)
    paid = sum(1 for invoice in invoices if _money(invoice["Balance"]) == 0)
    doubled = _doubled(invoices, "DocNumber") + _doubled(payments, "PaymentRefNum")
    booked = {invoice["DocNumber"] for invoice in invoices if _money(invoice["Balance"]) == 0}
    lost = len(set(siege.takings.totals) - booked)
    gaps = ", ".join(f"{gap} {toll.gaps[gap]}" for gap in Gap)
    calls = siege.practice.state.calls.told()
    unanswered = sum(call["fault"] == "lost_answer" for call in calls)
    return (
        f"kills (requestid replay {'on' if plan.replay else 'off'}, seed {plan.seed}): "
        f"{plan.events} events, {plan.kills} kills ({gaps}, between writes {toll.between}), "
        f"{unanswered} of {len(calls)} answers lost, {siege.senders.failed} deliveries repeated; "
        f"{paid} paid invoices, {len(payments)} payments, "
        f"{len(_new('Customer', before, after))} customers, {doubled} doubled, {lost} lost, "
        f"{seconds:.0f} s"
    )


def _new(entity: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    there = {record["Id"] for record in before["records"][entity]}
    return [record for record in after["records"][entity] if record["Id"] not in there]


def _doubled(records: list[dict[str, Any]], name: str) -> int:
    return sum(count - 1 for count in Counter(record[name] for record in records).values())


def _income(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Decimal]:
    names = after["account_names"]
    gained = {
        names[account]: Decimal(total) - Decimal(before["income_by_account"].get(account, 0))
        for account, total in after["income_by_account"].items()
    }
    return {name: total for name, total in gained.items() if total}


def _money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
