"""Wrong values: a row or more for each kind of field."""

from __future__ import annotations

from typing import Any

from tests.connector.practice.wrong import Wrong, line, pays, sale


def _customer(use: str, code: str, says: str, **fields: Any) -> Wrong:
    body = {"DisplayName": "Ira", **fields}
    return Wrong(use=use, code=code, says=says, path="customer", body=body)


def _sale(use: str, code: str, says: str, **fields: Any) -> Wrong:
    return Wrong(use=use, code=code, says=says, path="invoice", body=sale(**fields))


_ITEM = {"Name": "Cleaning", "Type": "Service", "IncomeAccountRef": {"value": "82"}}
VALUES = (
    # Properties.
    _customer("a misspelt property", "2010", "Property Name:DisplayNam specified", DisplayNam="x"),
    _customer("a misspelt one within", "2010", "BillAddr.Lin1", BillAddr={"Lin1": "x"}),
    _sale("a misspelt one in a line", "2010", "Line[0].Amout", Line=[{**line(), "Amout": 1}]),
    _sale("a property of another kind", "2010", "UnappliedAmt", UnappliedAmt=5),
    _sale("a text for an object", "2010", "CustomerRef must be an object", CustomerRef="10"),
    _sale("an object for a list", "2010", "Line must be an array", Line=line()),
    _customer("an object for a text", "2010", "Notes is not text", Notes={"value": "x"}),
    # What is missing.
    Wrong(use="an item without account", code="2020", path="item",
          says="Required parameter ExpenseAccountRef or IncomeAccountRef is missing in the request",
          body={"Name": "X", "Type": "Service"}),
    Wrong(use="an item without name", code="2020", says="parameter Name is missing", path="item",
          body={**_ITEM, "Name": None}),
    Wrong(use="a sale without customer", code="2020", says="CustomerRef is missing",
          path="invoice", body={"Line": [line()]}),
    _sale("a sale without lines", "2020", "parameter Line is missing", Line=[]),
    _sale("a line without amount", "2020", "Line.Amount", Line=[line(None)]),
    _sale("a line without type", "2020", "DetailType", Line=[{"Amount": 5}]),
    Wrong(use="a payment without amount", code="2020", says="TotalAmt is missing", path="payment",
          body={"CustomerRef": {"value": "10"}}),
    Wrong(use="a payment without customer", code="2020", says="CustomerRef is missing",
          path="payment", body={"TotalAmt": 5}),
    Wrong(use="a refund without account", code="2020", says="DepositToAccountRef is missing",
          path="refundreceipt", body=sale()),
    Wrong(use="an update without token", code="2020", says="SyncToken is missing",
          path="customer", body={"Id": "{customer}", "DisplayName": "X"}, given=("customer",)),
    Wrong(use="a delete without id", code="2020", says="parameter Id is missing", path="invoice",
          body={"SyncToken": "0"}, params={"operation": "delete"}),
    Wrong(use="a deposit of a payment with a type", code="2020",
          says="Line.DepositLineDetail.AccountRef", path="deposit", given=("unapplied",),
          body={"DepositToAccountRef": {"value": "92"}, "Line": [
              {"Amount": 100, "DetailType": "DepositLineDetail", "DepositLineDetail": {},
               "LinkedTxn": [{"TxnId": "{unapplied}", "TxnType": "Payment", "TxnLineId": "0"}]}]}),
    # Ids.
    Wrong(use="an id that is no number", code="2030", says="Invalid ID : abc",
          path="customer/abc", method="GET"),
    Wrong(use="an update of such an id", code="2030", says="Invalid ID : abc", path="customer",
          body={"Id": "abc", "SyncToken": "0", "DisplayName": "X"}),
    # Characters and lengths.
    _customer("a colon in a name", "2040", "invalid characters. Rob:Barnett:Company",
              DisplayName="Rob:Barnett:Company"),
    _customer("a tab in a name", "2040", "invalid characters. Rob\tB", GivenName="Rob\tB"),
    _customer("a line end in a name", "2040", "invalid characters", FamilyName="Rob\nB"),
    Wrong(use="a quote in an account", code="2040", says='characters. A "B"', path="account",
          body={"Name": 'A "B"', "AccountType": "Income"}),
    _customer("too long a note", "2050", "Min:0 Max:2,000 supported. Supplied length:2,001",
              Notes="x" * 2001),
    _sale("too long a number", "2050", "Min:0 Max:21 supported. Supplied length:22",
          DocNumber="x" * 22),
    _sale("too long a line", "2050", "Min:0 Max:4,000 supported. Supplied length:4,001",
          Line=[{**line(), "Description": "x" * 4001}]),
    Wrong(use="too long a reference", code="2050", says="Max:21 supported. Supplied length:27",
          path="payment", body=pays("Invoice", "1", PaymentRefNum="pi_" + "x" * 24)),
    # Numbers, dates, flags, words, addresses.
    _sale("a word for an amount", "2060", "Invalid Number : much", Line=[line("much")]),
    _sale("a comma in an amount", "2060", "Invalid Number : 1,000.00", Line=[line("1,000.00")]),
    _sale("a flag for an amount", "2060", "Invalid Number : True", Line=[line(True)]),
    _sale("too large an amount", "2060", "Invalid Number", Line=[line("1" + "0" * 15)]),
    Wrong(use="a part of a day", code="2060", says="Invalid Number : 1.5", path="term",
          body={"Name": "Half", "DueDays": 1.5}),
    _sale("a day there is not", "2070", "Invalid Date : 2026-02-30", TxnDate="2026-02-30"),
    _sale("a day in other words", "2070", "Invalid Date : 11/06/2026", TxnDate="11/06/2026"),
    _customer("a word for a flag", "2080", "Invalid Boolean : perhaps", Taxable="perhaps"),
    _customer("a number for a flag", "2080", "Invalid Boolean : 1", Job=1),
    _customer("a word there is not", "2170", "Invalid Enumeration : Pigeon",
              PreferredDeliveryMethod="Pigeon"),
    _sale("a status there is not", "2170", "Invalid Enumeration : Sent", EmailStatus="Sent"),
    _sale("a kind of line there is not", "2170", "Invalid Enumeration : ItemLine",
          Line=[{**line(), "DetailType": "ItemLine"}]),
    _customer("an address without @", "2210", "does not conform : ira.example",
              PrimaryEmailAddr={"Address": "ira.example"}),
    _customer("an address without a point", "2210", "does not conform : ira@example",
              PrimaryEmailAddr={"Address": "ira@example"}),
    _customer("two addresses, one wrong", "2210", "does not conform :  nope",
              PrimaryEmailAddr={"Address": "a@b.example, nope"}),
    Wrong(use="a payment below zero", code="2290", says="TotalAmt cannot be negative",
          path="payment", body={"CustomerRef": {"value": "10"}, "TotalAmt": -5}),
    Wrong(use="a line of it below zero", code="2290", says="Line.Amount", path="payment",
          body=pays("Invoice", "{invoice}", -5), given=("invoice",)),
    Wrong(use="a line below zero, by switch", code="2290", says="Negative amounts", path="invoice",
          body=sale(line(-5)), switches={"negative_lines": False}),
)  # fmt: skip
