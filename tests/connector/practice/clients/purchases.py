"""Builders of what is bought and paid, with python-quickbooks' own classes."""

from __future__ import annotations

from typing import Any

from quickbooks.objects import (
    AccountBasedExpenseLine,
    AccountBasedExpenseLineDetail,
    Bill,
    BillPayment,
    BillPaymentLine,
    CheckPayment,
    ItemBasedExpenseLine,
    ItemBasedExpenseLineDetail,
    Purchase,
    PurchaseOrder,
    VendorCredit,
)

from tests.connector.practice.clients.lists import address, email, item, ref, vendor
from tests.connector.practice.clients.row import Row, unique


def account_line(amount: float) -> AccountBasedExpenseLine:
    """An expense by account, billable to a customer."""
    made = AccountBasedExpenseLine()
    made.Amount, made.Description = amount, "Bank charges"
    made.AccountBasedExpenseLineDetail = detail = AccountBasedExpenseLineDetail()
    detail.AccountRef, detail.CustomerRef = ref("97"), ref("10")
    detail.BillableStatus = "Billable"
    return made


def item_line(qb: Any, quantity: float, price: float) -> ItemBasedExpenseLine:
    """Something bought that the company also sells."""
    bought = item(qb)
    bought.ExpenseAccountRef = ref("97")
    made = ItemBasedExpenseLine()
    made.Amount = round(quantity * price, 2)
    made.ItemBasedExpenseLineDetail = detail = ItemBasedExpenseLineDetail()
    detail.ItemRef = bought.save(qb=qb).to_ref()
    detail.Qty, detail.UnitPrice, detail.BillableStatus = quantity, price, "NotBillable"
    return made


def _bought(form: Any, qb: Any) -> Any:
    """What all of them have: a vendor, a number, a date, both kinds of lines."""
    form.VendorRef = vendor(qb).save(qb=qb).to_ref()
    form.DocNumber, form.TxnDate, form.PrivateNote = unique("P"), "2026-11-05", "By phone"
    form.Line = [account_line(30), item_line(qb, 3, 9.95)]
    return form


def bill(qb: Any) -> Bill:
    made = _bought(Bill(), qb)
    made.SalesTermRef, made.VendorAddr = ref("2"), address()
    return made


def vendor_credit(qb: Any) -> VendorCredit:
    return _bought(VendorCredit(), qb)


def purchase_order(qb: Any) -> PurchaseOrder:
    made = _bought(PurchaseOrder(), qb)
    made.Line, made.POEmail = [item_line(qb, 3, 9.95)], email("orders@valley.example")
    made.ShipAddr, made.Memo, made.DueDate = address(), "Leave at the dock", "2026-11-20"
    return made


def purchase(qb: Any) -> Purchase:
    made = Purchase()
    made.PaymentType, made.AccountRef = "Check", ref("92")
    made.EntityRef = vendor(qb).save(qb=qb).to_ref()
    made.DocNumber, made.TxnDate = unique("P"), "2026-11-05"
    made.Line = [account_line(30), item_line(qb, 3, 9.95)]
    return made


def bill_payment(qb: Any) -> BillPayment:
    """A new bill paid in full, by check."""
    owed = bill(qb).save(qb=qb)
    made = BillPayment()
    made.VendorRef, made.PayType, made.TotalAmt = owed.VendorRef, "Check", owed.TotalAmt
    made.DocNumber, made.PrivateNote = unique("B"), "Thanks"
    made.CheckPayment = CheckPayment()
    made.CheckPayment.BankAccountRef = ref("92")
    line = BillPaymentLine()
    line.Amount, line.LinkedTxn = owed.TotalAmt, [owed.to_linked_txn()]
    made.Line = [line]
    return made


PURCHASES = (
    Row(kind=Bill, build=bill, change=("PrivateNote", "x"), found_by="DocNumber"),
    Row(kind=BillPayment, build=bill_payment, change=("PrivateNote", "x"), found_by="DocNumber"),
    Row(kind=VendorCredit, build=vendor_credit, change=("PrivateNote", "x"), found_by="DocNumber"),
    Row(
        kind=PurchaseOrder, build=purchase_order, change=("PrivateNote", "x"), found_by="DocNumber"
    ),
    Row(kind=Purchase, build=purchase, change=("PrivateNote", "x"), found_by="DocNumber"),
)
