"""Expressions: what they refuse before doing any work, what they give, and how they say no."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.recipes.expressions import parsing
from runtime.recipes.expressions.compiling import ExpressionProblem, compile_value, read_path
from runtime.recipes.expressions.tokens import LONGEST_SOURCE

SCOPE: dict[str, Any] = {
    "trigger": {
        "items": [{"name": "Mop"}, {"name": "Pail"}],
        "name": "Dana",
        "email": "{{ trigger.name }}",
        "phone": "0012",
        "lines": [],
        "amount": "12.50",
        "rate": Decimal("3.10"),
        "count": 5,
        "yes": True,
        "none": None,
        "blank": "",
    },
    "steps": {},
}


def render(text: str) -> Any:
    return compile_value(text).render(SCOPE)


def refusal(text: str) -> ExpressionProblem:
    with pytest.raises(ExpressionProblem) as caught:
        render(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("", ""),
        ("Room {#12}", "Room {#12}"),
        ("Room {#12} {{ trigger.name }}", "Room {#12} Dana"),
        ("10 #} {{ trigger.name }}", "10 #} Dana"),
        ("# for {{ trigger.name }}\r\n", "# for Dana\r\n"),
        ("}} {{ trigger.name }}", "}} Dana"),
        ("{{ '{{ x }}' }}", "{{ x }}"),
        ("{{ '{% x %}' ~ '#}' }}", "{% x %}#}"),
        ("{{ 'it\\'s\\n' ~ 'a' \"b\" }}", "it's\nab"),
        ("{{ trigger.lines.0.1 | default('-') }}", "-"),
        ("{{trigger.name}}", "Dana"),
        ("{{  trigger.name  }}", "Dana"),
        ("{{\ntrigger\n.name }}", "Dana"),
        ("{{ 123456789012345.1234567891 + 0 }}", Decimal("123456789012345.1234567891")),
        ("{{ 12.10 }}", Decimal("12.10")),
        ("{{ trigger.items.0.name }}", "Mop"),
        ("{{ trigger.items[1]['name'] }}", "Pail"),
        ("{{ trigger.items.7.name }}", None),
        ("{{ (trigger.items | last).name }}", "Pail"),
        ("{{ (trigger.items | first)['name'] }}", "Mop"),
        ("{{ trigger.items | count }}", 2),
        ("{{ trigger.phone }}", "0012"),
        ("Hi {{ trigger.name|upper }} ({{ trigger.phone }})", "Hi DANA (0012)"),
        ("{{ (trigger.amount|money) + 1 }}", Decimal("13.50")),
        ("{{ trigger.rate * 2 }}", Decimal("6.20")),
        ("{{ 1 + 2 }}", 3),
        ("{{ 1.5 + 1 }}", Decimal("2.5")),
        ("{{ 7 / 2 }}", Decimal("3.5")),
        ("{{ -trigger.count }}", -5),
        ("{{ -trigger.rate }}", Decimal("-3.10")),
        ("{{ trigger.name if trigger.yes else 'x' }}", "Dana"),
        ("{{ trigger.name if trigger.none else 'x' }}", "x"),
        ("{{ trigger.name if trigger.absent }}", None),
        ("{{ trigger.absent }}", None),
        ("[{{ trigger.absent }}{{ trigger.none }}]", "[]"),
        ("{{ trigger.absent.deeper.still }}", None),
        ("{{ steps.customer.id }}", None),
        ("{{ trigger.absent | default('') }}", ""),
        ("{{ trigger.none | default('n') }}", "n"),
        ("{{ trigger.blank | default(trigger.none) | default(trigger.phone) }}", "0012"),
        ("{{ 0 | default(7) }}", 0),
        ("{{ trigger.absent | upper }}", None),
        ("{{ trigger.absent | money }}", None),
        ("{{ trigger.absent | count }}", 0),
        ("{{ trigger.email }}", "{{ trigger.name }}"),
        ("<{{ trigger.email }}>", "<{{ trigger.name }}>"),
        ("{{ 'a' ~ trigger.rate ~ trigger.none ~ trigger.yes ~ trigger.count }}", "a3.10true5"),
        ("{{ trigger.yes }}", True),
        ("is {{ trigger.yes }}", "is true"),
        ("{{ trigger.count == 5 and trigger.name != 'x' }}", True),
        ("{{ trigger.name in ['Dana', 'Eve'] }}", True),
        ("{{ trigger.absent is undefined or trigger.name is defined }}", True),
        ("{{ trigger.amount is gt(12) }}", True),
        ("{{ trigger.blank is empty }}", True),
        ("{{ [trigger.name, 'x'] }}", ["Dana", "x"]),
        ("a\nb {{ trigger.name }}\n", "a\nb Dana\n"),
    ],
)
def test_values(text: str, value: object) -> None:
    found = render(text)
    assert found == value
    assert type(found) is type(value)


def test_items_is_the_list_and_not_a_method() -> None:
    assert render("{{ trigger.items }}") is SCOPE["trigger"]["items"]


MESSAGES = [
    # What the words and signs are.
    ("{{ trigger.name", "this {{ … }} is not closed", "two braces", 0),
    ("a {{ trigger.name }", "an expression ends with two braces", "two braces", 18),
    ("{{ {} }}", "do not allow groups in braces", "use names", 3),
    ("{{ (trigger.name }}", '"(" is not closed', 'write ")" before }}', 3),
    ("{{ [1 }}", '"[" is not closed', 'write "]" before }}', 3),
    ("{{ trigger.name) }}", '")" closes nothing', 'open it with "("', 15),
    ("{{ (1] }}", '"]" closes nothing', 'open it with "["', 5),
    ("{{ 'a }}", "a text in quotes is not closed", "write ' at the end", 3),
    ('{{ "a }}', "a text in quotes is not closed", 'write " at the end', 3),
    ("{{ trigger.name | default(\u201cx\u201d) }}", "typographic quotes", "straight", 26),
    ("{{ \u2018x\u2019 }}", "typographic quotes", "straight", 3),
    ("{{ 'a\\qb' }}", '"\\q" has no meaning in a text', "two backslashes", 5),
    ("{{ trigger.price § 2 }}", '"§" has no meaning in {{ … }}', "put quotes", 17),
    ("{{ a & b }}", '"&" has no meaning in {{ … }}', "`and`", 5),
    ("{{ a ! b }}", '"!" has no meaning in {{ … }}', "`not`", 5),
    ("{{ 1e5 }}", "a number of this size or form", "12.50", 3),
    ("{{ 0x1F }}", "a number of this size or form", "12.50", 3),
    ("{{ 1_000 }}", "a number of this size or form", "12.50", 3),
    ("{{ 007 }}", "a number of this size or form", "in quotes where it is text", 3),
    ("{{ 12.12345678901 }}", "a number of this size or form", "12.50", 3),
    ("{{- trigger.name }}", "a sign right after {{ has no meaning", "put a blank", 2),
    ("a\x00 {{ trigger.name }}", "a character that nobody sees (U+0000)", "type the text", 1),
    ("{{ trigger.name }} {# note #}", "{# … #} comments", "a line of its own", 19),
    ("x {# note #}", "{# … #} comments", "a line of its own", 2),
    ("{{ " + "x" * 101 + " }}", "a name has 101 characters", "name a field", 3),
    ("x" * 4001 + "{{ a }}", "the text has 4,008 characters; at most 4,000", "shorten it", 0),
    # What may stand where.
    ("{{ }}", "there is nothing between {{ and }}", "name a field such as", 3),
    ("a {{ 'b' if }}", "something is missing before }}", "condition after `if`", 12),
    ("{{ 'b' if a else }}", "something is missing before }}", "after `else`", 17),
    ("{{ a | }}", "something is missing before }}", "name a filter", 7),
    ("{{ a. }}", "something is missing before }}", "name a field after the dot", 6),
    ("{{ a is }}", "something is missing before }}", "name a test", 8),
    ("{{ a + }}", "something is missing before }}", "complete it", 7),
    ("{{ a not }}", '"not" cannot stand here', "put | before a filter", 5),
    ("{{ a b }}", '"b" cannot stand here', "put | before a filter", 5),
    ("{{ a 'b' }}", "\"'b'\" cannot stand here", "~ between two values", 5),
    ("{{ a 5 }}", '"5" cannot stand here', "~ between two values", 5),
    ("{{ a.'b' }}", "\"'b'\" cannot stand here", "~ between two values", 5),
    ("{{ | upper }}", '"|" cannot stand here', "put a name", 3),
    ("{{ a | | upper }}", '"|" cannot stand here', "put a name", 7),
    ("{{ a = b }}", '"=" cannot stand here', "compare with ==", 5),
    ("{{ a is empty is empty }}", '"is" cannot stand here', "write `and`", 14),
    ("{{ a | replace('a' 'b' c) }}", '"c" cannot stand here', "put |", 23),
    ("{{ a | replace(b='a', 'c') }}", "cannot stand here", "", 14),
    ("{{ [1 2] }}", '"2" cannot stand here', "put |", 6),
    ("{{ a[] }}", "only a fixed name or a fixed number", "`for_each:`", 4),
    # What the language does not have.
    ("x{% for i in y %}{% endfor %}", "templates here do not allow loops", "`for_each:`", 1),
    ("{%- if a %}{% endif %}", "templates here do not allow if blocks", "only_if", 0),
    ("{{ trigger.name }}{% nonsense %}", "do not allow {% … %} blocks", "use {{ … }}", 18),
    ("{% raw %}{{ x }}{% endraw %}", "do not allow {% … %} blocks", "use {{ … }}", 0),
    ("{{ 2 ** 9 }}", "templates here do not allow the ** operator", "use +", 5),
    ("{{ 7 % 2 }}", "templates here do not allow the % operator", "use +", 5),
    ("{{ (+trigger.count) }}", "this is not allowed in {{ … }}", "use names", 4),
    ("{{ 'a'.upper() }}", "do not allow calling functions or methods", "{{ name | upper }}", 12),
    ("{{ 'a'.b }}", "a fixed value has no fields", "trigger.contact.name", 6),
    ("{{ trigger.items[0:1] }}", "only a fixed name or a fixed number", "`for_each:`", 16),
    ("{{ trigger.items[trigger.count] }}", "only a fixed name or a fixed", "`for_each:`", 16),
    ("{{ trigger._name }}", 'there is no value "_name"', "name a field", 11),
    ("{{ self.x ~ 1 }}", 'there is no value "self"', "name a field", 3),
    ("{{ tr\u0456gger.name | upper }}", "letters that no first name has", "type it anew", 3),
    ("{{ trigger.note | titel }}", 'there is no filter "titel"', 'did you mean "title"?', 18),
    ("{{ trigger.name | a.b }}", 'there is no filter "a.b"', "there are", 18),
    ("{{ trigger.name is blank }}", 'there is no test "blank"', "defined", 19),
    ("{{ trigger.name | upper(1) }}", 'the filter "upper" does not take these', "{{ 'Dana'", 18),
    ("{{ trigger.name | upper(*[1]) }}", 'the filter "upper" does not take these', "as in", 18),
    ("{{ trigger.name is lt }}", 'the test "lt" does not take these', "is lt(10)", 19),
    ("{{ trigger.name is empty(1) }}", 'the test "empty" does not take', "is empty", 19),
    ("{{ trigger.name | lookup(trigger.x, 'y') }}", "of a lookup are fixed names", "as in", 18),
    # What the data makes of it.
    ("{{ trigr.name }}", 'there is no "trigr" here', 'did you mean "trigger"?', 0),
    ("{{ trigr.name | upper }}", 'there is no "trigr" here', 'did you mean "trigger"?', 0),
    ("{{ trigger.items.name }}", '"trigger.items" is a list; it has no "name"', "`for_each:`", 0),
    ("{{ trigger.items.name | upper }}", '"trigger.items" is a list', "`for_each:`", 0),
    ("{{ trigger.name.first }}", '"trigger.name" is text; it has no "first"', "", 0),
    ("{{ trigger.amount + 1 }}", "cannot compute text + a number", "{{ amount | money }}", 0),
    ("{{ trigger.yes + 1 }}", "cannot compute true or false + a number", "money", 0),
    ("{{ trigger.none + 1 }}", "cannot compute empty + a number", "money", 0),
    ("{{ trigger.amount > 3 }}", "cannot compare text with a number", "{{ amount | money }}", 0),
    ("{{ 1 / 0 }}", "cannot divide by zero", "if b else 0", 0),
    ("x {{ trigger.items }}", "a list cannot stand inside text", "one of its values", 0),
    ("x {{ trigger }}", "a group of values cannot stand inside text", "one of its values", 0),
    ("{{ trigger.name | money }}", '"Dana" is not a number', "12.50", 0),
    ("{{ trigger.items | upper }}", "a list cannot stand inside text", "one of its values", 0),
    ("{{ trigger.name | first }}", "text is not a list", "name a list", 0),
    ("{{ trigger.name in trigger.count }}", "nothing can be looked for in a number", "a list", 0),
    ("{{ trigger.name is in(7) }}", "nothing can be looked for in a number", "a list", 0),
    ("{{ 5 in trigger.name }}", "a number cannot be looked for in text", "look for a text", 0),
    ("{{ trigger in trigger }}", "cannot be computed with these values", "simplify", 0),
    ("{{ (trigger.items | first).name.x }}", "the value in brackets is text", "", 0),
    ("{{ (trigger | default(1)).items.x }}", "the value in brackets is a list", "for_each", 0),
]


@pytest.mark.parametrize(("text", "sentence", "fix", "offset"), MESSAGES)
def test_messages(text: str, sentence: str, fix: str, offset: int) -> None:
    problem = refusal(text)
    assert sentence in problem.sentence
    assert fix in problem.fix
    assert problem.offset == offset


def test_paths_are_what_is_read() -> None:
    compiled = compile_value(
        "{{ trigger.a.b | default(steps['x'].id) }} {{ trigger.a.b }} {{ l.0 }}"
    )
    assert compiled.paths == ("trigger.a.b", "steps.x.id", "l.0")
    assert not compiled.constant
    assert compile_value("text").constant


def test_offset_finds_a_name_of_a_path() -> None:
    compiled = compile_value("{{ trigger.name }} {{ trigger.contact.emial | upper }}")
    assert compiled.source[compiled.offset("trigger.contact.emial", 3) :].startswith("emial |")
    assert compiled.source[compiled.offset("trigger.contact.emial", 2) :].startswith("contact.")
    bracketed = compile_value("{{ steps['customer'].id }}")
    assert bracketed.source[bracketed.offset("steps.customer.id", 2) :].startswith("'customer'")


def test_compiling_runs_nothing() -> None:
    compiled = compile_value("{{ 1 / 0 }}")
    with pytest.raises(ExpressionProblem):
        compiled.render(SCOPE)


def test_a_path_may_be_read_without_an_expression() -> None:
    assert read_path(SCOPE, "trigger.items.1.name") == "Pail"


def test_a_number_that_stands_for_a_name() -> None:
    assert (
        compile_value("{{ trigger.custom['7'] }}").render({"trigger": {"custom": {"7": "x"}}})
        == "x"
    )
    assert (
        compile_value("{{ trigger.custom.7 }}").render({"trigger": {"custom": {"7": "x"}}}) == "x"
    )


def test_threads_share_a_compiled_value() -> None:
    compiled = compile_value("{{ trigger.name | upper }}-{{ trigger.n | default(0) }}")
    found: set[str] = set()

    def work(n: int) -> None:
        for _ in range(50):
            found.add(compiled.render({"trigger": {"name": "a", "n": n}}))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {f"A-{n}" for n in range(4)}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_data_is_never_a_template(text: str) -> None:
    scope = {"trigger": {"name": text}}
    assert compile_value("{{ trigger.name }}").render(scope) == text
    assert compile_value("<{{ trigger.name }}>").render(scope) == f"<{text}>"


FRAGMENTS = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "|",
    ".",
    "(",
    ")",
    "'",
    "trigger",
    "name",
    " ",
    "~",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*FRAGMENTS, "1", "*", "[", "]", "if", "upper", "is"]), max_size=14)
)
def test_any_text_compiles_or_is_explained(parts: list[str]) -> None:
    sentence = "rendered"
    try:
        compile_value("".join(parts)).render(SCOPE)
    except ExpressionProblem as problem:
        sentence = problem.sentence
    assert sentence


@pytest.mark.parametrize(
    ("fits", "too_much", "sentence"),
    [
        (
            "{{ trigger.name }}".ljust(LONGEST_SOURCE),
            "{{ trigger.name }}".ljust(LONGEST_SOURCE + 1),
            "the text has 4,001 characters; at most 4,000 fit",
        ),
        (
            f"{{{{ [{', '.join('1' * 199)}] }}}}",
            f"{{{{ [{', '.join('1' * 200)}] }}}}",
            "the text has more than 200 values and filters in {{ … }}",
        ),
        (
            f"{{{{ {'~'.join(['trigger'] * 199)} }}}}",
            f"{{{{ [{', '.join(['not a'] * 130)}] }}}}",
            "the text has more than 200 values and filters in {{ … }}",
        ),
        (
            f"{{{{ {' ~ '.join(['a.b | trim'] * 49)} }}}}",
            f"{{{{ {' ~ '.join(['(a + b)'] * 70)} }}}}",
            "the text has more than 200 values and filters in {{ … }}",
        ),
        (
            "{{ " + "not " * 19 + "trigger }}",
            "{{ " + "not " * 20 + "trigger }}",
            "the expression is nested more than 20 deep",
        ),
        (
            "{{ [" + "(1), " * 88 + "] }}",
            "{{ [" + "((1)), " * 88 + "] }}",
            "the text has more than 450 names and signs in {{ … }}",
        ),
    ],
    ids=["length", "parts", "parts of one sign", "parts counted", "depth", "words"],
)
def test_bounds(fits: str, too_much: str, sentence: str) -> None:
    compile_value(fits)
    with pytest.raises(ExpressionProblem) as caught:
        compile_value(too_much)
    assert caught.value.sentence == sentence


def test_a_parser_without_room_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls from deep below: how deep a parser may go depends on what is above it."""

    def parse(self: object) -> None:
        raise RecursionError

    monkeypatch.setattr(parsing.Parser, "parse", parse)
    with pytest.raises(ExpressionProblem, match="nested more than 20 deep"):
        compile_value("{{ 'no' ~ 'room' }}")
