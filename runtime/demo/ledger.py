"""Reads the practice company's books, as a bookkeeper would look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from runtime.demo.expected import Books

CENT = Decimal("0.01")


class Ledger:
    """All records of one company, as its control API gives them."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._records = told["records"]
        self._names: Mapping[str, str] = told["account_names"]
        self._kinds = {one["Id"]: one["AccountType"] for one in self.all("Account")}
        self._items = {one["Id"]: one for one in self.all("Item")}
        self._people: Mapping[str, str] = {
            one["Id"]: one["DisplayName"] for one in self.all("Customer")
        }

    def all(self, entity: str) -> list[dict[str, Any]]:
        """Every record of an entity, active or not."""
        return list(self._records.get(entity, ()))

    def customer(self, document: Mapping[str, Any]) -> str:
        """Name of a document's customer."""
        return self._people[document["CustomerRef"]["value"]]

    def name(self, customer: str) -> str:
        """Name of a customer by id."""
        return self._people[customer]

    def accounts_of(self, invoice: Mapping[str, Any]) -> dict[str, Decimal]:
        """What an invoice adds to each account, by the items of its lines."""
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for line in invoice["Line"]:
            account, amount = self._posting(line)
            if account:
                totals[self._names[account]] += amount
        return {name: total.quantize(CENT) for name, total in totals.items()}

    def is_income(self, name: str) -> bool:
        """Whether the account of this name counts as income."""
        return any(self._kinds[i] == "Income" for i, one in self._names.items() if one == name)

    def invoices(self) -> list[dict[str, Any]]:
        """All invoices by number."""
        return sorted(self.all("Invoice"), key=lambda one: str(one.get("DocNumber")))

    def estimates(self) -> list[dict[str, Any]]:
        """All estimates by number."""
        return sorted(self.all("Estimate"), key=lambda one: str(one.get("DocNumber")))

    def totals(self) -> dict[str, Decimal]:
        """What all invoices together added to each account."""
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for invoice in self.invoices():
            for name, amount in self.accounts_of(invoice).items():
                totals[name] += amount
        return dict(totals)

    def people(self) -> frozenset[str]:
        """Ids of all customers."""
        return frozenset(self._people)

    def books(self, before: frozenset[str]) -> Books:
        """The books as they are compared with the events; `before` are the customers of old."""
        numbers = {one["Id"]: str(one.get("DocNumber")) for one in self.all("Invoice")}
        return Books(
            customers=self._customers(before),
            invoices=tuple(
                (numbers[one["Id"]], self.customer(one), money(one, "TotalAmt"), money(one))
                for one in self.invoices()
            ),
            payments=tuple(
                sorted(
                    (numbers[link["TxnId"]], money(line, "Amount"))
                    for payment in self.all("Payment")
                    for line in payment["Line"]
                    for link in line["LinkedTxn"]
                )
            ),
            estimates=tuple(
                (
                    str(one["DocNumber"]),
                    self.customer(one),
                    money(one, "TotalAmt"),
                    one["TxnStatus"],
                )
                for one in self.estimates()
            ),
            accounts=self.totals(),
        )

    def _customers(self, before: frozenset[str]) -> tuple[str, ...]:
        """Those that were made since, and those that have a document."""
        documents = [*self.invoices(), *self.estimates()]
        billed = {one["CustomerRef"]["value"] for one in documents}
        return tuple(sorted(self._people[one] for one in billed | (self.people() - before)))

    def _posting(self, line: Mapping[str, Any]) -> tuple[str, Decimal]:
        """Account id and amount of a line; no id where it only sums up."""
        amount = money(line, "Amount")
        if line["DetailType"] == "DiscountLineDetail":
            return line["DiscountLineDetail"]["DiscountAccountRef"]["value"], -amount
        if line["DetailType"] != "SalesItemLineDetail":
            return "", amount
        item = self._items[line["SalesItemLineDetail"]["ItemRef"]["value"]]
        return item["IncomeAccountRef"]["value"], amount


def money(record: Mapping[str, Any], key: str = "Balance") -> Decimal:
    """An amount of a record, to the cent."""
    return Decimal(str(record.get(key, 0))).quantize(CENT)
