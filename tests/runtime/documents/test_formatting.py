"""Formatting: the form of the shipped recipes, and never another meaning."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runtime.documents import read_document, schema
from runtime.documents.formatting import formatted
from runtime.documents.formatting.remarks import remarks_in
from runtime.documents.formatting.tree import tree_of
from runtime.recipes.loading import recipe_files
from tests.runtime.recipes.recipe_kit import RECIPES

FORMAT = "recipe-format"


def neat(text: str, order: str = FORMAT) -> str:
    made, problems = formatted(text, "a.yaml", order)
    assert made is not None, problems
    return made


def comments(text: str) -> list[str]:
    root = tree_of(text)
    return sorted(said for _, said in remarks_in(text, root)) if root else []


def means(text: str) -> str:
    """What a text says, numbers as they are written."""
    document, problems = read_document(text, "a.yaml")
    assert document is not None, problems
    return repr(document.value)


@pytest.mark.parametrize("path", list(recipe_files(RECIPES)), ids=lambda path: path.name)
def test_shipped_recipes_are_in_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert neat(text) == text


@pytest.mark.parametrize(
    "path", sorted((RECIPES / "templates").glob("*.yaml")), ids=lambda path: path.name
)
def test_shipped_templates_are_in_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert neat(text, "recipe-template") == text


#: (as written, as formatted); the keys are those of no schema, so that they stay in their order.
ROWS = [
    ("a: 01234\n", "a: 01234\n"),
    ("a: 1_000\nb: 12:30\nc: 3.10\n", "a: 1_000\nb: 12:30\nc: 3.10\n"),
    ("a: +15551234567\nb: 2024-01-02\nc: no\n", "a: +15551234567\nb: 2024-01-02\nc: no\n"),
    ("a: ~\nb: null\nc:\nd: true\n", "a: ~\nb: null\nc:\nd: true\n"),
    ("a: 'x'\nb: \"x y\"\n", "a: x\nb: x y\n"),
    ("a: '01234'\nb: 'no'\nc: '5'\n", 'a: "01234"\nb: "no"\nc: "5"\n'),
    ("a: ''\nb: ' x'\nc: 'x: y'\n", 'a: ""\nb: " x"\nc: "x: y"\n'),
    ("a: 'Paid #12'\nb: 'a #b'\n", 'a: "Paid #12"\nb: "a #b"\n'),
    ("a: '{{ b }}'\n", 'a: "{{ b }}"\n'),
    ("a: '{{ b | default(\"x\") }}'\n", "a: '{{ b | default(\"x\") }}'\n"),
    ("a: \"{{ b | default('x') }}\"\n", "a: \"{{ b | default('x') }}\"\n"),
    ("a: No {{ b }}\n", 'a: "No {{ b }}"\n'),
    ('a: "{{ b }}\\n{{ c }}"\n', 'a: "{{ b }}\\n{{ c }}"\n'),
    ('a: "C:\\\\d"\n', "a: C:\\d\n"),
    ('a: "it\'s \\"x\\" # y"\n', "a: 'it''s \"x\" # y'\n"),
    ('a: "\\u0007"\nb: "\\ud83d\\ude00"\n', 'a: "\\x07"\nb: \U0001f600\n'),
    ("a: {b: 1, c: [x, 'z']}\n", "a:\n  b: 1\n  c:\n    - x\n    - z\n"),
    ("a: []\nb: {}\n", "a: []\nb: {}\n"),
    ("a:\n- 1\n-   b: 2\n    c: 3\n", "a:\n  - 1\n  - b: 2\n    c: 3\n"),
    ("a:\n    b:\n            c: 1\n", "a:\n  b:\n    c: 1\n"),
    ("- - 1\n  - 2\n- 3\n", "- - 1\n  - 2\n- 3\n"),
    ("a:   |\n     x\n       y\n\n\nb: 1\n", "a: |\n  x\n    y\n\nb: 1\n"),
    ("a: |2\n    x\n", "a: |2\n    x\n"),
    ("- a: >-\n    x\n\n    y\n", "- a: >-\n    x\n\n    y\n"),
    ("a: |+\n  x\n\nb: 1\n", "a: |+\n  x\n\nb: 1\n"),
    ("a: x\n  y\nb: 'x\n\n  y'\n", 'a: x y\nb: "x\\ny"\n'),
    ("? a\n: b\n", "a: b\n"),
    ("'on': 1\n\"b c\": 2\n", '"on": 1\nb c: 2\n'),
    ("---\na: 1\n", "a: 1\n"),
    ("a: 1", "a: 1\n"),
    ("\n\na: 1\n\n\n\nb: 2\n\n", "a: 1\n\nb: 2\n"),
    ("a: 1 # x\nbc: 2   # y\n", "a: 1  # x\nbc: 2   # y\n"),
    ("a: 'x'   # 1\nb: 'z'   # 2\n", "a: x     # 1\nb: z     # 2\n"),
    ("a:   # why\n  b: 1\n", "a:   # why\n  b: 1\n"),
    ("a: [1, 2]  # both\n", "a:         # both\n  - 1\n  - 2\n"),
    ("a: [1, # one\n  2 # two\n  # last\n ]\n", "a:\n  - 1  # one\n  - 2  # two\n  # last\n"),
    ("a: [ # none\n]\n", "# none\na: []\n"),
    ("# x\n\n# y\na: 1\n# z\n", "# x\n\n# y\na: 1\n# z\n"),
    ("a:\n  - 1\n  # - 2\n\n# b\nb: 1\n", "a:\n  - 1\n  # - 2\n\n# b\nb: 1\n"),
    ("a:\n# x\n- 1\n# y\n- 2\n", "a:\n  # x\n  - 1\n  # y\n  - 2\n"),
    ("- # x\n  a: 1\n", "# x\n- a: 1\n"),
    ("a:  # why\n", "a:  # why\n"),
    ("a: |\n   x  \n\n\nb: 1\n", "a: |\n  x  \n\nb: 1\n"),
    ("a:  # why\nb: 1\n", "a:  # why\nb: 1\n"),
    ("- a: |\n    x", "- a: |-\n    x\n"),
    ("- a: |2+\n     x", "- a: |2-\n     x\n"),
    ("a: | # why\n  x\n# z\nb: 1\n", "a: |  # why\n  x\n# z\nb: 1\n"),
    ('{"a": 1,\n\t"b": [true]}\n', "a: 1\nb:\n  - true\n"),
    ("# only a remark\n", "# only a remark\n"),
    ("", ""),
    ("x\n", "x\n"),
]


@pytest.mark.parametrize(("written", "wanted"), ROWS)
def test_rows(written: str, wanted: str) -> None:
    assert neat(written, "") == wanted
    assert neat(wanted, "") == wanted


def test_keys_come_in_the_order_of_the_format() -> None:
    made = neat(
        """\
