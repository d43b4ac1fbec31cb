"""Every wrong use gets QuickBooks' own fault, in its shape, and leaves the books as they were."""

from __future__ import annotations

from typing import Any

import pytest

from connector.practice.faults import MESSAGES
from tests.connector.practice.wrong import Wrong, prepared, sent, standing
from tests.connector.practice.wrong_others import OTHERS
from tests.connector.practice.wrong_requests import BODY, HOW, TOLD, WHO
from tests.connector.practice.wrong_rules import RULES
from tests.connector.practice.wrong_values import VALUES

ROWS = (*WHO, *HOW, *VALUES, *RULES, *OTHERS)
_GATEWAY = {
    *("warnings", "intuitObject", "fault", "report", "queryResponse", "batchItemResponse"),
    *("attachableResponse", "syncErrorResponse", "requestId", "time", "status", "cdcresponse"),
}
_NAMES = {
    "3001": "ThrottleExceeded",
    "3100": "ApplicationAuthorizationFailed",
    "3200": "AuthenticationFailed",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code} {row.use}")
def test_a_wrong_use_gets_its_fault_and_changes_nothing(r1: Any, row: Wrong) -> None:
    ids = prepared(r1, row)
    before = standing(r1)
    response = sent(r1, row, ids)
    assert response.status_code == row.status, response.text
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["intuit_tid"]
    (_check_gateway if row.gateway else _check_service)(row, response.json())
    asks = 'Bearer realm="Intuit", error="invalid_token"'
    assert response.headers.get("WWW-Authenticate") == (asks if row.status == 401 else None)
    assert standing(r1) == before


def _check_service(row: Wrong, body: dict[str, Any]) -> None:
    assert set(body) == {"Fault", "time"}
    assert set(body["Fault"]) == {"Error", "type"}
    [error] = body["Fault"]["Error"]
    assert set(error) == {"Message", "Detail", "code", "element"}
    assert (error["code"], body["Fault"]["type"]) == (row.code, row.type), error
    assert error["Message"] == MESSAGES[row.code]
    assert row.says in error["Detail"], error


def _check_gateway(row: Wrong, body: dict[str, Any]) -> None:
    assert set(body) == _GATEWAY
    assert isinstance(body["time"], int)
    [error] = body["fault"]["error"]
    assert body["fault"]["type"] == row.type
    assert (error["code"], error["element"]) == (row.code, None)
    packed = f"message={_NAMES[row.code]}; errorCode=00{row.code}; statusCode={row.status}"
    assert error["message"] == packed
    assert row.says in error["detail"]


def test_the_table_is_as_large_and_as_wide_as_promised() -> None:
    assert len(ROWS) >= 60
    uses = [row.use for row in ROWS]
    assert len(set(uses)) == len(uses)
    in_rows = {row.code for row in ROWS}
    assert set(MESSAGES) - in_rows - set(TOLD) == set()


@pytest.mark.parametrize("code", TOLD)
def test_what_only_quickbooks_itself_can_know_is_told_by_a_rule(r1: Any, code: str) -> None:
    r1.control("faults", {"kind": "fault", "code": code, "match": {"entity": "Invoice"}})
    before = standing(r1)
    response = r1.post("invoice", BODY)
    status, kind, message = TOLD[code]
    fault = response.json()["Fault"]
    [error] = fault["Error"]
    assert (response.status_code, fault["type"]) == (status, kind)
    assert (error["code"], error["Message"]) == (code, message)
    assert standing(r1) == before
