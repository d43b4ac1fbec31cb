"""The Desktop fallback in its simplest form: one signed, flat POST per collected payment."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import responses

from connector.signatures import verify_standard
from tests.events import NEW, line, payment
from tests.harness import SECRET, Harness

URL = "https://hooks.example/catch/1"


@pytest.fixture
def hook(harness: Harness) -> Iterator[responses.RequestsMock]:
    harness.apply({"connections": _connections()})
    folder = harness.data / "recipes"
    desktop = folder / "desktop" / "payment-collected-to-catch-hook.yaml"
    online = folder / "payment-collected-to-paid-invoice.yaml"
    desktop.write_text(desktop.read_text().replace("enabled: false", "enabled: true"))
    online.write_text(online.read_text() + "\nenabled: false\n")
    harness.tick()
    assert harness.relay.shelf.problems == ()
    with responses.RequestsMock() as mock:
        mock.add_passthru("http://127.0.0.1")
        yield mock


def _connections() -> dict[str, dict[str, str]]:
    return {"desktop_hook": {"connector": "http", "url": URL, "webhook_secret": SECRET}}


def test_s52_one_signed_flat_post_with_a_key(
    harness: Harness, hook: responses.RequestsMock
) -> None:
    hook.post(URL, status=200, json={"status": "success"})
    harness.post(payment("1042", [line("475.00"), line("90.00", "plumbing", quantity="3")]))
    harness.work()
    (call,) = hook.calls
    request = call.request
    raw = request.body if isinstance(request.body, bytes) else str(request.body).encode()
    headers = {name.lower(): value for name, value in request.headers.items()}
    key = verify_standard(raw, headers, SECRET, harness.clock.now())
    assert headers["idempotency-key"] == key
    body = json.loads(raw)
    assert all(not isinstance(value, dict | list) for value in body.values())
    assert body["customer_name"] == NEW["name"]
    assert body["invoice_number"] == "1042"
    assert body["invoice_total"] == "565.00"
    assert body["lines_2_amount"] == "90.00"
    assert body["payment_amount"] == "565.00"
    assert [run["state"] for run in harness.runs()] == ["succeeded"]
    assert harness.records("Invoice") == []


def test_s52_a_repeat_after_a_failure_carries_the_same_key(
    harness: Harness, hook: responses.RequestsMock
) -> None:
    hook.post(URL, status=503)
    hook.post(URL, status=200)
    harness.post(payment())
    harness.settle()
    first, second = hook.calls
    assert first.request.headers["Idempotency-Key"] == second.request.headers["Idempotency-Key"]
    assert first.request.body == second.request.body
    assert [run["state"] for run in harness.runs()] == ["succeeded"]


def test_s52_a_hook_that_is_not_set_up_holds_and_says_how(
    harness: Harness, hook: responses.RequestsMock
) -> None:
    hook.assert_all_requests_are_fired = False
    recipe = harness.data / "recipes" / "desktop" / "payment-collected-to-catch-hook.yaml"
    recipe.write_text(recipe.read_text().replace("desktop_hook", "other_hook"))
    harness.tick()
    harness.post(payment())
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "connection-unset"
    assert "other_hook" in hold["fix"]