# About this recipe.
name: A
do:
  # The customer.
  - with:
      b: 1
      a: 2
    only_if:
      - otherwise: Never mind.
        is_not: true
        field: event.test
    action: http.post   # hands it over
    id: a
zebra: 1
when: {from: crm, trigger: contact_created}
id: a
# yaml-language-server: $schema=../schemas/recipe.schema.json
recipe: 1
"""
    )
    assert made == (
        """\
# About this recipe.
# yaml-language-server: $schema=../schemas/recipe.schema.json
recipe: 1
id: a
name: A
when:
  trigger: contact_created
  from: crm
do:
  # The customer.
  - id: a
    action: http.post   # hands it over
    only_if:
      - field: event.test
        is_not: true
        otherwise: Never mind.
    with:
      b: 1
      a: 2
zebra: 1
"""
    )


def test_the_line_for_editors_comes_first() -> None:
    modeline = "# yaml-language-server: $schema=../schemas/recipe.schema.json"
    assert (
        neat(f"# x\n{modeline}\n\nid: a\nrecipe: 1\n") == f"{modeline}\n# x\n\nrecipe: 1\nid: a\n"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(end: str) -> None:
    assert neat(f"b: 'x'{end}c: |{end}  y{end}", "") == f"b: x{end}c: |{end}  y{end}"


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: &x 1\n", "a: {{ b }}\n", "a: 1\n---\nb: 2\n"])
def test_a_file_with_errors_is_refused(text: str) -> None:
    made, problems = formatted(text, "recipes/a.yaml")
    assert made is None
    assert problems[0].file == "recipes/a.yaml"


EXAMPLES = [
    value
    for name in ("recipe-format", "setup", "settings")
    for value in (
        *schema.load(name)["examples"],
        *(anti.get("value", anti.get("example")) for anti in schema.load(name)["antiExamples"]),
    )
]


@pytest.mark.parametrize("value", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_of_schemas_keep_their_meaning(value: Any) -> None:
    text = json.dumps(value)
    assert means(neat(text, "")) == means(text)
    if isinstance(value, dict) and "recipe" in value:
        ordered, _ = read_document(neat(text), "a.yaml")
        assert ordered is not None
        assert ordered.value == read_document(text, "a.yaml")[0].value  # type: ignore[union-attr]


PLAIN = [
    *("01234", "1_000", "12:30", "3.10", "no", "~", "null", "", "true", "-3", "0x1F", "+1555", "x"),
    *("2024-01-02", "a b", "a#b", "x:y", "it's", "trigger.lines", "No {{ b }}", "-x", "?x"),
    *('"{{ a }}"', "'{{ a | default(\"b\") }}'", "''", "'1'", '"a\\tb"', "'it''s'", '" x "'),
    *("'x: y'", "'# x'", "'- x'", '"\\u0085"', "'no'", '"12:30"', "'a\u201cb'", '"\u2028"'),
]
KEYS = ["a", "b c", "on", "12", "'x: y'", '"{{ k }}"', "recipe", "id", "name", "do", "when", "is"]
COMMENTS = ["# x", "#", "# - a: 1", "#: 'y", "# {{ z }}", "## | >"]
TREES = st.recursive(
    st.sampled_from(PLAIN),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)


class Scribe:
    """Writes a tree as people do: any depth, brackets, comments and blank lines anywhere."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.lines: list[str] = []

    def text(self, tree: Any) -> str:
        self.lines = []
        self.around(0)
        if isinstance(tree, str) or not tree:
            return f"key: {self.bracketed(tree)}\n"
        self.block(tree, 0)
        self.around(self.dice.choice([0, 0, 2, 5]))
        return "\n".join(self.lines) + "\n"

    def around(self, indent: int) -> None:
        for _ in range(self.dice.choice([0, 0, 0, 1, 1, 2])):
            remark = " " * indent + self.dice.choice(COMMENTS)
            self.lines.append(self.dice.choice(["", remark, remark]))

    def behind(self) -> str:
        gap = self.dice.choice([" ", "   ", "            "])
        return gap + self.dice.choice(COMMENTS) if self.dice.random() < 0.25 else ""

    def block(self, tree: Any, indent: int) -> None:
        entries = tree.items() if isinstance(tree, dict) else [(None, item) for item in tree]
        for key, value in entries:
            self.around(self.dice.choice([indent, indent, indent, 0, indent + 3]))
            self.entry(" " * indent + ("-" if key is None else f"{key}:"), value, indent)

    def entry(self, start: str, value: Any, indent: int) -> None:
        if isinstance(value, str) and self.dice.random() < 0.12:
            return self.lines_of_text(start, indent)
        if isinstance(value, str) or not value or self.dice.random() < 0.2:
            said = self.bracketed(value)
            self.lines.append(f"{start} {said}".rstrip() + self.behind())
            return None
        if start.endswith("-") and self.dice.random() < 0.7:
            return self.element(start, value, indent)
        self.lines.append(start + self.behind())
        deeper = self.dice.choice([1, 2, 2, 4])
        same = isinstance(value, list) and start.endswith(":") and self.dice.random() < 0.4
        return self.block(value, indent if same else indent + deeper)

    def element(self, start: str, value: Any, indent: int) -> None:
        gap = self.dice.choice([1, 1, 3])
        inner = Scribe(self.dice.randrange(10**6))
        inner.block(value, indent + 1 + gap)
        while inner.lines and (not inner.lines[0].strip() or inner.lines[0].lstrip()[0] == "#"):
            inner.lines.pop(0)
        first = inner.lines.pop(0).lstrip() if inner.lines else "{}"
        self.lines += [f"{start}{' ' * gap}{first}", *inner.lines]

    def lines_of_text(self, start: str, indent: int) -> None:
        deeper = " " * (indent + self.dice.choice([1, 2, 4]))
        header = self.dice.choice(["|", "|-", ">", ">-", "|+"])
        self.lines.append(f"{start} {header}{self.behind()}")
        for _ in range(self.dice.randrange(1, 4)):
            self.lines.append(deeper + self.dice.choice(["x", "  y: 1", "# z", "{{ t }}"]))
        first = len(self.lines) - 1
        while not self.lines[first].startswith(deeper):
            first -= 1
        if self.dice.random() < 0.3:
            self.lines += ["", deeper + "end"]

    def bracketed(self, tree: Any) -> str:
        if isinstance(tree, str):
            return tree if self.safe(tree) else f"'{tree.replace(chr(39), chr(39) * 2)}'"
        if isinstance(tree, list):
            return "[" + ", ".join(self.bracketed(item) or "~" for item in tree) + "]"
        pairs = (f"{key}: {self.bracketed(value) or '~'}" for key, value in tree.items())
        return "{" + ", ".join(pairs) + "}"

    def safe(self, source: str) -> bool:
        return source[:1] in "'\"" or not set(source) & set("{}[],")


@settings(max_examples=200, deadline=None)
@given(tree=TREES, seed=st.integers(0, 10**6))
@example(tree={"a": ["'{{ a }}'"]}, seed=3)
def test_formatting_changes_the_form_alone(tree: Any, seed: int) -> None:
    text = Scribe(seed).text(tree)
    document, problems = read_document(text, "a.yaml")
    if document is None or problems:
        return
    for order in ("", FORMAT):
        made = neat(text, order)
        again, _ = read_document(made, "a.yaml")
        assert again is not None
        assert again.value == document.value
        assert comments(made) == comments(text)
        assert neat(made, order) == made
    assert means(neat(text, "")) == means(text)


def test_most_documents_of_the_property_are_read() -> None:
    """Else the property would show nothing."""
    whole = 0
    for seed in range(200):
        tree = {"a": [{"b c": "x", "on": ["01234", "'it''s'"]}], "do": {"is": ["x", "3.10"]}}
        _, problems = read_document(Scribe(seed).text(tree), "a.yaml")
        whole += not problems
    assert whole > 150
