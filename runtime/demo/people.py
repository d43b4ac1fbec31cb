"""The contacts of the sample week. Nobody of these names is meant; the addresses are reserved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import connector

_SAMPLES = Path(connector.__file__).parent

#: id, first name, last name, e-mail, last digits of the phone number, street
_PEOPLE = (
    ("c_601", "Mira", "Castell", "mira.castell@example.com", "51", "18 Larch Ln"),
    ("c_602", "Jonah", "Pruitt", "jonah.pruitt@example.com", "52", "77 Orchard St"),
    ("c_603", "Teresa", "Quill", "teresa.quill@example.com", "53", "5 Harbor Way"),
    ("c_604", "Basil", "Okonjo", "basil.okonjo@example.com", "54", "340 Mill Rd"),
    ("c_605", "Nadia", "Ferrow", "nadia.ferrow@example.com", "55", "12 Quarry Ct"),
    ("c_606", "Ingrid", "Solheim", "ingrid.solheim@example.com", "56", "901 Ridge Dr"),
    ("c_607", "Caleb", "Thornbury", "caleb.thornbury@example.com", "57", "66 Fern St"),
    ("c_608", "Priya", "Dalal", "priya.dalal@example.com", "58", "23 Meadow Ave"),
    ("c_609", "Hugo", "Lindqvist", "hugo.lindqvist@example.com", "59", "8 Canal St"),
    ("c_610", "Rosa", "Marchetti", "rosa.marchetti@example.com", "60", "150 Vista Pl"),
    ("c_611", "Emil", "Hartwell", "emil.hartwell@example.com", "61", "31 Willow Ct"),
    ("c_612", "Zoe", "Abernath", "zoe.abernath@example.com", "62", "44 Prairie Rd"),
    # In the books already: the second address of a customer there.
    ("c_515", "Pat", "Kim", "pat@kim.example", "15", "2 Summit Blvd"),
)

#: Customers of the practice company that the week pays as: found, not made.
KNOWN = frozenset({"c_501", "c_515"})


def contact(identity: str) -> dict[str, Any]:
    """The contact with this id, as the CRM tells it."""
    if identity == "c_501":
        dana: dict[str, Any] = sample("leadexploder", "std_payment_collected")["data"]["contact"]
        return dana
    for key, first, last, email, digits, street in _PEOPLE:
        if key == identity:
            return {
                "id": key,
                "name": f"{first} {last}",
                "first_name": first,
                "last_name": last,
                "company": None,
                "email": email,
                "phone": f"+120855501{digits}",
                "billing_address": _address(street),
            }
    raise KeyError(identity)


def sample(key: str, name: str) -> dict[str, Any]:
    """A payload that ships beside its connector."""
    path = _SAMPLES / key / "samples" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _address(street: str) -> dict[str, Any]:
    return {
        "line1": street,
        "line2": None,
        "city": "Boise",
        "region": "ID",
        "postal_code": "83702",
        "country": "US",
    }
