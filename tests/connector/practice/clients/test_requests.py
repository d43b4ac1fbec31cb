"""What python-quickbooks puts around a record: requestid, parameters, versions, statements."""

from __future__ import annotations

from typing import Any

import pytest
from quickbooks import QuickBooks
from quickbooks.exceptions import QuickbooksException, SevereException
from quickbooks.objects import Customer, Invoice, Item, Vendor

from tests.connector.practice.clients.lists import customer, vendor
from tests.connector.practice.clients.sales import invoice
from tests.connector.practice.receiver import receiving


def test_a_request_id_deletes_once(qb: Any) -> None:
    made = invoice(qb).save(qb=qb)
    assert made.delete(qb=qb, request_id="gone") == made.delete(qb=qb, request_id="gone")


def test_a_number_twice_where_that_is_allowed(qb: Any) -> None:
    first = invoice(qb).save(qb=qb)
    second = invoice(qb)
    second.DocNumber = first.DocNumber
    made = second.save(qb=qb, params={"include": "allowduplicatedocnum"})
    assert made.DocNumber == first.DocNumber
    found = Invoice.filter(DocNumber=first.DocNumber, qb=qb)
    assert [one.Id for one in found] == [first.Id, made.Id]


@pytest.mark.parametrize("options", [{"minorversion": 75}, {"minorversion": 90}])
def test_every_minor_version_is_answered_alike(
    options: dict[str, int], connect: Any, open_company: Any, r1: Any
) -> None:
    connect()
    made = Customer.get(10, qb=open_company(**options))
    assert made.DisplayName == "Dana Whitfield"


@pytest.mark.filterwarnings(
    "ignore:(No minor version specified|Minor Version):DeprecationWarning:quickbooks.client"
)
@pytest.mark.parametrize("options", [{}, {"minorversion": 4}])
def test_an_old_minor_version_or_none_serves_too(
    options: dict[str, int], connect: Any, r1: Any
) -> None:
    auth = connect()
    opened = QuickBooks(auth_client=auth, company_id=auth.realm_id, **options)
    opened.api_url_v3 = f"{r1.running.api}/v3"
    assert Customer.get(10, qb=opened).DisplayName == "Dana Whitfield"
    opened.session.close()


def test_statements(qb: Any) -> None:
    """Quotes, wildcards, ranges, order, paging and counts, as the client composes them."""
    made = [customer(qb).save(qb=qb) for _ in range(3)]
    name = made[1].DisplayName
    assert [one.Id for one in Customer.filter(DisplayName=name, qb=qb)] == [made[1].Id]
    assert [one.Id for one in Customer.choose([name], field="DisplayName", qb=qb)] == [made[1].Id]
    like = Customer.where("DisplayName LIKE 'cora o\\'neil%'", order_by="Id DESC", qb=qb)
    assert [one.Id for one in like] == [one.Id for one in reversed(made)]
    page = Customer.filter(
        FamilyName="O'Neil", order_by="DisplayName", start_position=2, max_results=1, qb=qb
    )
    assert [one.Id for one in page] == [made[1].Id]
    assert Customer.filter(Active=True, GivenName="Cora", max_results=2, qb=qb)
    assert Customer.count("FamilyName = 'O\\'Neil'", qb=qb) == 3
    assert Customer.where("DisplayName = 'Nobody'", qb=qb) == []
    assert Customer.count("DisplayName = 'Nobody'", qb=qb) == 0
    assert Customer.choose([], qb=qb)


def test_an_item_has_its_sku_when_all_are_listed(qb: Any) -> None:
    """The client asks for `SELECT *, Sku`."""
    made = Item()
    made.Name, made.Type, made.Sku = "Squeegee", "NonInventory", "SQ-1"
    made.IncomeAccountRef = Item.get(1, qb=qb).IncomeAccountRef
    made.save(qb=qb)
    assert "SQ-1" in [one.Sku for one in Item.all(qb=qb)]


def test_blank_words_and_dates_are_not_set(qb: Any) -> None:
    """The client sends an empty string for what was never filled in."""
    made = Vendor()
    made.DisplayName = "Plain Supply"
    told = qb.get_single_object("Vendor", made.save(qb=qb).Id)["Vendor"]
    assert not {"Title", "GivenName", "CompanyName", "TaxIdentifier"} & told.keys()
    full = vendor(qb).save(qb=qb)
    full.AcctNum = ""
    full.save(qb=qb)
    assert "AcctNum" not in qb.get_single_object("Vendor", full.Id)["Vendor"]


def test_an_answer_that_is_no_json(qb: Any, r1: Any) -> None:
    r1.control("faults", {"kind": "html", "status": 502})
    with pytest.raises(QuickbooksException, match="Error reading json response"):
        Customer.get(10, qb=qb)


def test_a_failure_of_the_service(qb: Any, r1: Any) -> None:
    r1.control("faults", {"kind": "fault", "code": "10000"})
    with pytest.raises(SevereException) as refused:
        Customer.get(10, qb=qb)
    assert refused.value.error_code == 10000


def test_a_fault_in_a_success(qb: Any, r1: Any) -> None:
    r1.control("faults", {"kind": "fault_in_200", "code": "6000"})
    with pytest.raises(QuickbooksException) as refused:
        customer(qb).save(qb=qb)
    assert refused.value.error_code == 6000


def test_a_webhook_has_a_signature_that_the_client_accepts(qb: Any, r1: Any) -> None:
    with receiving() as receiver:
        r1.control("webhooks", {"url": receiver.url, "verifier": "t0p"}, method="PUT")
        customer(qb).save(qb=qb)
        r1.control("webhooks/deliver")
        came = receiver.came.get(timeout=20)
    signed = came.headers["intuit-signature"]
    body = came.raw.decode()
    assert qb.validate_webhook_signature(body, signed, verifier_token="t0p")
    assert not qb.validate_webhook_signature(body + " ", signed, verifier_token="t0p")
