"""Wrong by the rules of the books: what is referred to, what is open, what is taken."""

from __future__ import annotations

from typing import Any

from tests.connector.practice.wrong import DANA, Wrong, known, line, pays, sale

_NONE = {"value": "999"}


def _sale(use: str, code: str, says: str, **fields: Any) -> Wrong:
    return Wrong(use=use, code=code, says=says, path="invoice", body=sale(**fields))


def _closed(use: str, **fields: Any) -> Wrong:
    return Wrong(use=use, code="6210", says="The account period has closed", **fields)


_SHUT = {"prefer": {"AccountingInfoPrefs__BookCloseDate": "2026-11-06"}, "given": ("invoice",)}
_VOID = {"operation": "void"}
_DELETE = {"operation": "delete"}
_VOID_PAYMENT = {"operation": "update", "include": "void"}
RULES = (
    # References.
    Wrong(use="an account there is not", code="2500", path="item",
          says="Invalid Reference Id : Accounts element id 999 not found",
          body={"Name": "X", "Type": "Service", "IncomeAccountRef": _NONE}),
    _sale("a customer there is not", "2500", "Names element id 999 not found", CustomerRef=_NONE),
    _sale("an item there is not", "2500", "Items element id 999", Line=[line(item="999")]),
    _sale("a term there is not", "2500", "element id 999 not found", SalesTermRef=_NONE),
    _sale("a customer made inactive", "610", "made inactive", CustomerRef={"value": "11"}),
    Wrong(use="an item made inactive", code="610", says="made inactive", path="invoice",
          body=sale(line(item="2")), given=("deactivated item",)),
    Wrong(use="an account made inactive", code="610", says="made inactive", path="item",
          body={"Name": "X", "Type": "Service", "IncomeAccountRef": {"value": "70"}}),
    Wrong(use="reading what is not there", code="610", says="Object Not Found : Customer 999",
          path="customer/999", method="GET"),
    Wrong(use="changing what is not there", code="610", says="Object Not Found : Invoice 999",
          path="invoice", body={"Id": "999", "SyncToken": "0", "sparse": True}),
    Wrong(use="deleting what is not there", code="610", says="Object Not Found : Payment 999",
          path="payment", params=_DELETE, body={"Id": "999", "SyncToken": "0"}),
    # Links.
    Wrong(use="paying what is not there", code="610", says="Invoice 999 does not exist",
          path="payment", body=pays("Invoice", "999")),
    Wrong(use="paying for somebody else", code="620", says="belongs to another customer",
          path="payment", given=("invoice",),
          body=pays("Invoice", "{invoice}", CustomerRef={"value": "14"})),
    Wrong(use="paying what is paid", code="620", says="already paid", path="payment",
          body=pays("Invoice", "{invoice}"), given=("invoice", "payment")),
    Wrong(use="paying more than is open", code="6000", says="more than the open balance",
          path="payment", given=("invoice",), body=pays("Invoice", "{invoice}", 101, TotalAmt=500)),
    Wrong(use="paying more than the payment", code="6000", says="more than the payment of 50",
          path="payment", given=("invoice",), body=pays("Invoice", "{invoice}", TotalAmt=50)),
    Wrong(use="less than what is paid", code="6000", says="the total cannot be less",
          path="invoice", given=("invoice", "payment"), body=known("invoice", "1", Line=[line(5)])),
    Wrong(use="paying an estimate", code="6000", says="cannot be linked", path="payment",
          body=pays("Estimate", "{estimate}"), given=("estimate",)),
    # Tokens.
    Wrong(use="an old token", code="5010", says="You and another user were working on this",
          path="invoice", body=known("invoice", "0", PrivateNote="x"),
          given=("invoice", "payment")),
    Wrong(use="a token of the future", code="5010", says="Stale Object Error", path="invoice",
          body=known("invoice", "7", PrivateNote="x"), given=("invoice",)),
    Wrong(use="an old token for a void", code="5010", says="Stale Object Error", path="invoice",
          params=_VOID, body=known("invoice", "7"), given=("invoice",)),
    Wrong(use="an old token for a delete", code="5010", says="The other user saved first",
          path="estimate", params=_DELETE, body=known("estimate", "7"), given=("estimate",)),
    # Features and rules of the business.
    Wrong(use="estimates turned off", code="5030", says="estimates are turned off",
          path="estimate", body=sale(), prefer={"SalesFormsPrefs__AllowEstimates": False}),
    _sale("a customer that was lost", "6000", "Unexpected Internal Error. (-30000)",
          CustomerRef={"value": ""}),
    Wrong(use="the same in a payment", code="6000", says="(-30000)", path="payment",
          body={"CustomerRef": {}, "TotalAmt": 5}),
    _sale("a foreign currency", "6000", "", CurrencyRef={"value": "EUR"}),
    Wrong(use="discounts turned off", code="6000", says="Discounts are turned off",
          path="invoice", prefer={"SalesFormsPrefs__AllowDiscount": False},
          body=sale(line(), {"Amount": 5, "DetailType": "DiscountLineDetail",
                             "DiscountLineDetail": {"PercentBased": False}})),
    Wrong(use="classes turned off", code="6000", says="Class tracking by line", path="invoice",
          body=sale(line(ClassRef={"value": "{class}"})), given=("class",),
          prefer={"AccountingInfoPrefs__ClassTrackingPerTxnLine": False}),
    _sale("less than nothing", "6000", "must be 0 or greater", Line=[line(5), line(-6)]),
    Wrong(use="a term of three years", code="6000", says="between 0 and 999", path="term",
          body={"Name": "Long", "DueDays": 1000}),
    Wrong(use="a type that does not fit", code="6010", says="does not belong to type Income",
          path="account",
          body={"Name": "X", "AccountType": "Income", "AccountSubType": "Checking"}),
    _sale("a wrong product", "6070", "Amount 100.00 is not equal to UnitPrice * Qty 99.99",
          Line=[line(Qty=3, UnitPrice=33.33)]),
    Wrong(use="nobody", code="6080", says="At least one name", path="customer",
          body={"CompanyName": "Only a company"}),
    _sale("a tax code of elsewhere", "6100", "is TAX or NON", Line=[line(TaxCodeRef=_NONE)]),
    # What is taken.
    Wrong(use="a number again", code="6140", path="invoice", given=("invoice",),
          body=sale(DocNumber="a-1"),
          says="DocNumber=a-1 is assigned to TxnType=Invoice with TxnId=101"),
    Wrong(use="a receipt's number again", code="6140", path="salesreceipt", given=("receipt",),
          says="assigned to TxnType=SalesReceipt with TxnId=101", body=sale(DocNumber="A-1")),
    Wrong(use="a customer's name again", code="6240", path="customer",
          says="The name supplied already exists. : null", body={"DisplayName": "dana WHITFIELD "}),
    Wrong(use="a vendor's name", code="6240", says="already exists. : Another customer, vendor or",
          path="customer", body={"DisplayName": "Rivera Plumbing"},
          switches={"duplicate_name_words": "hint"}),
    Wrong(use="a name, and whose it is", code="6240", says="already exists. : vendor ID is: 20",
          path="customer", body={"DisplayName": "Rivera Plumbing"},
          switches={"duplicate_name_words": "id"}),
    Wrong(use="renaming to a taken name", code="6240", says="already exists", given=("other",),
          path="customer", body=known("other", DisplayName="Dana Whitfield")),
    Wrong(use="an item's name again", code="6240", says="already exists", path="item",
          body={"Name": "hours", "Type": "Service", "IncomeAccountRef": {"value": "82"}}),
    Wrong(use="a term's name again", code="6240", says="already exists", path="term",
          body={"Name": "Net 15", "DueDays": 15}),
    # Closed books and open balances.
    _closed("a sale in closed books", path="invoice", body=sale(TxnDate="2026-10-31")),
    _closed("moving one there", path="invoice", given=("invoice",),
            body=known("invoice", TxnDate="2026-10-31")),
    _closed("changing one there", path="invoice", body=known("invoice", PrivateNote="x"), **_SHUT),
    _closed("voiding one there", path="invoice", params=_VOID, body=known("invoice"), **_SHUT),
    _closed("deleting one there", path="invoice", params=_DELETE, body=known("invoice"), **_SHUT),
    _closed("a payment there", path="payment",
            body={"CustomerRef": DANA, "TotalAmt": 5, "TxnDate": "2026-10-01"}),
    Wrong(use="making a debtor inactive", code="6220", says="open balance", path="customer",
          given=("invoice",), body={"Id": "10", "SyncToken": "0", "sparse": True, "Active": False}),
    # Who and where to.
    Wrong(use="a vendor as customer", code="6250", says="is no customer", path="invoice",
          given=("vendor",), body=sale(CustomerRef={"value": "{vendor}"})),
    _sale("sending to nobody", "6420", "BillEmail is required", EmailStatus="NeedToSend"),
    Wrong(use="an account without type", code="6430", says="AccountType or AccountSubType",
          path="account", body={"Name": "X"}),
    Wrong(use="a type there is not", code="6430", says="Invalid account type: Piggy Bank",
          path="account", body={"Name": "X", "AccountType": "Piggy Bank"}),
    Wrong(use="income from a bank", code="6430", says="Invalid account type: Bank", path="item",
          body={"Name": "X", "Type": "Service", "IncomeAccountRef": {"value": "92"}}),
    Wrong(use="money into income", code="6430", says="cannot be deposited to", path="payment",
          body={"CustomerRef": DANA, "TotalAmt": 5, "DepositToAccountRef": {"value": "79"}}),
    # Money that has moved on.
    Wrong(use="voiding settled money", code="6450", says="settled payment cannot be voided",
          path="payment", params=_VOID_PAYMENT, given=("settled",),
          body={"Id": "900", "SyncToken": "0", "sparse": True}),
    Wrong(use="voiding deposited money", code="6540", says="has been deposited", path="payment",
          params=_VOID_PAYMENT, given=("invoice", "payment", "deposit"),
          body=known("payment", "1")),
    Wrong(use="another amount of deposited money", code="6540", says="has been deposited",
          path="payment", given=("invoice", "payment", "deposit"),
          body=known("payment", "1", TotalAmt=150)),
    Wrong(use="deleting deposited money", code="6540", says="has been deposited", path="payment",
          params=_DELETE, given=("invoice", "payment", "deposit"), body=known("payment", "1")),
)  # fmt: skip
