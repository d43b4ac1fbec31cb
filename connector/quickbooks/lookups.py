"""Reads that actions share: accounts, terms, payment methods, preferences. All may be cached."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from connector.base import DAY, Command, Read, Record
from connector.errors import Hold
from connector.quickbooks.names import normal

T = TypeVar("T")
#: Part of an action: yields commands, is sent answers, gives a T.
Part: TypeAlias = Generator[Command, Any, T]

ACCOUNTS, ITEMS, TERMS, METHODS, PREFERENCES = (
    "select * from Account",
    "select * from Item",
    "select * from Term",
    "select * from PaymentMethod",
    "preferences",
)

#: How old, in seconds, a list may be that is asked for what an older one did not have.
MOMENT = 60.0

#: Names under which companies keep the methods that a CRM tells.
_METHOD_NAMES: Mapping[str, tuple[str, ...]] = {
    "card": ("credit card", "card", "debit card"),
    "ach": ("ach", "e-check", "echeck", "bank transfer", "check"),
    "cash": ("cash",),
    "check": ("check", "cheque"),
    "financing": ("financing",),
    "gift_card": ("gift card",),
    "membership": ("membership",),
}


def account(name: str, use: str) -> Part[Record]:
    """The active account called `name` (its name, or the path with its parents).

    Raises Hold when there is none; `use` says what it is wanted for.
    """
    for age in (DAY, MOMENT):  # it may have been created since the list was read
        found = _account(name, (yield Read(query=ACCOUNTS, cached=True, age=age)))
        if found is not None:
            return found
    raise Hold(
        "account-unset",
        f'QuickBooks has no active account "{name}", which is set for {use}. Nothing was booked.',
        fix=f'Create or reactivate "{name}" in QuickBooks, or choose another account for {use}.',
    )


def _account(name: str, accounts: Sequence[Record]) -> Record | None:
    wanted = normal(name)
    for each in accounts:
        names = (each.get("Name", ""), each.get("FullyQualifiedName", ""))
        if wanted in map(normal, names) and each.get("Active", True):
            return each
    return None


def income_account(name: str, row: str) -> Part[Record]:
    """The income account of a mapping row. Raises Hold when it is missing or no income account."""
    found = yield from account(name, f"the mapping of {row}")
    if found.get("AccountType", "Income") not in ("Income", "Other Income"):
        raise Hold(
            "account-unset",
            f'"{name}" is not an income account but "{found.get("AccountType")}"; the mapping of '
            f"{row} needs an income account. Nothing was booked.",
            fix="Choose an income account in the account mapping.",
        )
    return found


def set_account(accounts: Mapping[str, str], use: str, why: str) -> Part[Record]:
    """The account that the settings name for `use` (deposits, tips ...). Raises Hold."""
    name = accounts.get(use)
    if not name:
        raise Hold(
            "account-unset",
            f'{why}, but no account is set for "{use}". Nothing was booked.',
            fix=f"Set accounts: {use} in the settings; what waits is booked by itself.",
        )
    found = yield from account(name, use)
    return found


def deposit_account(deposit_to: Mapping[str, str], method: str) -> Part[str | None]:
    """Id of the account that money of this method goes to; None leaves it to QuickBooks."""
    name = deposit_to.get(method) or deposit_to.get("other")
    if name:
        found = yield from account(name, f"{method or 'other'} payments")
        return str(found["Id"])
    for each in (yield Read(query=ACCOUNTS, cached=True)):
        if each.get("AccountSubType") == "UndepositedFunds" and each.get("Active", True):
            return str(each["Id"])
    return None


def payment_method(method: str) -> Part[str | None]:
    """Id of the company's payment method for what the CRM tells; None when it has none."""
    wanted = _METHOD_NAMES.get(method, ())
    if not wanted:
        return None
    names = {normal(m.get("Name", "")): m for m in (yield Read(query=METHODS, cached=True))}
    found = next((names[name] for name in wanted if name in names), None)
    return str(found["Id"]) if found else None


def term_of(days: int) -> Part[str | None]:
    """Id of an active standard term of so many days without discount; None when there is none."""
    for term in (yield Read(query=TERMS, cached=True)):
        plain = not term.get("DiscountPercent") and term.get("Type", "STANDARD") == "STANDARD"
        if plain and term.get("DueDays") == days and term.get("Active", True):
            return str(term["Id"])
    return None


def days_of(term: str) -> Part[int | None]:
    """Due days of a term; None when it is unknown or depends on the date."""
    for each in (yield Read(query=TERMS, cached=True)):
        if str(each.get("Id")) == term and each.get("DueDays") is not None:
            return int(each["DueDays"])
    return None


def preference(path: str, age: float = DAY) -> Part[Any]:
    """A company preference by dotted path, e.g. `SalesFormsPrefs.CustomTxnNumbers`; or None."""
    answer = yield Read(query=PREFERENCES, cached=True, age=age)
    value: Any = answer[0] if answer else {}
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def switched_off(path: str) -> Part[bool]:
    """Whether a preference is off, now: it may have been switched on since they were read."""
    if (yield from preference(path)) is not False:
        return False
    return (yield from preference(path, MOMENT)) is False
