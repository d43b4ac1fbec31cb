"""What the catalog lists."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import pytest

from connector import webhook_out
from connector.base import ActionSpec, Books, Command, Done
from connector.catalog import action_schema, catalog, connectors
from connector.standard import STANDARD_TRIGGERS


def perform(fields: Mapping[str, Any], books: Books) -> Generator[Command, Any, Done]:
    yield from ()
    return Done(values={"id": ""})


def spec(name: str) -> ActionSpec:
    return ActionSpec(name=name, service="quickbooks", perform=perform, schema={})


def test_connectors_are_listed_by_their_key() -> None:
    assert {key: one.key for key, one in connectors().items()} == {
        "leadexploder": "leadexploder",
        "stripe": "stripe",
    }


def test_the_catalog() -> None:
    hook = webhook_out.action(action_schema("http.post"))
    known = catalog([spec("quickbooks.a"), hook])
    assert set(known.actions) == {"quickbooks.a", "http.post"}
    assert known.triggers["payment_collected"] == ("leadexploder",)
    assert known.triggers["payment_confirmed"] == ("stripe",)
    assert set(known.triggers) == STANDARD_TRIGGERS | {"payment_confirmed"}


def test_two_actions_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"two actions are named a\.b"):
        catalog([spec("a.b"), spec("a.b")])


def test_action_schemas() -> None:
    assert action_schema("http.post")["required"] == ["connection", "body"]


@pytest.mark.parametrize("name", ["none.such", "", "../events/payment.collected", "/etc/passwd"])
def test_no_such_action(name: str) -> None:
    with pytest.raises(KeyError):
        action_schema(name)


def test_secrets_are_named() -> None:
    assert connectors()["leadexploder"].secrets == {"webhook_secret", "poll_token"}
    assert connectors()["stripe"].secrets == {"webhook_secret", "api_key"}
