"""Plays an action against scripted answers: no store, no network."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connector.base import Books, Command, Done, Link, Linked, Need, Origin, Read, Write, Written
from connector.errors import Rejected

ACCOUNTS = [
    {"Id": "79", "Name": "Service Revenue", "AccountType": "Income"},
    {"Id": "82", "Name": "Residential Cleaning", "AccountType": "Income"},
    {"Id": "85", "Name": "Discounts Given", "AccountType": "Income"},
    {
        "Id": "90",
        "Name": "Undeposited Funds",
        "AccountType": "Other Current Asset",
        "AccountSubType": "UndepositedFunds",
    },
    {"Id": "92", "Name": "Checking", "AccountType": "Bank"},
    {"Id": "95", "Name": "Customer Deposits", "AccountType": "Other Current Liability"},
    {"Id": "96", "Name": "Tips Payable", "AccountType": "Other Current Liability"},
]
TERMS = [
    {"Id": "1", "Name": "Due on receipt", "DueDays": 0, "Type": "STANDARD"},
    {"Id": "2", "Name": "Net 15", "DueDays": 15, "Type": "STANDARD"},
    {"Id": "4", "Name": "2/10", "DueDays": 30, "DiscountPercent": 2, "Type": "STANDARD"},
    {"Id": "5", "Name": "End of month", "Type": "DATE_DRIVEN"},
]
NOW = datetime(2026, 11, 7, tzinfo=UTC)


def books(**changes: Any) -> Books:
    """A company in Boise with one mapped service."""
    row = {"match": {"service_type": "cleaning"}, "income_account": "Residential Cleaning"}
    values: dict[str, Any] = {
        "company": "1",
        "name": "Sparrow",
        "time_zone": ZoneInfo("America/Boise"),
        "rules": {"customer_name": "company_first", "name_taken": "suffix"},
        "accounts": {
            "tips": "Tips Payable",
            "deposits": "Customer Deposits",
            "discounts": "Discounts Given",
        },
        "deposit_to": {},
        "account_mapping": (row,),
        "match_keys": ("email", "phone", "name"),
        "matches": {},
        "go_live": "yes",
        "origin": Origin(
            connection="crm", event="1", identity="msg_1", type="payment.collected", received_at=NOW
        ),
        "now": NOW,
    }
    return Books(**{**values, **changes})


@dataclass(kw_only=True)
class Script:
    """The answers, and what was asked."""

    #: "kind alias" -> what the ledger has.
    linked: dict[str, Linked] = field(default_factory=dict)
    #: Part of a query -> records.
    records: dict[str, Any] = field(default_factory=dict)
    #: What the next writes meet: a refusal's code, or facts to add to the answer.
    answers: list[str | Mapping[str, Any]] = field(default_factory=list)
    preferences: Mapping[str, Any] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)

    def play(
        self,
        action: Callable[[Mapping[str, Any], Books], Generator[Command, Any, Done]],
        fields: Mapping[str, Any],
        of: Books | None = None,
    ) -> Done:
        """Run the action to its end."""
        going = action(fields, of or books())
        try:
            command = next(going)
            while True:
                try:
                    answer = self._answer(command)
                except Rejected as refusal:
                    command = going.throw(refusal)
                else:
                    command = going.send(answer)
        except StopIteration as end:
            done: Done = end.value
            return done

    def body(self, path: str) -> Mapping[str, Any]:
        """The body of the last write to `path`."""
        return [write.body for write in self.writes if write.path == path][-1]

    def _answer(self, command: Command) -> Any:
        match command:
            case Need(document=document):
                for alias in document.aliases:
                    if (found := self.linked.get(f"{document.kind} {alias}")) is not None:
                        return found
                return None
            case Read(query=query):
                return self._read(query)
            case Link(linked=linked):
                self.links.append(command)
                return linked
            case Write():
                return self._write(command)

    def _read(self, query: str) -> tuple[Any, ...]:
        lists = {
            "select * from Account": ACCOUNTS,
            "select * from Term": TERMS,
            "select * from PaymentMethod": [{"Id": "3", "Name": "Credit Card"}],
            "select * from Item": self.items,
            "preferences": [self.preferences],
        }
        if query in lists:
            return tuple(lists[query])
        self.reads.append(query)
        return tuple(next((r for part, r in self.records.items() if part in query), ()))

    def _write(self, write: Write) -> Written:
        self.writes.append(write)
        met = self.answers.pop(0) if self.answers and write.path != "item" else {}
        if isinstance(met, str):
            code, _, detail = met.partition(" ")
            raise Rejected("refused", code=code, detail=detail)
        number = f"new-{len(self.writes)}"
        return Written(id=number, facts={**write.facts, **met})


def customer(number: str, name: str, email: str = "", **more: Any) -> dict[str, Any]:
    """A customer of QuickBooks."""
    made: dict[str, Any] = {"Id": number, "DisplayName": name, "Active": True, **more}
    if email:
        made["PrimaryEmailAddr"] = {"Address": email}
    return made
