"""Items that are kept in stock: quantities, what they cost, and the accounts in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ITEM = "ItemBasedExpenseLineDetail"
#: The accounts that the fixture `stock` makes, in this order.
ASSET, COGS = "100", "101"
Sell = Callable[..., dict[str, Any]]


def pump(**fields: Any) -> dict[str, Any]:
    """Ten pumps at 4, sold through Product Revenue."""
    accounts = {
        "IncomeAccountRef": {"value": "80"},
        "AssetAccountRef": {"value": ASSET},
        "ExpenseAccountRef": {"value": COGS},
    }
    start = {"TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2026-11-01"}
    head = {"Name": "Pump", "Type": "Inventory", "PurchaseCost": 4, "UnitPrice": 9}
    return {**head, **accounts, **start, **fields}


@pytest.fixture
def stock(r1: Any) -> None:
    """An account for stock and one for what it costs."""
    rows = (
        ("Inventory Asset", "Other Current Asset", "Inventory"),
        ("Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    )
    made = [
        r1.ok("account", {"Name": name, "AccountType": kind, "AccountSubType": detail})["Id"]
        for name, kind, detail in rows
    ]
    assert made == [ASSET, COGS]


@pytest.fixture
def item(r1: Any, stock: None) -> str:
    """The id of an inventory item."""
    return str(r1.ok("item", pump())["Id"])


@pytest.fixture
def sell(line: Any, item: str) -> Sell:
    """Makes a line that sells so many pumps at 9."""

    def make(quantity: float) -> dict[str, Any]:
        made: dict[str, Any] = line(quantity * 9, item, Qty=quantity, UnitPrice=9)
        return made

    return make


def buy(item: str, quantity: float, amount: float) -> dict[str, Any]:
    """A line that buys pumps."""
    detail = {"ItemRef": {"value": item}, "Qty": quantity}
    return {"Amount": amount, "DetailType": ITEM, ITEM: detail}


def on_hand(client: Any, item: str) -> Any:
    """How many there are."""
    return client.read(f"item/{item}")["QtyOnHand"]


def totals(client: Any) -> dict[str, Any]:
    """Debits less credits by account, on each basis."""
    books = client.running.state.companies[client.realm]
    found = {}
    for basis, left_out in (("accrual", 2), ("cash", 1)):
        rows = books.store.run(
            "SELECT account, sum(amount) / 100.0 FROM posting WHERE basis <> ? GROUP BY account",
            (left_out,),
        )
        found[basis] = {account: total for account, total in rows if total}
    return found


def test_an_item_begins_with_what_there_is(r1: Any, item: str) -> None:
    assert on_hand(r1, item) == 10
    equity = r1.query("select * from Account where AccountSubType = 'OpeningBalanceEquity'")
    [account] = equity["Account"]
    assert (account["CurrentBalance"], r1.read(f"account/{ASSET}")["CurrentBalance"]) == (40, 40)
    assert totals(r1)["cash"] == {ASSET: 40, account["Id"]: -40}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"QtyOnHand": None}, "2020"),
        ({"InvStartDate": None}, "2020"),
        ({"AssetAccountRef": None}, "2020"),
        ({"TrackQtyOnHand": None}, "2020"),
        ({"TrackQtyOnHand": False}, "6000"),
        ({"AssetAccountRef": {"value": "92"}}, "6430"),
        ({"ExpenseAccountRef": {"value": "97"}}, "6430"),
        ({"AssetAccountRef": {"value": "404"}}, "2500"),
        ({"InvStartDate": "2026-10-31"}, "6210"),
    ],
)
def test_refused(r1: Any, stock: None, fields: Any, code: str) -> None:
    before = r1.books()["records"]["Item"]
    assert r1.fault("item", pump(**fields))["code"] == code
    assert r1.books()["records"]["Item"] == before


def test_a_sale_takes_its_cost_out_of_stock(
    r1: Any, item: str, sell: Sell, invoice: Any, payment: Any
) -> None:
    made = r1.ok("invoice", invoice(sell(3)))
    assert on_hand(r1, item) == 7
    seen = totals(r1)
    assert (seen["accrual"][ASSET], seen["accrual"][COGS], seen["accrual"]["80"]) == (28, 12, -27)
    assert (seen["cash"][ASSET], COGS in seen["cash"]) == (40, False)
    r1.ok("payment", payment(9, (made["Id"], 9)))
    seen = totals(r1)
    assert (seen["cash"][ASSET], seen["cash"][COGS], seen["cash"]["80"]) == (36, 4, -9)
    r1.ok("invoice", {"Id": made["Id"], "SyncToken": "1"}, operation="void")
    assert (on_hand(r1, item), COGS in totals(r1)["accrual"]) == (10, False)


def test_receipts_refunds_and_credits(r1: Any, item: str, sell: Sell, invoice: Any) -> None:
    receipt = r1.ok("salesreceipt", invoice(sell(4)))
    assert (on_hand(r1, item), totals(r1)["cash"][COGS]) == (6, 16)
    r1.ok("refundreceipt", invoice(sell(1), DepositToAccountRef={"value": "92"}))
    r1.ok("creditmemo", invoice(sell(2)))
    assert (on_hand(r1, item), totals(r1)["accrual"][COGS]) == (9, 4)
    r1.ok("salesreceipt", {"Id": receipt["Id"], "SyncToken": "0"}, operation="delete")
    assert on_hand(r1, item) == 13


def test_purchases_bring_it_in(r1: Any, item: str) -> None:
    vendor = {"VendorRef": {"value": "20"}}
    made = r1.ok("bill", {**vendor, "Line": [buy(item, 5, 25)]})
    detail = made["Line"][0][ITEM]
    assert detail["ItemAccountRef"] == {"value": ASSET, "name": "Inventory Asset"}
    cash = {"PaymentType": "Cash", "AccountRef": {"value": "92"}}
    r1.ok("purchase", {**cash, "Line": [buy(item, 2.5, 10)]})
    assert (on_hand(r1, item), totals(r1)["accrual"][ASSET]) == (17.5, 75)
    r1.ok("vendorcredit", {**vendor, "Line": [buy(item, 1, 5)]})
    assert (on_hand(r1, item), totals(r1)["accrual"][ASSET]) == (16.5, 70)
    r1.ok("purchaseorder", {**vendor, "Line": [buy(item, 100, 400)]})
    r1.ok("bill", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert (on_hand(r1, item), totals(r1)["accrual"][ASSET]) == (11.5, 45)


def test_what_was_sold_keeps_its_cost(r1: Any, item: str, sell: Sell, invoice: Any) -> None:
    made = r1.ok("invoice", invoice(sell(3)))
    r1.ok("item", {"Id": item, "SyncToken": "0", "sparse": True, "PurchaseCost": 6})
    edit = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "n"}
    r1.ok("invoice", edit)
    assert totals(r1)["accrual"][COGS] == 12
    r1.ok("invoice", invoice(sell(1)))
    assert totals(r1)["accrual"][COGS] == 18
    assert totals(r1)["accrual"][ASSET] == 22


def test_a_line_without_quantity_moves_nothing(r1: Any, item: str, line: Any, invoice: Any) -> None:
    r1.ok("invoice", invoice(line(9, item)))
    r1.ok("bill", {"VendorRef": {"value": "20"}, "Line": [{**buy(item, 0, 5)}]})
    assert on_hand(r1, item) == 10


def test_a_quantity_in_an_update_is_what_there_should_be(
    r1: Any, item: str, sell: Sell, invoice: Any
) -> None:
    r1.ok("invoice", invoice(sell(3)))
    seen = r1.read(f"item/{item}")
    assert r1.ok("item", {**seen, "Description": "n"})["QtyOnHand"] == 7
    changed = {"Id": item, "SyncToken": "1", "sparse": True, "QtyOnHand": 20}
    assert r1.ok("item", changed)["QtyOnHand"] == 20
    assert totals(r1)["accrual"][ASSET] == 80
    r1.control("switches", {"update_adjusts_quantity": False})
    assert r1.ok("item", {**changed, "SyncToken": "2", "QtyOnHand": 5})["QtyOnHand"] == 20


def test_nothing_is_sold_before_the_first_day(r1: Any, item: str, sell: Sell, invoice: Any) -> None:
    r1.prefer(AccountingInfoPrefs__BookCloseDate=None)
    told = r1.fault("invoice", invoice(sell(1), TxnDate="2026-10-31"))
    assert (told["code"], "prior to start date" in told["Detail"]) == ("6000", True)
    assert (on_hand(r1, item), r1.query("select * from Invoice")) == (10, {})


def test_inventory_stays_inventory(r1: Any, item: str) -> None:
    other = {"Id": item, "SyncToken": "0", "sparse": True, "Type": "Service"}
    assert r1.fault("item", other)["code"] == "6000"


def test_what_is_bought_may_become_inventory(r1: Any, stock: None) -> None:
    plain = {"Name": "Hose", "Type": "NonInventory", "ExpenseAccountRef": {"value": "97"}}
    made = r1.ok("item", plain)
    full = {**pump(Name="Hose"), "Id": made["Id"], "SyncToken": "0"}
    assert r1.ok("item", full)["QtyOnHand"] == 10


def test_categories_are_not_sold(r1: Any, line: Any, invoice: Any) -> None:
    made = r1.ok("item", {"Name": "Pumps", "Type": "Category", "IncomeAccountRef": {"value": "80"}})
    assert "IncomeAccountRef" not in made
    assert r1.fault("invoice", invoice(line(5, made["Id"])))["code"] == "6000"
    bought = {"PaymentType": "Cash", "AccountRef": {"value": "92"}, "Line": [buy(made["Id"], 1, 5)]}
    assert r1.fault("purchase", bought)["code"] == "6000"
    below = {"Name": "Hand pump", "Type": "Service", "IncomeAccountRef": {"value": "80"}}
    child = r1.ok("item", {**below, "ParentRef": {"value": made["Id"]}})
    assert (child["FullyQualifiedName"], child["SubItem"]) == ("Pumps:Hand pump", True)


@pytest.mark.parametrize("moves", [False, True])
def test_another_income_account_and_past_sales(r1: Any, invoice: Any, moves: bool) -> None:
    r1.control("switches", {"repointed_item_moves_past": moves})
    made = r1.ok("invoice", invoice())
    other = {"Id": "1", "SyncToken": "0", "sparse": True, "IncomeAccountRef": {"value": "81"}}
    r1.ok("item", other)
    kept = {"79": "475.00"} if not moves else {"81": "475.00"}
    assert r1.books()["income_by_account"] == kept
    estimate = r1.ok("estimate", invoice())
    r1.ok("invoice", invoice(LinkedTxn=[{"TxnId": estimate["Id"], "TxnType": "Estimate"}]))
    both = {"81": "950.00"} if moves else {"79": "475.00", "81": "475.00"}
    assert r1.books()["income_by_account"] == both
    assert made["Line"][0]["SalesItemLineDetail"]["ItemAccountRef"]["value"] == "79"


@pytest.mark.parametrize("moves", [False, True])
def test_a_payment_does_not_move_a_sale(r1: Any, invoice: Any, payment: Any, moves: bool) -> None:
    r1.control("switches", {"repointed_item_moves_past": moves})
    made = r1.ok("invoice", invoice())
    other = {"Id": "1", "SyncToken": "0", "sparse": True, "IncomeAccountRef": {"value": "81"}}
    r1.ok("item", other)
    r1.ok("payment", payment(475, (made["Id"], 475)))
    account = "81" if moves else "79"
    assert r1.books()["income_by_account"] == {account: "475.00"}
    assert totals(r1)["cash"][account] == -475
