"""Renders the fields of a step: from compiled templates and a scope to plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from runtime.documents.mistakes import At, named
from runtime.recipes.expressions.compiling import Compiled, ExpressionProblem, Scope, compile_value
from runtime.recipes.expressions.values import described

#: What `for_each` calls an element where `as:` does not say otherwise.
ELEMENT = "line"
#: Longest part of an expression in a message.
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """`for_each`: one value for each element of a list."""

    #: The list, as an expression.
    each: Compiled
    #: What an element is called inside `make`.
    name: str
    make: Template


Template: TypeAlias = (
    "Compiled | Loop | Mapping[str, Template] | tuple[Template, ...] | Decimal | int | bool | None"
)
Fields: TypeAlias = Mapping[str, Template]


def is_loop(value: object) -> bool:
    """Whether a group of values in a recipe is a loop."""
    return isinstance(value, Mapping) and "for_each" in value


def list_expression(text: str) -> str:
    """`for_each` names a list without braces; this is the same as an expression."""
    return text if "{{" in text else f"{{{{ {text} }}}}"


def compile_fields(fields: Mapping[str, Any]) -> Fields:
    """Compile what stands under `with:`; raises ExpressionProblem."""
    return {name: compile_template(value) for name, value in fields.items()}


def compile_template(value: Any) -> Template:
    """Compile one value of a recipe and all below it; raises ExpressionProblem."""
    if isinstance(value, str):
        return compile_value(value)
    if isinstance(value, list):
        return tuple(compile_template(item) for item in value)
    if not isinstance(value, Mapping):
        scalar: Decimal | int | bool | None = value
        return scalar
    if not is_loop(value):
        return compile_fields(value)
    return Loop(
        each=compile_value(list_expression(value["for_each"])),
        name=value.get("as", ELEMENT),
        make=compile_template(value["make"]),
    )


def render(fields: Fields, scope: Scope) -> dict[str, Any]:
    """The values of a step's fields; raises ExpressionProblem, which names the field.

    What a rendered value contains is data: braces in it stay what they are.
    """
    return {name: _render(template, scope, (name,)) for name, template in fields.items()}


def _render(template: Template, scope: Scope, path: At) -> Any:
    if isinstance(template, Compiled):
        try:
            return template.render(scope)
        except ExpressionProblem as problem:
            raise _at(path, problem) from None
    if isinstance(template, Mapping):
        return {key: _render(below, scope, (*path, key)) for key, below in template.items()}
    if isinstance(template, tuple):
        return [_render(item, scope, (*path, index)) for index, item in enumerate(template)]
    return _loop(template, scope, path) if isinstance(template, Loop) else template


def _loop(loop: Loop, scope: Scope, path: At) -> list[Any]:
    elements = _render(loop.each, scope, path)
    if elements is None:
        return []
    if not isinstance(elements, list | tuple):
        sentence = f'"{loop.each.paths[0]}" is {described(elements)}; `for_each` needs a list'
        raise _at(path, ExpressionProblem(sentence, "name a list such as trigger.invoice.lines"))
    return [
        _render(loop.make, {**scope, loop.name: element}, (*path, index))
        for index, element in enumerate(elements)
    ]


def _at(path: At, problem: ExpressionProblem) -> ExpressionProblem:
    return type(problem)(f"{named(path)}: {problem.sentence}", problem.fix, problem.offset)


def origin(fields: Fields, path: At) -> str:
    """Where the value at `path` of rendered fields comes from, in the words of its expression.

    `trigger.payment.amount` for a lone name, `{{ … }}` as written for anything computed, empty
    for a fixed value.
    """
    template: Template = fields
    for number, key in enumerate(path):
        if isinstance(template, Compiled):
            inside = ".".join(map(str, path[number:]))
            return f"{template.lone}.{inside}" if template.lone else _words(template)
        template = _inside(template, key)
    return (template.lone or _words(template)) if isinstance(template, Compiled) else ""


def _inside(template: Template, key: str | int) -> Template:
    if isinstance(template, Loop):
        return template.make
    if isinstance(template, Mapping):
        return template.get(str(key))
    if isinstance(template, tuple) and isinstance(key, int):
        return template[key]
    return None


def _words(template: Compiled) -> str:
    text = template.source
    if template.constant:
        return ""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
