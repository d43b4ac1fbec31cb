"""Multicurrency: a customer's currency, rates, home amounts, exchange gains and losses."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.practice.books.ledger import balance_of, postings_of
from tests.connector.practice.conftest import Client

_EUR = {"value": "EUR"}


class Books(Client):
    """A company with the euro in use and a customer who pays in it."""

    def __init__(self, client: Client) -> None:
        super().__init__(client.running, client.realm)
        self.prefer(CurrencyPrefs__MultiCurrencyEnabled=True)
        self.ok("companycurrency", {"Code": "EUR"})
        made = self.ok("customer", {"DisplayName": "Nora Blake", "CurrencyRef": _EUR})
        self.customer = {"value": made["Id"]}

    def bill(self, amount: Any, rate: Any = None, **fields: Any) -> dict[str, Any]:
        """An invoice in euros."""
        kind = "SalesItemLineDetail"
        inner = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": fields.pop("code", "NON")}}
        line = {"Amount": str(amount), "DetailType": kind, kind: inner}
        rated = {} if rate is None else {"ExchangeRate": str(rate)}
        head = {"CustomerRef": self.customer, "CurrencyRef": _EUR, **rated}
        return self.ok("invoice", {**head, "Line": [line], **fields})

    def pay(self, total: Any, rate: Any, *parts: tuple[str, Any], **fields: Any) -> dict[str, Any]:
        """A payment in euros, applied to invoices."""
        lines = [
            {"Amount": str(amount), "LinkedTxn": [{"TxnId": identity, "TxnType": "Invoice"}]}
            for identity, amount in parts
        ]
        head = {"CustomerRef": self.customer, "CurrencyRef": _EUR, "ExchangeRate": str(rate)}
        return self.ok("payment", {**head, "TotalAmt": str(total), "Line": lines, **fields})

    def account(self, name: str, *, own: bool = False) -> Decimal:
        """Debits less credits of an account, 0 where it does not exist."""
        found = self.query(f"select * from Account where Name = '{name}'").get("Account", [])
        store = self.running.state.companies[self.realm].store
        return sum((balance_of(store, one["Id"], own=own) for one in found), Decimal(0))


@pytest.fixture
def books(r1: Any) -> Iterator[Books]:
    client = Books(r1)
    yield client
    client.http.close()


def test_currencies_need_the_preference(r1: Any, invoice: Any) -> None:
    assert r1.fault("companycurrency", {"Code": "EUR"})["code"] == "6000"
    rate = {"SourceCurrencyCode": "EUR", "Rate": 1.1}
    assert r1.fault("exchangerate", rate)["code"] == "6000"
    url = f"{r1.base}/exchangerate?sourcecurrencycode=EUR"
    assert r1.http.get(url, timeout=20).status_code == 400
    customer = {"DisplayName": "Nora Blake", "CurrencyRef": _EUR}
    assert r1.fault("customer", customer)["code"] == "6000"
    assert r1.fault("invoice", invoice(CurrencyRef=_EUR))["code"] == "6000"
    made = r1.ok("invoice", invoice(ExchangeRate=2))
    assert not {"ExchangeRate", "HomeTotalAmt", "HomeBalance"} & set(made)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "2020"),
        ({"Code": "EUR"}, "6240"),
        ({"Code": "USD"}, "6000"),
        ({"Code": "XXX"}, "6000"),
        ({"Code": "EURO"}, "2050"),
    ],
)
def test_company_currencies_that_are_refused(books: Books, body: Any, code: str) -> None:
    assert books.fault("companycurrency", body)["code"] == code


def test_a_company_currency_is_renamed_but_keeps_its_code(books: Books) -> None:
    [euro] = books.query("select * from CompanyCurrency where Code = 'EUR'")["CompanyCurrency"]
    assert (euro["Name"], euro["Active"]) == ("Euro", True)
    head = {"Id": euro["Id"], "SyncToken": "0", "sparse": True}
    assert books.fault("companycurrency", {**head, "Code": "GBP"})["code"] == "6000"
    after = books.ok("companycurrency", {**head, "Name": "Euros", "Active": False})
    assert (after["Name"], after["Code"], after["SyncToken"]) == ("Euros", "EUR", "1")
    wrong = {"DisplayName": "Max Roth", "CurrencyRef": _EUR}
    assert books.fault("customer", wrong)["code"] == "2500"


def test_the_currency_of_a_name_or_account_is_fixed(books: Books) -> None:
    books.ok("companycurrency", {"Code": "GBP"})
    made = {
        "customer": books.read(f"customer/{books.customer['value']}"),
        "vendor": books.ok("vendor", {"DisplayName": "Roth SA", "CurrencyRef": _EUR}),
        "account": books.ok(
            "account", {"Name": "Euro bank", "AccountType": "Bank", "CurrencyRef": _EUR}
        ),
    }
    for path, record in made.items():
        assert record["CurrencyRef"] == {"value": "EUR", "name": "Euro"}
        head = {"Id": record["Id"], "SyncToken": "0", "sparse": True}
        assert books.fault(path, {**head, "CurrencyRef": {"value": "GBP"}})["code"] == "6000"
        kept = books.ok(path, {**record, "CurrencyRef": None})
        assert kept["CurrencyRef"]["value"] == "EUR"
    assert books.fault("customer", {"DisplayName": "X", "CurrencyRef": {"value": "1"}})["code"] == (
        "2500"
    )


def test_rates_are_set_by_currency_and_day(books: Books) -> None:
    set_rate = {"SourceCurrencyCode": "EUR", "Rate": 1.1, "AsOfDate": "2026-11-02"}
    told = books.ok("exchangerate", set_rate)
    assert (told["Rate"], told["TargetCurrencyCode"], told.get("Id")) == (1.1, "USD", None)
    books.ok("exchangerate", {**set_rate, "Rate": 1.2, "AsOfDate": "2026-11-05"})
    books.ok("exchangerate", {**set_rate, "Rate": 1.25, "AsOfDate": "2026-11-05"})
    asked = "exchangerate?sourcecurrencycode=eur"
    known = {
        day: books.read(f"{asked}&asofdate={day}")["Rate"]
        for day in ("2026-11-01", "2026-11-04", "2026-11-05")
    }
    assert known == {"2026-11-01": 1, "2026-11-04": 1.1, "2026-11-05": 1.25}
    assert books.read(asked)["AsOfDate"] == "2026-11-06"
    query = "select * from ExchangeRate where SourceCurrencyCode in ('EUR','GBP')"
    found = books.query(f"{query} and AsOfDate = '2026-11-05'")["ExchangeRate"]
    assert [one["Rate"] for one in found] == [1.25]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"Rate": 1.1}, "2020"),
        ({"SourceCurrencyCode": "EUR"}, "2020"),
        ({"SourceCurrencyCode": "EUR", "Rate": 0}, "2290"),
        ({"SourceCurrencyCode": "EUR", "Rate": -1}, "2290"),
        ({"SourceCurrencyCode": "GBP", "Rate": 1}, "2500"),
        ({"SourceCurrencyCode": "USD", "Rate": 1}, "6000"),
        ({"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "GBP", "Rate": 1}, "6000"),
    ],
)
def test_rates_that_are_refused(books: Books, body: Any, code: str) -> None:
    assert books.fault("exchangerate", body)["code"] == code


@pytest.mark.parametrize(
    "query", ["", "?sourcecurrencycode=GBP", "?sourcecurrencycode=EUR&asofdate=x"]
)
def test_questions_for_rates_that_are_refused(books: Books, query: str) -> None:
    answer = books.http.get(f"{books.base}/exchangerate{query}", timeout=20)
    assert answer.status_code == 400


def test_a_form_tells_its_home_amounts(books: Books) -> None:
    made = books.bill("100.05", "1.105", code="TAX")
    assert (made["CurrencyRef"]["name"], made["ExchangeRate"]) == ("Euro", 1.105)
    assert (made["TotalAmt"], made["HomeTotalAmt"]) == (106.05, 117.19)
    books.pay(50, "1.2", (made["Id"], 50))
    after = books.read(f"invoice/{made['Id']}")
    assert (after["Balance"], after["HomeBalance"]) == (56.05, 61.94)
    assert books.read(f"customer/{books.customer['value']}")["Balance"] == 56.05
    [receivable] = books.query(
        "select * from Account where Name = 'Accounts Receivable (A/R) - EUR'"
    )["Account"]
    assert (receivable["CurrencyRef"]["value"], receivable["CurrentBalance"]) == ("EUR", 56.05)
    assert books.account("Accounts Receivable (A/R)") == 0


def test_the_postings_are_in_the_home_currency(books: Books) -> None:
    made = books.bill("100.05", "1.105", code="TAX")
    posted = postings_of(books.running.state.companies[books.realm].store, "Invoice", made["Id"])
    rows = [(one.part, one.amount, one.original) for one in posted if one.basis < 2]
    assert rows == [
        ("owed", Decimal("117.19"), Decimal("106.05")),
        ("sale", Decimal("-110.56"), Decimal("-100.05")),
        ("tax", Decimal("-6.63"), Decimal("-6.00")),
    ]


def test_what_a_rate_brings_or_costs(books: Books) -> None:
    gained, lost = books.bill(100, "1.1"), books.bill(50, "1.3")
    books.pay(100, "1.25", (gained["Id"], 100))
    assert books.account("Exchange Gain or Loss") == -15
    books.pay(50, "1.2", (lost["Id"], 50))
    assert books.account("Exchange Gain or Loss") == -10
    assert books.account("Undeposited Funds") == Decimal("185.00")
    assert books.account("Accounts Receivable (A/R) - EUR") == 0


def test_what_is_not_applied_waits_at_its_own_rate(books: Books) -> None:
    made = books.bill(100, "1.1")
    paid = books.pay(130, "1.2", (made["Id"], 100))
    assert paid["UnappliedAmt"] == 30
    assert books.account("Accounts Receivable (A/R) - EUR") == Decimal("-36.00")
    assert books.account("Accounts Receivable (A/R) - EUR", own=True) == Decimal("-30.00")
    assert books.account("Exchange Gain or Loss") == Decimal("-10.00")
    later = books.bill(30, "1.5")
    lines = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": one["Id"], "TxnType": "Invoice"}]}
        for one, amount in ((made, 100), (later, 30))
    ]
    books.ok("payment", {"Id": paid["Id"], "SyncToken": "0", "sparse": True, "Line": lines})
    assert books.account("Accounts Receivable (A/R) - EUR") == 0
    assert books.account("Exchange Gain or Loss") == Decimal("-1.00")


def test_a_bill_is_owed_and_paid_in_the_currency_of_its_vendor(books: Books) -> None:
    vendor = {"value": books.ok("vendor", {"DisplayName": "Roth", "CurrencyRef": _EUR})["Id"]}
    kind = "AccountBasedExpenseLineDetail"
    line = {"Amount": 100, "DetailType": kind, kind: {"AccountRef": {"value": "97"}}}
    head = {"VendorRef": vendor, "CurrencyRef": _EUR}
    bill = books.ok("bill", {**head, "Line": [line], "ExchangeRate": 1.1})
    assert bill["HomeBalance"] == 110
    assert books.account("Accounts Payable (A/P)") == 0
    assert books.account("Accounts Payable (A/P) - EUR") == -110
    paid = {
        **head,
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": {"value": "92"}},
        "TotalAmt": 100,
        "ExchangeRate": 1.2,
        "Line": [{"Amount": 100, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}],
    }
    books.ok("billpayment", paid)
    assert books.account("Checking") == -120
    assert books.account("Accounts Payable (A/P) - EUR") == 0
    assert books.account("Exchange Gain or Loss") == 10
    wrong = {**head, "CurrencyRef": {"value": "USD"}, "Line": [line]}
    assert books.fault("bill", wrong)["code"] == "6000"


def test_only_the_currency_of_the_customer(books: Books, invoice: Any, payment: Any) -> None:
    books.ok("companycurrency", {"Code": "GBP"})
    for code in ("USD", "GBP"):
        ref = {"CustomerRef": books.customer, "CurrencyRef": {"value": code}}
        assert books.fault("invoice", {**invoice(), **ref})["code"] == "6000"
        assert books.fault("payment", {**payment(5), **ref})["code"] == "6000"
    assert books.fault("invoice", invoice(CurrencyRef=_EUR))["code"] == "6000"
    assert books.ok("invoice", invoice(CurrencyRef={"value": "USD"}))["ExchangeRate"] == 1


def test_payments_stay_in_their_currency(books: Books, payment: Any) -> None:
    parent = {"value": "10"}
    child = books.ok(
        "customer",
        {
            "DisplayName": "Nora in Paris",
            "Job": True,
            "ParentRef": parent,
            "CurrencyRef": _EUR,
        },
    )
    books.customer = {"value": child["Id"]}
    made = books.bill(10, "1.1")
    paid = payment(10, (made["Id"], 10), CurrencyRef={"value": "USD"})
    told = books.fault("payment", paid)
    assert (told["code"], "another currency" in told["Detail"]) == ("620", True)


def test_a_deposit_is_in_the_currency_of_its_payments(books: Books) -> None:
    paid = books.pay(100, "1.1")
    link = {"TxnId": paid["Id"], "TxnType": "Payment", "TxnLineId": "0"}
    body = {
        "DepositToAccountRef": {"value": "92"},
        "Line": [{"Amount": 100, "LinkedTxn": [link]}],
    }
    assert books.fault("deposit", {**body, "CurrencyRef": {"value": "USD"}})["code"] == "620"
    books.ok("deposit", {**body, "CurrencyRef": _EUR, "ExchangeRate": 1.3})
    assert books.account("Checking") == 130
    assert books.account("Undeposited Funds") == 0
    assert books.account("Exchange Gain or Loss") == -20


def test_currency_ref_is_required_by_switch(books: Books, invoice: Any, payment: Any) -> None:
    told = books.fault("invoice", {**invoice(), "CustomerRef": books.customer})
    assert (told["code"], told["element"]) == ("2020", "CurrencyRef")
    assert books.fault("payment", payment(5))["code"] == "2020"
    books.control("switches", {"currency_ref_required": False})
    made = books.ok("invoice", {**invoice(), "CustomerRef": books.customer})
    assert made["CurrencyRef"]["value"] == "EUR"
    assert books.ok("payment", payment(5))["CurrencyRef"]["value"] == "USD"


@pytest.mark.parametrize(
    ("switch", "day", "rate"),
    [
        ("one", "2026-11-06", 1),
        ("listed", "2026-11-06", 1.2),
        ("listed", "2026-11-03", 1.1),
        ("listed", "2026-11-01", 1),
    ],
)
def test_the_rate_of_a_form_without_one(books: Books, switch: str, day: str, rate: float) -> None:
    books.control("switches", {"default_exchange_rate": switch})
    for on, value in (("2026-11-02", 1.1), ("2026-11-05", 1.2)):
        body = {"SourceCurrencyCode": "EUR", "Rate": value, "AsOfDate": on}
        books.ok("exchangerate", body)
    assert books.bill(10, TxnDate=day)["ExchangeRate"] == rate
    assert books.bill(10, "1.5", TxnDate=day)["ExchangeRate"] == 1.5


def test_a_rate_below_zero_is_refused(books: Books, invoice: Any) -> None:
    body = {**invoice(), "CustomerRef": books.customer, "CurrencyRef": _EUR, "ExchangeRate": -1}
    assert books.fault("invoice", body)["code"] == "2290"


def test_voiding_and_deleting_leaves_nothing(books: Books) -> None:
    made = books.bill(100, "1.1")
    paid = books.pay(100, "1.3", (made["Id"], 100))
    token = books.read(f"invoice/{made['Id']}")["SyncToken"]
    books.ok("payment", {"Id": paid["Id"], "SyncToken": "0"}, operation="delete")
    assert books.account("Exchange Gain or Loss") == 0
    token = books.read(f"invoice/{made['Id']}")["SyncToken"]
    void = books.ok("invoice", {"Id": made["Id"], "SyncToken": token}, operation="void")
    assert (void["HomeTotalAmt"], void["HomeBalance"]) == (0, 0)
    assert books.account("Accounts Receivable (A/R) - EUR") == 0


_RATE = st.decimals("0.0001", 200, places=4)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amount=st.decimals("0.03", 9999, places=2),
    rates=st.lists(_RATE, min_size=2, max_size=4),
    code=st.sampled_from(["TAX", "NON"]),
    cut=st.decimals(0, 1, places=3),
)
def test_a_paid_invoice_leaves_no_cent_in_any_currency(
    books: Books, amount: Decimal, rates: list[Decimal], code: str, cut: Decimal
) -> None:
    made = books.bill(amount, rates[0], code=code)
    left = Decimal(str(made["TotalAmt"]))
    for index, rate in enumerate(rates[1:], 2):
        part = left if index == len(rates) else (left * cut).quantize(Decimal("0.01"))
        books.pay(part, rate, (made["Id"], part))
        left -= part
        if not left:
            break
    assert books.read(f"invoice/{made['Id']}")["Balance"] == 0
    for own in (True, False):
        assert books.account("Accounts Receivable (A/R) - EUR", own=own) == 0
    books_of = books.running.state.companies[books.realm]
    for sides in ((0, 1), (0, 2)):
        total = books_of.store.run(
            "SELECT sum(amount), sum(original) FROM posting WHERE basis IN (?, ?)", sides
        )
        assert total == [(0, 0)]
