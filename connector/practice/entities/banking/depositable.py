"""What a bank deposit can take out of Undeposited Funds: payments, receipts, journal entries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.entities.common.currency_codes import same_currency
from connector.practice.entities.common.posting import customer_key
from connector.practice.faults import Fault, missing, not_found
from connector.practice.shape import Record, money

_JOURNAL = "JournalEntry"
_KINDS = ("Payment", "SalesReceipt", "RefundReceipt", _JOURNAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depositable:
    """Money of one transaction that waits for a deposit."""

    #: The account it waits in.
    account: str
    #: Below zero where money goes out.
    amount: Decimal
    #: Whose it is, as the ledger names it.
    name: str


def depositable(change: Change, deposit: Record, link: Record) -> Depositable:
    """What a linked line of a deposit takes.

    `TxnLineId` is "0" for all but journal entries. Raises Fault 2020, 2500, or 620 for what waits
    for no deposit, is in another one, or in another currency.
    """
    for field in ("TxnId", "TxnType", "TxnLineId"):
        if not link.get(field):
            raise missing(f"Line.LinkedTxn.{field}")
    kind, identity = link["TxnType"], link["TxnId"]
    if kind not in _KINDS or (kind == "RefundReceipt" and not change.switches.refund_in_deposit):
        raise Fault("620", f"{kind} cannot be linked to a deposit.")
    record = change.find(kind, identity)
    if record is None:
        raise not_found(kind, identity)
    if not same_currency(record, deposit):
        raise Fault("620", f"{kind} {identity} is in another currency.")
    if any(one != deposit["Id"] for one in _deposits(record, link)):
        raise Fault("620", f"{kind} {identity} is deposited already.")
    found = waiting(record, link)
    account = change.find("Account", found.account) or {}
    if account.get("AccountSubType") != "UndepositedFunds" or not found.amount:
        raise Fault("620", f"{kind} {identity} has nothing in Undeposited Funds.")
    return found


def waiting(record: Record, link: Record) -> Depositable:
    """The money of a transaction, or of one line of a journal entry, that a link means."""
    if link["TxnType"] == _JOURNAL:
        return _of_journal(record, link["TxnLineId"])
    amount = money(record["TotalAmt"])
    return Depositable(
        account=record["DepositToAccountRef"]["value"],
        amount=-amount if link["TxnType"] == "RefundReceipt" else amount,
        name=customer_key(record),
    )


def linked_to(record: Record, link: Record, deposit_id: str) -> Record:
    """The transaction with its link to a deposit."""
    back = {"TxnId": deposit_id, "TxnType": "Deposit"}
    if link["TxnType"] == _JOURNAL:
        back["TxnLineId"] = link["TxnLineId"]
    return {**record, "LinkedTxn": [*record.get("LinkedTxn", ()), back]}


def freed_from(record: Record, link: Record) -> Record:
    """The transaction without its link to a deposit."""
    mine = [one for one in record.get("LinkedTxn", ()) if _is_mine(one, link)]
    kept = [one for one in record.get("LinkedTxn", ()) if one not in mine]
    return {**record, "LinkedTxn": kept}


def _deposits(record: Record, link: Record) -> list[str]:
    return [one["TxnId"] for one in record.get("LinkedTxn", ()) if _is_mine(one, link)]


def _is_mine(one: Record, link: Record) -> bool:
    """Whether a link of a transaction says where the money of `link` was deposited."""
    line = link["TxnLineId"] if link["TxnType"] == _JOURNAL else None
    return one["TxnType"] == "Deposit" and one.get("TxnLineId") == line


def _of_journal(record: Record, line_id: str) -> Depositable:
    lines = [line for line in record["Line"] if line.get("Id") == line_id]
    detail = (lines[0].get("JournalEntryLineDetail") if lines else None) or {}
    amount = money(lines[0]["Amount"]) if lines else Decimal("0.00")
    entity = detail.get("Entity") or {}
    return Depositable(
        account=(detail.get("AccountRef") or {}).get("value", ""),
        amount=amount if detail.get("PostingType") == "Debit" else -amount,
        name=name_key(entity) if entity else "",
    )


def name_key(entity: Record) -> str:
    """How the ledger calls the name on a line of a journal entry."""
    kind = "Customer" if entity["Type"] == "Job" else entity["Type"]
    return f"{kind}:{entity['EntityRef']['value']}"
