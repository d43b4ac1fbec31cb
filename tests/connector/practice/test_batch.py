"""Batches: each item alone, told apart by bId, repeated without effect."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.objects import Customer, Payment

from tests.connector.practice.library import signed_in
from tests.connector.practice.test_metering import metered

R1 = "9341455600000001"


def batch(client: Any, *items: dict[str, Any], **params: str) -> list[dict[str, Any]]:
    """The answers to the items of a batch that is carried out."""
    response = client.post("batch", {"BatchItemRequest": [*items]}, **params)
    assert response.status_code == 200, response.text
    assert set(response.json()) == {"BatchItemResponse", "time"}
    return response.json()["BatchItemResponse"]


def create(bid: str, name: str) -> dict[str, Any]:
    return {"bId": bid, "operation": "create", "Customer": {"DisplayName": name}}


def query(bid: str, statement: str = "select * from Term") -> dict[str, Any]:
    return {"bId": bid, "Query": statement}


def code(answer: dict[str, Any]) -> str:
    """The code of an item's fault."""
    return answer["Fault"]["Error"][0]["code"]


def test_items_are_done_and_refused_each_alone(r1: Any, invoice: Any) -> None:
    created, refused, unwritten, asked = batch(
        r1,
        create("a", "Ira"),
        create("b", "Rivera Plumbing"),
        {"bId": "c", "operation": "create", "Invoice": invoice(Nonsense=1)},
        query("d", "select count(*) from Customer"),
    )
    assert (created["bId"], created["Customer"]["DisplayName"]) == ("a", "Ira")
    assert refused == {
        "bId": "b",
        "Fault": {
            "Error": [
                {
                    "Message": "Duplicate Name Exists Error",
                    "Detail": "The name supplied already exists. : null",
                    "code": "6240",
                    "element": "",
                }
            ],
            "type": "ValidationFault",
        },
    }
    assert code(unwritten) == "2010"
    assert asked == {"bId": "d", "QueryResponse": {"totalCount": 6}}


def test_every_operation(r1: Any, invoice: Any, payment: Any) -> None:
    bill = r1.ok("invoice", invoice())
    paid = r1.ok("payment", payment(475, (bill["Id"], 475)))
    gone = r1.ok("payment", payment(5))
    key = {"Id": paid["Id"], "SyncToken": "0"}
    voided, deleted, renamed = batch(
        r1,
        {
            "bId": "1",
            "operation": "update",
            "optionsData": "void",
            "Payment": {**key, "sparse": True},
        },
        {"bId": "2", "operation": "delete", "Payment": {"Id": gone["Id"], "SyncToken": "0"}},
        {
            "bId": "3",
            "operation": "update",
            "Customer": {"Id": "12", "SyncToken": "0", "sparse": True, "Notes": "x"},
        },
    )
    assert (voided["Payment"]["TotalAmt"], voided["Payment"]["SyncToken"]) == (0, "1")
    assert deleted["Payment"] == {"status": "Deleted", "domain": "QBO", "Id": gone["Id"]}
    assert renamed["Customer"]["Notes"] == "x"
    open_again = r1.read(f"invoice/{bill['Id']}")
    assert open_again["Balance"] == 475
    key = {"Id": bill["Id"], "SyncToken": open_again["SyncToken"]}
    [voided] = batch(r1, {"bId": "1", "operation": "void", "Invoice": key})
    assert voided["Invoice"]["TotalAmt"] == 0


