"""Checks every expression under `with:`: whether it can be read, and the names it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.documents import At
from runtime.problems import Problem
from runtime.recipes.checking import emptiness, kindly, samples
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.expressions.compiling import ExpressionProblem, as_keys, compile_value
from runtime.recipes.mapping import ELEMENT, is_loop, list_expression
from runtime.recipes.names import locate


def check(sheet: Sheet, value: object, at: At) -> Iterator[Problem]:
    """What is wrong with the expressions at and below a value."""
    if isinstance(value, str):
        yield from _expression(sheet, value, at)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from check(sheet, item, (*at, index))
    elif isinstance(value, Mapping) and is_loop(value):
        yield from _loop(sheet, value, at)
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from check(sheet, below, (*at, key))


def _loop(sheet: Sheet, loop: Mapping[str, Any], at: At) -> Iterator[Problem]:
    each = loop.get("for_each")
    text = list_expression(each) if isinstance(each, str) else ""
    if isinstance(each, str):
        yield from _expression(sheet, text, (*at, "for_each"), text.index(each))
        yield from kindly.of_loop(sheet, text, (*at, "for_each"))
    yield from check(inside(sheet, loop), loop.get("make"), (*at, "make"))


def inside(sheet: Sheet, loop: Mapping[str, Any]) -> Sheet:
    """The place under `make:` of a loop, where its element has a name."""
    each, name = loop.get("for_each"), loop.get("as", ELEMENT)
    path = _first_path(list_expression(each)) if isinstance(each, str) else ""
    here = sheet.with_names(sheet.names.with_element(str(name), path))
    return here.with_samples(samples.elements(sheet.samples, path, str(name)) if path else ())


def _first_path(text: str) -> str:
    try:
        paths = compile_value(text).paths
    except ExpressionProblem:
        return ""
    return paths[0] if paths else ""


def _expression(sheet: Sheet, text: str, at: At, shift: int = 0) -> Iterator[Problem]:
    document = sheet.document
    try:
        compiled = compile_value(text)
    except ExpressionProblem as problem:
        offset = max(problem.offset - shift, 0)
        yield document.problem(at, "template", problem.sentence, problem.fix, offset=offset)
        return
    for read in compiled.paths:
        mistake = locate(sheet.names, as_keys(read))
        if mistake is not None:
            offset = max(compiled.offset(read, mistake.names) - shift, 0)
            length = len(read.split(".")[mistake.names - 1])
            yield document.problem(
                at, "template", mistake.sentence, mistake.fix, offset=offset, length=length
            )
    yield from emptiness.of_skipped(sheet, text, at)
