"""Which company an event is booked in: never a guess; what is held is booked by itself later."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from runtime.store import runs
from tests.events import payment
from tests.harness import MAPPING, REALM, SECRET, Harness

OTHER = "9341455600000002"
ACCOUNTS = {"deposits": "Customer Deposits", "fees": "Merchant Fees"}


def company(harness: Harness, realm: str, *locations: str) -> dict[str, Any]:
    """An entry of the setup file for one of the two fixture companies."""
    return {
        "name": f"Company {realm[-1]}",
        "time_zone": "America/Boise",
        **({"locations": list(locations)} if locations else {}),
        "quickbooks": {
            "environment": "practice",
            "client_id": harness.practice.client_id,
            "client_secret": harness.practice.client_secret,
            "refresh_token": next(
                str(each["refresh_token"])
                for each in harness.practice.companies
                if each["realm_id"] == realm
            ),
            "realm_id": realm,
            "api_base": harness.practice.api,
            "token_url": harness.practice.token,
            "limits": "off",
        },
        "accounts": dict(ACCOUNTS),
        "account_mapping": copy.deepcopy(MAPPING),
        "go_live": "yes",
    }


def connect(harness: Harness, *companies: Mapping[str, Any]) -> None:
    connections = {"leadexploder": {"webhook_secret": SECRET}}
    some = {"companies": list(companies)} if companies else {}
    harness.apply({"connections": connections, **some})


def two(harness: Harness) -> None:
    connect(harness, company(harness, REALM, "boise"), company(harness, OTHER, "nampa", "eagle"))


def booked(harness: Harness, realm: str) -> list[str]:
    """The numbers of the payments' invoices in a company."""
    found = harness.books(realm)["records"].get("Invoice", [])
    records = found.values() if isinstance(found, dict) else found
    return sorted(str(record["DocNumber"]) for record in records)


def only_run(harness: Harness) -> tuple[str, str, str, Any]:
    (run,) = harness.relay.database.read(runs.recent)
    return run.state, run.company, run.order_key, (run.hold or {}).get("reason")


@pytest.fixture
def bare(make_harness: Callable[..., Harness]) -> Harness:
    """A Bookrelay without a company."""
    harness = make_harness()
    connect(harness)
    return harness


def test_each_location_is_booked_in_its_own_company(bare: Harness) -> None:
    two(bare)
    for number, location in (("2001", "boise"), ("2002", "nampa"), ("2003", "eagle")):
        bare.post(payment(number, location=location))
    bare.settle()
    assert (booked(bare, REALM), booked(bare, OTHER)) == (["2001"], ["2002", "2003"])
    keys = {run.company: run.order_key for run in bare.relay.database.read(runs.recent)}
    assert keys == {realm: f"{realm}|leadexploder/c_900" for realm in (REALM, OTHER)}


@pytest.mark.parametrize("location", [None, "", "caldwell", "BOISE"])
def test_a_location_that_belongs_to_nobody_is_held(bare: Harness, location: str | None) -> None:
    two(bare)
    bare.post(payment(location=location))
    bare.settle()
    state, realm, _, reason = only_run(bare)
    assert (state, realm, reason) == ("held", "", "unknown-location")
    (hold,) = bare.holds()
    named = f'the location "{location}"' if location else "no location"
    assert named in str(hold)
    assert booked(bare, REALM) == booked(bare, OTHER) == []


def test_a_held_location_is_booked_once_setup_names_it(bare: Harness) -> None:
    two(bare)
    bare.post(payment("2001", location="caldwell"))
    bare.settle()
    assert only_run(bare)[3] == "unknown-location"
    connect(bare, company(bare, OTHER, "nampa", "eagle", "caldwell"))
    bare.settle()
    key = f"{OTHER}|leadexploder/c_900"
    assert only_run(bare) == ("succeeded", OTHER, key, None)
    assert (booked(bare, REALM), booked(bare, OTHER)) == ([], ["2001"])


def test_the_only_company_with_locations_books_nothing_of_others(bare: Harness) -> None:
    connect(bare, company(bare, REALM, "boise"))
    bare.post(payment(location="nampa"))
    bare.settle()
    assert only_run(bare)[3] == "unknown-location"
    assert booked(bare, REALM) == []


def test_the_only_company_without_locations_books_every_location(bare: Harness) -> None:
    connect(bare, company(bare, REALM))
    bare.post(payment("2001", location="nampa"))
    bare.settle()
    assert booked(bare, REALM) == ["2001"]


def test_what_came_before_any_company_is_booked_when_one_is_connected(bare: Harness) -> None:
    bare.post(payment("2001"))
    bare.settle()
    state, realm, key, reason = only_run(bare)
    assert (state, realm, reason) == ("held", "", "no-company")
    assert key == "|leadexploder/c_900"
    connect(bare, company(bare, REALM))
    bare.settle()
    assert only_run(bare) == ("succeeded", REALM, f"{REALM}|leadexploder/c_900", None)
    assert booked(bare, REALM) == ["2001"]


def test_held_events_of_one_customer_are_booked_in_their_order(bare: Harness) -> None:
    for number in ("2001", "2002", "2003"):
        bare.post(payment(number))
    bare.settle()
    connect(bare, company(bare, REALM))
    bare.settle()
    assert booked(bare, REALM) == ["2001", "2002", "2003"]
    customers = bare.books()["records"]["Customer"]
    records = customers.values() if isinstance(customers, dict) else customers
    assert [c["DisplayName"] for c in records].count("Robin Vale") == 1
    done = sorted(bare.relay.database.read(runs.recent), key=lambda run: run.event)
    assert [run.state for run in done] == ["succeeded"] * 3
