"""The editor's schema of values: the fields of each action by kind, and the names they may read.

Written for how yaml-language-server works: it says one short sentence for a `type` or a `pattern`
that fails, so that each kind is a pattern with a sentence of its own; and it offers what stands
directly in a schema, in its `anyOf` or `allOf`. Names are offered and never demanded: only
`bookrelay check` can tell a wrong one from one that an earlier step gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.recipes.editor.paths import Named

Node = dict[str, Any]

_TEMPLATE = r"\{\{"

#: By kind: what a text that is no template must look like, and the sentence where it does not.
_PATTERNS: Mapping[str, tuple[str, str]] = {
    "money": (
        r"^\s*(-?[0-9]+(\.[0-9]+)?)?\s*$",
        'This must be a plain amount such as 475.00, or a template such as "{{ … }}".',
    ),
    "number": (
        r"^\s*(-?[0-9]+(\.[0-9]+)?)?\s*$",
        'This must be a plain number such as 1.5, or a template such as "{{ … }}".',
    ),
    "date": (
        r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].*)?)?\s*$",
        'This must be a day such as 2026-11-06, or a template such as "{{ … }}".',
    ),
    "flag": (
        r"^\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo])?\s*$",
        'This must be true or false, or a template such as "{{ … }}".',
    ),
}

#: What may stand for a group or a list: a template that gives it, or nothing.
_INSTEAD: Node = {"type": ["string", "null"]}

_KINDS: Mapping[str, str] = {
    "text": "a text",
    "ref": "a QuickBooks id, from an earlier step",
    "named": "a name as QuickBooks shows it",
    "money": "an amount such as 475.00",
    "number": "a number",
    "date": "a day such as 2026-11-06, or a time with its offset",
    "flag": "true or false",
    "object": "a group of values",
    "list": "a list",
    "lines": "the lines, usually a loop with for_each and make",
}


def group(schema: Mapping[str, Any], title: str) -> Node:
    """The fields of an action, or of one of its lines, as an editor should know them."""
    required = set(schema.get("required", ()))
    fields = schema.get("properties", {})
    return {
        "title": title,
        "description": schema.get("description") or f"The fields of {title}.",
        "type": "object",
        "additionalProperties": False,
        "required": sorted(required),
        "properties": {
            name: field_of(name, field, required=name in required) for name, field in fields.items()
        },
    }


def field_of(name: str, field: Mapping[str, Any], *, required: bool) -> Node:
    """One field: what it means, and what it takes."""
    kind = str(field.get("x-kind", "object"))
    about = str(field.get("description", ""))
    told: Node = {
        "description": about,
        "markdownDescription": f"{about}\n\n*{_KINDS[kind]}*{', required' if required else ''}",
    }
    if kind in ("object", "list", "lines"):
        return {**told, **_structure(name, kind, field)}
    if kind == "ref":
        usual = _choice(f'"{{{{ steps.{name}.id }}}}"', "What an earlier step gave.")
        told["defaultSnippets"] = [usual]
    return {**told, **kind_of(kind)}


def offered(names: Iterable[Named], *, braces: bool) -> Node:
    """Names with what each means, as a template or bare: offered, and nothing is refused.

    As snippets, because an editor would list an enumeration in full whenever a field is explained.
    """
    return {"defaultSnippets": [_choice(_written(one, braces), one.about) for one in names]}


def chosen(names: Iterable[Named]) -> Node:
    """For conditions: the values that a field can have, offered once the field is named."""
    found = [_choices(one) for one in names]
    return {"allOf": found} if found else {}


def kind_of(kind: str) -> Node:
    """A text that is a template or fits the kind; or a plain number, true, false or nothing."""
    text: Node = {"type": "string"}
    if kind in _PATTERNS:
        pattern, sentence = _PATTERNS[kind]
        text |= {"pattern": f"{_TEMPLATE}|{pattern}", "patternErrorMessage": sentence}
    plain: Node = {"not": {"type": ["object", "array", "string"]}}
    return {"anyOf": [text, plain]}


def _structure(name: str, kind: str, field: Mapping[str, Any]) -> Node:
    """A group, a list or lines: written out, or a template that gives it.

    The `anyOf` of one is for the editor: of a field without a type it completes no colon.
    """
    if kind == "object":
        inside = group(field, name) if "properties" in field else {}
        return {"anyOf": [{"if": {"type": "object"}, "then": inside, "else": _INSTEAD}]}
    items = field.get("items")
    element = group(items, f"one of {name}") if items else {}
    listed = {"if": {"type": "array"}, "then": {"items": element}, "else": _INSTEAD}
    return {
        "if": {"type": "object"},
        "then": loop(element),
        "else": listed,
        "defaultSnippets": [
            {
                "label": "for_each … make",
                "description": "One entry for each element of a list.",
                "body": loop_body(1),
            }
        ],
    }


def loop(element: Node) -> Node:
    """`for_each … as … make`."""
    return {
        "title": "loop",
        "type": "object",
        "additionalProperties": False,
        "required": ["for_each", "make"],
        "properties": {
            "for_each": {
                "type": "string",
                "minLength": 1,
                "description": "The list to go through, such as trigger.invoice.lines.",
            },
            "as": {
                "type": "string",
                "default": "line",
                "description": "What an element is called inside make; line where it is left out.",
            },
            "make": {**element, "description": "The fields of each element."},
        },
    }


def loop_body(first: int) -> Node:
    """A loop for a snippet, whose places to fill in are numbered from `first`."""
    name = f"${{{first + 1}:amount}}"
    return {
        "for_each": f"${{{first}:trigger.invoice.lines}}",
        "as": "line",
        "make": {name: f'"{{{{ line.{name} }}}}"'},
    }


def _written(one: Named, braces: bool) -> str:
    return f'"{{{{ {one.path} }}}}"' if braces else one.path


def _choice(written: object, about: str) -> Node:
    shown = str(written).lower() if isinstance(written, bool) else str(written)
    return {"label": shown, "description": about, "body": written}


def _choices(one: Named) -> Node:
    offers = [_choice(choice, one.about) for choice in one.choices]
    single = {"doNotSuggest": True, "defaultSnippets": offers}
    several = {"doNotSuggest": True, "items": {"defaultSnippets": offers}}
    return {
        "if": {"required": ["field"], "properties": {"field": {"const": one.path}}},
        "then": {
            "properties": {
                "is": single,
                "is_not": single,
                "is_one_of": several,
                "is_none_of": several,
            }
        },
    }
