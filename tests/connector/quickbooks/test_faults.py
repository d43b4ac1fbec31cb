"""Every QuickBooks fault lands on exactly one consequence, with words for a bookkeeper."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from connector.errors import Consequence, NeedsReconnect, Rejected, Retryable, Uncertain
from connector.quickbooks import sentences
from connector.quickbooks.faults import (
    Fault,
    fault_in,
    parse_fault,
    rival,
    sort,
    token_ended,
    unreadable,
)
from connector.quickbooks.sentences import Wording

_REFUSED = (
    "610 620 1040 2010 2020 2030 2040 2050 2060 2070 2080 2090 2100 2110 2130 2170 2210 2290 2500 "
    "4000 4001 4002 5010 5020 5030 6000 6010 6070 6080 6100 6140 6190 6200 6210 6220 6240 6250 "
    "6420 6430 6440 6450 6540 10100 10200"
)
_DISCONNECTED = "100 110 120 130 140 150"

#: Every code of Intuit's error list that is known: its HTTP status and its consequence.
CODES: dict[str, tuple[int, type[Consequence]]] = {
    "3200": (401, NeedsReconnect),  # after the one refresh that the client does
    "3100": (403, NeedsReconnect),
    **dict.fromkeys(_DISCONNECTED.split(), (401, NeedsReconnect)),
    "3001": (429, Retryable),
    "500": (500, Uncertain),
    "10000": (500, Uncertain),
    "600": (400, Uncertain),
    **dict.fromkeys(_REFUSED.split(), (400, Rejected)),
}


def body(code: str, message: str = "M", detail: str = "D", type_: str = "ValidationFault") -> bytes:
    error = {"Message": message, "Detail": detail, "code": code, "element": ""}
    return json.dumps({"Fault": {"Error": [error], "type": type_}, "time": "2026"}).encode()


def gateway(name: str, code: str, status: int) -> bytes:
    packed = f"message={name}; errorCode=00{code}; statusCode={status}"
    error = {"message": packed, "detail": "told", "code": None, "element": None}
    return json.dumps({"warnings": None, "fault": {"error": [error], "type": "X"}}).encode()


def parsed(status: int, raw: bytes, **headers: str) -> Fault:
    return parse_fault(status, CaseInsensitiveDict(headers), raw)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_one_consequence(code: str) -> None:
    status, meant = CODES[code]
    for told in (code, f"00{code}"):
        consequence = sort(parsed(status, body(told)))
        assert type(consequence) is meant
        assert consequence.sentence


def test_every_refusal_of_the_list_has_words_and_no_other_code_has() -> None:
    refused = {code for code, (_, meant) in CODES.items() if meant is Rejected}
    assert set(sentences.REJECTED) == refused | {"500"}


@pytest.mark.parametrize("code", sentences.REJECTED)
def test_words_say_what_became_of_the_books_and_what_to_do(code: str) -> None:
    wording = sentences.REJECTED[code]
    assert "nothing was booked" in wording.sentence or "nothing was changed" in wording.sentence
    for text in (wording.sentence, wording.fix):
        assert text.endswith(".")
        assert text[0].isupper()
        assert "HTTP" not in text


def test_all_other_words_are_sentences() -> None:
    others = [w for w in vars(sentences).values() if isinstance(w, Wording)]
    assert len(others) >= 9
    assert all(w.sentence.endswith(".") and (not w.fix or w.fix.endswith(".")) for w in others)


@pytest.mark.parametrize("code", CODES)
def test_a_question_is_never_uncertain(code: str) -> None:
    status, meant = CODES[code]
    consequence = sort(parsed(status, body(code)), reading=True)
    assert type(consequence) is (Retryable if meant is Uncertain else meant)


def test_a_refusal_keeps_what_their_support_asks_for() -> None:
    raw = body("6240", "Duplicate Name Exists Error", "The name supplied already exists. : null")
    refused = sort(parsed(400, raw, intuit_tid="1-abc"))
    assert isinstance(refused, Rejected)
    assert (refused.code, refused.trace) == ("6240", "1-abc")
    assert refused.detail == "Duplicate Name Exists Error: The name supplied already exists. : null"
    assert "already has this name" in refused.sentence
    assert "name_taken" in refused.fix


def test_the_gateways_shape() -> None:
    fault = parsed(401, gateway("AuthenticationFailed", "3200", 401))
    assert (fault.code, fault.detail, fault.type) == ("3200", "AuthenticationFailed: told", "X")
    assert token_ended(fault)
    assert isinstance(sort(fault), NeedsReconnect)


@pytest.mark.parametrize(
    ("fault", "ended"),
    [
        (Fault(status=401, code="3200"), True),
        (Fault(status=401), True),
        (Fault(status=401, code="3100"), False),
        (Fault(status=403, code="3200"), False),
    ],
)
def test_token_ended(fault: Fault, ended: bool) -> None:
    assert token_ended(fault) is ended


@pytest.mark.parametrize(
    ("status", "raw", "headers", "wait"),
    [
        (429, gateway("ThrottleExceeded", "3001", 429), {}, 60.0),
        (429, gateway("ThrottleExceeded", "3001", 429), {"Retry-After": "7"}, 7.0),
        (429, b"<html>slow down</html>", {"retry-after": "0"}, 0.0),
        (403, gateway("ThrottleExceeded", "3001", 403), {}, 60.0),
        (403, gateway("ThrottleExceeded", "", 403), {}, 60.0),
        (200, body("3001"), {}, 60.0),
    ],
)
def test_throttling_pauses_the_company(
    status: int, raw: bytes, headers: dict[str, str], wait: float
) -> None:
    paused = sort(parsed(status, raw, **headers))
    assert isinstance(paused, Retryable)
    assert (paused.pause, paused.retry_after) == (True, wait)


@pytest.mark.parametrize(
    ("status", "raw", "meant"),
    [
        (500, body("500", "Unsupported Operation"), Rejected),
        (400, body("500", "Unsupported Operation"), Rejected),
        (500, body("6000"), Uncertain),
        (200, body("10000", type_="SystemFault"), Uncertain),
        (200, body("6000", type_="SystemFault"), Uncertain),
        (200, body("6000"), Rejected),
        (502, b"<html>bad gateway</html>", Uncertain),
        (504, b"", Uncertain),
        (408, b"", Uncertain),
        (401, b"", NeedsReconnect),
        (403, b"", NeedsReconnect),
        (403, body("9999"), NeedsReconnect),
        (403, body("6190"), Rejected),
        (400, body("9999"), Rejected),
        (404, b"not here", Rejected),
        (307, b"", Retryable),
    ],
)
def test_the_rest(status: int, raw: bytes, meant: type[Consequence]) -> None:
    assert type(sort(parsed(status, raw))) is meant


def test_settling_times() -> None:
    for status, code, settle in ((500, "500", 10.0), (400, "600", 0.0), (503, "", 10.0)):
        uncertain = sort(parsed(status, body(code)))
        assert isinstance(uncertain, Uncertain)
        assert uncertain.settle == settle


def test_an_unknown_refusal_shows_the_status_and_the_text() -> None:
    refused = sort(parsed(404, b"  not here  "))
    assert isinstance(refused, Rejected)
    assert (refused.code, refused.detail) == ("404", "not here")
    assert refused.sentence == sentences.UNKNOWN.sentence


def test_several_errors_are_all_kept() -> None:
    errors = [{"Message": "A"}, {"Message": "B", "Detail": "b", "code": "2010"}, "odd"]
    fault = fault_in({"Fault": {"Error": errors}})
    assert fault is not None
    assert (fault.code, fault.detail) == ("2010", "A / B: b")


def test_a_batch_item_carries_its_own_fault() -> None:
    item = {"bId": "3", **json.loads(body("6140"))}
    fault = fault_in(item, trace="1-abc")
    assert fault is not None
    assert (fault.status, fault.code, fault.trace) == (200, "6140", "1-abc")
    assert fault_in({"bId": "1", "Invoice": {"Id": "1"}}) is None
    assert fault_in({"fault": None}) is None
    assert fault_in([]) is None


@pytest.mark.parametrize(
    ("code", "detail", "expected"),
    [
        (
            "6140",
            "You must specify a different number. This number has already been used. "
            "DocNumber=1042 is assigned to TxnType=Invoice with TxnId=17984",
            ("Invoice", "17984"),
        ),
        ("6140", "Duplicate Document Number Error", None),
        ("6240", "TxnType=Invoice with TxnId=17984", None),
    ],
)
def test_rival(code: str, detail: str, expected: tuple[str, str] | None) -> None:
    refused = sort(parsed(400, body(code, detail=detail)))
    assert isinstance(refused, Rejected)
    assert rival(refused) == expected


def test_an_unreadable_success() -> None:
    assert isinstance(unreadable(reading=True), Retryable)
    lost = unreadable(reading=False)
    assert isinstance(lost, Uncertain)
    assert lost.settle == 10.0


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Fault", "fault", "Error", "error", "code", "message", "type"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@given(status=st.integers(200, 599), raw=st.binary(max_size=60) | json_values.map(json.dumps))
def test_any_answer_has_a_consequence(status: int, raw: bytes | str) -> None:
    told = raw if isinstance(raw, bytes) else raw.encode()
    consequence = sort(parsed(status, told))
    assert type(consequence) in {Retryable, Uncertain, NeedsReconnect, Rejected}
    if status >= 500 and "unsupported" not in str(told).lower():
        assert isinstance(consequence, (Uncertain, Retryable))
