"""Warns of conditions that never hold, or always do: alone, or beside the others on their field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from runtime.documents import At
from runtime.documents.hints import nearest
from runtime.documents.mistakes import shown
from runtime.events import Branch
from runtime.problems import Problem, Severity
from runtime.recipes.checking.possible import can_tell, is_bound, possible
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.conditions import OPERATORS, ORDERED, WITHOUT_OPERAND, Condition, field_path
from runtime.recipes.expressions.compiling import as_keys
from runtime.recipes.names import declared_path, locate

_KINDS = {
    "text": "text",
    "money": "an amount",
    "number": "a number",
    "date": "a day",
    "time": "a time",
    "flag": "true or false",
    "list": "a list",
    "group": "a group of values",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A condition and where it stands."""

    condition: Condition
    #: The place of its operator.
    at: At


def placed(part: Mapping[str, Any], path: At) -> list[Placed]:
    """The conditions of a recipe or a step that have the right shape."""
    entries = part.get("only_if")
    return [
        Placed(condition=found, at=(*path, "only_if", index, operator))
        for index, entry in enumerate(entries if isinstance(entries, list) else ())
        if isinstance(entry, Mapping) and isinstance(entry.get("field"), str)
        for operator, operand in entry.items()
        if (found := _condition(field_path(entry["field"]), operator, operand)) is not None
    ]


def filled(conditions: Iterable[Condition]) -> frozenset[str]:
    """The fields that cannot be empty where these conditions hold."""
    return frozenset(
        one.field for one in conditions if not OPERATORS[one.operator][1](None, one.value)
    )


def _condition(field: str, operator: str, operand: object) -> Condition | None:
    values = operand if isinstance(operand, list) else [operand]
    if operator not in OPERATORS or not all(map(_fixed, values)) or "{" in field:
        return None
    if operator in ORDERED and not is_bound(operand):
        return None  # its form is told by the schema
    value = tuple(operand) if isinstance(operand, list) else operand
    return Condition(field=field, operator=operator, value=value)  # type: ignore[arg-type]


def _fixed(value: object) -> bool:
    """Whether it is a value that a condition can compare with."""
    return isinstance(value, int | Decimal | str) and "{{" not in str(value)


def check(sheet: Sheet, own: Sequence[Placed], outer: Sequence[Placed]) -> Iterator[Problem]:
    """What is certain of conditions; `outer` are those that hold whenever these are looked at."""
    before = list(outer)
    for one in own:
        keys = as_keys(one.condition.field)
        if locate(sheet.names, keys) is None:
            yield from _judge(sheet, one, before, declared_path(sheet.names, keys))
        before.append(one)


def _judge(
    sheet: Sheet, one: Placed, before: Sequence[Placed], branches: Sequence[Branch]
) -> Iterator[Problem]:
    rivals = [other for other in before if other.condition.field == one.condition.field]
    involved = [one.condition, *(rival.condition for rival in rivals)]
    every = possible(branches, involved)
    alone = [_meets(one.condition, value) for value in every]
    if not can_tell(branches, involved):
        return
    if not any(alone) or all(alone):
        yield _alone(sheet, one, branches, holds=all(alone))
        return
    for rival in rivals:
        beside = [_meets(one.condition, each) for each in every if _meets(rival.condition, each)]
        if beside and (all(beside) or not any(beside)):
            yield _beside(sheet, one, rival, holds=all(beside))
            return
    yield from _careless(sheet, one, branches)


def _meets(condition: Condition, value: object) -> bool:
    return OPERATORS[condition.operator][1](value, condition.value)


def _alone(sheet: Sheet, one: Placed, branches: Sequence[Branch], *, holds: bool) -> Problem:
    if branches and branches[-1].kind == "flag" and one.condition.operator not in WITHOUT_OPERAND:
        words = f'"{one.condition.operator}" must be true or false,'
        sentence = f'{words} as "{one.condition.field}" is, not{_operand(one.condition)}'
        fix = "write true or false, without quotes"
        return sheet.document.problem(one.at, "wrong-kind", sentence, fix)
    because = _because(one.condition, branches[-1] if branches else Branch(None))
    fix = "remove it" if holds else _better(one.condition, branches)
    return _problem(sheet, one, because, fix, holds=holds)


def _because(condition: Condition, leaf: Branch) -> str:
    field = f'"{condition.field}"'
    if condition.operator in WITHOUT_OPERAND:
        return f"{field} is never empty"
    if leaf.choices:
        options = ", ".join(
            option if isinstance(option, str) else shown(option) for option in leaf.choices
        )
        return f"{field} is one of: {options}"
    if condition.operator in ORDERED:
        kind = _KINDS.get(leaf.kind, "something else")
        return f"{field} is {kind}, and{_operand(condition)} is not"
    return f"{field} is {_KINDS.get(leaf.kind, 'never that')}"


def _better(condition: Condition, branches: Sequence[Branch]) -> str:
    texts = [str(choice) for choice in branches[-1].choices] if branches else []
    near = nearest(str(condition.value), texts)
    return f'did you mean "{near}"?' if near else "change it or remove it"


def _beside(sheet: Sheet, one: Placed, rival: Placed, *, holds: bool) -> Problem:
    line, _ = sheet.document.key_place(rival.at)
    words = OPERATORS[rival.condition.operator][0]
    operand = _operand(rival.condition)
    if holds:
        because = f"line {line} asks for it already: it {words}{operand}"
        return _problem(sheet, one, because, "remove one of the two", holds=True)
    because = f"line {line} rules it out: it {words}{operand}"
    return _problem(sheet, one, because, "change or remove one of the two", holds=False)


def _operand(condition: Condition) -> str:
    if condition.operator in WITHOUT_OPERAND:
        return ""
    value = condition.value
    return f" {', '.join(map(shown, value))}" if isinstance(value, tuple) else f" {shown(value)}"


def _problem(sheet: Sheet, one: Placed, because: str, fix: str, *, holds: bool) -> Problem:
    rule, word = ("always-true", "always holds") if holds else ("always-false", "never holds")
    what = "the step is never done" if one.at[0] == "do" else "the recipe never runs"
    effect = "it changes nothing" if holds else what
    sentence = f"this condition {word}, so {effect}: {because}"
    return sheet.document.problem(one.at, rule, sentence, fix, severity=Severity.WARNING)


def _careless(sheet: Sheet, one: Placed, branches: Sequence[Branch]) -> Iterator[Problem]:
    """What compares differently from how it looks."""
    condition, kind = one.condition, branches[-1].kind if branches else ""
    if condition.operator in ORDERED and kind == "text":
        sentence = (
            f'"{condition.field}" is text; {condition.operator} holds only where it is a number'
        )
        fix = "compare an amount, or use is, contains or starts_with"
        yield sheet.document.problem(one.at, "wrong-kind", sentence, fix, severity=Severity.WARNING)
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    for value in values:
        if isinstance(value, str) and value != value.strip():
            sentence = f"blanks around {shown(value)} make no difference in a condition"
            fix = f"write {shown(value.strip())}"
            yield sheet.document.problem(
                one.at, "needless-blanks", sentence, fix, severity=Severity.WARNING
            )
