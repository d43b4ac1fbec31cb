"""Journal entries: what nothing else records, debit by debit and credit by credit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.banking.depositable import name_key
from connector.practice.entities.banking.entry_links import links_kept, unlinked
from connector.practice.entities.common.kind import TRANSACTION_IDS, Entity, named
from connector.practice.entities.common.lines import LINKED, class_of, known_ids, numbered
from connector.practice.entities.common.parts import TRANSACTION, detailed
from connector.practice.entities.currency.transactions import ZERO, check_department, settle
from connector.practice.entities.purchases.expenses import BILLABLE, LINE_HEAD
from connector.practice.entities.purchases.purchases import GLOBAL_TAX
from connector.practice.entities.sales.forms import with_number
from connector.practice.entities.tax.forms import TAX_DETAIL
from connector.practice.faults import Fault, business, missing
from connector.practice.shape import (
    Record,
    alike,
    day,
    flag,
    many,
    money,
    number,
    obj,
    one_of,
    read_only,
    reference,
    text,
)

LINE = "JournalEntryLineDetail"
#: The accounts of debts, and who must be named with them.
_DEBTS = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}
_NAMED = {
    "Accounts Receivable": (
        "When you use Accounts Receivable, you must choose a customer in the Name field."
    ),
    "Accounts Payable": (
        "When you use Accounts Payable, you must choose a vendor in the Name field."
    ),
}
_SIGNS: Mapping[str, int] = {"Debit": 1, "Credit": -1}
_DETAIL = obj(
    PostingType=one_of(*_SIGNS),
    Entity=obj(
        Type=one_of("Customer", "Vendor", "Employee", "Job", "Other"),
        EntityRef=reference,
    ),
    **alike(reference, "AccountRef", "ClassRef", "DepartmentRef", "TaxCodeRef", "TaxRateRef"),
    JournalCodeRef=reference,
    TaxApplicableOn=one_of("Sales", "Purchase"),
    **alike(number, "TaxAmount", "TaxInclusiveAmt"),
    BillableStatus=BILLABLE,
)


def _entry(change: Change, record: Record, old: Record | None) -> Record:
    record = settle(change, record, old, {})
    record["Line"] = _lines(change, record, old)
    _check_debts(change, record["Line"])
    record = {"Adjustment": False, **record, "TotalAmt": _balanced(record["Line"])}
    record.pop("TxnTaxDetail", None)
    automatic = bool(change.books.preference("AccountingInfoPrefs.AutoJournalEntryNumber"))
    record = with_number(change, "JournalEntry", record, old, automatic=automatic)
    return links_kept(change, record, old)


def _lines(change: Change, record: Record, old: Record | None) -> list[Record]:
    known = known_ids(old) | _known_names(old)
    found = [_line(change, line, known) for line in record.get("Line") or ()]
    if not found:
        raise missing("Line")
    return [
        {key: value for key, value in line.items() if key != "LineNum"}
        for line in numbered(found, old, first=0)
    ]


def _known_names(old: Record | None) -> frozenset[str]:
    """Ids of the names on the lines of before; those may have become inactive since."""
    details = (line.get(LINE, {}) for line in (old or {}).get("Line", ()))
    names = ((detail.get("Entity") or {}).get("EntityRef") for detail in details)
    return frozenset(name["value"] for name in names if name)


def _line(change: Change, line: Record, known: frozenset[str]) -> Record:
    if line.get("DetailType") == "DescriptionOnly":
        return {key: value for key, value in line.items() if key != "Amount"}
    detail = line.get(LINE)
    if not detail:
        raise missing(f"Line.{LINE}")
    if line.get("Amount") is None:
        raise missing("Line.Amount")
    if line["Amount"] < 0:
        raise Fault("2290", "Line.Amount cannot be negative.", element="Line.Amount")
    amount = money(line["Amount"])
    return {**line, "Amount": amount, "DetailType": LINE, LINE: _detail(change, detail, known)}


def _detail(change: Change, detail: Record, known: frozenset[str]) -> Record:
    for field in ("PostingType", "AccountRef"):
        if not detail.get(field):
            raise missing(f"Line.{LINE}.{field}")
    account = change.refer("Account", detail["AccountRef"]["value"], known=known)
    found = {**detail, "AccountRef": named(account)}
    if detail.get("Entity"):
        found["Entity"] = _entity(change, detail["Entity"], known)
    needed = _DEBTS.get(account["AccountType"])
    if needed and _name(found).partition(":")[0] != needed:
        raise business(_NAMED[account["AccountType"]])
    if detail.get("ClassRef"):
        found["ClassRef"] = class_of(change, detail["ClassRef"], known)
    if detail.get("DepartmentRef"):
        check_department(change, detail)
        found["DepartmentRef"] = named(
            change.refer("Department", detail["DepartmentRef"]["value"], known=known)
        )
    return found


def _check_debts(change: Change, lines: list[Record]) -> None:
    """Raise Fault 6000 for more than one debt, where the switch says that one is allowed."""
    accounts = (line[LINE]["AccountRef"]["value"] for line in lines if LINE in line)
    kinds = [(change.find("Account", one) or {}).get("AccountType") for one in accounts]
    debts = [kind for kind in kinds if kind in _DEBTS]
    if change.switches.journal_one_debt_line and len(debts) > 1:
        raise business("A journal entry can use one receivable or payable account.")


def _entity(change: Change, entity: Record, known: frozenset[str]) -> Record:
    """The name on a line; `Job` is another word for a customer that has a parent."""
    if not entity.get("EntityRef"):
        raise missing(f"Line.{LINE}.Entity.EntityRef")
    kind = entity.get("Type", "Customer")
    if kind == "Other":
        raise business("There are no other names here than customers, vendors and employees.")
    table = "Customer" if kind == "Job" else kind
    return {
        "Type": kind,
        "EntityRef": named(change.refer(table, entity["EntityRef"]["value"], known=known)),
    }


def _name(detail: Record) -> str:
    """How the ledger calls the name on a line, empty where there is none."""
    return name_key(detail["Entity"]) if detail.get("Entity") else ""


def _balanced(lines: list[Record]) -> Decimal:
    """What the debits come to; raises Fault 6000 where the credits do not come to the same."""
    totals = dict.fromkeys(_SIGNS, ZERO)
    for line in lines:
        if line["DetailType"] == LINE:
            totals[line[LINE]["PostingType"]] += line["Amount"]
    if totals["Debit"] != totals["Credit"]:
        raise business("Please balance debits and credits.")
    return totals["Debit"]


def _post(change: Change, entry: Record) -> list[Posting]:
    """The lines as they are, on both bases: an entry is nobody's sale that waits for payment."""
    return [_posting(change, entry, line) for line in entry.get("Line", ()) if line.get(LINE)]


