"""What payments and deposits have to do with the lines of a journal entry."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities.common.banked import check_not_deposited
from connector.practice.entities.common.links import unpay
from connector.practice.entities.common.payable import PAYERS, applied
from connector.practice.faults import Fault, business
from connector.practice.shape import Record

_KIND, _DETAIL = "JournalEntry", "JournalEntryLineDetail"


def links_kept(change: Change, record: Record, old: Record | None) -> Record:
    """The changed entry with its links.

    Raises Fault 6540 when a deposited line is another than before, 6000 when one is that a payment
    pays or uses.
    """
    links = (old or {}).get("LinkedTxn", [])
    for link in links:
        deposited = link["TxnType"] == "Deposit"
        lines = [link["TxnLineId"]] if deposited else _lines_of(change, record, link)
        if all(_seen(record, line) == _seen(old or {}, line) for line in lines):
            continue
        if deposited:
            raise Fault("6540", "This line has been deposited; remove it from the deposit first.")
        raise business("A payment is linked to this line; its amount and name cannot change.")
    return {**record, "LinkedTxn": links} if links else record


def unlinked(change: Change, entry: Record) -> None:
    """Take an entry out of its payments; raises Fault 6540 when it is deposited."""
    check_not_deposited(entry)
    unpay(change, _KIND, entry)


def _lines_of(change: Change, entry: Record, link: Record) -> list[str]:
    """The ids of the lines that a payment pays or uses."""
    payment = change.find(PAYERS[link["TxnType"]], link["TxnId"]) or {}
    return [part.line for part in applied(payment) if part.document == (_KIND, entry["Id"])]


def _seen(entry: Record, line_id: str) -> tuple[object, ...]:
    """What a payment or a deposit relies on in a line."""
    lines = [line for line in entry.get("Line", ()) if line.get("Id") == line_id]
    if not lines:
        return ()
    detail = lines[0].get(_DETAIL) or {}
    name = (detail.get("Entity") or {}).get("EntityRef") or {}
    account = (detail.get("AccountRef") or {}).get("value")
    return lines[0].get("Amount"), detail.get("PostingType"), account, name.get("value")
