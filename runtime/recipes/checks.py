"""What a schema cannot know about a recipe: its trigger, actions, fields, names and expressions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from connector.base import ActionSpec
from runtime.documents import At, Document
from runtime.documents.hints import hint
from runtime.problems import Problem
from runtime.recipes.expressions import ExpressionProblem, as_keys, compile_value
from runtime.recipes.installed import Installed
from runtime.recipes.mapping import ELEMENT, is_loop, list_expression
from runtime.recipes.names import Names, locate

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check(document: Document, installed: Installed) -> list[Problem]:
    """Every mistake in a recipe beyond its schema; what has the wrong shape is passed over."""
    value = document.value
    if not isinstance(value, Mapping):
        return []
    when = value.get("when")
    trigger = when.get("trigger") if isinstance(when, Mapping) else None
    names = Names.of_trigger(trigger if isinstance(trigger, str) else "")
    return [
        *_trigger(document, trigger, installed.triggers),
        *_start_from(document, when),
        *_conditions(document, value, (), names),
        *_steps(document, value.get("do"), installed.actions, names),
    ]


def _trigger(document: Document, trigger: object, triggers: Collection[str]) -> Iterator[Problem]:
    if isinstance(trigger, str) and trigger not in triggers:
        fix = hint(trigger, sorted(triggers), has="there are")
        sentence = f'there is no trigger "{trigger}"'
        yield document.problem(("when", "trigger"), "unknown-trigger", sentence, fix)


def _start_from(document: Document, when: object) -> Iterator[Problem]:
    day = when.get("start_from") if isinstance(when, Mapping) else None
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        return
    try:
        date.fromisoformat(day)
    except ValueError:
        sentence = f'"when.start_from" cannot be "{day}": there is no such day'
        yield document.problem(("when", "start_from"), "wrong-form", sentence, "write a real day")


def _steps(
    document: Document, steps: object, actions: Mapping[str, ActionSpec], names: Names
) -> Iterator[Problem]:
    earlier: list[str] = []
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if not isinstance(step, Mapping):
            continue
        path: At = ("do", index)
        known = names.with_steps(earlier)
        yield from _conditions(document, step, path, known)
        yield from _action(document, step, path, actions, earlier)
        if isinstance(step.get("with"), Mapping):
            yield from _values(document, step["with"], (*path, "with"), known)
        name = step.get("id")
        if isinstance(name, str):
            if name in earlier:
                sentence = f'two steps have the id "{name}"'
                yield document.problem((*path, "id"), "two-steps", sentence, "rename one of them")
            earlier.append(name)


def _conditions(
    document: Document, part: Mapping[str, Any], path: At, names: Names
) -> Iterator[Problem]:
    entries = part.get("only_if")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, Mapping):
            continue
        place: At = (*path, "only_if", index)
        field = entry.get("field")
        if isinstance(field, str) and "{" not in field:
            yield from _named(document, (*place, "field"), field, names)
        for operator, operand in entry.items():
            if operator != "field" and _has_template(operand):
                sentence = "a condition compares with a fixed value, not with {{ … }}"
                fix = "write the value itself"
                yield document.problem((*place, operator), "template-in-condition", sentence, fix)


def _has_template(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_has_template, value))
    return isinstance(value, str) and "{{" in value


def _action(
    document: Document,
    step: Mapping[str, Any],
    path: At,
    actions: Mapping[str, ActionSpec],
    earlier: Collection[str],
) -> Iterator[Problem]:
    name, fields = step.get("action"), step.get("with")
    if not isinstance(name, str):
        return
    if name not in actions:
        fix = hint(name, sorted(actions), has="there are")
        sentence = f'there is no action "{name}"'
        yield document.problem((*path, "action"), "unknown-action", sentence, fix)
    elif isinstance(fields, Mapping):
        of = f'step "{step.get("id", "")}"'
        yield from _fields(document, fields, (*path, "with"), actions[name].schema, of, earlier)


def _fields(
    document: Document,
    given: Mapping[str, Any],
    path: At,
    schema: Mapping[str, Any],
    of: str,
    earlier: Collection[str],
) -> Iterator[Problem]:
    fields: Mapping[str, Any] = schema.get("properties", {})
    for name in given:
        if name not in fields:
            sentence = f'{of} has no field "{name}"'
            fix = hint(name, list(fields))
            yield document.problem((*path, name), "unknown-field", sentence, fix, key=True)
    for name in schema.get("required", ()):
        if given.get(name, "") in ("", None):
            fix = _addition(name, fields[name], earlier)
            sentence = f'{of} needs "{name}"'
            yield document.problem((*path, name), "missing-field", sentence, fix, key=True)
    for name, value in given.items():
        yield from _inside(document, value, (*path, name), fields.get(name, {}), earlier)


def _inside(
    document: Document, value: object, path: At, field: Mapping[str, Any], earlier: Collection[str]
) -> Iterator[Problem]:
    """Below a field: the elements of a list, of a loop, or a group of declared values."""
    items, of = field.get("items", {}), f'"{path[-1]}"'
    if is_loop(value) and isinstance(value, Mapping):
        make = value.get("make")
        if "properties" in items and isinstance(make, Mapping):
            yield from _fields(document, make, (*path, "make"), items, of, earlier)
    elif isinstance(value, list) and "properties" in items:
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                yield from _fields(document, item, (*path, index), items, of, earlier)
    elif isinstance(value, Mapping) and "properties" in field:
        yield from _fields(document, value, path, field, of, earlier)


def _addition(name: str, field: Mapping[str, Any], earlier: Collection[str]) -> str:
    if name in earlier:
        return f'add {name}: "{{{{ steps.{name}.id }}}}"'
    about = str(field.get("description", "")).rstrip(".")
    return f"add {name}: {about}" if about else f"add {name}"


def _values(document: Document, value: object, path: At, names: Names) -> Iterator[Problem]:
    """Every expression at and below a value."""
    if isinstance(value, str):
        yield from _expression(document, value, path, names)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(document, item, (*path, index), names)
    elif isinstance(value, Mapping) and is_loop(value):
        yield from _loop(document, value, path, names)
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _values(document, below, (*path, key), names)


def _loop(document: Document, loop: Mapping[str, Any], path: At, names: Names) -> Iterator[Problem]:
    each, name = loop.get("for_each"), loop.get("as", ELEMENT)
    text = list_expression(each) if isinstance(each, str) else ""
    if isinstance(each, str):
        yield from _expression(document, text, (*path, "for_each"), names, text.index(each))
    inside = names.with_element(str(name), _first_path(text))
    yield from _values(document, loop.get("make"), (*path, "make"), inside)


def _first_path(text: str) -> str:
    try:
        paths = compile_value(text).paths
    except ExpressionProblem:
        return ""
    return paths[0] if paths else ""


def _expression(
    document: Document, text: str, path: At, names: Names, shift: int = 0
) -> Iterator[Problem]:
    try:
        compiled = compile_value(text)
    except ExpressionProblem as problem:
        offset = max(problem.offset - shift, 0)
        yield document.problem(path, "template", problem.sentence, problem.fix, offset=offset)
        return
    for read in compiled.paths:
        mistake = locate(names, as_keys(read))
        if mistake is not None:
            offset = max(compiled.offset(read, mistake.names) - shift, 0)
            yield document.problem(path, "template", mistake.sentence, mistake.fix, offset=offset)


def _named(document: Document, path: At, field: str, names: Names) -> Iterator[Problem]:
    mistake = locate(names, as_keys(field))
    if mistake is not None:
        before = field.split(".")[: mistake.names - 1]
        offset = sum(len(name) + 1 for name in before)
        yield document.problem(path, "unknown-name", mistake.sentence, mistake.fix, offset=offset)
