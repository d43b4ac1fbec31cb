"""What expressions do to whole runs: a table without a row, a value that does not fit, braces."""

from __future__ import annotations

from typing import Any

from tests.harness import Harness, payment_event

FILE = "payment-collected-to-paid-invoice.yaml"
TABLE = """
tables:
  notes:
    file: tables/notes.csv
    if_missing: hold
"""


def edit(harness: Harness, old: str, new: str, top: str = "") -> None:
    """Change the live recipe; it must be free of mistakes."""
    path = harness.data / "recipes" / FILE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new).replace("\nwhen:", f"{top}\nwhen:"))
    harness.tick()
    assert harness.relay.shelf.problems == ()


def event(**contact: Any) -> dict[str, Any]:
    found = payment_event()
    found["data"]["contact"] |= contact
    return found


def test_a_table_without_a_row_holds_the_run_and_says_which(harness: Harness) -> None:
    tables = harness.data / "recipes" / "tables"
    tables.mkdir()
    (tables / "notes.csv").write_text("city,note\nBoise,North crew\n")
    note = "{{ trigger.contact.billing_address.city | lookup('notes', 'note') }}"
    edit(harness, 'message_to_customer: ""', f'message_to_customer: "{note}"', TABLE)
    harness.post(event(billing_address={"city": "Meridian"}))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "table-row-missing"
    assert hold["sentence"].startswith(
        '"message_to_customer": "Meridian" is not in the column "city" of tables/notes.csv, '
        'so its "note" is not known. Nothing more was booked.'
    )
    assert hold["fix"].startswith('Add a row for "Meridian" to tables/notes.csv;')
    assert harness.records("Invoice") == []


def test_a_table_with_the_row_gives_what_it_says(harness: Harness) -> None:
    tables = harness.data / "recipes" / "tables"
    tables.mkdir()
    (tables / "notes.csv").write_text("city,note\nBoise,{{ trigger.contact.id }}\n")
    note = "{{ trigger.contact.billing_address.city | lookup('notes', 'note') }}"
    edit(harness, 'message_to_customer: ""', f'message_to_customer: "{note}"', TABLE)
    harness.post(event(billing_address={"city": " BOISE"}))
    harness.work()
    assert harness.holds() == []
    (invoice,) = harness.records("Invoice")
    assert invoice["CustomerMemo"]["value"] == "{{ trigger.contact.id }}"


def test_a_value_that_does_not_fit_is_told_with_both_names(harness: Harness) -> None:
    edit(
        harness,
        'due_date: "{{ trigger.invoice.due_on }}"',
        'due_date: "{{ trigger.contact.custom.due }}"',
    )
    harness.post(event(custom={"due": "soon"}))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "missing-field"
    assert (
        '"due_date" must be a day such as 2026-11-06 or a time, '
        'but trigger.contact.custom.due is "soon".'
    ) in hold["sentence"]


def test_what_a_customer_is_called_is_never_worked_out(harness: Harness) -> None:
    name = "{{ trigger.payment.amount }}{% raw %}"
    nobody = {"id": "c_new", "email": None, "phone": None, "company": None}
    harness.post(event(name=name, first_name=None, last_name=None, **nobody))
    harness.work()
    assert harness.holds() == []
    assert name in [customer["DisplayName"] for customer in harness.records("Customer")]
