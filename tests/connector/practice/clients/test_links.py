"""Money and documents that lie on each other, linked as a client program links them."""

from __future__ import annotations

from typing import Any

import pytest
from quickbooks.exceptions import QuickbooksException, ValidationException
from quickbooks.objects import (
    Account,
    Bill,
    BillPayment,
    BillPaymentCreditCard,
    BillPaymentLine,
    CreditMemo,
    Customer,
    Deposit,
    DepositLine,
    Invoice,
    Payment,
    PaymentLine,
    PurchaseOrder,
    Vendor,
    VendorCredit,
)

from tests.connector.practice.clients.lists import ref
from tests.connector.practice.clients.money import card, deposit
from tests.connector.practice.clients.purchases import bill, purchase_order, vendor_credit
from tests.connector.practice.clients.sales import credit_memo, invoice, payment, sales_receipt


def _part(kind: Any, amount: float, document: Any) -> Any:
    made = kind()
    made.Amount, made.LinkedTxn = amount, [document.to_linked_txn()]
    return made


def _taken(document: Any) -> DepositLine:
    """A line of a deposit that takes a payment: such a line has no detail."""
    made = DepositLine()
    made.Amount, made.DetailType = document.TotalAmt, None
    made.LinkedTxn = [document.to_linked_txn()]
    made.LinkedTxn[0].TxnLineId = 0
    return made


def test_a_credit_memo_pays_an_invoice(qb: Any) -> None:
    owed = invoice(qb).save(qb=qb)
    credit = credit_memo(qb)
    credit.CustomerRef = owed.CustomerRef
    credit = credit.save(qb=qb)
    assert (credit.TotalAmt, credit.RemainingCredit) == (50, 50)
    applied = Payment()
    applied.CustomerRef, applied.TotalAmt, applied.TxnDate = owed.CustomerRef, 0, "2026-11-06"
    applied.Line = [_part(PaymentLine, 50, owed), _part(PaymentLine, 50, credit)]
    applied.save(qb=qb)
    assert Invoice.get(owed.Id, qb=qb).Balance == 157.9
    assert CreditMemo.get(credit.Id, qb=qb).RemainingCredit == 0
    assert Customer.get(owed.CustomerRef.value, qb=qb).Balance == 157.9


def test_payments_and_receipts_go_to_the_bank_together(qb: Any) -> None:
    paid = payment(qb).save(qb=qb)
    sold = sales_receipt(qb)
    sold.DepositToAccountRef = None
    sold = sold.save(qb=qb)
    assert sold.DepositToAccountRef.name == "Undeposited Funds"
    banked = deposit(qb)
    banked.Line += [_taken(paid), _taken(sold)]
    made = banked.save(qb=qb)
    assert made.TotalAmt == 120.5 + 100.25 + 231
    assert Account.get("92", qb=qb).CurrentBalance == made.TotalAmt
    with pytest.raises(QuickbooksException) as refused:
        Payment.get(paid.Id, qb=qb).void(qb=qb)
    assert refused.value.error_code == 6540
    made.delete(qb=qb)
    Payment.get(paid.Id, qb=qb).void(qb=qb)


def test_a_payment_in_a_line_with_a_detail_is_refused(qb: Any) -> None:
    """What the client sends unless it is told otherwise."""
    banked = deposit(qb)
    line = _taken(payment(qb).save(qb=qb))
    line.DetailType = "DepositLineDetail"
    banked.Line = [line]
    with pytest.raises(ValidationException) as refused:
        banked.save(qb=qb)
    assert refused.value.error_code == 2020
    assert Deposit.count(qb=qb) == 0


def test_a_bill_paid_by_card_with_a_credit(qb: Any) -> None:
    owed = bill(qb).save(qb=qb)
    credit = vendor_credit(qb)
    credit.VendorRef = owed.VendorRef
    credit = credit.save(qb=qb)
    assert (owed.Balance, credit.TotalAmt) == (59.85, 59.85)
    later = bill(qb)
    later.VendorRef = owed.VendorRef
    later = later.save(qb=qb)
    paid = BillPayment()
    paid.VendorRef, paid.PayType, paid.TotalAmt = owed.VendorRef, "CreditCard", 59.85
    paid.CreditCardPayment = BillPaymentCreditCard()
    visa = card(qb)
    paid.CreditCardPayment.CCAccountRef = visa.to_ref()
    paid.Line = [_part(BillPaymentLine, 59.85, one) for one in (owed, later, credit)]
    made = paid.save(qb=qb)
    assert made.CreditCardPayment.CCAccountRef.value == visa.Id
    assert [Bill.get(one.Id, qb=qb).Balance for one in (owed, later)] == [0, 0]
    assert Account.get(visa.Id, qb=qb).CurrentBalance == 59.85
    assert Vendor.get(owed.VendorRef.value, qb=qb).Balance == 0
    assert VendorCredit.get(credit.Id, qb=qb).Balance == 0
    made.void(qb=qb)
    assert [Bill.get(one.Id, qb=qb).Balance for one in (owed, later)] == [59.85, 59.85]


def test_an_order_becomes_a_bill(qb: Any) -> None:
    order = purchase_order(qb).save(qb=qb)
    assert order.POStatus == "Open"
    billed = bill(qb)
    billed.VendorRef, billed.LinkedTxn = order.VendorRef, [order.to_linked_txn()]
    billed.Line = [line for line in order.Line if line.DetailType.startswith("Item")]
    for line in billed.Line:
        line.Id = None
    made = billed.save(qb=qb)
    assert [one.TxnType for one in made.LinkedTxn] == ["PurchaseOrder"]
    assert PurchaseOrder.get(order.Id, qb=qb).LinkedTxn[0].TxnId == made.Id


def test_a_payment_moves_to_another_invoice(qb: Any) -> None:
    """Lines are replaced whole: what is no longer there is no longer paid."""
    made = payment(qb).save(qb=qb)
    first = Invoice.get(made.Line[0].LinkedTxn[0].TxnId, qb=qb)
    second = invoice(qb)
    second.CustomerRef = first.CustomerRef
    second = second.save(qb=qb)
    made.Line = [_part(PaymentLine, 40, second)]
    moved = made.save(qb=qb)
    assert moved.UnappliedAmt == 60.25
    assert Invoice.get(first.Id, qb=qb).Balance == 207.9
    assert Invoice.get(second.Id, qb=qb).Balance == 167.9


def _to_nothing(paid: Payment) -> None:
    paid.Line[0].LinkedTxn[0].TxnId = "99999"


def _to_an_expense(paid: Payment) -> None:
    paid.DepositToAccountRef = ref("97")


def _more_than_it_is(paid: Payment) -> None:
    paid.TotalAmt = 50


@pytest.mark.parametrize(
    ("spoil", "code"), [(_to_nothing, 610), (_to_an_expense, 6430), (_more_than_it_is, 6000)]
)
def test_a_payment_that_cannot_be(spoil: Any, code: int, qb: Any) -> None:
    paid = payment(qb)
    spoil(paid)
    with pytest.raises(QuickbooksException) as refused:
        paid.save(qb=qb)
    assert refused.value.error_code == code
    assert Payment.count(qb=qb) == 0
