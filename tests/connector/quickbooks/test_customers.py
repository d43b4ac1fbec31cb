"""find_or_create_customer: linked, matched, created or held, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from connector.base import Linked
from connector.errors import Hold, Rejected, Skipped
from connector.quickbooks.actions.customers import find_or_create_customer
from tests.connector.quickbooks.script import Script, books, customer

DANA = {
    "crm_id": "c1",
    "name": "Dana Whitfield",
    "first_name": "Dana",
    "last_name": "Whitfield",
    "email": "dana@x.example",
    "phone": "+1 (208) 555-0143",
}


def test_the_link_by_crm_id_wins_over_everything() -> None:
    script = Script(linked={"customer crm:crm/c1": Linked(kind="customer", id="10")})
    assert script.play(find_or_create_customer, DANA).values["id"] == "10"
    assert script.reads == script.writes == []


def test_the_body_carries_all_that_is_known() -> None:
    fields = {
        **DANA,
        "company": "Whit:field  Inc",
        "mobile": "208 555 0199",
        "notes": "n" * 3000,
        "billing_address": {"line1": " 9 Elm ", "city": "Boise", "region": "ID", "line2": None},
    }
    script = Script()
    done = script.play(find_or_create_customer, fields)
    body = script.body("customer")
    assert done.values["name"] == body["DisplayName"] == "Whit - field Inc"
    assert body["CompanyName"] == "Whit - field Inc"
    assert (body["GivenName"], body["FamilyName"]) == ("Dana", "Whitfield")
    assert body["PrimaryEmailAddr"] == {"Address": "dana@x.example"}
    assert body["Mobile"] == {"FreeFormNumber": "208 555 0199"}
    assert body["BillAddr"] == {
        "Line1": "9 Elm",
        "City": "Boise",
        "CountrySubDivisionCode": "ID",
    }
    assert len(body["Notes"]) == 2000


@pytest.mark.parametrize(
    ("fields", "rule", "display"),
    [
        ({**DANA, "company": "Acme"}, "company_first", "Acme"),
        ({**DANA, "company": "Acme"}, "person_first", "Dana Whitfield"),
        ({"crm_id": "c1", "first_name": "Dana", "last_name": "W"}, "person_first", "Dana W"),
        ({"crm_id": "c1", "company": "Acme"}, "person_first", "Acme"),
        ({"crm_id": "c1", "email": "a@b.example"}, "company_first", "a@b.example"),
        ({"crm_id": "c1", "phone": "208 555 0100"}, "company_first", "208 555 0100"),
    ],
)
def test_what_the_customer_is_called(fields: dict[str, Any], rule: str, display: str) -> None:
    script = Script()
    script.play(find_or_create_customer, fields, books(rules={"customer_name": rule}))
    assert script.body("customer")["DisplayName"] == display


@pytest.mark.parametrize("fields", [{"name": "Nobody"}, {"crm_id": "c1"}])
def test_nobody_is_held(fields: dict[str, Any]) -> None:
    with pytest.raises(Hold) as held:
        Script().play(find_or_create_customer, fields)
    assert held.value.reason == "no-customer"


def test_without_crm_id_the_email_is_the_name() -> None:
    script = Script()
    script.play(find_or_create_customer, {"email": "a@b.example", "name": "A"})
    document = script.writes[0].document
    assert document is not None
    assert document.aliases == ("email:a@b.example",)
    assert document.also == ("name:a",)


def test_the_match_review_is_obeyed() -> None:
    script = Script(records={"Id = '10'": [customer("10", "Dana W", SalesTermRef={"value": "2"})]})
    of = books(matches={"c1": {"quickbooks_id": "10"}}, go_live="after_review")
    assert script.play(find_or_create_customer, DANA, of).values["id"] == "10"
    assert script.links[0].linked.facts["term"] == "2"
    with pytest.raises(Skipped):
        Script().play(find_or_create_customer, DANA, books(matches={"c1": {"skip": True}}))
    with pytest.raises(Hold, match="10, which QuickBooks does not have"):
        Script().play(find_or_create_customer, DANA, of)
    made = Script()
    approved = books(matches={"c1": {"create": True}}, go_live="after_review")
    made.play(find_or_create_customer, DANA, approved)
    assert len(made.writes) == 1


def test_the_go_live_gate_holds_who_is_not_reviewed() -> None:
    with pytest.raises(Hold) as held:
        Script().play(find_or_create_customer, DANA, books(go_live="after_review"))
    assert held.value.reason == "match-review"


def known(name: str, *emails: str, phone: str = "") -> Linked:
    facts = {"name": name, "emails": list(emails), "phone": phone}
    return Linked(kind="customer", id="10", facts=facts)


@pytest.mark.parametrize(
    ("key", "linked", "adopted"),
    [
        ("email:dana@x.example", known("Dana  WHITFIELD", "dana@x.example"), True),
        ("name:dana whitfield", known("Dana Whitfield"), True),
        ("name:dana whitfield", known("Dana Whitfield", "other@x.example"), False),
        ("name:dana whitfield", known("Dana Whitfield", phone="2085559999"), False),
        ("name:dana whitfield", known("Dana Whitfield", phone="2085550143"), True),
    ],
)
def test_another_contact_with_the_same_key(key: str, linked: Linked, adopted: bool) -> None:
    script = Script(linked={f"customer {key}": linked})
    done = script.play(find_or_create_customer, DANA)
    assert (done.values["id"] == "10") is adopted
    assert len(script.links) == adopted


def test_two_people_with_one_address_are_asked_about() -> None:
    spouse = known("Alex Whitfield", "dana@x.example")
    script = Script(linked={"customer email:dana@x.example": spouse})
    with pytest.raises(Hold, match="Alex Whitfield") as held:
        script.play(find_or_create_customer, DANA)
    assert held.value.reason == "several-customers"


def test_by_email() -> None:
    exact = customer("10", "D. Whitfield", "DANA@x.example, other@x.example")
    near = customer("11", "Near", "not.dana@x.example")
    script = Script(records={"PrimaryEmailAddr": [near, exact]})
    assert script.play(find_or_create_customer, DANA).values["id"] == "10"
    twice = [exact, customer("12", "Again", "dana@x.example")]
    with pytest.raises(Hold, match=r"2 customers .*D. Whitfield \(id 10\), Again \(id 12\)"):
        Script(records={"PrimaryEmailAddr": twice}).play(find_or_create_customer, DANA)
    gone = [customer("11", "Gone", "dana@x.example", Active=False)]
    with pytest.raises(Hold) as held:
        Script(records={"PrimaryEmailAddr": gone}).play(find_or_create_customer, DANA)
    assert held.value.reason == "inactive-customer"
    script = Script(records={"PrimaryEmailAddr": [exact]})
    script.play(find_or_create_customer, DANA, books(match_keys=("name",)))
    assert len(script.writes) == 1


@pytest.mark.parametrize(
    ("owner", "keys", "adopted"),
    [
        (customer("10", "Dana Whitfield"), ("email", "phone", "name"), True),
        (customer("10", "Dana Whitfield"), ("email", "phone"), False),
        (customer("10", "Dana Whitfield", "o@x.example"), ("email", "phone", "name"), False),
        (
            customer("10", "Dana Whitfield", PrimaryPhone={"FreeFormNumber": "208.555.0143 x9"}),
            ("email", "phone"),
            True,
        ),
        (
            customer("10", "Dana Whitfield", PrimaryPhone={"FreeFormNumber": "208-555-9999"}),
            ("phone", "name"),
            False,
        ),
        (customer("10", "Dana Whitfield Jr"), ("name",), False),
    ],
)
def test_a_name_that_is_taken(owner: dict[str, Any], keys: tuple[str, ...], adopted: bool) -> None:
    script = Script(answers=["6240"], records={"DisplayName =": [owner]})
    done = script.play(find_or_create_customer, DANA, books(match_keys=keys))
    if adopted:
        assert done.values["id"] == "10"
    else:
        assert script.body("customer")["DisplayName"] == "Dana Whitfield (2)"


def test_a_taken_name_may_be_held_and_nine_are_enough() -> None:
    rules = {"name_taken": "hold"}
    with pytest.raises(Hold) as held:
        Script(answers=["6240"]).play(find_or_create_customer, DANA, books(rules=rules))
    assert held.value.reason == "name-taken"
    script = Script(answers=["6240"] * 9)
    with pytest.raises(Hold, match=r"\(9\)"):
        script.play(find_or_create_customer, DANA)
    assert len(script.writes) == 9


def test_another_refusal_is_the_runners() -> None:
    with pytest.raises(Rejected):
        Script(answers=["2040"]).play(find_or_create_customer, DANA)


def test_an_address_too_long_for_quickbooks_is_left_out() -> None:
    script = Script()
    script.play(find_or_create_customer, {**DANA, "email": f"{'d' * 100}@x.example"})
    assert "PrimaryEmailAddr" not in script.body("customer")