_CUSTOMER = {"Id": "12", "SyncToken": "0", "sparse": True}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"Customer": {"DisplayName": "Jo"}}, "2020"),
        ({"operation": None, "optionsData": None, "Customer": None}, "2020"),
        ({"operation": "make", "Customer": {"DisplayName": "Jo"}}, "2170"),
        ({"operation": "merge", "Customer": {"DisplayName": "Jo"}}, "500"),
        ({"operation": "create", "Customer": _CUSTOMER}, "2010"),
        ({"operation": "update", "Customer": {"DisplayName": "Jo"}}, "2020"),
        ({"operation": "update", "Customer": {**_CUSTOMER, "Id": "99"}}, "610"),
        ({"operation": "update", "Customer": {**_CUSTOMER, "SyncToken": "7"}}, "5010"),
        ({"operation": "delete", "Customer": _CUSTOMER}, "500"),
        ({"operation": "void", "Payment": _CUSTOMER}, "500"),
        ({"operation": "update", "optionsData": "void", "Invoice": _CUSTOMER}, "500"),
        ({"operation": "create", "Customer": "Jo"}, "2010"),
        ({"operation": "create", "Colour": {}}, "2010"),
        ({"operation": "create"}, "2010"),
        ({"Query": "select", "CDCQuery": {}}, "2010"),
        ({"Query": "select * from"}, "4000"),
        ({"CDCQuery": "Customer"}, "2010"),
        ({"ReportQuery": "Weather?start_date=2026-11-01"}, "500"),
        ({"ReportQuery": ["ProfitAndLoss"]}, "500"),
        ({"CDCQuery": {"Entities": "Customer"}}, "2020"),
    ],
)
def test_an_item_that_is_wrong(r1: Any, item: dict[str, Any], expected: str) -> None:
    before = r1.books()
    wrong, right = batch(r1, {"bId": "1", **item}, query("2"))
    assert code(wrong) == expected
    assert wrong["Fault"]["type"] == ("SystemFault" if expected == "500" else "ValidationFault")
    assert "QueryResponse" in right
    assert r1.books() == before


@pytest.mark.parametrize(
    ("body", "requestid", "expected"),
    [
        ([], "", "2010"),
        ({}, "", "2020"),
        ({"BatchItemRequest": []}, "", "2020"),
        ({"BatchItemRequest": {}}, "", "2020"),
        ({"BatchItemRequest": ["x"]}, "", "2010"),
        ({"BatchItemRequest": [query(str(n)) for n in range(31)]}, "", "1040"),
        ({"BatchItemRequest": [query("1")]}, "r" * 37, "2130"),
        ({"BatchItemRequest": [query("1" * 11)]}, "r", "2130"),
    ],
)
def test_a_batch_that_is_wrong_as_a_whole(
    r1: Any, body: Any, requestid: str, expected: str
) -> None:
    params = {"requestid": requestid} if requestid else {}
    assert r1.fault("batch", body, **params)["code"] == expected


def test_the_longest_that_is_right(r1: Any) -> None:
    batch(r1, *(query(str(number)) for number in range(30)))
    batch(r1, query("1" * 10), requestid="r" * 36)
    batch(r1, query("1" * 36))


def test_no_item_can_name_what_another_creates(r1: Any, invoice: Any) -> None:
    body = {**invoice(), "CustomerRef": {"value": "bId:1"}}
    answers = batch(r1, create("1", "Ira"), {"bId": "2", "operation": "create", "Invoice": body})
    assert code(answers[1]) == "2500"


def test_the_order_can_be_reversed(r1: Any) -> None:
    items = [create("1", "Ira"), create("2", "Ira")]
    r1.control("switches", {"batch_order": "reversed"})
    first, second = batch(r1, *items)
    assert (first["bId"], first["Customer"]["DisplayName"]) == ("2", "Ira")
    assert (second["bId"], code(second)) == ("1", "6240")


def test_a_repeated_batch_gets_the_first_answers(r1: Any) -> None:
    items = [create("1", "Ira"), create("2", "Rivera Plumbing"), query("3")]
    first = batch(r1, *items, requestid="k")
    before = r1.books()
    assert batch(r1, *items, requestid="k") == first
    assert r1.books() == before
    assert [call["committed"] for call in r1.calls()] == ["16", ""]


def test_the_key_of_an_item_is_requestid_and_bid(r1: Any) -> None:
    batch(r1, create("1", "Ira"), requestid="k")
    [other_bid] = batch(r1, create("2", "Ben"), requestid="k")
    [other_request] = batch(r1, create("1", "Cleo"), requestid="k2")
    single = r1.ok("customer", {"DisplayName": "Dan"}, requestid="k1")
    made = (other_bid["Customer"], other_request["Customer"], single)
    assert [one["DisplayName"] for one in made] == ["Ben", "Cleo", "Dan"]


