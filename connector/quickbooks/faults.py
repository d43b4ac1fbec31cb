"""Read QuickBooks' faults, in both their shapes, and sort each by what happens next.

Codes are those of Intuit's list of QuickBooks Online Accounting API errors; the code decides,
never the text, save where the text is all that tells two meanings apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector import wire
from connector.errors import Consequence, NeedsReconnect, Rejected, Retryable, Uncertain
from connector.http import SETTLE, retry_after
from connector.quickbooks import sentences
from connector.quickbooks.sentences import Wording

#: The access token has ended: refresh it once and repeat the request.
TOKEN_EXPIRED = "3200"  # noqa: S105 - a code, no secret

_RECONNECT = frozenset({TOKEN_EXPIRED, "3100", "100", "110", "120", "130", "140", "150"})
_THROTTLED = "3001"
_SYSTEM = frozenset({"500", "10000"})
_SEEN_BEFORE = "600"

#: Seconds to pause a company that was throttled without a Retry-After (Intuit's advice).
_PAUSE = 60.0

_PACKED = re.compile(r"(\w+)=([^;]*)")
_RIVAL = re.compile(r"TxnType=(\w+)\s+with\s+TxnId=(\w+)")
_LONGEST_DETAIL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One refusal as QuickBooks told it."""

    #: HTTP status; 200 too can carry a fault.
    status: int
    #: QuickBooks' code without leading zeros; empty when the body told none.
    code: str = ""
    #: QuickBooks' own words, message and detail.
    detail: str = ""
    #: ValidationFault, SystemFault, AUTHENTICATION ..., as told.
    type: str = ""
    #: The trace id (`intuit_tid`).
    trace: str = ""
    #: Seconds, where a Retry-After header gave them.
    retry_after: float | None = None


def parse_fault(status: int, headers: Mapping[str, str], raw: bytes) -> Fault:
    """The fault of an answer that is not a success; a body that tells none gives an empty code.

    `headers` must ignore case, as those of `requests` do.
    """
    trace, pause = headers.get("intuit_tid") or "", retry_after(headers)
    try:
        fault = fault_in(wire.parse(raw), status=status, trace=trace, pause=pause)
    except ValueError:
        fault = None
    if fault is not None:
        return fault
    text = raw.decode("utf-8", "replace").strip()[:300]
    return Fault(status=status, detail=text, trace=trace, retry_after=pause)


def fault_in(
    body: Any, *, status: int = 200, trace: str = "", pause: float | None = None
) -> Fault | None:
    """The fault that a body, or one item of a batch, carries in either shape; None without one."""
    if not isinstance(body, dict):
        return None
    told = body.get("Fault") or body.get("fault")
    if not isinstance(told, dict):
        return None
    errors = told.get("Error") or told.get("error") or []
    entries = [error for error in _listed(errors) if isinstance(error, dict)]
    codes = [code for code in map(_code, entries) if code]
    return Fault(
        status=status,
        code=codes[0] if codes else "",
        detail=" / ".join(map(_words, entries))[:_LONGEST_DETAIL],
        type=str(told.get("type") or ""),
        trace=trace,
        retry_after=pause,
    )


def sort(fault: Fault, *, reading: bool = False) -> Consequence:
    """What happens next. `reading`: the request was a question, so it was never half done."""
    if _is_throttled(fault):
        pause = _PAUSE if fault.retry_after is None else fault.retry_after
        return Retryable(sentences.THROTTLED.sentence, retry_after=pause, pause=True)
    if fault.code == _SEEN_BEFORE:
        return _maybe(sentences.MAYBE_DONE, reading=reading, settle=0.0)
    if _is_broken(fault):
        return _maybe(sentences.BROKEN_WRITE, reading=reading, settle=SETTLE)
    if _is_disconnected(fault):
        return NeedsReconnect(sentences.RECONNECT.sentence, fix=sentences.RECONNECT.fix)
    if 300 <= fault.status < 400:
        return Retryable(sentences.MISROUTED.sentence, fix=sentences.MISROUTED.fix)
    wording = sentences.REJECTED.get(fault.code, sentences.UNKNOWN)
    return Rejected(
        wording.sentence,
        fix=wording.fix,
        code=fault.code or str(fault.status),
        detail=fault.detail,
        trace=fault.trace,
    )


def unreadable(*, reading: bool) -> Retryable | Uncertain:
    """What a success means whose body cannot be read: HTML, cut, or without its record."""
    if reading:
        return Retryable(sentences.UNREADABLE_READ.sentence)
    return Uncertain(sentences.UNREADABLE_WRITE.sentence, settle=SETTLE)


def token_ended(fault: Fault) -> bool:
    """Whether a 401 is only the hourly end of the access token, as far as anybody can tell."""
    return fault.status == 401 and fault.code in ("", TOKEN_EXPIRED)


def rival(rejected: Rejected) -> tuple[str, str] | None:
    """(TxnType, TxnId) of the document that already has the number, as a 6140 names it."""
    found = _RIVAL.search(rejected.detail) if rejected.code == "6140" else None
    return (found[1], found[2]) if found else None


def _maybe(wording: Wording, *, reading: bool, settle: float) -> Retryable | Uncertain:
    if reading:
        return Retryable(sentences.BROKEN_READ.sentence)
    return Uncertain(wording.sentence, settle=settle)


def _is_throttled(fault: Fault) -> bool:
    told = fault.status == 403 and "ThrottleExceeded" in fault.detail
    return fault.status == 429 or fault.code == _THROTTLED or told


def _is_broken(fault: Fault) -> bool:
    """An error of QuickBooks itself; 500 is also the code of an operation it does not offer."""
    if fault.code == "500" and "unsupported" in fault.detail.lower():
        return False
    system = fault.type == "SystemFault" or fault.code in _SYSTEM
    return system or fault.status >= 500 or fault.status == 408


def _is_disconnected(fault: Fault) -> bool:
    if fault.code in _RECONNECT or fault.status == 401:
        return True
    return fault.status == 403 and fault.code not in sentences.REJECTED


def _listed(errors: Any) -> list[Any]:
    return errors if isinstance(errors, list) else [errors]


def _code(error: Mapping[str, Any]) -> str:
    told = error.get("code") or _packed(error).get("errorCode") or ""
    return str(told).strip().lstrip("0")


def _packed(error: Mapping[str, Any]) -> dict[str, str]:
    """The gateway packs three values into one message: `message=...; errorCode=...; ...`."""
    return dict(_PACKED.findall(str(error.get("message") or "")))


def _words(error: Mapping[str, Any]) -> str:
    message = _packed(error).get("message") or error.get("Message") or error.get("message") or ""
    detail = error.get("Detail") or error.get("detail") or ""
    return f"{message}: {detail}" if message and detail else str(message or detail)
