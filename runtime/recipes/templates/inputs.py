"""The inputs of recipe templates: what a template asks, and whether an answer fits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from runtime.documents.hints import hint
from runtime.documents.mistakes import shown
from runtime.events import Branch
from runtime.recipes.coercion import coerce

#: Kinds of values by type of input; every other type is the text of a name.
_KINDS = {"number": "number", "money": "money", "date": "date", "flag": "flag"}
_WANTED = {
    "text": "a text",
    "number": "a number",
    "money": "an amount such as 475.00",
    "date": "a day such as 2026-01-01",
    "flag": "true or false",
    "table": "the path of a CSV file, such as tables/services.csv",
    "connection": "the name of a connection",
}
_TABLE = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_. /-]*\.csv")


class Misfit(ValueError):
    """An answer that an input does not take: the rule, what is wrong, how to mend it."""

    def __init__(self, rule: str, sentence: str, fix: str) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence
        self.fix = fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One question of a template."""

    #: What expressions call it: `inputs.<name>`.
    name: str
    #: The question as people read it.
    label: str
    #: One of those in the schema of templates.
    type: str
    description: str = ""
    #: What people read, by value; empty but for the type choice.
    choices: Mapping[str, str]
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    #: Connector that a connection must be of; empty where any will do.
    of: str = ""
    #: The answer where none is given; None: it must be answered.
    default: str | int | Decimal | bool | None = None

    @property
    def kind(self) -> str:
        """What its value is: text, number, money, date or flag."""
        return _KINDS.get(self.type, "text")

    @property
    def wanted(self) -> str:
        """What an answer must be, in words."""
        if self.choices:
            return "one of " + ", ".join(f"{key} ({words})" for key, words in self.choices.items())
        words = _WANTED.get(self.type, f"the name of {_article(self.type)} in QuickBooks")
        of = f" of {self.of}" if self.of else ""
        return f"{words}{of}{self._bounds}"

    @property
    def _bounds(self) -> str:
        if self.least is not None and self.most is not None:
            return f" from {self.least} to {self.most}"
        if self.least is not None:
            return f" of at least {self.least}"
        return f" of at most {self.most}" if self.most is not None else ""

    def branch(self) -> Branch:
        """What expressions and conditions may know of it."""
        return Branch(
            {},
            kind=self.kind,
            filled=self.default != "",
            choices=tuple(self.choices),
            about=self.label,
        )


def inputs_of(template: Mapping[str, Any]) -> dict[str, Input]:
    """What a template asks, by name; what has the wrong shape is left out."""
    declared = template.get("inputs")
    return {
        name: _input(name, entry)
        for name, entry in (declared.items() if isinstance(declared, Mapping) else ())
        if isinstance(entry, Mapping)
    }


def _input(name: str, entry: Mapping[str, Any]) -> Input:
    choices = entry.get("choices")
    default = entry.get("default")
    return Input(
        name=name,
        label=str(entry.get("label") or name),
        type=str(entry.get("type")),
        description=str(entry.get("description") or ""),
        choices=choices if isinstance(choices, Mapping) else {},
        least=_number(entry.get("min")),
        most=_number(entry.get("max")),
        of=str(entry.get("of") or ""),
        default=default if isinstance(default, str | int | Decimal) else None,
    )


def _number(value: object) -> int | Decimal | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole or isinstance(value, Decimal) else None  # type: ignore[return-value]


def answer(asked: Input, given: object, connections: Mapping[str, str] | None = None) -> Any:
    """The value of an input from what a recipe gives; raises Misfit.

    `connections` has the connector by connection name; None where connections are not known.
    """
    if isinstance(given, str) and ("{{" in given or "{%" in given):
        sentence = f'"{asked.label}" takes a fixed value, not {{{{ … }}}}'
        raise Misfit("template-in-input", sentence, "write the value itself")
    if given in ("", None) and asked.default != "":
        raise Misfit("missing-input", f'"{asked.label}" is empty', f"write {asked.wanted}")
    value = _converted(asked, given)
    if asked.choices and value not in asked.choices:
        fix = hint(str(value), list(asked.choices), has="it can be")
        raise Misfit("not-one-of", f'"{asked.label}" cannot be {shown(given)}', fix)
    if asked.type == "table" and not _TABLE.fullmatch(value):
        fix = f"write {asked.wanted}"
        raise Misfit("wrong-form", f'"{asked.label}" cannot be {shown(given)}', fix)
    if asked.type == "connection" and connections is not None:
        _check_connection(asked, value, connections)
    _check_bounds(asked, value)
    return value


def _converted(asked: Input, given: object) -> Any:
    schema = {"properties": {asked.label: {"x-kind": asked.kind}}}
    values, complaints = coerce({asked.label: given}, schema, UTC)
    if complaints:
        raise Misfit("wrong-type", complaints[0].rstrip("."), f"write {asked.wanted}")
    value = values.get(asked.label, "")
    # Expressions know days as text, as events tell them.
    return value.isoformat() if isinstance(value, date) else value


def _check_connection(asked: Input, name: str, connections: Mapping[str, str]) -> None:
    fitting = [one for one, kind in connections.items() if asked.of in ("", kind)]
    if name not in connections:
        sentence = f'"{asked.label}" cannot be "{name}": there is no such connection'
    elif name not in fitting:
        sentence = f'"{asked.label}" needs a connection of {asked.of}; "{name}" is none'
    else:
        return
    fix = hint(name, fitting, has="there are") or f"connect {asked.of or 'it'} in Settings first"
    raise Misfit("unknown-connection", sentence, fix)


def _check_bounds(asked: Input, value: object) -> None:
    if not isinstance(value, Decimal):
        return
    low = asked.least is not None and value < asked.least
    if low or (asked.most is not None and value > asked.most):
        sentence = f'"{asked.label}" cannot be {value}'
        raise Misfit("out-of-range", sentence, f"write {asked.wanted}")


def _article(type_of: str) -> str:
    words = type_of.replace("_", " ")
    return f"an {words}" if words[:1] in "aeiou" else f"a {words}"
