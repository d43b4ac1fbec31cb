"""Invoices: due dates, balances, the estimate they come from, voiding."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.banked import money_posting, with_account
from connector.practice.entities.common.kind import COMMON, TRANSACTION_IDS, Entity, named, referred
from connector.practice.entities.common.links import made_of, unpay, without
from connector.practice.entities.common.posting import debt_postings, owed_posting, sale_postings
from connector.practice.entities.currency.transactions import ZERO, positive_amount
from connector.practice.entities.sales.auto_apply import with_credits
from connector.practice.entities.sales.forms import (
    SALES,
    SALES_FILTERS,
    complete_sale,
    due_date,
    voided_sale,
)
from connector.practice.faults import business
from connector.practice.shape import (
    Record,
    alike,
    day,
    flag,
    many,
    moment,
    money,
    number,
    obj,
    one_of,
    read_only,
    text,
    whole,
)

_ONLINE = (
    "AllowIPNPayment",
    "AllowOnlinePayment",
    "AllowOnlineCreditCardPayment",
    "AllowOnlineACHPayment",
)


def _invoice(change: Change, record: Record, old: Record | None) -> Record:
    record = complete_sale(change, "Invoice", record, old)
    record = _with_terms(change, record, old)
    record = {**dict.fromkeys(_ONLINE, False), **record}
    record = _with_deposit(change, record, old)
    record["Balance"] = record["TotalAmt"] - _deposit(record) - _paid(record, old)
    use = partial(_take_estimate, change, record)
    record["LinkedTxn"] = made_of(record, old, "Estimate", use)
    return record if old else with_credits(change, record)


def _with_deposit(change: Change, record: Record, old: Record | None) -> Record:
    """The form with an account for the deposit that is paid with it; raises 2290 or 6000."""
    if not record.get("Deposit"):
        return record
    if not change.books.preference("SalesFormsPrefs.AllowDeposit"):
        raise business("Deposits on sales forms are turned off; record a payment.")
    amount = positive_amount(record, "Deposit")
    if amount > record["TotalAmt"]:
        raise business(f"The deposit is more than the total of {record['TotalAmt']}.")
    return {**with_account(change, record, old), "Deposit": amount}


def _deposit(record: Record) -> Decimal:
    return money(record.get("Deposit", 0))


def _paid(record: Record, old: Record | None) -> Decimal:
    """What payments have paid; an edit may not fall below it or change whose debt it is."""
    paid: Decimal = old["TotalAmt"] - _deposit(old) - old["Balance"] if old else ZERO
    if old is None or not paid:
        return ZERO
    if record["TotalAmt"] - _deposit(record) < paid:
        raise business(f"Payments of {paid} are applied; the total cannot be less.")
    if record["CustomerRef"]["value"] != old["CustomerRef"]["value"]:
        raise business("The customer of an invoice with payments cannot be changed.")
    return paid


def _with_terms(change: Change, record: Record, old: Record | None) -> Record:
    """SalesTermRef from customer or preferences where none is sent, DueDate from the term."""
    record = {**record}
    if old is None and not record.get("SalesTermRef"):
        customer = change.find("Customer", record["CustomerRef"]["value"]) or {}
        term = customer.get("SalesTermRef") or change.books.preference(
            "SalesFormsPrefs.DefaultTerms"
        )
        if isinstance(term, dict):
            record["SalesTermRef"] = {"value": term["value"]}
    known: Record = {}
    if record.get("SalesTermRef"):
        known = referred(change, "Term", record["SalesTermRef"], record, "SalesTermRef")
        record["SalesTermRef"] = named(known)
    if not record.get("DueDate"):
        record["DueDate"] = due_date(known, record["TxnDate"])
    return record


def _take_estimate(change: Change, record: Record, estimate_id: str) -> list[Record]:
    """Link an open estimate; closed and rejected ones are silently ignored."""
    estimate = change.refer("Estimate", estimate_id)
    if estimate["CustomerRef"]["value"] != record["CustomerRef"]["value"]:
        raise business(f"Estimate {estimate_id} belongs to another customer.")
    taken = any(link["TxnType"] == "Invoice" for link in estimate["LinkedTxn"])
    if taken or estimate["TxnStatus"] not in ("Pending", "Accepted"):
        return []
    back = [*estimate["LinkedTxn"], {"TxnId": record["Id"], "TxnType": "Invoice"}]
    closing = {"TxnStatus": "Closed"} if change.switches.close_estimate_on_link else {}
    change.touch("Estimate", {**estimate, "LinkedTxn": back, **closing})
    return [{"TxnId": estimate_id, "TxnType": "Estimate"}]


def _unlink(change: Change, invoice: Record) -> None:
    """Take an invoice out of its payments and its estimate, which is open again."""
    unpay(change, "Invoice", invoice)
    for link in invoice["LinkedTxn"]:
        estimate = change.find("Estimate", link["TxnId"]) if link["TxnType"] == "Estimate" else None
        if estimate is not None:
            links = without(estimate["LinkedTxn"], "Invoice", invoice["Id"])
            closed = estimate["TxnStatus"] == "Closed"
            status = "Accepted" if closed else estimate["TxnStatus"]
            change.touch("Estimate", {**estimate, "LinkedTxn": links, "TxnStatus": status})


def _post(change: Change, invoice: Record) -> list[Posting]:
    """The debt and the sale, and the deposit that was paid with it."""
    sale = sale_postings(change, "Invoice", invoice)
    owed = owed_posting(change, invoice, invoice["TotalAmt"])
    found = debt_postings(change, invoice, "Invoice", sale, owed)
    if _deposit(invoice):
        money_in = money_posting(change, invoice)
        found += [
            replace(money_in, amount=_deposit(invoice)),
            replace(owed, amount=-_deposit(invoice)),
        ]
    return found


def _void(change: Change, invoice: Record) -> Record:
    _unlink(change, invoice)
    deposit = {"Deposit": ZERO} if "Deposit" in invoice else {}
    return {**voided_sale(invoice), **deposit}


_E_INVOICE_STATUS = one_of(
    "Sent",
    "Viewed",
    "Paid",
    "Delivery Error",
    "Updated",
    "Error",
    "Accepted",
    "Rejected",
    "Sent With ICN Error",
    "Delivered",
    "Disputed",
)
INVOICE = Entity(
    name="Invoice",
    fields={
        **SALES,
        **dict.fromkeys(_ONLINE, flag),
        **alike(flag, "AllowOnlinePayPalPayment", "AllowOnlineAffirmPayment", "GratuityEnabled"),
        **alike(number, "Deposit", "LessCIS"),
        "CfdiUse": whole,
        "Exportation": text(50),
        "GlobalInfo": obj(**alike(text(50), "Periodicity", "Month", "Year")),
        "PaymentDetailsMessage": text(),
        "ConvenienceFeeDetail": obj(
            **COMMON,
            ConvenienceFeeType=one_of("MANUAL", "AUTO", "PAID", "DISABLED"),
            ConvenienceFeePercent=number,
        ),
        "EnabledSurchargeInfo": obj(Enabled=flag, **alike(obj(Enabled=flag), "Card", "ACH")),
        "FinancingProductType": one_of("GET_PAID_UPFRONT"),
        "SubscriptionPaymentsSetting": one_of("SALE_TERM"),
        "TxnRetainageDetail": obj(**alike(number, "RetainageAmount", "RetainageOpenBalance")),
        **alike(read_only(text()), "InvoiceLink", "InvoiceLinkSecurityCode", "ScheduledPaymentId"),
        "InvoiceLinkExpiryDate": read_only(day),
        **alike(read_only(flag), "AutoPayEligible", "SchedulePayEligible"),
        "EInvoiceStatus": read_only(_E_INVOICE_STATUS),
        "ECloudStatusTimeStamp": read_only(moment),
        **alike(read_only(text()), "invoiceStatus", "callToAction"),
        "invoiceStatusLog": read_only(
            many(obj(**alike(text(), "status", "callToAction"), statusDate=day))
        ),
    },
    filters={
        **SALES_FILTERS,
        "SalesTermRef": "ref",
        **dict.fromkeys(("Balance", "TotalAmt"), "number"),
    },
    sequence=TRANSACTION_IDS,
    complete=_invoice,
    remove=_unlink,
    void=_void,
    post=_post,
    posting=True,
)
