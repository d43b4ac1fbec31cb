"""Whatever is sent, the answer is JSON or a page, with a status that fits, and no defect shows."""

from __future__ import annotations

import copy
import http.client
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.practice.entities import ENTITIES
from connector.practice.server import Running
from connector.practice.switches import Switches
from tests.connector.practice.conftest import R1

_PLAIN = [
    "x",
    "",
    "0",
    "-1",
    "9" * 30,
    "٣",
    "a\nb",
    "\x00",
    "é\u2028😀",
    "%",
    "'",
    "NaN",
    "1e999999",
]
_MEANT = ["10", "USD", "Line", "2026-11-06", "0001-01-01", "9999-12-31T23:59:59-14:00", R1]
_TEXTS = st.sampled_from([*_PLAIN, *_MEANT, "https://a\x01b/", "https://["]) | st.text(max_size=8)
_NUMBERS = st.sampled_from([0, 1, -1, 2**31, 10**18, 10**25, 0.001, -0.5, 1e300])
_SCALARS = st.none() | st.booleans() | _NUMBERS | _TEXTS
_NAMES = st.sampled_from(["value", "Id", "Line", "SyncToken", "TotalAmt", "match", "", "a.b"])
_JSON = st.recursive(
    _SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_NAMES, below, max_size=3),
    max_leaves=6,
)
_KIND = "SalesItemLineDetail"
_SOLD = [{"Amount": 5, "DetailType": _KIND, _KIND: {"ItemRef": {"value": "1"}, "Qty": 1}}]
_SALE = {"CustomerRef": {"value": "10"}, "Line": _SOLD}
_RULE = {"kind": "fault", "match": {"method": "POST", "entity": "Invoice"}, "code": "6000"}
_COMPANY = f"/v3/company/{R1}"
#: Bodies that are right, to be made wrong somewhere.
_BODIES: list[tuple[str, Any]] = [
    *((f"{_COMPANY}/{kind}", _SALE) for kind in ("invoice", "estimate", "creditmemo")),
    (f"{_COMPANY}/payment", {"CustomerRef": {"value": "10"}, "TotalAmt": 5, "Line": []}),
    (f"{_COMPANY}/customer", {"Id": "10", "SyncToken": "0", "sparse": True, "Notes": "n"}),
    (f"{_COMPANY}/recurringtransaction", {"Invoice": {**_SALE, "RecurringInfo": {"Name": "R"}}}),
    (f"{_COMPANY}/batch", {"BatchItemRequest": [{"bId": "1", "Query": "select * from Item"}]}),
    (f"{_COMPANY}/upload", {}),
    ("/_control/clock", {"now": "2026-11-06T10:00:00-07:00"}),
    ("/_control/clock", {"advance": 5}),
    ("/_control/faults", {**_RULE, "status": 400, "times": 1}),
    ("/_control/switches", {"tax_rate": "6", "rotation_overlap": 0, "webhook_delay": 0}),
    ("/_control/members", {"realm": R1, "person": "owner", "admin": True}),
    ("/_control/preferences", {"realm": R1, "set": {"SalesFormsPrefs.CustomTxnNumbers": True}}),
    ("/_control/records", {"realm": R1, "entity": "Customer", "record": {"DisplayName": "Q"}}),
    ("/_control/merge", {"realm": R1, "entity": "Customer", "from": "10", "into": "11"}),
    ("/_control/companies", {"name": "N", "country": "US", "time_zone": "UTC", "like": R1}),
    ("/_control/webhooks", {"url": "http://127.0.0.1:9/", "verifier": "v", "shape": "legacy"}),
    ("/_control/expire_refresh_tokens", {"realm": R1}),
]
_PIECES = ["v3", "company", R1, "query", "oauth2", "v1", "_control", "books", "files", "connect"]
_FORM = {
    "client_id": "practice-client",
    "scope": "com.intuit.quickbooks.accounting openid",
    "redirect_uri": "https://app.example/back",
    "response_type": "code",
    "state": "s",
    "decision": "connect",
    "person": "owner",
    "realm": R1,
    "grant_type": "authorization_code",
    "code": "c",
}
_LOGIN = ["/connect/oauth2", "/oauth2/v1/tokens/bearer", "/v2/oauth2/tokens/revoke"]
_TYPES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "é"]
_BASIC = "Basic cHJhY3RpY2UtY2xpZW50OnByYWN0aWNlLXNlY3JldA=="
_QUERY = "select * from Customer where DisplayName like 'a%' orderby Id startposition 1"
_FUZZED = settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Sender:
    """Sends raw requests to a practice company and judges the answers."""

    def __init__(self, running: Running, logged: pytest.LogCaptureFixture) -> None:
        self._running, self._logged = running, logged
        self._http = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)

    def send(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """The answer, which is neither a defect nor a page where JSON is expected."""
        self._logged.clear()
        self._http.request(method, path, body, {"Accept": "application/json", **headers})
        answer = self._http.getresponse()
        raw = answer.read()
        defects = [one for one in self._logged.records if one.levelno >= logging.ERROR]
        assert not defects, (method, path, body)
        self._judge(method, path, answer.headers.get("Content-Type", ""), raw)
        assert answer.status in (200, 302, 308, *range(400, 430), 500), answer.status
        return answer.status, raw

    def authorized(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._running.access_token()}"}

    def close(self) -> None:
        self._http.close()

    @staticmethod
    def _judge(method: str, path: str, kind: str, raw: bytes) -> None:
        if raw and kind.startswith("application/json"):
            json.loads(raw)
        if raw and method != "HEAD":
            programs = path.startswith(("/v3/", "/oauth2/", "/v2/", "/v1/", "/_control"))
            assert not (programs and kind.startswith("text/html")), path


@pytest.fixture
def sender(running: Running, caplog: pytest.LogCaptureFixture) -> Iterator[Sender]:
    running.state.reset()
    made = Sender(running, caplog)
    yield made
    made.close()
    running.state.reset()


@st.composite
def _spoiled(draw: st.DrawFn) -> tuple[str, bytes]:
    """A path and a body that was right before something in it was put in another's place."""
    path, right = draw(st.sampled_from(_BODIES))
    holder = {"": copy.deepcopy(right)}
    for _ in range(draw(st.integers(0, 2))):
        place, key = draw(st.sampled_from(list(_places(holder))))
        place[key] = draw(_JSON)
    return path, json.dumps(holder[""]).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    below = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in list(below):
        yield value, key
        if isinstance(one, dict | list):
            yield from _places(one)


@_FUZZED
@given(sent=_spoiled(), operation=st.sampled_from(["", "?operation=delete", "?requestid=%00"]))
def test_no_body_harms(running: Running, sender: Sender, sent: Any, operation: str) -> None:
    path, body = sent
    headers = {**sender.authorized(), "Content-Type": "application/json"}
    sender.send("POST", path + operation, body, **headers)
    state = running.state
    if path.startswith("/_control"):
        # What was set must not harm later calls either.
        sender.send("GET", f"{_COMPANY}/customer/11", **sender.authorized())
        sender.send("GET", "/_control/companies")
        sender.send("GET", f"/books/{R1}")
        state.injections.clear()
        state.switch(Switches())
        state.webhooks.clear()
        state.clock.set(None)


_ADDRESSES = st.lists(st.sampled_from([*_PIECES, "Invoice", "pdf", "reports", "cdc"]) | _TEXTS)


@_FUZZED
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "ODD"]),
    pieces=_ADDRESSES,
    asked=st.dictionaries(st.sampled_from(["page", "requestid", "query", "x"]), _TEXTS),
    kind=st.sampled_from(_TYPES),
)
def test_no_address_harms(
    sender: Sender, method: str, pieces: list[str], asked: dict[str, str], kind: str
) -> None:
    path = "/" + "/".join(quote(piece, safe="") for piece in pieces)
    headers = {**sender.authorized(), "Content-Type": kind}
    sender.send(method, f"{path}?{urlencode(asked)}", **headers)


