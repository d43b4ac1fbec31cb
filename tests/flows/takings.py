"""Makes a seeded day of collected payments, and says what the books must be after it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.events import DANA, line, payment

#: Service type -> income account, as the setup maps them.
ACCOUNTS: Mapping[str, str] = {
    "residential_cleaning": "Residential Cleaning",
    "plumbing": "Plumbing Revenue",
    "water_heater": "Water Heater Revenue",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event as its source sends it, again and again until it is answered 200."""

    identity: str
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takings:
    """What was collected."""

    deliveries: tuple[Delivery, ...]
    #: Invoice number -> total.
    totals: Mapping[str, Decimal]
    #: Invoice number -> e-mail address of who paid it.
    payers: Mapping[str, str]
    #: Income account -> total.
    income: Mapping[str, Decimal]


def takings(count: int, chance: random.Random) -> Takings:
    """`count` payments by about two thirds as many customers."""
    people = _people(count * 2 // 3)
    deliveries: list[Delivery] = []
    totals: dict[str, Decimal] = {}
    payers: dict[str, str] = {}
    income: dict[str, Decimal] = defaultdict(Decimal)
    for n in range(count):
        number = str(5000 + n)
        person = people[n] if n < len(people) else chance.choice(people)
        lines = [_line(chance) for _ in range(chance.choice((1, 1, 2, 3)))]
        event = payment(number, lines, contact=person)
        deliveries.append(Delivery(identity=f"msg_kill_{n}", event=event))
        totals[number] = Decimal(event["data"]["invoice"]["total"])
        payers[number] = person["email"]
        for each in lines:
            income[ACCOUNTS[each["service_type"]]] += Decimal(each["amount"])
    chance.shuffle(deliveries)
    return Takings(deliveries=tuple(deliveries), totals=totals, payers=payers, income=dict(income))


def _line(chance: random.Random) -> dict[str, Any]:
    quantity = chance.choice((1, 1, 2, 3))
    amount = Decimal(chance.randrange(100, 60_000)) / 100 * quantity
    return line(str(amount), chance.choice(sorted(ACCOUNTS)), quantity=str(quantity))


def _people(count: int) -> list[dict[str, Any]]:
    """Dana, who is in the books already; strangers; and every tenth named like the one before."""
    people = [dict(DANA)]
    for n in range(1, count):
        alike = n - 1 if n % 10 == 0 else n
        people.append(
            {
                "id": f"c_k{n}",
                "name": f"Robin {alike:04} Vale",
                "first_name": "Robin",
                "last_name": f"{alike:04} Vale",
                "email": f"robin.{n}@example.com",
                "phone": f"+1208556{n:04}",
            }
        )
    return people
