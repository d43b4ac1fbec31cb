"""What must stand in the books after the week, told by the events alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from runtime.demo.deliveries import ZERO, Delivery

#: Income account by service type or category, as the owner of the firm wants it.
ACCOUNTS = {
    "residential_cleaning": "Residential Cleaning",
    "plumbing": "Plumbing Revenue",
    "water_heater": "Water Heater Revenue",
    "maintenance_plan": "Recurring Service Revenue",
    "retail": "Product Revenue",
}
DISCOUNTS, TIPS = "Discounts Given", "Tips Payable"
#: Events that start a shipped recipe.
STARTING = frozenset(
    {
        "contact.created",
        "estimate.accepted",
        "job.closed",
        "payment.collected",
        "payment_intent.succeeded",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A set of books, reduced to what is compared. Money in dollars."""

    #: Names of the customers that the week made or billed.
    customers: tuple[str, ...]
    #: (number, customer, total, balance) of each invoice, by number.
    invoices: tuple[tuple[str, str, Decimal, Decimal], ...]
    #: (invoice number, amount) of each payment.
    payments: tuple[tuple[str, Decimal], ...]
    #: (number, customer, total, status) of each estimate.
    estimates: tuple[tuple[str, str, Decimal, str], ...]
    #: What each account took in; discounts are negative.
    accounts: Mapping[str, Decimal]


def of(events: tuple[Delivery, ...]) -> Books:
    """The books that these events must lead to, each given once."""
    collected = [each.event["data"] for each in events if each.type == "payment.collected"]
    # What is held has its customer already: a recipe makes sure of the customer first.
    paid = [data for data in collected if _is_mapped(data)]
    accepted = [each.event["data"] for each in events if each.type == "estimate.accepted"]
    payments = sorted((data["invoice"]["number"], _money(data["payment"])) for data in paid)
    invoices = {data["invoice"]["number"]: data for data in paid}
    invoiced = {data["invoice"].get("estimate_id") for data in paid}
    return Books(
        customers=tuple(sorted({data["contact"]["name"] for data in (*collected, *accepted)})),
        invoices=tuple(_invoice(invoices[number], payments) for number in sorted(invoices)),
        payments=tuple(payments),
        estimates=tuple(sorted(_estimate(data, invoiced) for data in accepted)),
        accounts=_accounts(invoices.values()),
    )


def differences(books: Books, wanted: Books) -> list[str]:
    """A sentence for everything in which the books are not as they must be."""
    told = []
    for what in ("customers", "invoices", "payments", "estimates"):
        stand, must = list(getattr(books, what)), list(getattr(wanted, what))
        for one in must:
            if stand.count(one) != must.count(one):
                told.append(
                    f"{what}: {_words(one)} must stand {_times(must.count(one))} in the books, "
                    f"but stands {_times(stand.count(one))}."
                )
        told += [f"{what}: {_words(one)} has no event." for one in stand if one not in must]
    for name in sorted({*books.accounts, *wanted.accounts}):
        stands, due = books.accounts.get(name, ZERO), wanted.accounts.get(name, ZERO)
        if stands != due:
            told.append(f"account {name}: the events say {due}, the books {stands}.")
    return list(dict.fromkeys(told))


def _is_mapped(data: Mapping[str, Any]) -> bool:
    return all(_chooser(line) in ACCOUNTS for line in data["invoice"]["lines"])


def _chooser(line: Mapping[str, Any]) -> str:
    return str(line.get("service_type") or line.get("category"))


def _money(holder: Mapping[str, Any], key: str = "amount") -> Decimal:
    return Decimal(holder.get(key) or "0.00")


def _invoice(
    data: Mapping[str, Any], payments: list[tuple[str, Decimal]]
) -> tuple[str, str, Decimal, Decimal]:
    number, total = data["invoice"]["number"], _money(data["invoice"], "total")
    paid = sum((amount for invoice, amount in payments if invoice == number), ZERO)
    return number, data["contact"]["name"], total, total - paid


def _estimate(data: Mapping[str, Any], invoiced: set[str | None]) -> tuple[str, str, Decimal, str]:
    estimate = data["estimate"]
    status = "Closed" if estimate["id"] in invoiced else "Accepted"
    return estimate["number"], data["contact"]["name"], _money(estimate, "total"), status


def _accounts(paid: Any) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for data in paid:
        for line in data["invoice"]["lines"]:
            totals[ACCOUNTS[_chooser(line)]] += _money(line)
        totals[DISCOUNTS] -= _money(data["invoice"], "discount")
        totals[TIPS] += _money(data["invoice"], "tip")
    return {name: total for name, total in totals.items() if total}


def _words(one: Any) -> str:
    return one if isinstance(one, str) else ", ".join(map(str, one))


def _times(count: int) -> str:
    return {0: "not at all", 1: "once"}.get(count, f"{count} times")
