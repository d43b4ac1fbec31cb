"""A database of the first form comes to the newest one with all that is in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, insert

from runtime.store import recipe_runs, revisions, runs, standing, tallies
from runtime.store.database import Database
from runtime.store.migrate import migrate

AT = datetime(2026, 11, 6, 12, tzinfo=UTC)
RECIPE = "payments"
EVENT = {
    "id": 7,
    "connection": "leadexploder",
    "trigger": "payment_collected",
    "identity": "msg_1",
    "version": "",
    "type": "payment.collected",
    "received_at": AT.timestamp(),
    "happened_at": AT.timestamp(),
    "location": "",
    "test": False,
    "contact": "",
    "state": "stored",
    "note": "",
    "headers": "{}",
    "body": b"{}",
    "data": '{"payment": {"amount": 475.00}}',
}
RUN = {
    "id": 9,
    "event": 7,
    "recipe": RECIPE,
    "revision": 1,
    "settings_revision": 1,
    "company": "1",
    "order_key": "1/c_1",
    "state": "held",
    "due_at": AT.timestamp(),
    "delay": 0.0,
    "tries": 0,
    "waited": 0.0,
    "worker": "",
    "fence": 1,
    "reason": "template",
    "hold": '{"reason": "template", "sentence": "It waits.", "fix": "Mend it."}',
    "error": None,
    "steps": '{"customer": {"action": "a", "state": "done", "values": {"id": "5"}}}',
    "received_at": AT.timestamp(),
    "booked_at": None,
}


def test_what_the_first_form_held_is_there_in_the_newest(url: str) -> None:
    database = Database(url)
    database.write(_first_form)
    migrate(database)
    (stands,) = database.read(standing.every)
    assert (stands.recipe, stands.revision, stands.state) == (RECIPE, 2, standing.UNKNOWN)
    assert (stands.since, stands.parts) == (AT, {})
    kept = database.read(revisions.recipe, RECIPE, 1)
    assert kept is not None
    assert (kept.text, kept.parts, kept.originals) == ("text 1", {}, {})
    told = database.read(standing.history, RECIPE)
    assert [(row.what, row.revision, row.at) for row in told] == [
        ("accepted", 1, AT),
        ("accepted", 2, AT + timedelta(days=1)),
    ]
    assert database.read(runs.has, 7, RECIPE)
    assert database.read(tallies.came, RECIPE, AT - timedelta(seconds=1), AT).count == 1
    newer = recipe_runs.Newer(
        recipe=RECIPE,
        revision=3,
        trigger="payment_collected",
        source=None,
        steps={"customer": "a"},
    )
    assert database.write(recipe_runs.move_held, newer, AT) == [9]
    taken = database.write(runs.take, "w1", AT)
    assert taken is not None
    assert (taken.revision, taken.fence, taken.steps["customer"]["values"]) == (3, 2, {"id": "5"})
    database.close()


def _first_form(tx: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "runtime/store/migrations")
    config.attributes["connection"] = tx
    command.upgrade(config, "0001")
    tables = MetaData()
    tables.reflect(tx)
    for number in (1, 2):
        tx.execute(insert(tables.tables["recipe_revisions"]), _revision(number))
    tx.execute(insert(tables.tables["events"]), EVENT)
    tx.execute(insert(tables.tables["runs"]), RUN)


def _revision(number: int) -> dict[str, Any]:
    return {
        "recipe": RECIPE,
        "revision": number,
        "digest": f"digest {number}",
        "file": "recipes/payments.yaml",
        "text": f"text {number}",
        "accepted_at": (AT + timedelta(days=number - 1)).timestamp(),
    }
