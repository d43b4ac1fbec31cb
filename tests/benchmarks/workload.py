"""The events every contestant is given: card payments, of which 30 % are from known customers."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connector.signatures import sign_standard

SECRET = "whsec_c3BhcnJvdy0yNC1ieXRlLW1pbi1zZWNyZXQta2V5ISE="
REPEATS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One collected payment with its invoice and its customer."""

    number: int
    #: The number of the sale that brought the customer; its own for a new one.
    customer: int
    #: Tells the sales of one round from those of another.
    tag: str

    @property
    def email(self) -> str:
        """The customer's address."""
        return f"{self.tag}.{self.customer:06d}@example.com"

    @property
    def name(self) -> str:
        """The customer's name."""
        return f"Robin {self.tag} {self.customer:06d}"

    @property
    def amount(self) -> str:
        """What was paid, as a decimal text."""
        return f"{100 + self.number % 400}.25"

    @property
    def reference(self) -> str:
        """The processor's reference."""
        return f"pi_{self.tag}{self.number:06d}"


def sales(count: int, tag: str) -> list[Sale]:
    """`count` sales, the same for the same tag."""
    chance = random.Random(tag)
    made: list[Sale] = []
    for number in range(count):
        again = made and chance.random() < REPEATS
        customer = chance.choice(made).customer if again else number
        made.append(Sale(number=number, customer=customer, tag=tag))
    return made


def event_of(sale: Sale) -> dict[str, Any]:
    """The standard event of a sale."""
    own = f"{sale.tag}{sale.number:06d}"
    line = {
        "id": f"l_{own}",
        "service_type": "residential_cleaning",
        "kind": "service",
        "description": "Post-construction clean",
        "quantity": "1",
        "unit_price": sale.amount,
        "amount": sale.amount,
        "taxable": False,
    }
    return {
        "type": "payment.collected",
        "timestamp": "2026-11-06T23:58:40Z",
        "data": {
            "payment": {
                "id": f"pay_{own}",
                "amount": sale.amount,
                "currency": "USD",
                "collected_at": "2026-11-06T16:58:40-07:00",
                "method": "card",
                "processor": "stripe",
                "processor_ref": sale.reference,
                "kind": "payment",
            },
            "invoice": {
                "id": f"inv_{own}",
                "number": own,
                "job_id": f"job_{own}",
                "issued_on": "2026-11-06",
                "total": sale.amount,
                "lines": [line],
                "discount": "0.00",
                "tax": "0.00",
                "tip": "0.00",
            },
            "contact": _contact(sale),
        },
    }


def _contact(sale: Sale) -> dict[str, Any]:
    return {
        "id": f"c_{sale.tag}{sale.customer:06d}",
        "name": sale.name,
        "first_name": "Robin",
        "last_name": f"{sale.tag} {sale.customer:06d}",
        "company": None,
        "email": sale.email,
        "phone": f"+1208{5550000 + sale.customer}",
        "billing_address": {
            "line1": f"{sale.customer} Alder Ct",
            "line2": None,
            "city": "Boise",
            "region": "ID",
            "postal_code": "83702",
            "country": "US",
        },
    }


def request_of(sale: Sale, path: str) -> bytes:
    """The whole signed HTTP request that tells of a sale."""
    body = json.dumps(event_of(sale)).encode()
    identity = f"msg_{sale.tag}{sale.number:06d}"
    head = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **sign_standard(SECRET, identity, int(time.time()), body),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def shares(items: Sequence[Sale], count: int) -> list[list[Sale]]:
    """`items` dealt out to `count` senders."""
    return [list(items[start::count]) for start in range(count)]
