"""Whatever is written and whatever data comes: a value or a sentence, exact, and never a template.

The grammar below has every construct of the language, so that what it draws is nearly always
allowed; the data is arbitrary, so that much of it does not fit.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.wire import encode, parse
from runtime.recipes.expressions.compiling import ExpressionProblem, compile_value
from runtime.recipes.expressions.filters import FILTERS, TESTS
from runtime.recipes.expressions.keys import key_of
from runtime.recipes.expressions.kinds import Kind, infer
from runtime.recipes.expressions.values import TABLES, ZONE
from runtime.recipes.mapping import compile_fields, render
from runtime.recipes.model import Table

ROOT = Path(__file__).parents[3]
#: Text that would be seen if anything rendered it again.
BAIT = "{{ trigger.secret }}{% raw %}{{ 1 + 1 }}{# x #}"
SECRET = "the secret"
NAMES = ("a", "b", "items", "keys", "custom")

SERVICES = Table(
    file="tables/services.csv",
    key="service",
    columns=("service", "class"),
    rows={key_of("lawn"): {"service": "lawn", "class": BAIT}},
    instead="lawn",
)

texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from([BAIT, "475.00", "12.5", "-0.005", "2026-11-06", "lawn", "", " "]),
    st.sampled_from(["2026-11-06T16:58:40-07:00", "2026-11-06T16:58:40", "a@example.com"]),
)
numbers = st.one_of(
    st.integers(-(10**20), 10**20).map(Decimal),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**9), 10**9, places=2),
)
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), texts, numbers),
    lambda below: st.one_of(
        st.lists(below, max_size=4), st.dictionaries(st.sampled_from(NAMES), below, max_size=4)
    ),
    max_leaves=12,
)
scopes = st.dictionaries(st.sampled_from(NAMES), values, max_size=5).map(
    lambda data: {
        "trigger": {**data, "secret": SECRET, "bait": BAIT},
        "steps": {},
        TABLES: {"services": SERVICES},
        ZONE: ZoneInfo("America/Boise"),
    }
)

paths = st.builds(
    lambda parts: ".".join(("trigger", *parts)),
    st.lists(st.sampled_from([*NAMES, "bait", "0", "1"]), min_size=1, max_size=3),
)
literals = st.sampled_from(
    ["0", "7", "12.50", "0.005", "'x'", "''", '"a b"', "'475.00'", "'2026-11-06'", "true", "none"]
)
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "truncate": ("", "(3)", "(length=2)"),
    "replace": ("('a', 'b')", "(' ', '')", "(trigger.a, trigger.bait)"),
    "split": ("", "('/')"),
    "join": ("", "('-')", "(trigger.a)"),
    "first": ("", "(2)"),
    "last": ("", "(2)"),
    "default": ("", "('x')", "(trigger.b)"),
    "first_present": ("('x')", "(trigger.b, trigger.a)"),
    "round": ("", "(2)", "(trigger.a)"),
    "add_days": ("(30)", "(trigger.a)", "(-1)"),
    "lookup": ("('services', 'class')", "('services', column='class')"),
}
filters = st.sampled_from(
    [f"{name}{more}" for name in FILTERS for more in ARGUMENTS.get(name, ("",))]
)
NEEDS = frozenset(("eq", "ne", "lt", "le", "gt", "ge", "in"))
tests = st.sampled_from(
    [f"{name}({more})" if name in NEEDS else name for name in TESTS for more in ("7", "trigger.a")]
)


def _larger(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from((*"+-*/~<>", "==", "!=", "<=", ">=", "and", "or", "in", "not in"))
    return st.one_of(
        st.builds("({} | {})".format, below, filters),
        st.builds("({} is {})".format, below, tests),
        st.builds("({} is not {})".format, below, tests),
        st.builds("({} {} {})".format, below, signs, below),
        st.builds("({} if {} else {})".format, below, below, below),
        st.builds("({} if {})".format, below, below),
        st.builds("(not {})".format, below),
        st.builds("(-{})".format, below),
        st.builds("[{}, {}]".format, below, below),
        st.builds("({}, {})".format, below, below),
        st.builds("({}).items".format, below),
        st.builds("({})['a']".format, below),
        st.builds("({})[0]".format, below),
    )


expressions = st.recursive(st.one_of(paths, literals), _larger, max_leaves=6)
templates = st.one_of(
    st.builds("{{{{ {} }}}}".format, expressions),
    st.builds("{{{{{}}}}} and {{{{ {} }}}}".format, paths, expressions),
    st.builds("{{{{ {} | {} }}}}".format, expressions, filters),
)
slow = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def outcome(text: str, scope: Mapping[str, Any]) -> Any:
    """What a text gives; the problem where it gives none. Anything else is raised."""
    try:
        return compile_value(text).render(scope)
    except ExpressionProblem as problem:
        return problem


def holds_float(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(holds_float, value.values()))
    if isinstance(value, list | tuple):
        return any(map(holds_float, value))
    return isinstance(value, float)


@slow
@given(templates, scopes)
def test_a_value_or_a_sentence(text: str, scope: Mapping[str, Any]) -> None:
    found = outcome(text, scope)
    if isinstance(found, ExpressionProblem):
        assert found.sentence
        assert "jinja" not in f"{found.sentence}{found.fix}".lower()
    assert not holds_float(found)


@slow
@given(expressions, scopes)
def test_no_value_is_rendered_again(text: str, scope: Mapping[str, Any]) -> None:
    """The secret is named by the data alone, so it can only show where data was rendered."""
    found = outcome(f"{{{{ {text} }}}}", scope)
    inside = outcome(f"<{{{{ {text} }}}}>", scope)
    for one in (found, inside):
        assert isinstance(one, ExpressionProblem) or SECRET not in str(one)


@pytest.mark.parametrize(
    "text",
    [
        "{{ trigger.bait }}",
        "{{ trigger.bait | default('x') }}",
        "{{ trigger.absent | default(trigger.bait) }}",
        "{{ trigger.absent | first_present(trigger.bait) }}",
        "{{ trigger.bait | truncate(200) | trim }}",
        "{{ [trigger.bait] | join }}",
        "{{ [trigger.bait] | first }}",
        "{{ 'lawn' | lookup('services', 'class') }}",
        "{{ inputs.bait }}",
        "{{ 'B' | replace('B', trigger.bait) }}",
        "{{ trigger.bait if true else '' }}",
        "{{ '' ~ trigger.bait }}",
    ],
)
def test_braces_in_data_arrive_as_they_are(text: str) -> None:
    scope = {
        "trigger": {"bait": BAIT, "secret": SECRET},
        "inputs": {"bait": BAIT},
        TABLES: {"services": SERVICES},
    }
    assert compile_value(text).render(scope) == BAIT
    assert compile_value(f"<{text}>").render(scope) == f"<{BAIT}>"


@slow
@given(values)
def test_a_lone_name_gives_the_very_object(value: Any) -> None:
    found = compile_value("{{ trigger.a }}").render({"trigger": {"a": value}})
    assert found is value


@slow
@given(
    st.decimals(-(10**9), 10**9, places=2),
    st.decimals(-(10**9), 10**9, places=2),
    st.sampled_from("+-*"),
)
def test_money_is_exact(left: Decimal, right: Decimal, sign: str) -> None:
    """Amounts go in as JSON, are computed and leave as JSON: no digit is lost."""
    data = parse(encode({"left": left, "right": str(right)}))
    text = f"{{{{ (trigger.left | money) {sign} (trigger.right | money) }}}}"
    found = compile_value(text).render({"trigger": data})
    cents = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__}[sign]
    scale = 4 if sign == "*" else 2
    exact = cents(int(left * 100), int(right * 100))
    assert found == Decimal(exact).scaleb(-scale)
    assert parse(encode({"a": found})) == {"a": found}


@slow
@given(st.decimals(-(10**15) + 1, 10**15 - 1, places=3), st.sampled_from([0, 1, 2]))
def test_filters_of_money_keep_every_digit(amount: Decimal, places: int) -> None:
    """More digits than a binary number of 64 bits has, so that passing through one would show."""
    scope = {"trigger": {"a": str(amount)}}
    assert compile_value("{{ trigger.a | number }}").render(scope) == amount
    assert compile_value("{{ [trigger.a] | first | number + 0 }}").render(scope) == amount
    steps = 10 ** (3 - places)
    whole, rest = divmod(abs(int(amount.scaleb(3))), steps)
    cents = whole + (rest * 2 >= steps)
    found = compile_value(f"{{{{ trigger.a | number | round({places}) }}}}").render(scope)
    assert abs(found) == Decimal(cents).scaleb(-places)


def test_nothing_that_computes_makes_a_float() -> None:
    """No float() and no number with a point in the code that renders what recipes say."""
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "runtime" / "recipes").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Call) and ast.unparse(node.func) in ("float", "json.loads"))
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    }
    assert found == set()


@slow
@given(st.text(max_size=80))
def test_any_text_is_a_value_or_a_sentence(text: str) -> None:
    for whole in (text, f"{{{{ {text} }}}}", f"{{{{{text}", f"{{%{text}%}}"):
        outcome(whole, {"trigger": {}})
        infer(whole, lambda _: Kind.TEXT)


BRACES = ("{{", "}}", "{%", "%}", "{#", "#}", "\uff5b")
SIGNS = tuple("|.()[]'\"\\~,:;=!<>+-*/%{}\n\x00\u201c")
WORDS = (
    "==",
    "trigger",
    "a",
    "1",
    "12.5",
    "if",
    "else",
    "not",
    "is",
    "in",
    "and",
    "upper",
    "\u00e9",
)


@slow
@given(st.lists(st.sampled_from((*BRACES, *SIGNS, *WORDS)), max_size=20))
def test_any_words_and_signs_are_a_value_or_a_sentence(words: list[str]) -> None:
    for whole in ("".join(words), " ".join(words), f"{{{{ {' '.join(words)} }}}}"):
        found = outcome(whole, {"trigger": {"a": "x"}})
        infer(whole, lambda _: Kind.TEXT)
        if isinstance(found, ExpressionProblem):
            assert 0 <= found.offset <= len(whole)
            assert found.sentence


@slow
@given(st.lists(expressions, max_size=3), scopes)
def test_whole_fields_are_values_or_a_sentence(parts: list[str], scope: Mapping[str, Any]) -> None:
    loop = {"for_each": "trigger.items", "make": {"x": [f"{{{{ {part} }}}}" for part in parts]}}
    try:
        found: object = render(compile_fields({"lines": loop}), scope)
    except ExpressionProblem as problem:
        found = problem.sentence
    assert not holds_float(found)
    assert SECRET not in str(found)
