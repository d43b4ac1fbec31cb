"""Wrong uses of purchases, banking, entries, files, sending, changes and reports."""

from __future__ import annotations

from typing import Any

from tests.connector.practice.wrong import GIVEN, SYSTEM, Wrong, sale

_VENDOR, _BANK, _INCOME = {"value": "20"}, {"value": "92"}, {"value": "79"}
_UNSUPPORTED = {"code": "500", "status": 500, "type": SYSTEM, "says": "not supported"}
_EXPENSE, _ENTRY = "AccountBasedExpenseLineDetail", "JournalEntryLineDetail"


def _expense(account: str = "97") -> dict[str, Any]:
    return {"Amount": 10, "DetailType": _EXPENSE, _EXPENSE: {"AccountRef": {"value": account}}}


def _entry(kind: str, amount: int, account: str) -> dict[str, Any]:
    detail = {"PostingType": kind, "AccountRef": {"value": account}}
    return {"Amount": amount, "DetailType": _ENTRY, _ENTRY: detail}


def _missing(use: str, path: str, field: str, body: dict[str, Any]) -> Wrong:
    says = f"Required parameter {field} is missing in the request"
    return Wrong(use=use, code="2020", says=says, path=path, body=body)


def _deposit(identity: str, account: dict[str, str]) -> dict[str, Any]:
    links = [{"TxnId": identity, "TxnType": "Payment", "TxnLineId": "0"}]
    return {"DepositToAccountRef": account, "Line": [{"Amount": 100, "LinkedTxn": links}]}


def _attached(kind: str, identity: str) -> dict[str, Any]:
    return {"Note": "x", "AttachableRef": [{"EntityRef": {"type": kind, "value": identity}}]}


def _transfer(amount: int, **to: Any) -> dict[str, Any]:
    return {"Amount": amount, "FromAccountRef": _BANK, **to}


def _asked(use: str, code: str, says: str, path: str, **params: str) -> Wrong:
    return Wrong(use=use, code=code, says=says, path=path, method="GET", params=params)