def _posting(change: Change, entry: Record, line: Record) -> Posting:
    detail = line[LINE]
    account = change.find("Account", detail["AccountRef"]["value"]) or {}
    place = detail.get("DepartmentRef") or entry.get("DepartmentRef") or {}
    return Posting(
        account=detail["AccountRef"]["value"],
        amount=money(line["Amount"]) * _SIGNS[detail["PostingType"]],
        part="entry",
        owed=account.get("AccountType") in _DEBTS,
        name=_name(detail),
        klass=(detail.get("ClassRef") or {}).get("value", ""),
        department=place.get("value", ""),
        memo=line.get("Description", ""),
    )


JOURNAL_ENTRY = Entity(
    name="JournalEntry",
    fields={
        **TRANSACTION,
        "DocNumber": text(21),
        "Line": many(
            detailed(
                obj(
                    **LINE_HEAD,
                    DetailType=one_of(LINE, "DescriptionOnly"),
                    JournalEntryLineDetail=_DETAIL,
                    DescriptionLineDetail=obj(ServiceDate=day, TaxCodeRef=reference),
                )
            )
        ),
        "LinkedTxn": read_only(LINKED),
        "TxnTaxDetail": TAX_DETAIL,
        **alike(flag, "Adjustment", "HomeCurrencyAdjustment", "EnteredInHomeCurrency"),
        "GlobalTaxCalculation": GLOBAL_TAX,
        **alike(read_only(number), "TotalAmt", "HomeTotalAmt"),
    },
    filters={"DocNumber": "text", "TxnDate": "day"},
    sequence=TRANSACTION_IDS,
    complete=_entry,
    remove=unlinked,
    post=_post,
    posting=True,
)
