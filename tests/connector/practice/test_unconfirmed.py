"""Rules of QuickBooks that nobody could confirm: each a switch, both settings tried."""

from __future__ import annotations

from typing import Any

import pytest

from connector.practice.server import start as serve
from tests.connector.practice.conftest import Client
from tests.connector.practice.wrong import line as line_of


def _fault(client: Any, path: str, body: Any, **params: str) -> str:
    """The code of a refusal, empty where there is none."""
    answer = client.post(path, body, **params)
    if answer.status_code == 200:
        return ""
    return str(answer.json()["Fault"]["Error"][0]["code"])


def test_too_long_names_and_addresses_are_refused_or_cut(r1: Any) -> None:
    person = {"DisplayName": "Ira", "GivenName": "g" * 101, "BillAddr": {"Line1": "l" * 501}}
    assert _fault(r1, "customer", person) == "2050"
    r1.control("switches", {"long_texts": "cut"})
    made = r1.ok("customer", person)
    assert (made["GivenName"], made["BillAddr"]["Line1"]) == ("g" * 100, "l" * 500)
    assert _fault(r1, "customer", {"DisplayName": "Ada", "Notes": "n" * 2001}) == "2050"
    assert _fault(r1, "customer", {"DisplayName": "Ada", "GivenName": 5, "BillAddr": "x"}) == "2010"


def test_an_address_of_a_form_is_cut_too(r1: Any, invoice: Any) -> None:
    r1.control("switches", {"long_texts": "cut"})
    made = r1.ok("invoice", invoice(ShipAddr={"City": "c" * 256}))
    assert made["ShipAddr"]["City"] == "c" * 255


@pytest.mark.parametrize(("limit", "code"), [(500, ""), (101, ""), (100, "2050")])
def test_the_length_of_a_display_name(r1: Any, limit: int, code: str) -> None:
    r1.control("switches", {"display_name_length": limit})
    assert _fault(r1, "customer", {"DisplayName": "d" * 101}) == code
    assert _fault(r1, "vendor", {"GivenName": "g" * 60, "FamilyName": "f" * 40}) == code


@pytest.mark.parametrize(("limit", "code"), [(31, "2050"), (32, ""), (100, "")])
def test_the_length_of_a_custom_field(r1: Any, invoice: Any, limit: int, code: str) -> None:
    r1.control("switches", {"custom_field_length": limit})
    slot = {"DefinitionId": "1", "Type": "StringType", "StringValue": "v" * 32}
    assert _fault(r1, "invoice", invoice(CustomField=[slot])) == code


@pytest.mark.parametrize(("limit", "code"), [(21, "2050"), (27, ""), (100, "")])
def test_the_length_of_a_payment_reference(r1: Any, payment: Any, limit: int, code: str) -> None:
    r1.control("switches", {"payment_ref_length": limit})
    assert _fault(r1, "payment", payment(5, PaymentRefNum="ch_" + "x" * 24)) == code


