"""JSON Schema errors as problems: their place, rule, sentence and fix."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.documents import mistakes, read_document, schema
from runtime.documents.hints import hint, listed, nearest
from tests.runtime.recipes.recipe_kit import ACTIONS

GOOD = """\
recipe: 1
id: a
name: A
when:
  trigger: contact_created
do:
  - id: customer
    action: http.post
    with:
      connection: hook
"""


FORMATS = ("recipe-format", "recipe-template")


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name in FORMATS for value in schema.load(name)["examples"]],
    ids=lambda value: value["id"] if isinstance(value, dict) else value,
)
def test_examples_are_accepted(name: str, value: dict[str, Any]) -> None:
    assert list(schema.validator(name).iter_errors(value)) == []


@pytest.mark.parametrize(
    ("name", "anti"),
    [(name, anti) for name in FORMATS for anti in schema.load(name)["antiExamples"]],
    ids=lambda anti: anti["reason"][:40] if isinstance(anti, dict) else anti,
)
def test_anti_examples_are_refused_for_one_reason(name: str, anti: dict[str, Any]) -> None:
    found = list(mistakes.explain(schema.validator(name).iter_errors(anti["value"])))
    assert len(found) == 1
    assert found[0].sentence


ROWS = [
    ("when:", "wen:", (4, 1), "unknown-key", 'unknown setting "wen"', 'did you mean "when"?'),
    (
        "name: A\n",
        "",
        (1, 1),
        "missing-field",
        'this file needs "name"',
        "add name: what people see",
    ),
    (
        "    action: http.post\n",
        "",
        (7, 5),
        "missing-field",
        'entry 1 of "do" needs "action"',
        "add action: what it does, such as quickbooks.create_invoice",
    ),
    ("recipe: 1", "recipe: 2", (1, 9), "not-one-of", '"recipe" cannot be 2', "it can be: 1"),
    ("id: a\n", "id: My A\n", (2, 5), "wrong-form", '"id" cannot be "My A"', "write small letters"),
    (
        "name: A",
        "name: 7",
        (3, 7),
        "wrong-type",
        '"name" must be text, not 7',
        'quotes around it: "7"',
    ),
    ("name: A", "name:", (3, 1), "missing-field", '"name" is empty; it must be text', "fill it in"),
    ("name: A", "name: ''", (3, 7), "too-short", '"name" must not be empty', "add at least one"),
    (
        "name: A",
        "name: A\nenabled: yes",
        (4, 10),
        "wrong-type",
        '"enabled" must be true or false, not "yes"',
        "write true or false, in small letters",
    ),
    (
        "do:",
        "only_if: x\ndo:",
        (6, 10),
        "wrong-type",
        '"only_if" must be a list, not "x"',
        "write a dash before each entry",
    ),
    (
        "when:\n  trigger: contact_created",
        "when: contact_created",
        (4, 7),
        "wrong-type",
        '"when" must be a group of `name: value` lines, not "contact_created"',
        "",
    ),
    (
        "do:",
        "only_if:\n  - field: event.test\n    is_nto: true\ndo:",
        (8, 5),
        "unknown-key",
        'unknown setting "is_nto"',
        'did you mean "is_not"?',
    ),
    (
        "      connection: hook",
        "      body:\n        for_each: trigger.x\n        make: {}\n        ass: y",
        (13, 9),
        "unknown-key",
        'unknown setting "ass"',
        'did you mean "as"?',
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "rule", "sentence", "fix"), ROWS)
def test_problems(
    old: str, new: str, place: tuple[int, int], rule: str, sentence: str, fix: str
) -> None:
    document, mistakes = read_document(GOOD.replace(old, new, 1), "a.yaml")
    assert document is not None
    assert mistakes == []
    found = schema.problems(document, "recipe-format", "a.yaml")
    problem = next(each for each in found if each.rule == rule)
    assert problem.sentence == sentence
    assert problem.fix.startswith(fix) or fix in problem.fix
    assert (problem.line, problem.column) == place
    assert problem.file == "a.yaml"


def test_a_good_file_has_no_problems() -> None:
    document, _ = read_document(GOOD, "a.yaml")
    assert document is not None
    assert schema.problems(document, "recipe-format", "a.yaml") == []


CASES: list[tuple[dict[str, Any], Any, str, str]] = [
    ({"enum": ["hold", "suffix"]}, "sufix", '"a" cannot be "sufix"', 'did you mean "suffix"?'),
    ({"enum": [0, 15, None]}, 7, '"a" cannot be 7', "it can be: 0, 15"),
    ({"minimum": 1}, 0, '"a" must be at least 1, not 0', ""),
    ({"exclusiveMaximum": 5}, 5, '"a" must be less than 5, not 5', ""),
    ({"maxItems": 1}, [1, 2], '"a" has too many entries', "take some away"),
    ({"type": "integer"}, "x", '"a" must be a whole number, not "x"', "write the number alone"),
    ({"not": {"type": "null"}}, None, '"a" must not be empty', "fill it in"),
    ({"type": "string"}, "x" * 0 or None, '"a" is empty; it must be text', "fill it in"),
    ({"type": "null"}, 1, '"a" must be empty, not 1', ""),
    ({"propertyNames": {"pattern": "^x"}}, {"y": 1}, 'the name "y" is not in the right form', ""),
    ({"uniqueItems": True}, [1, 1], '"a" cannot be a list', ""),
    ({"minProperties": 1}, {}, '"a" has too few entries', "add at least one"),
    ({"not": {}}, {}, '"a" is not in the right form', ""),
    (
        {"anyOf": [{"type": "string"}, {"type": "array"}]},
        5,
        '"a" must be text or a list, not 5',
        'put quotes around it: "5"',
    ),
    (
        {"anyOf": [{"type": "object", "required": ["x"]}, {"type": ["null", "string"]}]},
        {},
        '"a" needs "x"',
        "add x",
    ),
    (
        {"oneOf": [{"enum": ["off", "intuit"]}, {"type": "object"}]},
        "intiut",
        '"a" cannot be "intiut"',
        'did you mean "intuit"?',
    ),
]


@pytest.mark.parametrize(("field", "value", "sentence", "fix"), CASES)
def test_sentences(field: dict[str, Any], value: Any, sentence: str, fix: str) -> None:
    checker = schema.Draft202012Validator({"properties": {"a": field}})
    found = list(mistakes.explain(checker.iter_errors({"a": value})))
    assert [mistake.sentence for mistake in found] == [sentence]
    assert fix in found[0].fix


def test_one_cause_is_told_once() -> None:
    checker = schema.Draft202012Validator(
        {"properties": {"a": {"type": "string", "enum": ["x"], "minLength": 1}}}
    )
    assert len(list(mistakes.explain(checker.iter_errors({"a": 5})))) == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((), "this file"),
        (("a", "b"), '"a.b"'),
        (("a", 0), 'entry 1 of "a"'),
        (("a", 1, "b"), '"b" in entry 2 of "a"'),
        (("a", 0, 1), 'entry 2 in entry 1 of "a"'),
    ],
)
def test_paths_in_words(path: mistakes.At, words: str) -> None:
    assert mistakes.named(path) == words


def test_values_are_quoted_in_readable_length() -> None:
    assert mistakes.shown("x" * 99) == f'"{"x" * 60}…"'
    assert mistakes.shown(object()) == "object"
    assert mistakes.shown({}) == "a group of values"


def test_action_schemas_are_found_by_name() -> None:
    for name, action in ACTIONS.items():
        assert schema.load(f"actions/{name}") == action.schema
    with pytest.raises(FileNotFoundError):
        schema.load("nothing")


def test_hints() -> None:
    assert nearest("Emial", ["email", "name"]) == "email"
    assert nearest("xyz", ["email"]) is None
    assert hint("emial", ["name", "email"]) == 'did you mean "email"? it has: name, email'
    assert hint("x", []) == ""
    assert listed([str(n) for n in range(10)]) == "0, 1, 2, 3, 4, 5, 6, 7 and 2 more"