@_FUZZED
@given(
    page=st.sampled_from(_LOGIN),
    method=st.sampled_from(["GET", "POST"]),
    changed=st.dictionaries(st.sampled_from(list(_FORM)), _TEXTS, max_size=2),
    kind=st.sampled_from(_TYPES),
    client=st.sampled_from([_BASIC, "Basic x", "Basic /////w==", "Bearer", "é"]),
)
def test_no_login_harms(
    sender: Sender, page: str, method: str, changed: Any, kind: str, client: str
) -> None:
    form = urlencode({**_FORM, **changed})
    headers = {"Authorization": client, "Content-Type": kind}
    if method == "GET":
        sender.send(method, f"{page}?{form}", **headers)
    else:
        sender.send(method, page, form.encode(), **headers)


@_FUZZED
@given(
    at=st.integers(0, len(_QUERY)),
    put=_TEXTS | st.sampled_from(["(", " and ", "\u2018", "\\", "\ud7ff"]),
    left_out=st.integers(0, 5),
    kind=st.sampled_from([entity.name for entity in ENTITIES]),
)
def test_no_question_harms(sender: Sender, at: int, put: str, left_out: int, kind: str) -> None:
    text = (_QUERY[:at] + put + _QUERY[at + left_out :]).replace("Customer", kind)
    headers = sender.authorized()
    sender.send("GET", f"{_COMPANY}/query?{urlencode({'query': text})}", **headers)
    sender.send("GET", f"{_COMPANY}/{kind.lower()}/{quote(put, safe='')}", **headers)
    sender.send("GET", f"/books/{R1}/{kind}?{urlencode({'page': put})}")


@pytest.mark.parametrize("depth", [90, 300, 600, 900, 100_000])
@pytest.mark.parametrize("path", ["customer", "batch", "control"])
def test_no_depth_harms(sender: Sender, path: str, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    target, body = {
        "customer": (f"{_COMPANY}/customer", f'{{"DisplayName": {deep}}}'),
        "batch": (
            f"{_COMPANY}/batch",
            f'{{"BatchItemRequest": [{{"bId": "1", "Query": {deep}}}]}}',
        ),
        "control": ("/_control/records", f'{{"realm": {deep}}}'),
    }[path]
    headers = {**sender.authorized(), "Content-Type": "application/json"}
    status, _ = sender.send("POST", target, body.encode(), **headers)
    assert status == 400 or path == "batch"
