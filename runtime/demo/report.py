"""The printed outcome of the sample week: plain text for 100 columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from runtime.demo.deliveries import ZERO, Delivery, Way
from runtime.demo.expected import Books
from runtime.demo.ledger import Ledger, money

WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that there is to tell."""

    deliveries: tuple[Delivery, ...]
    #: What Bookrelay answered to each delivery.
    answers: Sequence[str]
    #: In the form of `runs list --json` and `events list --json`.
    runs: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    ledger: Ledger
    #: Customers that were there before.
    before: frozenset[str]
    wanted: Books
    #: Sentences; empty when the books are right.
    differences: Sequence[str]
    setup: Path
    #: The command that puts the setup file in force.
    release: str


def report(outcome: Outcome) -> str:
    """The whole text."""
    parts = (
        _delivered(outcome),
        _customers(outcome),
        _invoices(outcome, "Paid invoices", paid=True),
        _invoices(outcome, "Open invoices", paid=False),
        _estimates(outcome),
        _skipped(outcome),
        _income(outcome),
        _verdict(outcome),
        _holds(outcome),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _delivered(outcome: Outcome) -> list[str]:
    counts = Counter(outcome.answers)
    first, last = outcome.deliveries[0], outcome.deliveries[-1]
    lost = [each.words for each in outcome.deliveries if each.way is Way.POLL]
    return [
        f"Delivered: {len(outcome.deliveries)} messages from {first.at[:10]} to {last.at[:10]}",
        f"  {counts['stored']:>3} stored",
        f"  {counts['duplicate']:>3} duplicate  told again by the sender; nothing was done twice",
        f"  {counts['ignored']:>3} ignored    {_notes(outcome)}",
        f"  {len(lost):>3} lost       its webhook never came; found by the poll:",
        *(f"{' ' * 17}{words}" for words in lost),
        *(f"  Stripe told of the 475.00 before the CRM did: {met}" for met in _met(outcome)),
    ]


def _met(outcome: Outcome) -> list[str]:
    """What became of the processor's confirmation."""
    confirmed = [one for one in outcome.runs if one["recipe"] == "payment-confirmed-by-processor"]
    found = [step["quickbooks"] for run in confirmed for step in run["steps"] if step["quickbooks"]]
    return [f"it met payment {one['id']} and made none." for one in found]


def _notes(outcome: Outcome) -> str:
    return "; ".join(str(one["note"]) for one in outcome.events if one["status"] == "ignored")


def _customers(outcome: Outcome) -> list[str]:
    ledger = outcome.ledger
    new = sorted(ledger.name(one) for one in ledger.people() - outcome.before)
    billed = {ledger.customer(one) for one in (*ledger.invoices(), *ledger.estimates())}
    found = sorted(billed - set(new))
    return [
        f"Customers: {len(new)} new, {len(found)} found in the books",
        *_wrapped("new    ", ", ".join(new)),
        *_wrapped("found  ", ", ".join(found) + " (by e-mail address)"),
    ]


def _invoices(outcome: Outcome, title: str, *, paid: bool) -> list[str]:
    ledger = outcome.ledger
    rows = [
        (
            str(one.get("DocNumber")),
            ledger.customer(one),
            _accounts(ledger.accounts_of(one)),
            str(money(one, "TotalAmt")),
            str(money(one)),
        )
        for one in ledger.invoices()
        if (money(one) == 0) is paid
    ]
    if not rows:
        return [f"{title}: none"]
    head = ("No.", "Customer", "Accounts", "Total", "Balance")
    return [f"{title}: {len(rows)}", *_table(head, rows, right=(3, 4))]


def _accounts(amounts: Mapping[str, Decimal]) -> str:
    if len(amounts) == 1:
        return next(iter(amounts))
    return ", ".join(f"{name} {amount}" for name, amount in amounts.items())


def _estimates(outcome: Outcome) -> list[str]:
    ledger = outcome.ledger
    rows = [
        (
            str(one["DocNumber"]),
            ledger.customer(one),
            "invoiced" if one["TxnStatus"] == "Closed" else "open",
            str(money(one, "TotalAmt")),
        )
        for one in ledger.estimates()
    ]
    pending = sum((money(e, "TotalAmt") for e in ledger.estimates() if _open(e)), ZERO)
    head = ("No.", "Customer", "State", "Total")
    table = _table(head, rows, right=(3,))
    return [f"Estimates: {len(rows)}, of which {pending} is still open", *table]


def _open(estimate: Mapping[str, Any]) -> bool:
    return bool(estimate["TxnStatus"] != "Closed")


def _skipped(outcome: Outcome) -> list[str]:
    told = {one["id"]: one for one in outcome.events}
    words = {each.identity: each.words for each in outcome.deliveries if each.way is not Way.AGAIN}
    skipped = [run for run in outcome.runs if run["state"] == "skipped"]
    lines = [f"Skipped: {len(skipped)}"]
    for reason in dict.fromkeys(str(run["error"]) for run in skipped):
        lines += _wrapped("because ", reason)
        names = [words[told[run["event"]]["identity"]] for run in skipped if run["error"] == reason]
        lines += [f"    {name}" for name in names]
    return lines


def _income(outcome: Outcome) -> list[str]:
    totals = outcome.ledger.totals()
    income = {name: each for name, each in totals.items() if outcome.ledger.is_income(name)}
    rest = {name: each for name, each in totals.items() if name not in income}
    total = sum(income.values(), ZERO)
    rows = [(name, f"{income[name]:,}") for name in sorted(income)]
    rows.append(("Total", f"{total:,}"))
    told = ["Income by account", *_table((), rows, right=(1,))]
    told += [f"  Not income: {name} {amount:,}" for name, amount in sorted(rest.items())]
    return told


def _verdict(outcome: Outcome) -> list[str]:
    if outcome.differences:
        return [
            "The books are NOT what the events say:",
            *(line for one in outcome.differences for line in _wrapped("", one)),
        ]
    wanted = outcome.wanted
    sentence = (
        f"Checked against the events: {len(wanted.invoices)} invoices, {len(wanted.payments)} "
        f"payments, {len(wanted.estimates)} estimates and every account agree to the cent, each "
        "exactly once."
    )
    return textwrap.wrap(sentence, WIDTH)


def _holds(outcome: Outcome) -> list[str]:
    held = [run for run in outcome.runs if run["hold"]]
    if not held:
        return ["Nothing is held."]
    told = [f"Held for a person: {len(held)}"]
    for run in held:
        told += _wrapped(f"run {run['id']}  ", run["hold"]["sentence"])
        told += _wrapped("fix     ", run["hold"]["fix"])
    return [
        *told,
        f"  That row stands, commented out, in {outcome.setup}. While the demo stays up (--serve),",
        "  remove the # in front of its two lines and run:",
        f"    {outcome.release}",
    ]


def _wrapped(label: str, text: str) -> list[str]:
    lines = textwrap.wrap(text, WIDTH - 2 - len(label)) or [""]
    first = f"  {label}{lines[0]}"
    return [first, *(" " * (2 + len(label)) + line for line in lines[1:])]


def _table(
    head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
) -> list[str]:
    """Rows under a heading, as wide as they need to be; the columns `right` are figures."""
    texts = [tuple(each) for each in ([head] if head else [])] + [tuple(row) for row in rows]
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]))] if texts else []
    return [
        "  "
        + "  ".join(
            cell.rjust(widths[i]) if i in right else cell.ljust(widths[i])
            for i, cell in enumerate(row)
        ).rstrip()
        for row in texts
    ]
