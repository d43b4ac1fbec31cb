"""QuickBooks' awkward answers: each ends in the right books or in a clear hold."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.events import NEW, line, payment
from tests.harness import Harness


def fault(harness: Harness, kind: str, path: str = "/invoice", **more: Any) -> None:
    rule = {"match": {"method": "POST", "path": path}, "kind": kind, "times": 1, **more}
    harness.control("faults", rule)


def test_a_warm_paid_invoice_is_two_calls_and_no_read(harness: Harness) -> None:
    harness.post(payment("1"))
    harness.work()
    before = len(harness.calls())
    harness.post(payment("2"))
    harness.work()
    made = harness.calls()[before:]
    assert [(call["method"], call["entity"]) for call in made] == [
        ("POST", "Invoice"),
        ("POST", "Payment"),
    ]


def test_a_new_customer_costs_one_query_and_one_write_more(harness: Harness) -> None:
    harness.post(payment("1"))
    harness.work()
    before = len(harness.calls())
    other = {**NEW, "id": "c_2", "name": "Kit Moss", "email": "kit.moss@example.com"}
    harness.post(payment("2", contact=other))
    harness.work()
    made = [(call["method"], call["entity"]) for call in harness.calls()[before:]]
    assert [method for method, _ in made] == ["GET", "POST", "POST", "POST"]


@pytest.mark.parametrize("replay", [True, False])
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("lost_answer", {}),
        ("html", {"status": 502}),
        ("html", {"status": 200, "commit": True}),
        ("cut", {}),
        ("status", {"status": 500}),
        ("status", {"status": 503, "commit": True}),
        ("throttle", {"retry_after": 30}),
        ("status", {"status": 401}),
    ],
)
@pytest.mark.parametrize("path", ["/customer", "/item", "/invoice", "/payment"])
def test_whatever_the_answer_the_invoice_is_paid_once(
    harness: Harness, kind: str, more: dict[str, Any], path: str, replay: bool
) -> None:
    harness.control("switches", {"replay": replay})
    fault(harness, kind, path, **more)
    harness.post(payment())
    harness.settle()
    assert [run["state"] for run in harness.runs()] == ["succeeded"], harness.runs()
    assert [(i["TotalAmt"], i["Balance"]) for i in harness.records("Invoice")] == [(475, 0)]
    assert len(harness.records("Payment")) == 1
    assert sum(c["DisplayName"].startswith("Robin Vale") for c in harness.records("Customer")) == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [("6210", "clos"), ("2020", "."), ("6000", ".")],
)
def test_a_refusal_is_held_in_plain_words_with_nothing_doubled(
    harness: Harness, code: str, said: str
) -> None:
    fault(harness, "fault", code=code)
    harness.post(payment())
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "rejected"
    assert said in hold["sentence"]
    assert hold["fix"]
    assert harness.records("Payment") == []
    harness.control("switches", {"replay": True})
    harness.setup({"rules": {"net_days": 15}})
    harness.settle()
    assert [i["Balance"] for i in harness.records("Invoice")] == [0]


def test_a_fault_in_a_200_is_a_refusal(harness: Harness) -> None:
    fault(harness, "fault_in_200", code="6000")
    harness.post(payment())
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "rejected"
    assert harness.records("Invoice") == []


def test_an_outage_of_forty_minutes_loses_nothing(harness: Harness) -> None:
    rule = {"match": {"path": "/v3/"}, "kind": "status", "status": 503, "rate": 1.0, "seed": 1}
    harness.control("faults", rule)
    for number in ("1", "2", "3"):
        harness.post(payment(number))
    harness.settle(2400)
    assert harness.records("Invoice") == []
    assert {run["state"] for run in harness.runs()} <= {"waiting", "queued"}
    requests.delete(f"{harness.practice.control}/faults", timeout=5)
    harness.settle(24 * 3600, step=60)
    assert sorted(i["DocNumber"] for i in harness.records("Invoice")) == ["1", "2", "3"]
    assert {i["TxnDate"] for i in harness.records("Invoice")} == {"2026-11-06"}


def test_a_dead_login_holds_and_a_new_one_releases_in_order(harness: Harness) -> None:
    harness.control("expire_access_tokens", {})
    rule = {"match": {"path": "/tokens/bearer"}, "kind": "fault", "code": "invalid_grant"}
    harness.control("faults", {**rule, "rate": 1.0, "seed": 1})
    harness.post(payment("1"))
    harness.post(payment("2"))
    harness.work()
    assert [hold["reason"] for hold in harness.holds()] == ["reconnect", "reconnect"]
    requests.delete(f"{harness.practice.control}/faults", timeout=5)
    harness.tick()
    harness.work()
    assert len(harness.holds()) == 2
    fresh = harness.practice.state.tokens.grant(list(harness.practice.state.companies))
    harness.practice.refresh_token = fresh
    harness.setup()
    harness.tick()
    harness.work()
    assert harness.holds() == []
    assert len(harness.records("Payment")) == 2


def test_an_unmapped_line_is_held_and_booked_once_the_row_is_there(harness: Harness) -> None:
    harness.post(payment("1", [line("60.00", "gutter_guard")]))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "unmapped"
    assert "gutter_guard" in hold["sentence"]
    assert "gutter_guard" in hold["fix"]
    row = {"match": {"service_type": "gutter_guard"}, "income_account": "Service Revenue"}
    harness.setup({"account_mapping": [row]})
    harness.tick()
    harness.work()
    assert [i["Balance"] for i in harness.records("Invoice")] == [0]


def test_tax_tip_and_discount_arrive_to_the_cent(harness: Harness) -> None:
    lines = [
        line("100.00"),
        line("85.00", "", category="retail", kind="product", taxable=True),
    ]
    event = payment(
        "9", lines, invoice={"tax": "5.10", "tip": "20.00", "discount": "10.00", "total": "200.10"},
        amount="200.10",
    )  # fmt: skip
    harness.post(event)
    harness.work()
    assert harness.holds() == []
    (invoice,) = harness.records("Invoice")
    assert float(invoice["TotalAmt"]) == 200.10
    assert invoice["Balance"] == 0
    income = harness.books()["income_by_account"]
    assert income["82"] == "100.00"
    assert income["80"] == "85.00"


def test_money_in_another_currency_is_held_before_anything_is_written(harness: Harness) -> None:
    harness.post(payment(paid={"currency": "EUR"}))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "currency"
    assert "EUR" in hold["sentence"]
    assert harness.records("Invoice") == []


def test_a_test_event_never_reaches_a_live_company_whatever_the_recipe_says(
    harness: Harness,
) -> None:
    recipe = harness.data / "recipes" / "payment-collected-to-paid-invoice.yaml"
    text = recipe.read_text()
    assert "is_not: true" in text
    recipe.write_text(text.replace("is_not: true", "is_one_of: [true, false]"))
    harness.tick()
    harness.setup(
        {
            "quickbooks": {
                "environment": "sandbox",
                "client_id": harness.practice.client_id,
                "client_secret": harness.practice.client_secret,
                "refresh_token": harness.practice.refresh_token,
                "realm_id": "9341455600000001",
                "api_base": harness.practice.api,
                "token_url": harness.practice.token,
            }
        }
    )
    harness.post({**payment(), "test": True})
    harness.post(payment("2"))
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["skipped", "succeeded"]
