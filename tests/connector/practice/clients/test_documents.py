"""Work as a client program does it: estimate, invoice, payment, and what they do to each other."""

from __future__ import annotations

from typing import Any

import pytest
from quickbooks.objects import (
    Account,
    Customer,
    DescriptionLineDetail,
    DescriptionOnlyLine,
    Estimate,
    Invoice,
    Item,
    Payment,
    PaymentLine,
)

from tests.connector.practice.clients.lists import customer, item
from tests.connector.practice.clients.money import journal_entry
from tests.connector.practice.clients.purchases import purchase
from tests.connector.practice.clients.sales import estimate, invoice, payment, sale_line


def test_what_an_invoice_comes_to(qb: Any) -> None:
    made = invoice(qb).save(qb=qb)
    assert (made.TotalAmt, made.Balance) == (207.9, 207.9)
    assert made.DueDate == "2026-12-05"
    assert [line.DetailType for line in made.Line] == [
        "SalesItemLineDetail",
        "SalesItemLineDetail",
        "DescriptionOnly",
        "SubTotalLineDetail",
        "DiscountLineDetail",
    ]
    first = made.Line[0]
    assert (first.Amount, first.SalesItemLineDetail.Qty) == (171.0, 2)
    assert first.SalesItemLineDetail.ItemRef.name == "Services"
    assert first.SalesItemLineDetail.ItemAccountRef.name == "Service Revenue"
    assert made.Line[3].Amount == 231.0
    assert made.Line[4].Amount == 23.1
    assert made.CustomerRef.name == Customer.get(made.CustomerRef.value, qb=qb).DisplayName
    assert (made.SalesTermRef.name, made.CurrencyRef.value) == ("Net 30", "USD")
    assert made.TxnTaxDetail.TotalTax == 0
    assert made.MetaData.CreateTime == "2026-11-06T10:00:00-07:00"
    assert not made.email_sent


def test_a_taxed_line(qb: Any) -> None:
    taxed = invoice(qb)
    taxed.Line = [sale_line(1, 100)]
    taxed.Line[0].SalesItemLineDetail.TaxCodeRef.value = "TAX"
    made = taxed.save(qb=qb)
    assert (made.TxnTaxDetail.TotalTax, made.TotalAmt) == (6.0, 106.0)
    assert made.TxnTaxDetail.TaxLine[0].TaxLineDetail.NetAmountTaxable == 100


def test_an_estimate_becomes_an_invoice(qb: Any) -> None:
    offered = estimate(qb).save(qb=qb)
    billed = Invoice()
    billed.CustomerRef, billed.TxnDate = offered.CustomerRef, "2026-11-06"
    billed.Line = [line for line in offered.Line if line.DetailType == "SalesItemLineDetail"]
    billed.LinkedTxn = [offered.to_linked_txn()]
    made = billed.save(qb=qb)
    assert (made.LinkedTxn[0].TxnId, made.LinkedTxn[0].TxnType) == (offered.Id, "Estimate")
    after = Estimate.get(offered.Id, qb=qb)
    assert after.TxnStatus == "Closed"
    assert after.LinkedTxn[0].TxnId == made.Id


def test_paying_an_invoice(qb: Any) -> None:
    part = payment(qb).save(qb=qb)
    owed = Invoice.get(part.Line[0].LinkedTxn[0].TxnId, qb=qb)
    assert (owed.TotalAmt, owed.Balance) == (207.9, 107.65)
    assert owed.LinkedTxn[0].TxnId == part.Id
    assert part.UnappliedAmt == 0
    rest = Payment()
    rest.CustomerRef, rest.TotalAmt, rest.TxnDate = owed.CustomerRef, 150, "2026-11-06"
    line = PaymentLine()
    line.Amount, line.LinkedTxn = 107.65, [owed.to_linked_txn()]
    rest.Line = [line]
    assert rest.save(qb=qb).UnappliedAmt == 42.35
    assert Invoice.get(owed.Id, qb=qb).Balance == 0
    assert Customer.get(owed.CustomerRef.value, qb=qb).Balance == -42.35


def test_voiding_a_payment_opens_the_invoice(qb: Any) -> None:
    made = payment(qb).save(qb=qb)
    made.void(qb=qb)
    owed = Invoice.get(made.Line[0].LinkedTxn[0].TxnId, qb=qb)
    assert owed.Balance == owed.TotalAmt == 207.9
    assert owed.LinkedTxn == []


def test_voiding_an_invoice_frees_the_payment(qb: Any) -> None:
    made = payment(qb).save(qb=qb)
    Invoice.get(made.Line[0].LinkedTxn[0].TxnId, qb=qb).void(qb=qb)
    assert Payment.get(made.Id, qb=qb).UnappliedAmt == 100.25


def test_an_account_shows_what_was_paid_in(qb: Any) -> None:
    paid = payment(qb)
    paid.DepositToAccountRef = Account.filter(Name="Checking", qb=qb)[0].to_ref()
    paid.save(qb=qb)
    assert Account.get("92", qb=qb).CurrentBalance == 100.25


def test_a_job_below_a_customer(qb: Any) -> None:
    parent = customer(qb).save(qb=qb)
    job = Customer()
    job.DisplayName, job.Job, job.ParentRef = "Garage", True, parent.to_ref()
    job.BillWithParent = True
    made = job.save(qb=qb)
    assert made.FullyQualifiedName == f"{parent.DisplayName}:Garage"
    assert (made.Job, made.Level, made.ParentRef.value) == (True, 1, parent.Id)


def test_a_stock_item(qb: Any) -> None:
    stock = item(qb)
    stock.Type, stock.TrackQtyOnHand, stock.QtyOnHand = "Inventory", True, 12
    stock.InvStartDate, stock.PurchaseCost = "2026-11-01", 4.25
    asset, cost = Account(), Account()
    asset.Name, asset.AccountType, asset.AccountSubType = (
        "Stock on Hand",
        "Other Current Asset",
        "Inventory",
    )
    cost.Name, cost.AccountType = "Cost of Windows", "Cost of Goods Sold"
    cost.AccountSubType = "SuppliesMaterialsCogs"
    stock.AssetAccountRef = asset.save(qb=qb).to_ref()
    stock.ExpenseAccountRef = cost.save(qb=qb).to_ref()
    made = Item.get(stock.save(qb=qb).Id, qb=qb)
    assert (made.Type, made.QtyOnHand, made.PurchaseCost) == ("Inventory", 12, 4.25)


@pytest.mark.parametrize("build", [invoice, journal_entry, purchase])
def test_a_line_of_words(build: Any, qb: Any) -> None:
    """The client sends an empty date with them."""
    whole = build(qb)
    words = DescriptionOnlyLine()
    words.Description, words.DescriptionLineDetail = "Both storeys", DescriptionLineDetail()
    whole.Line.append(words)
    made = whole.save(qb=qb)
    assert "Both storeys" in [line.Description for line in made.Line]
