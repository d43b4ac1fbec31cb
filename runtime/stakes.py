"""How much money waiting runs stand for, as far as their events say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

#: Where the amount of an event stands; the first that is there counts.
_AMOUNTS = (
    ("payment", "amount"),
    ("refund", "amount"),
    ("invoice", "total"),
    ("estimate", "total"),
    ("job", "total"),
)


def money_of(events: Iterable[Mapping[str, Any]]) -> str:
    """The sum of what events are about, such as `565.00 USD, and 2 without a known amount`.

    Amounts of different currencies are not added up; one that names no currency stands alone.
    """
    sums: dict[str, Decimal] = {}
    unknown = 0
    for event in events:
        amount, currency = _amount(event)
        if amount is None:
            unknown += 1
        else:
            sums[currency] = sums.get(currency, Decimal()) + amount
    told = [f"{total:.2f} {currency}".rstrip() for currency, total in sorted(sums.items())]
    told += [f"{unknown} without a known amount"] if unknown else []
    return ", and ".join(told)


def _amount(event: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    for name, key in _AMOUNTS:
        part = event.get(name)
        if isinstance(part, Mapping) and part.get(key) not in (None, ""):
            try:
                return Decimal(str(part[key])), str(part.get("currency") or "")
            except InvalidOperation:
                return None, ""
    return None, ""