OTHERS = (
    # Purchases.
    _missing("a bill of nobody", "bill", "VendorRef", {"Line": [_expense()]}),
    _missing("a bill of nothing", "bill", "Line", {"VendorRef": _VENDOR}),
    _missing("an order from nobody", "purchaseorder", "VendorRef", {"Line": [_expense()]}),
    _missing("a purchase without account", "purchase", "AccountRef",
             {"PaymentType": "Cash", "Line": [_expense()]}),
    _missing("a purchase without type", "purchase", "PaymentType",
             {"AccountRef": _BANK, "Line": [_expense()]}),
    Wrong(use="a card that is a bank", code="6430", says="AccountRef cannot be Bank",
          path="purchase",
          body={"PaymentType": "CreditCard", "AccountRef": _BANK, "Line": [_expense()]}),
    Wrong(use="a bill on an account there is not", code="2500", says="Accounts element id 999",
          path="bill", body={"VendorRef": _VENDOR, "Line": [_expense("999")]}),
    Wrong(use="a customer as vendor", code="2500", says="Names element id 10 not found",
          path="vendorcredit", body={"VendorRef": {"value": "10"}, "Line": [_expense()]}),
    Wrong(use="paying a bill there is not", code="610", says="Bill 999 does not exist",
          path="billpayment",
          body={"VendorRef": _VENDOR, "TotalAmt": 5, "PayType": "Check",
                "CheckPayment": {"BankAccountRef": _BANK},
                "Line": [{"Amount": 5, "LinkedTxn": [{"TxnId": "999", "TxnType": "Bill"}]}]}),
    # Entries and banking.
    Wrong(use="an entry out of balance", code="6000", says="balance debits and credits",
          path="journalentry",
          body={"Line": [_entry("Debit", 10, "92"), _entry("Credit", 9, "79")]}),
    Wrong(use="a receivable of nobody", code="6000", says="you must choose a customer",
          path="journalentry",
          body={"Line": [_entry("Debit", 10, "99"), _entry("Credit", 10, "79")]}),
    Wrong(use="a transfer to itself", code="6000", says="two different accounts", path="transfer",
          body=_transfer(5, ToAccountRef=_BANK)),
    Wrong(use="a transfer below zero", code="2290", says="negative", path="transfer",
          body=_transfer(-5, ToAccountRef={"value": "91"})),
    Wrong(use="a transfer into income", code="6430", says="ToAccountRef cannot be Income",
          path="transfer", body=_transfer(5, ToAccountRef=_INCOME)),
    _missing("a transfer to nowhere", "transfer", "ToAccountRef", _transfer(5)),
    Wrong(use="a deposit of what is deposited", code="620", says="deposited already",
          path="deposit", given=("invoice", "payment", "deposit"), body=GIVEN["deposit"][1]),
    Wrong(use="a deposit of what is not there", code="2500", says="Payment element id 999",
          path="deposit", body=_deposit("999", _BANK)),
    Wrong(use="a deposit into income", code="6430", says="cannot be deposited to", path="deposit",
          given=("unapplied",), body=_deposit("{unapplied}", _INCOME)),
    Wrong(use="a receipt into income", code="6430", says="cannot be deposited to",
          path="salesreceipt", body=sale(DepositToAccountRef=_INCOME)),
    _missing("a printed check without number", "refundreceipt", "PaymentRefNum",
             sale(DepositToAccountRef=_BANK, PrintStatus="PrintComplete")),
    # People, currencies, taxes.
    Wrong(use="an employee with a customer's name", code="6240", says="already exists",
          path="employee", body={"GivenName": "Dana", "FamilyName": "Whitfield"}),
    Wrong(use="a currency where there is one", code="6000", says="Multicurrency is turned off",
          path="companycurrency", body={"Code": "EUR"}),
    _missing("a tax code without rates", "taxservice/taxcode", "TaxRateDetails",
             {"TaxCode": "X"}),
    Wrong(use="preferences with an old token", code="5010", says="Stale Object Error",
          path="preferences", body={"Id": "1", "SyncToken": "9", "sparse": True}),
    Wrong(use="a budget written", path="budget", body={"Name": "X"}, **_UNSUPPORTED),
    # Files and sending.
    _missing("an attachment of nothing", "attachable", "FileName or Note", {}),
    Wrong(use="an attachment to what is not there", code="2500", says="Invoice element id 999",
          path="attachable", body=_attached("Invoice", "999")),
    Wrong(use="an attachment to a castle", code="2170", says="Invalid Enumeration : Castle",
          path="attachable", body=_attached("Castle", "1")),
    Wrong(use="an upload of JSON", code="2010", says="must be multipart/form-data",
          path="upload", body={}),
    Wrong(use="an invoice sent to nobody", code="6420", says="e-mail address is required",
          path="invoice/{invoice}/send", given=("invoice",)),
    Wrong(use="an invoice sent to no address", code="2210", says="does not conform : nope",
          path="invoice/{invoice}/send", given=("invoice",), params={"sendTo": "nope"}),
    Wrong(use="a customer sent", path="customer/10/send", **_UNSUPPORTED),
    Wrong(use="a customer printed", path="customer/10/pdf", method="GET", **_UNSUPPORTED),
    _asked("printing what is not there", "610", "Invoice 999 does not exist", "invoice/999/pdf"),
    # Changes and reports.
    _asked("changes of too long ago", "500", "older than fixed days is not supported", "cdc",
           entities="Invoice", changedSince="2026-01-01T00:00:00Z"),
    _asked("changes since no time", "2070", "Invalid Date : soon", "cdc", entities="Invoice",
           changedSince="soon"),
    _asked("changes of what has none", "500", "for entity TaxCode is not supported", "cdc",
           entities="TaxCode", changedSince="2026-11-01T00:00:00Z"),
    _asked("a report from no day", "2070", "soon", "reports/ProfitAndLoss", start_date="soon"),
)  # fmt: skip
