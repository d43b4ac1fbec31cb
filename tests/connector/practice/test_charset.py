"""How bytes become text: by the charset that is told, else as documented or by switch."""

from __future__ import annotations

from typing import Any

import pytest

_RIGHT, _GARBLED = "Zoë", "ZoÃ«"


def _save(client: Any, kind: str, charset: str = "utf-8") -> Any:
    body = f'{{"DisplayName": "{_RIGHT}"}}'.encode(charset)
    url, headers = f"{client.base}/customer", {"Content-Type": kind}
    return client.http.post(url, data=body, headers=headers, timeout=20)


@pytest.mark.parametrize(
    ("switch", "kind", "name"),
    [
        ("country", "application/json", _GARBLED),
        ("utf-8", "application/json", _RIGHT),
        ("country", "application/json; charset=utf-8", _RIGHT),
    ],
)
def test_a_body_in_the_united_states(r1: Any, switch: str, kind: str, name: str) -> None:
    r1.control("switches", {"default_charset": switch})
    assert _save(r1, kind).json()["Customer"]["DisplayName"] == name


def test_a_charset_that_is_told_counts(r1: Any) -> None:
    kind = "application/json; charset=iso-8859-1"
    assert _save(r1, kind, "iso-8859-1").json()["Customer"]["DisplayName"] == _RIGHT


@pytest.mark.parametrize("charset", ["utf-8", "nonsense"])
def test_what_is_no_text_in_its_charset_is_refused(r1: Any, charset: str) -> None:
    refused = _save(r1, f"application/json; charset={charset}", "iso-8859-1")
    assert refused.json()["Fault"]["Error"][0]["code"] == "2010"


def test_elsewhere_it_is_utf_8(r1: Any) -> None:
    r1.control("switches", {"default_charset": "country"})
    r1.realm = r1.control("companies", {"name": "Ahorn", "country": "CA"})["realm_id"]
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    assert _save(r1, "application/json").json()["Customer"]["DisplayName"] == _RIGHT


@pytest.mark.parametrize(("switch", "found"), [("country", 0), ("utf-8", 1)])
def test_a_statement_in_a_body_too(r1: Any, switch: str, found: int) -> None:
    r1.control("switches", {"default_charset": switch})
    r1.ok("customer", {"DisplayName": _RIGHT})
    text = f"select count(*) from Customer where DisplayName = '{_RIGHT}'"
    headers = {"Content-Type": "application/text"}
    url = f"{r1.base}/query"
    answer = r1.http.post(url, data=text.encode(), headers=headers, timeout=20)
    assert answer.json()["QueryResponse"] == {"totalCount": found}
