"""What the web answers in trouble: a store that cannot be read, a secret that cannot be opened."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from connector.signatures import sign_standard
from runtime import history
from runtime.courtesy import Courtesy
from runtime.intake import LARGEST, Intake, Receipt
from runtime.store import secrets
from runtime.store.database import StoreFull
from runtime.web.hooks import hooks
from tests.harness import SECRET, Harness, payment_event


def _without_runs(tx: Connection) -> None:
    tx.execute(text("ALTER TABLE runs RENAME TO hidden"))


def _with_runs(tx: Connection) -> None:
    tx.execute(text("ALTER TABLE hidden RENAME TO runs"))


def test_ready_means_that_the_store_can_be_read(harness: Harness) -> None:
    assert harness.web.get("/readyz").get_json() == {"status": "ok"}
    harness.relay.database.write(_without_runs)
    answer = harness.web.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {"status": "the store cannot be read"}
    assert harness.web.get("/healthz").status_code == 200
    harness.relay.database.write(_with_runs)
    assert harness.web.get("/readyz").status_code == 200


def test_metrics_count_runs_by_state_and_recipe_problems(harness: Harness) -> None:
    harness.post(payment_event())
    harness.settle()
    (harness.data / "recipes" / "broken.yaml").write_text("name: [\n")
    paid = harness.data / "recipes" / "payment-collected-to-paid-invoice.yaml"
    paid.write_text(
        paid.read_text().replace("name: Collected", "owner: nobody\nname: Collected", 1)
    )
    harness.tick()
    harness.tick()
    page = harness.web.get("/").text
    assert "1 problem in recipe files." in page
    assert "Warning: " in page
    assert '<a href="/help/unknown-recipient">' in page
    assert harness.web.get("/help/unknown-recipient").status_code == 200
    answer = harness.web.get("/metrics")
    lines = answer.text.splitlines()
    assert answer.mimetype == "text/plain"
    assert 'bookrelay_runs{state="succeeded"} 1' in lines
    (problems,) = (line for line in lines if line.startswith("bookrelay_recipe_problems "))
    assert problems.split()[1] == "1"


def test_an_event_is_asked_for_again_while_its_secret_cannot_be_opened(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    name = "connection/leadexploder/webhook_secret"
    raw = json.dumps(payment_event()).encode()
    at = int(harness.clock.now().timestamp())
    headers = sign_standard(SECRET, "msg_1", at, raw)
    harness.relay.database.write(secrets.put, name, b"garbage", harness.clock.now())
    answer = harness.web.post("/hooks/leadexploder", data=raw, headers=headers)
    assert answer.status_code == 429
    assert answer.get_json()["error"].endswith("Send it again later.")
    assert harness.relay.database.read(history.all_events) == []
    assert [getattr(r, "action", "") for r in caplog.records] == ["webhook_unreadable"]
    harness.relay.safe.put(name, SECRET)
    again = harness.web.post("/hooks/leadexploder", data=raw, headers=headers)
    assert (again.status_code, again.get_json()["status"]) == (200, "stored")


class FullIntake(Intake):
    """An intake whose disk is full."""

    def __init__(self) -> None:
        self.seen = 0

    def receive(
        self, connection: str, raw: bytes, headers: Mapping[str, str]
    ) -> tuple[Receipt, ...]:
        self.seen += 1
        raise StoreFull("database or disk is full")


def _over(intake: Intake) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(hooks(intake, Courtesy()))
    return app.test_client()


def test_a_full_disk_asks_for_the_event_again(caplog: pytest.LogCaptureFixture) -> None:
    answer = _over(FullIntake()).post("/hooks/leadexploder", data=b"{}")
    assert answer.status_code == 429
    assert "disk full" in answer.get_json()["error"]
    assert [getattr(r, "action", "") for r in caplog.records] == ["store_full"]


@pytest.mark.parametrize(("length", "status"), [(LARGEST, 429), (LARGEST + 1, 413)])
def test_a_body_that_does_not_tell_its_length_is_measured(length: int, status: int) -> None:
    intake = FullIntake()
    answer = _over(intake).post(
        "/hooks/leadexploder",
        input_stream=io.BytesIO(b" " * length),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == status
    assert intake.seen == (status == 429)
