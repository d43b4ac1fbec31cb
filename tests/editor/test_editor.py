"""Recipes in a real editor's language server: no false alarm, errors in place, completions."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.recipes.files import recipe_files
from tests.editor.server import LanguageServer
from tests.harness import Harness

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAM = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
SHIPPED = [
    *recipe_files(ROOT / "recipes"),
    *sorted((ROOT / "recipes" / "templates").glob("*.yaml")),
]
MODELINE = "# yaml-language-server: $schema=../schemas/recipe.schema.json\n"
GOOD = f"""{MODELINE}\
recipe: 1
id: paid
name: Paid
when:
  trigger: payment_collected
only_if:
  - field: event.test
    is_not: true
do:
  - id: invoice
    action: quickbooks.create_invoice
    with:
      customer: "10"
      date: "{{{{ trigger.payment.collected_at }}}}"
      net_days: 15
      check_total: "{{{{ trigger.invoice.total }}}}"
      lines:
        for_each: trigger.invoice.lines
        as: line
        make:
          amount: "{{{{ line.amount }}}}"
  - id: payment
    action: quickbooks.record_payment
    with:
      crm_id: "{{{{ trigger.payment.id }}}}"
      customer: "10"
      invoice: "{{{{ steps.invoice.id }}}}"
      amount: "{{{{ trigger.payment.amount }}}}"
      date: "{{{{ trigger.payment.collected_at }}}}"
"""
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        pytest.skip("yaml-language-server needs node and npm")
    assert PROGRAM.exists(), "yaml-language-server is not installed: run make editor-server"
    with LanguageServer([node, str(PROGRAM), "--stdio"], ROOT) as running:
        yield running


def fresh_file() -> Path:
    """A recipe beside the shipped ones that is in the editor only."""
    return ROOT / "recipes" / f"unsaved-{next(NUMBERS)}.yaml"


def offered(server: LanguageServer, text: str) -> dict[str, dict[str, Any]]:
    """What is offered where `text` has the sign ¦, by label."""
    before, _, after = text.partition("¦")
    file = fresh_file()
    server.open(file, before + after)
    line = before.count("\n")
    found = server.complete(file, line, len(before) - before.rfind("\n") - 1)
    labels = [item["label"] for item in found]
    assert len(labels) == len(set(labels)), "nothing is offered twice"
    return dict(zip(labels, found, strict=True))


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_shipped_recipe_has_no_red_line(server: LanguageServer, file: Path) -> None:
    assert server.open(file, file.read_text(encoding="utf-8")) == []


def test_nor_in_a_data_folder(server: LanguageServer, harness: Harness) -> None:
    harness.heart.tick()
    files = [harness.data / file.relative_to(ROOT) for file in SHIPPED]
    for file in files:
        assert server.open(file, file.read_text(encoding="utf-8")) == []
    wrong = harness.data / "recipes" / "wrong.yaml"
    text = changed("  trigger: payment_collected", "  trigger: payment_collected\n  from: nobody")
    (found,) = server.open(wrong, text)
    assert (found["range"]["start"]["line"], found["message"][:22]) == (6, "Value is not accepted.")
    assert "leadexploder" in found["message"]


USING = f"""{MODELINE}\
recipe: 1
id: north
name: North
use: accepted-estimate@2
inputs:
  crm: leadexploder
  create: invoice
