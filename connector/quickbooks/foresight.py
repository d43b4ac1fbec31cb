"""Foresees refusals of QuickBooks that can be looked up, for rehearsals: a live run just writes."""

from __future__ import annotations

from connector.base import Read, Write
from connector.errors import Rejected
from connector.quickbooks.lookups import Part, preference
from connector.quickbooks.names import normal
from connector.quickbooks.sentences import REJECTED

#: What must be free for a document, and the code of the refusal where it is not.
_UNIQUE = {"customer": ("DisplayName", "6240"), "invoice": ("DocNumber", "6140")}
_CLOSED = "6210"


def foresee(write: Write) -> Part[None]:
    """Raises Rejected, as QuickBooks would: the books are closed, a name or number is taken."""
    day = write.body.get("TxnDate")
    if day:
        closed = yield from preference("AccountingInfoPrefs.BookCloseDate")
        if closed and str(day) <= str(closed):
            raise _refusal(_CLOSED)
    kind = write.document.kind if write.document else ""
    if kind not in _UNIQUE or write.operation != "create":
        return
    field, code = _UNIQUE[kind]
    wanted = write.body.get(field)
    if not wanted or not write.find:
        return
    for record in (yield Read(query=write.find[0].query)):
        if normal(str(record.get(field, ""))) == normal(str(wanted)):
            raise _refusal(code)


def _refusal(code: str) -> Rejected:
    wording = REJECTED[code]
    return Rejected(wording.sentence, fix=wording.fix, code=code)