def test_duplicate_numbers_can_be_allowed(r1: Any, invoice: Any) -> None:
    item = {"operation": "create", "Invoice": invoice(DocNumber="A1")}
    allowed = {**item, "bId": "3", "optionsData": "allowduplicatedocnum"}
    answers = batch(r1, {**item, "bId": "1"}, {**item, "bId": "2"}, allowed)
    assert code(answers[1]) == "6140"
    assert "Invoice" in answers[2]


def test_captured_changes_in_a_batch(r1: Any) -> None:
    asked = {"Entities": "Customer,Term", "ChangedSince": "2026-11-06T00:00:00-07:00"}
    made, captured = batch(r1, create("1", "Ira"), {"bId": "2", "CDCQuery": asked})
    page = {"Customer": [made["Customer"]], "startPosition": 1, "maxResults": 1}
    assert captured == {"bId": "2", "CDCResponse": [{"QueryResponse": [page, {}]}]}


def test_reports_in_a_batch(r1: Any, invoice: Any) -> None:
    r1.ok("invoice", invoice())
    asked = "ProfitAndLoss?start_date=2026-11-01&end_date=2026-11-30&accounting_method=Cash"
    [answer] = batch(r1, {"bId": "1", "ReportQuery": asked})
    url = f"{r1.base}/reports/{asked}"
    assert answer == {"bId": "1", "Report": r1.http.get(url, timeout=20).json()}
    assert metered(r1) == {"2026-11": {R1: 2}}


def test_no_more_than_a_thousand_objects(r1: Any) -> None:
    books = r1.running.state.companies[R1]
    with books.store.transaction():
        for number in range(600):
            name = {"Id": str(100 + number), "Name": f"T{number}", "Active": True}
            books.store.put("Term", {**books.find("Term", "1"), **name})
    big = [query(bid, "select * from Term maxresults 600") for bid in ("1", "2", "3")]
    first, second, small = batch(r1, *big[:2], query("3", "select * from Item"))
    assert first["QueryResponse"]["maxResults"] == 600
    assert code(second) == "10100"
    assert small["QueryResponse"]["maxResults"] == 2
    r1.control("switches", {"batch_too_much": "cut"})
    sizes = [answer["QueryResponse"].get("maxResults") for answer in batch(r1, *big)]
    assert sizes == [600, 400, None]


def test_each_read_is_metered(r1: Any) -> None:
    batch(r1, create("1", "Ira"), query("2"), query("3", "select nothing"), query("4"))
    assert metered(r1) == {"2026-11": {R1: 2}}
    r1.control("switches", {"monthly_reads": 3})
    answers = batch(r1, query("1"), query("2"), create("3", "Ben"))
    assert [code(one) if "Fault" in one else "" for one in answers] == ["", "3001", ""]
    assert metered(r1) == {"2026-11": {R1: 3}}


def test_a_batch_that_fails_at_the_gateway_is_not_metered(r1: Any) -> None:
    r1.control("faults", {"kind": "status", "commit": True})
    assert r1.post("batch", {"BatchItemRequest": [query("1")]}).status_code == 500
    assert metered(r1) == {}


@pytest.mark.parametrize(
    ("match", "struck"),
    [
        ({"bId": "2"}, "2"),
        ({"entity": "Customer"}, "1"),
        ({"entity": "term"}, "3"),
        ({"entity": "Customer", "bId": "2"}, "2"),
    ],
)
def test_single_items_can_be_throttled(r1: Any, match: Any, struck: str) -> None:
    r1.control("faults", {"match": match, "kind": "throttle"})
    answers = batch(r1, create("1", "Ira"), create("2", "Ben"), query("3"))
    refused = [answer for answer in answers if "Fault" in answer]
    assert [(one["bId"], code(one)) for one in refused] == [(struck, "3001")]
    assert refused[0]["Fault"]["type"] == "SystemFault"
    assert "ThrottleExceeded" in refused[0]["Fault"]["Error"][0]["Message"]
    assert r1.calls()[-1]["fault"] == "throttle"
    assert len(r1.books()["records"]["Customer"]) == 8 - int(struck != "3")