@pytest.mark.parametrize("code", ["610", "2500", "6000"])
def test_the_code_of_an_inactive_record(r1: Any, invoice: Any, code: str) -> None:
    r1.control("switches", {"inactive_code": code})
    made = r1.ok("customer", {"DisplayName": "Ira"})
    r1.ok("customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    told = r1.fault("invoice", {**invoice(), "CustomerRef": {"value": made["Id"]}})
    assert told["code"] == code
    assert "made inactive" in told["Detail"]


@pytest.mark.parametrize("code", ["6000", "620"])
def test_the_code_of_an_overpayment(r1: Any, invoice: Any, payment: Any, code: str) -> None:
    r1.control("switches", {"overpayment_code": code})
    made = r1.ok("invoice", invoice())
    assert _fault(r1, "payment", payment(10, (made["Id"], 20))) == code
    assert _fault(r1, "payment", payment(900, (made["Id"], 800))) == code


@pytest.mark.parametrize(("switch", "total", "lines"), [("text", 10, 1), ("default_item", 15, 2)])
def test_a_line_without_an_item(
    r1: Any, invoice: Any, line: Any, switch: str, total: int, lines: int
) -> None:
    r1.control("switches", {"line_without_item": switch})
    kind = "SalesItemLineDetail"
    made = r1.ok("invoice", invoice(line(10), {"Amount": 5, "DetailType": kind, kind: {}}))
    assert made["TotalAmt"] == total
    sold = [one[kind]["ItemRef"]["value"] for one in made["Line"] if kind in one]
    assert sold == ["1"] * lines


@pytest.mark.parametrize(("checked", "code"), [(True, "6140"), (False, "")])
def test_a_number_sent_to_a_company_that_numbers_by_itself(
    r1: Any, invoice: Any, checked: bool, code: str
) -> None:
    r1.control("switches", {"check_sent_number": checked})
    r1.ok("invoice", invoice(DocNumber="X1"))
    assert _fault(r1, "invoice", invoice(DocNumber="X1")) == "6140"
    r1.prefer(SalesFormsPrefs__CustomTxnNumbers=False)
    assert _fault(r1, "invoice", invoice(DocNumber="X1")) == code


def test_a_company_without_a_default_item_keeps_the_text(r1: Any, invoice: Any, line: Any) -> None:
    r1.control("switches", {"line_without_item": "default_item"})
    r1.prefer(SalesFormsPrefs__DefaultItem=None)
    kind = "SalesItemLineDetail"
    made = r1.ok("invoice", invoice(line(10), {"Amount": 5, "DetailType": kind, kind: {}}))
    assert made["TotalAmt"] == 10


@pytest.mark.parametrize(("path", "extra"), [("estimate", {}), ("refundreceipt", {"to": "71"})])
def test_voids_that_no_page_knows(r1: Any, invoice: Any, path: str, extra: Any) -> None:
    account = {"DepositToAccountRef": {"value": "90"}} if extra else {}
    made = r1.ok(path, {**invoice(), **account})
    sent = {"Id": made["Id"], "SyncToken": made["SyncToken"]}
    assert r1.post(path, sent, operation="void").status_code == 500
    r1.control("switches", {"void_undocumented": True})
    gone = r1.ok(path, sent, operation="void")
    assert (gone["TotalAmt"], gone["PrivateNote"], gone["SyncToken"]) == (0, "Voided", "1")
    r1.control("switches", {"void_undocumented": False})
    assert r1.read(f"{path}/{made['Id']}")["TotalAmt"] == 0


def test_a_void_of_a_credit_memo_is_not_supported_in_any_case(r1: Any, invoice: Any) -> None:
    r1.control("switches", {"void_undocumented": True})
    made = r1.ok("creditmemo", invoice())
    sent = {"Id": made["Id"], "SyncToken": made["SyncToken"]}
    assert r1.post("creditmemo", sent, operation="void").status_code == 500


def test_a_voided_estimate_lets_go_of_its_invoice(r1: Any, invoice: Any) -> None:
    r1.control("switches", {"void_undocumented": True})
    offer = r1.ok("estimate", invoice())
    links = [{"TxnId": offer["Id"], "TxnType": "Estimate"}]
    made = r1.ok("invoice", invoice(LinkedTxn=links))
    token = r1.read(f"estimate/{offer['Id']}")["SyncToken"]
    r1.ok("estimate", {"Id": offer["Id"], "SyncToken": token}, operation="void")
    assert r1.read(f"invoice/{made['Id']}")["LinkedTxn"] == []


@pytest.mark.parametrize(
    ("switch", "kind", "printed"),
    [
        (False, "SalesItemLineDetail", "NeedToPrint"),
        (True, "SALES_ITEM_LINE_DETAIL", "NEED_TO_PRINT"),
    ],
)
def test_the_answer_to_a_void_as_in_the_sample(switch: bool, kind: str, printed: str) -> None:
    # Not watched for answers that do not fit: this one does not.
    with serve() as running:
        client = Client(running)
        client.control("switches", {"void_raw_enums": switch})
        body = {"CustomerRef": {"value": "10"}, "Line": [line_of(5)]}
        made = client.ok("invoice", {**body, "TxnDate": "2026-11-06"})
        sent = {"Id": made["Id"], "SyncToken": "0"}
        gone = client.ok("invoice", sent, operation="void")
        assert (gone["Line"][0]["DetailType"], gone["PrintStatus"]) == (kind, printed)
        assert gone["CustomerRef"] == made["CustomerRef"]
        assert client.read(f"invoice/{made['Id']}")["PrintStatus"] == "NeedToPrint"


@pytest.mark.parametrize(("switch", "key"), [("gateway", "fault"), ("fault", "Fault")])
def test_the_body_of_a_throttled_call(r1: Any, switch: str, key: str) -> None:
    r1.control("switches", {"throttle_body": switch})
    r1.control("faults", {"kind": "throttle"})
    refused = r1.post("customer", {"DisplayName": "Ira"})
    assert refused.status_code == 429
    [error] = refused.json()[key]["error" if key == "fault" else "Error"]
    assert error["code"] == "3001"


def test_a_custom_field_that_names_no_slot_is_ignored(r1: Any, invoice: Any) -> None:
    slot = {"DefinitionId": "1", "Type": "StringType", "StringValue": "kept"}
    lost = {"Type": "StringType", "StringValue": "lost"}
    assert r1.ok("invoice", invoice(CustomField=[lost, slot]))["CustomField"] == [slot]
    assert "CustomField" not in r1.ok("invoice", invoice(CustomField=[lost]))


@pytest.mark.parametrize(("automated", "tax"), [(True, 6), (False, 5)])
def test_who_asks_for_automated_tax_gets_it(
    r1: Any, invoice: Any, line: Any, automated: bool, tax: int
) -> None:
    r1.prefer(TaxPrefs__UsingSalesTax=True, TaxPrefs__PartnerTaxEnabled=True)
    detail = {"TotalTax": 5, "UseAutomatedSalesTax": automated}
    made = r1.ok("invoice", invoice(line(100, code="TAX"), TxnTaxDetail=detail))
    assert made["TxnTaxDetail"]["TotalTax"] == tax