"""


def test_templates_and_their_questions_are_offered(server: LanguageServer) -> None:
    found = offered(server, USING.replace("accepted-estimate@2", "¦"))
    assert {"accepted-estimate@1", "accepted-estimate@2"} <= set(found)
    found = offered(server, f"{USING}  ¦")
    assert "due_in_days" in found
    assert "create" not in found
    found = offered(server, USING.replace("create: invoice", "create: ¦"))
    assert {"estimate", "invoice"} <= set(found)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("@2", "@9", "Value is not accepted."),
        ("  crm: leadexploder\n", "", 'Missing property "crm".'),
        ("create: invoice", "creat: invoice", "Property creat is not allowed."),
        ("create: invoice", "create: invoices", "Value is not accepted."),
    ],
)
def test_mistakes_in_the_use_of_a_template(
    server: LanguageServer, old: str, new: str, message: str
) -> None:
    assert server.open(fresh_file(), USING) == []
    (found,) = server.open(fresh_file(), USING.replace(old, new))
    assert found["message"].startswith(message)


BROKEN = [
    ("name: Paid", "nam: Paid", 3, "Property nam is not allowed."),
    ("name: Paid\n", "", 1, 'Missing property "name".'),
    ("recipe: 1", "recipe: 2", 1, "Value must be 1."),
    ("id: paid", "id: Paid Invoices", 2, "Write small letters, digits and dashes"),
    ("payment_collected", "payment_colected", 5, "Value is not accepted. Valid values:"),
    ("is_not: true", "is_nto: true", 8, "Property is_nto is not allowed."),
    ("field: event.test", "field: event test", 7, "Write one name"),
    ("create_invoice", "make_invoice", 11, "Value is not accepted. Valid values:"),
    ("check_total:", "chek_total:", 16, "Property chek_total is not allowed."),
    ('      crm_id: "{{ trigger.payment.id }}"\n', "", 24, 'Missing property "crm_id".'),
    ("net_days: 15", "net_days: soon", 15, "This must be a plain number such as 1.5"),
    ('"{{ trigger.payment.collected_at }}"', "friday", 14, "This must be a day such as"),
    ("net_days: 15", "net_days: [15]", 15, "Incorrect type."),
    ("          amount:", "          amuont:", 21, "Property amuont is not allowed."),
    ("        make:", "        maek:", 20, "Property maek is not allowed."),
    ('"{{ trigger.invoice.total }}"', "{{ trigger.invoice.total }}", 16, "Incorrect type."),
    ("when:", "at_most: plenty\nwhen:", 4, "Write a number per minute, hour or day"),
    ("when:", "enabled: yes\nwhen:", 4, "Incorrect type."),
    ("  - id: payment", "  - id: my-payment", 22, "Write small letters, digits and underscores"),
    ("      date:", "\tdate:", 14, "Tabs are not allowed"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), BROKEN)
def test_a_mistake_is_marked_on_its_line(
    server: LanguageServer, old: str, new: str, line: int, message: str
) -> None:
    found = server.open(fresh_file(), changed(old, new))
    told = [(each["range"]["start"]["line"], each["message"]) for each in found]
    assert any(at == line and said.startswith(message) for at, said in told), told
    assert {each["severity"] for each in found} == {1}


def test_the_good_recipe_has_no_red_line(server: LanguageServer) -> None:
    assert server.open(fresh_file(), GOOD) == []


@pytest.mark.parametrize("typed", ["", "pay"])
def test_triggers_are_offered(server: LanguageServer, typed: str) -> None:
    found = offered(server, changed("payment_collected", f"{typed}¦"))
    assert "payment_collected" in found
    assert "Money was collected" in found["payment_collected"]["documentation"]["value"]


def test_actions_are_offered(server: LanguageServer) -> None:
    found = offered(server, changed("quickbooks.create_invoice", "¦"))
    assert "quickbooks.create_invoice" in found


FIELDS = {"customer", "date", "due_date", "lines", "tip", "tax", "check_total", "private_note"}


@pytest.mark.parametrize("typed", ["", "du"])
def test_the_fields_of_an_action_are_offered(server: LanguageServer, typed: str) -> None:
    start = GOOD[: GOOD.index("      customer:")]
    found = offered(server, f"{start}      {typed}¦")
    assert set(found) >= FIELDS
    assert "crm_id" in found
    assert "amount" not in found
    assert found["customer"]["insertText"] == 'customer: "{{ steps.customer.id }}"'


@pytest.mark.parametrize("typed", ["", "ti"])
def test_fields_that_are_there_are_not_offered_again(server: LanguageServer, typed: str) -> None:
    found = offered(server, changed("      net_days: 15", f"      net_days: 15\n      {typed}¦"))
    assert {"tip", "tax", "due_date"} <= set(found)
    assert not {"customer", "date", "net_days"} & set(found)


def test_the_fields_of_a_line_are_offered(server: LanguageServer) -> None:
    found = offered(server, changed('          amount: "{{ line.amount }}"', "          ¦"))
    assert {"amount", "service_type", "quantity", "tax"} <= set(found)
    assert "customer" not in found


def test_names_are_offered_as_values(server: LanguageServer) -> None:
    for typed in ("¦", '"{{ tr¦"'):
        found = offered(server, changed('"{{ trigger.payment.collected_at }}"', typed))
        name = found['"{{ trigger.payment.amount }}"']
        assert name["textEdit"]["newText"] == '"{{ trigger.payment.amount }}"'
        assert name["documentation"] == "What was collected."
        assert '"{{ rules.net_days }}"' in found
        assert '"{{ steps.invoice.number }}"' in found
        assert '"{{ trigger.estimate.id }}"' not in found


def test_names_are_offered_in_conditions_and_loops(server: LanguageServer) -> None:
    found = offered(server, changed("field: event.test", "field: ¦"))
    assert {"trigger.payment.method", "event.test", "rules.contacts"} <= set(found)
    found = offered(server, changed("for_each: trigger.invoice.lines", "for_each: ¦"))
    assert "trigger.invoice.lines" in found
    assert "trigger.payment.amount" not in found
    found = offered(server, changed('amount: "{{ line.amount }}"', "amount: ¦"))
    assert '"{{ line.amount }}"' in found


def test_choices_are_offered_in_conditions(server: LanguageServer) -> None:
    condition = "  - field: event.test\n    is_not: true"
    found = offered(server, changed(condition, "  - field: trigger.payment.method\n    is: ¦"))
    assert {"card", "check", "cash"} <= set(found)


def test_a_new_step_is_offered_with_what_it_needs(server: LanguageServer) -> None:
    found = offered(server, f"{GOOD}  - ¦")
    body = found["step: quickbooks.record_payment"]["insertText"]
    assert "action: quickbooks.record_payment" in body
    assert 'customer: "{{ steps.customer.id }}"' in body


EXPLAINED = [
    ("check_total", "The CRM's total; what is written must add up to it."),
    ("with:", "finds it again for every later event"),
    ("trigger:", "What starts it"),
    ("payment_collected", "Given by: leadexploder"),
    ("for_each", "The list to go through"),
    ("field:", "What is looked at."),
]


@pytest.mark.parametrize(("word", "about"), EXPLAINED)
def test_fields_are_explained(server: LanguageServer, word: str, about: str) -> None:
    file = fresh_file()
    server.open(file, GOOD)
    at = GOOD.index(word)
    line = GOOD.count("\n", 0, at)
    assert about in server.hover(file, line, at - GOOD.rfind("\n", 0, at))