def test_an_item_may_be_done_although_it_is_refused(r1: Any) -> None:
    r1.control("faults", {"match": {"bId": "1"}, "kind": "status", "commit": True})
    [refused] = batch(r1, create("1", "Ira"), requestid="k")
    assert (code(refused), refused["Fault"]["type"]) == ("10000", "SystemFault")
    [again] = batch(r1, create("1", "Ira"), requestid="k")
    assert again["Customer"]["Id"] == "16"


def test_rules_for_items_leave_whole_calls_alone(r1: Any) -> None:
    r1.control("faults", {"match": {"bId": "9"}, "kind": "status"})
    r1.control("faults", {"match": {"entity": "Customer"}, "kind": "html"})
    assert "Customer" in batch(r1, create("1", "Ira"))[0]
    assert r1.post("customer", {"DisplayName": "Ben"}).status_code == 502
    r1.ok("customer", {"DisplayName": "Ben"})


def test_the_public_client(r1: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with signed_in(r1, monkeypatch) as qb:
        people = [Customer(), Customer()]
        people[0].DisplayName, people[1].DisplayName = "Ira", "Rivera Plumbing"
        made = batch_create(people, qb=qb)
        assert [one.Id for one in made.successes] == ["16"]
        assert [fault.Error[0].code for fault in made.faults] == ["6240"]
        made.successes[0].Notes = "x"
        assert batch_update(made.successes, qb=qb).successes[0].Notes == "x"
        paid = Payment()
        paid.CustomerRef, paid.TotalAmt = made.successes[0].to_ref(), 5
        [paid] = batch_create([paid], qb=qb).successes
        assert batch_delete([paid], qb=qb).faults == []
        assert Payment.count(qb=qb) == 0


_ITEMS = st.lists(
    st.one_of(
        st.sampled_from(["Ira", "Ben", "Rivera Plumbing", "a:b"]).map(lambda name: ("name", name)),
        st.integers(0, 90).map(lambda amount: ("pay", amount)),
        st.sampled_from([("query", "select * from Customer"), ("query", "select")]),
    ),
    min_size=1,
    max_size=6,
)


def _item(number: int, kind: str, value: Any) -> dict[str, Any]:
    if kind == "name":
        return create(str(number), value)
    if kind == "query":
        return query(str(number), value)
    paid = {"CustomerRef": {"value": "10"}, "TotalAmt": value}
    return {"bId": str(number), "operation": "create", "Payment": paid}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=_ITEMS, order=st.sampled_from(["given", "reversed"]))
def test_replaying_any_batch_changes_nothing(r1: Any, drawn: Any, order: str) -> None:
    r1.control("reset")
    r1.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    r1.control("switches", {"batch_order": order})
    items = [_item(number, *one) for number, one in enumerate(drawn)]
    first = batch(r1, *items, requestid="k")
    before, ledger = r1.books(), _ledger(r1)
    r1.control("clock", {"advance": 60})
    assert batch(r1, *items, requestid="k") == first
    assert (r1.books(), _ledger(r1)) == (before, ledger)


def _ledger(client: Any) -> list[Any]:
    store = client.running.state.companies[R1].store
    return sorted(store.run("SELECT * FROM posting"))


@pytest.mark.parametrize(("metering", "reads"), [("items", 4), ("call", 2)])
def test_whether_a_batch_is_one_read_is_a_switch(r1: Any, metering: str, reads: int) -> None:
    r1.control("switches", {"batch_metering": metering, "monthly_reads": 4})
    items = [{"bId": str(number), "Query": "select * from Term"} for number in range(3)]
    for _ in range(2):
        r1.post("batch", {"BatchItemRequest": items})
    # By items only four of the six reads are done; by calls there were two.
    assert metered(r1) == {"2026-11": {R1: reads}}


@pytest.mark.parametrize(("most", "status"), [(10, 400), (11, 200), (50, 200)])
def test_how_many_items_a_batch_may_have_is_a_switch(r1: Any, most: int, status: int) -> None:
    r1.control("switches", {"batch_most": most})
    items = [{"bId": str(number), "Query": "select * from Term"} for number in range(11)]
    answer = r1.post("batch", {"BatchItemRequest": items})
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["Fault"]["Error"][0]["code"] == "1040"
