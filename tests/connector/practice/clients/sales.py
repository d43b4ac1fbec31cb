"""Builders of sales forms and of payments for them, with python-quickbooks' own classes."""

from __future__ import annotations

from typing import Any

from quickbooks.objects import (
    CreditMemo,
    CustomerMemo,
    DescriptionOnlyLine,
    DiscountLine,
    DiscountLineDetail,
    Estimate,
    Invoice,
    Payment,
    PaymentLine,
    RefundReceipt,
    SalesItemLine,
    SalesItemLineDetail,
    SalesReceipt,
)

from tests.connector.practice.clients.lists import customer, email, ref
from tests.connector.practice.clients.row import Row, unique


def sale_line(quantity: float, price: float) -> SalesItemLine:
    """A line of services that are not taxed."""
    made = SalesItemLine()
    made.Amount, made.Description = round(quantity * price, 2), "Windows"
    made.SalesItemLineDetail = detail = SalesItemLineDetail()
    detail.ItemRef, detail.TaxCodeRef = ref("1"), ref("NON")
    detail.Qty, detail.UnitPrice, detail.ServiceDate = quantity, price, "2026-11-05"
    return made


def _text_line(words: str) -> DescriptionOnlyLine:
    made = DescriptionOnlyLine()
    made.Description = words
    return made


def _discount(percent: float) -> DiscountLine:
    made = DiscountLine()
    made.DiscountLineDetail = detail = DiscountLineDetail()
    detail.PercentBased, detail.DiscountPercent = True, percent
    detail.DiscountAccountRef = ref("85")
    return made


def addressed(form: Any, qb: Any) -> Any:
    """What all sales forms have: a customer, a date, lines, a memo."""
    form.CustomerRef = customer(qb).save(qb=qb).to_ref()
    form.DocNumber, form.TxnDate, form.PrivateNote = unique("W"), "2026-11-05", "From the field"
    form.CustomerMemo = CustomerMemo()
    form.CustomerMemo.value = "Thank you"
    form.BillEmail = email("cora@neil.example")
    form.Line = [sale_line(2, 85.5), sale_line(1.5, 40)]
    return form


def invoice(qb: Any) -> Invoice:
    made = addressed(Invoice(), qb)
    made.SalesTermRef = ref("3")
    made.Line += [_text_line("Both storeys"), _discount(10)]
    return made


def estimate(qb: Any) -> Estimate:
    made = addressed(Estimate(), qb)
    made.ExpirationDate = "2026-12-05"
    return made


def payment(qb: Any) -> Payment:
    """Half of a new invoice paid, by check."""
    owed = invoice(qb).save(qb=qb)
    made = Payment()
    made.CustomerRef, made.TxnDate, made.TotalAmt = owed.CustomerRef, "2026-11-06", 100.25
    made.PaymentMethodRef, made.PaymentRefNum = ref("2"), unique("check")
    line = PaymentLine()
    line.Amount, line.LinkedTxn = 100.25, [owed.to_linked_txn()]
    made.Line = [line]
    return made


def credit_memo(qb: Any) -> CreditMemo:
    made = addressed(CreditMemo(), qb)
    made.Line = [sale_line(1, 50)]
    return made


def sales_receipt(qb: Any) -> SalesReceipt:
    made = addressed(SalesReceipt(), qb)
    made.PaymentMethodRef, made.PaymentRefNum = ref("2"), "1017"
    made.DepositToAccountRef = ref("92")
    return made


def refund_receipt(qb: Any) -> RefundReceipt:
    made = addressed(RefundReceipt(), qb)
    made.PaymentMethodRef, made.PaymentRefNum = ref("2"), "1018"
    made.DepositToAccountRef = ref("92")
    return made


SALES = (
    Row(kind=Invoice, build=invoice, change=("PrivateNote", "Paid late"), found_by="DocNumber"),
    Row(kind=Estimate, build=estimate, change=("TxnStatus", "Accepted"), found_by="DocNumber"),
    Row(kind=Payment, build=payment, change=("PrivateNote", "Cashed"), found_by="PaymentRefNum"),
    Row(kind=SalesReceipt, build=sales_receipt, change=("PrivateNote", "x"), found_by="DocNumber"),
    Row(kind=CreditMemo, build=credit_memo, change=("PrivateNote", "x"), found_by="DocNumber"),
    Row(
        kind=RefundReceipt, build=refund_receipt, change=("PrivateNote", "x"), found_by="DocNumber"
    ),
)
