"""Forms that are sent and printed, and the media types of bodies and answers."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quickbooks.objects import Invoice

from tests.connector.practice.library import signed_in
from tests.connector.practice.receiver import receiving
from tests.connector.practice.test_purchases import spent

EMPTY = {"Content-Type": "application/octet-stream"}
FORMS = ("invoice", "estimate", "creditmemo", "salesreceipt", "refundreceipt")


def send(client: Any, path: str, **params: str) -> requests.Response:
    url = f"{client.base}/{path}/send"
    return client.http.post(url, params=params, headers=EMPTY, timeout=20)


def refused(response: requests.Response) -> str:
    assert response.status_code == 400, response.text
    return response.json()["Fault"]["Error"][0]["code"]


def printed(client: Any, path: str) -> bytes:
    response = client.http.get(f"{client.base}/{path}/pdf", timeout=20)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/pdf"
    return response.content


def words(pdf: bytes) -> list[str]:
    """Every text that is put on a page, in order."""
    found = re.findall(rb"<([0-9a-f]*)> Tj", pdf)
    return [bytes.fromhex(one.decode()).decode("cp1252") for one in found]


def check_offsets(pdf: bytes) -> int:
    """How many objects there are, each where the cross-reference table says."""
    start = int(re.findall(rb"startxref\n(\d+)", pdf)[0])
    file = io.BytesIO(pdf)
    file.seek(start)
    assert file.readline() == b"xref\n"
    count = int(file.readline().split()[1])
    offsets = [int(file.readline().split()[0]) for _ in range(count)]
    for number, offset in enumerate(offsets[1:], start=1):
        assert pdf[offset:].startswith(f"{number} 0 obj".encode())
    return count


def test_a_form_that_is_sent_says_so(r1: Any, invoice: Any) -> None:
    made = r1.ok("invoice", invoice())
    response = send(r1, f"invoice/{made['Id']}", sendTo="a@b.example")
    assert set(response.json()) == {"Invoice", "time"}
    done = response.json()["Invoice"]
    assert (done["EmailStatus"], done["SyncToken"]) == ("EmailSent", "1")
    assert done["BillEmail"] == {"Address": "a@b.example"}
    assert done["DeliveryInfo"] == {
        "DeliveryType": "Email",
        "DeliveryTime": "2026-11-06T10:00:00-07:00",
    }
    assert r1.read(f"invoice/{made['Id']}") == done
    assert r1.calls()[1]["committed"] == made["Id"]
    change = {"Id": made["Id"], "SyncToken": "1", "sparse": True, "PrivateNote": "x"}
    assert r1.ok("invoice", change)["DeliveryInfo"] == done["DeliveryInfo"]


def test_its_own_address_is_used_where_none_is_told(r1: Any, invoice: Any) -> None:
    made = r1.ok("invoice", invoice(BillEmail={"Address": "own@b.example"}))
    done = send(r1, f"invoice/{made['Id']}").json()["Invoice"]
    assert (done["BillEmail"]["Address"], done["EmailStatus"]) == ("own@b.example", "EmailSent")


def test_what_cannot_be_sent(r1: Any, invoice: Any) -> None:
    made = r1.ok("invoice", invoice())
    path = f"invoice/{made['Id']}"
    assert refused(send(r1, path)) == "6420"
    assert refused(send(r1, path, sendTo="nobody")) == "2210"
    assert refused(send(r1, "invoice/999", sendTo="a@b.example")) == "610"
    assert send(r1, "customer/10", sendTo="a@b.example").status_code == 500
    assert refused(r1.post(f"{path}/send", {}, sendTo="a@b.example")) == "500"
    assert r1.read(path) == made


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_sent_and_printed(r1: Any, line: Any, form: str) -> None:
    body = {
        "CustomerRef": {"value": "10"},
        "Line": [line(5)],
        "DepositToAccountRef": {"value": "92"},
    }
    if form in ("invoice", "estimate", "creditmemo"):
        del body["DepositToAccountRef"]
    made = r1.ok(form, body)
    done = send(r1, f"{form}/{made['Id']}", sendTo="a@b.example").json()
    assert next(iter(done.values()))["EmailStatus"] == "EmailSent"
    assert "Dana Whitfield" in " ".join(words(printed(r1, f"{form}/{made['Id']}")))


def test_a_sent_form_is_announced_as_emailed(r1: Any, invoice: Any) -> None:
    made = r1.ok("invoice", invoice())
    with receiving() as receiver:
        r1.control("webhooks", {"url": receiver.url, "verifier": "v"}, method="PUT")
        send(r1, f"invoice/{made['Id']}", sendTo="a@b.example")
        r1.control("webhooks/deliver")
        [event] = receiver.all()[0].events
    assert (event["type"], event["intuitentityid"]) == ("qbo.invoice.emailed.v1", made["Id"])


def test_forty_e_mails_a_day(r1: Any, r2: Any, invoice: Any) -> None:
    path = f"invoice/{r1.ok('invoice', invoice())['Id']}"
    r1.control("switches", {"limits": "intuit"})
    for _ in range(40):
        assert send(r1, path, sendTo="a@b.example").status_code == 200
        r1.control("clock", {"advance": 1})
    throttled = send(r1, path, sendTo="a@b.example")
    assert throttled.status_code == 429
    assert throttled.json()["fault"]["error"][0]["code"] == "3001"
    assert refused(send(r2, "invoice/1", sendTo="a@b.example")) == "610"
    r1.control("clock", {"advance": 86_400})
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    assert send(r1, path, sendTo="a@b.example").status_code == 200
    r1.control("switches", {"limits": "off"})
    assert {send(r1, path).status_code for _ in range(41)} == {200}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(address=st.sampled_from(["a@b.example", "", "nobody"]), form=st.sampled_from(FORMS[:2]))
def test_replaying_any_dispatch_changes_nothing(
    r1: Any, invoice: Any, address: str, form: str
) -> None:
    r1.control("reset")
    r1.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    path = f"{form}/{r1.ok(form, invoice())['Id']}"
    first = send(r1, path, sendTo=address, requestid="k")
    before = r1.books()
    r1.control("clock", {"advance": 60})
    again = send(r1, path, sendTo=address, requestid="k")
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert r1.books() == before
    assert r1.calls()[-1]["replayed"]


def test_a_printed_invoice_holds_what_matters(r1: Any, invoice: Any, line: Any) -> None:
    body = invoice(
        {**line(1200, code="TAX", Qty=2, UnitPrice=600), "Description": "Water heater “XL” → new"},
        DocNumber="A-17",
    )
    made = r1.ok("invoice", body)
    pdf = printed(r1, f"invoice/{made['Id']}")
    assert pdf.startswith(b"%PDF-1.7")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert check_offsets(pdf) > 5
    told = words(pdf)
    assert told[:2] == ["Invoice A-17", "Practice company: this is not a real invoice."]
    for expected in (
        "From: Sparrow Home Services LLC",
        "To: Dana Whitfield",
        "Date: 2026-11-06",
        f"Due: {made['DueDate']}",
        "Services - Water heater “XL” ? new",
        "600.00",
        "1,200.00",
        "72.00",
    ):
        assert expected in told
    assert told[-6:] == ["Tax", "72.00", "Total", "1,272.00", "Balance", "1,272.00"]


def test_long_forms_have_several_pages(r1: Any, invoice: Any, line: Any) -> None:
    many = [{**line(1), "Description": f"No. {number} {'word ' * 20}"} for number in range(40)]
    made = r1.ok("invoice", invoice(*many))
    pdf = printed(r1, f"invoice/{made['Id']}")
    pages = [one for one in words(pdf) if one.startswith("Page: ")]
    assert pages == [f"Page: {number}" for number in range(1, len(pages) + 1)]
    assert len(pages) == 4 == pdf.count(b"/Type /Page/")
    assert sum(one.startswith("Services - No. ") for one in words(pdf)) == 40


def test_what_cannot_be_printed(r1: Any) -> None:
    for path, status in (("invoice/999/pdf", 400), ("customer/10/pdf", 500), ("x/1/pdf", 500)):
        response = r1.http.get(f"{r1.base}/{path}", timeout=20)
        assert response.status_code == status


def test_the_public_client(r1: Any, invoice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = r1.ok("invoice", invoice())
    with signed_in(r1, monkeypatch) as qb:
        bill = Invoice.get(made["Id"], qb=qb)
        bill.send(qb=qb, send_to="a+x@b.example")
        seen = Invoice.get(made["Id"], qb=qb)
        assert (seen.EmailStatus, seen.BillEmail.Address) == ("EmailSent", "a+x@b.example")
        assert bill.download_pdf(qb=qb).startswith(b"%PDF-")


@pytest.mark.parametrize("path", ["customer", "batch"])
def test_a_body_of_another_type_is_refused(r1: Any, path: str) -> None:
    url, body = f"{r1.base}/{path}", {"DisplayName": "Ira"}
    response = r1.http.post(url, data=body, timeout=20)
    assert response.status_code == 400
    fault = response.json()["Fault"]
    assert (fault["type"], fault["Error"][0]["code"]) == ("ValidationFault", "500")
    assert "content type" in fault["Error"][0]["Detail"]


def test_an_empty_body_is_refused(r1: Any) -> None:
    for path in ("customer", "batch"):
        response = r1.http.post(f"{r1.base}/{path}", data=b" ", timeout=20)
        assert refused(response) == "2310"


def test_a_type_may_have_parameters(r1: Any) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    body = '{"DisplayName": "Íra"}'.encode()
    response = r1.http.post(f"{r1.base}/customer", data=body, headers=headers, timeout=20)
    assert response.json()["Customer"]["DisplayName"] == "Íra"


def test_who_does_not_ask_for_json_gets_xml(r1: Any) -> None:
    r1.control("switches", {"accept_required": True})
    for accept in ("*/*", "application/xml", "text/html"):
        headers = {"Accept": accept}
        response = r1.http.get(f"{r1.base}/customer/15", headers=headers, timeout=20)
        assert response.headers["Content-Type"].startswith("application/xml")
        root = ElementTree.fromstring(response.content)
        space = "{http://schema.intuit.com/finance/v3}"
        assert root.tag == f"{space}IntuitResponse"
        assert root.findtext(f"{space}Customer/{space}DisplayName") == "Pat Kim"
        assert root.findtext(f"{space}Customer/{space}Active") == "true"
    wrong = r1.http.get(f"{r1.base}/customer/99", headers=headers, timeout=20)
    assert wrong.status_code == 400
    assert b"<code>610</code>" in wrong.content
    pdf = r1.http.get(f"{r1.base}/invoice/1/pdf", headers={"Accept": "application/pdf"}, timeout=20)
    assert pdf.headers["Content-Type"].startswith("application/xml")
    headers = {"Accept": "text/plain, application/json;q=0.5"}
    assert r1.http.get(f"{r1.base}/customer/15", headers=headers, timeout=20).json()


def test_lists_repeat_their_element_in_xml(r1: Any) -> None:
    r1.control("switches", {"accept_required": True})
    r1.http.headers["Accept"] = "*/*"
    params = {"query": "select * from Term"}
    response = r1.http.get(f"{r1.base}/query", params=params, timeout=20)
    assert response.content.count(b"<Term>") == 3
    r1.http.headers["Authorization"] = "Bearer wrong"
    assert b"<code>3200</code>" in r1.http.get(f"{r1.base}/query", timeout=20).content


def test_json_is_for_all_unless_switched(r1: Any) -> None:
    response = r1.http.get(f"{r1.base}/customer/15", headers={"Accept": "text/html"}, timeout=20)
    assert response.json()["Customer"]["Id"] == "15"


def test_an_order_goes_to_the_vendor(r1: Any) -> None:
    body = {"VendorRef": {"value": "20"}, "Line": [spent(5)]}
    path = f"purchaseorder/{r1.ok('purchaseorder', body)['Id']}"
    assert refused(send(r1, path)) == "6420"
    done = send(r1, path, sendTo="o@rivera.example").json()["PurchaseOrder"]
    assert (done["POEmail"], done["EmailStatus"]) == (
        {"Address": "o@rivera.example"},
        "EmailSent",
    )
    told = words(printed(r1, path))
    assert "To: Rivera Plumbing" in told
    assert "Balance" not in told
