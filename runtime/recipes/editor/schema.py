"""Makes the schema that completes and explains recipes in an editor, for what is installed here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.documents import schema
from runtime.recipes.editor import paths
from runtime.recipes.editor.paths import Named, Readable
from runtime.recipes.editor.templates import by_template, use_of
from runtime.recipes.editor.values import Node, chosen, group, loop_body, offered
from runtime.recipes.installed import Installed
from runtime.recipes.templates.reading import Template

_DRAFT = "http://json-schema.org/draft-07/schema#"
_LOCAL = "#/$defs/"


def editor_schema(installed: Installed, templates: Mapping[str, Template]) -> Node:
    """A self-contained JSON Schema of recipes, in constructs of draft 7 that 2020-12 has too."""
    made = _completed("recipe-format", installed)
    made["title"] = "Recipe"
    made["properties"]["when"]["properties"]["from"] |= _connections(installed)
    made["properties"]["use"] |= use_of(templates)
    made["allOf"] += by_template(templates, installed)
    return made


def editor_schema_of_templates(installed: Installed) -> Node:
    """The same of recipe templates."""
    return _completed("recipe-template", installed)


def _completed(name: str, installed: Installed) -> Node:
    """A hand-written schema with all that recipes may name here."""
    made = _converted(schema.load(name))
    definitions: dict[str, Node] = made.pop("definitions")
    made["$schema"] = _DRAFT
    _when(made["properties"]["when"]["properties"], installed)
    _actions(made["properties"]["do"]["items"], definitions, installed)
    _defined("steps", paths.results(installed.actions), definitions)
    made["allOf"] = [_by_trigger(each, definitions) for each in sorted(installed.triggers)]
    return {**made, "definitions": definitions}


def as_text(made: Node) -> str:
    """The schema as its file has it: the same for the same input."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _converted(node: Any) -> Any:
    """The hand-written schema in the constructs and with the sentences that editors know."""
    if isinstance(node, list):
        return [_converted(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: _converted(value) for key, value in node.items()}
    if "$defs" in found:
        found["definitions"] = found.pop("$defs")
    if str(found.get("$ref", "")).startswith(_LOCAL):
        found["$ref"] = found["$ref"].replace(_LOCAL, "#/definitions/")
    if "x-form" in found:
        found["patternErrorMessage"] = f"Write {found.pop('x-form')}."
    for key, below in found.pop("dependentSchemas", {}).items():
        found |= {"if": {"required": [key]}, "then": below}
    return found


def _when(when: dict[str, Node], installed: Installed) -> None:
    names = sorted(installed.triggers)
    about = [_about_trigger(name, installed) for name in names]
    when["trigger"] |= {"enum": names, "markdownEnumDescriptions": about}


def _connections(installed: Installed) -> Node:
    """The names for `from:`; a template may leave the choice to the recipes that use it."""
    known = sorted((installed.connections or {}).items())
    about = [f"A connection to {connector}." for _, connector in known]
    return {"enum": [name for name, _ in known], "markdownEnumDescriptions": about} if known else {}


def _about_trigger(name: str, installed: Installed) -> str:
    title, about = paths.title_of(name)
    given = installed.given_by.get(name, ())
    by = f"Given by: {', '.join(given)}." if given else ""
    return "\n\n".join(part for part in (f"**{title or name}**", about, by) if part)


def _actions(step: Node, definitions: dict[str, Node], installed: Installed) -> None:
    names = sorted(installed.actions)
    schemas = {name: installed.actions[name].schema for name in names}
    fields: dict[str, Node] = step["properties"]
    fields["action"] |= {
        "enum": names,
        "markdownEnumDescriptions": [_about_action(schemas[name]) for name in names],
    }
    # The branch of its action suggests and explains it.
    fields["with"] = _overlay(type="object")
    snippets = [_step_snippet(name, schemas[name]) for name in names]
    named = {"type": "object", "required": ["action"]}
    step["allOf"] = [
        {"if": named, "then": {}, "else": {"type": "object", "defaultSnippets": snippets}}
    ]
    for name in names:
        definitions[f"with-{name}"] = group(schemas[name], str(schemas[name].get("title", name)))
        step["allOf"].append(_fields_of(name))


def _fields_of(action: str) -> Node:
    """In a step with this action, its fields stand under `with:`."""
    named = {"required": ["action"], "properties": {"action": {"const": action}}}
    return {
        "if": {"type": "object", **named},
        "then": {"properties": {"with": {"$ref": f"#/definitions/with-{action}"}}},
    }


def _about_action(found: Mapping[str, Any]) -> str:
    return f"**{found.get('title', '')}**\n\n{found.get('description', '')}"


def _step_snippet(name: str, found: Mapping[str, Any]) -> Node:
    required: Sequence[str] = found.get("required") or list(found["properties"])[:1]
    return {
        "label": f"step: {name}",
        "description": f"{found.get('title', '')}. {found.get('description', '')}",
        "body": {
            "id": f"${{1:{paths.usual_id(name)}}}",
            "action": name,
            "with": {
                field: _slot(field, found["properties"][field], number)
                for number, field in enumerate(required, 2)
            },
        },
    }


def _slot(name: str, field: Mapping[str, Any], number: int) -> object:
    """What a snippet puts after a required field: a place to fill in, or the usual thing."""
    kind = field.get("x-kind")
    if kind == "ref":
        return f'"{{{{ steps.{name}.id }}}}"'
    return loop_body(number * 10) if kind == "lines" else f"${{{number}}}"


def _by_trigger(trigger: str, definitions: dict[str, Node]) -> Node:
    """What a recipe with this trigger may read: offered, never demanded."""
    known = paths.readable(trigger)
    groups = [_defined(name, names, definitions) for name, names in known.groups.items()]
    definitions[f"condition-{trigger}"] = {
        "properties": {"field": {"doNotSuggest": True, "allOf": _each("names", groups)}},
        "allOf": _each("choices", groups),
    }
    definitions[f"value-{trigger}"] = _value(known, groups)
    conditions = _overlay(items={"$ref": f"#/definitions/condition-{trigger}"})
    fields = _overlay(additionalProperties={"$ref": f"#/definitions/value-{trigger}"})
    steps = _overlay(items={"properties": {"only_if": conditions, "with": fields}})
    named = {"required": ["trigger"], "properties": {"trigger": {"const": trigger}}}
    return {
        "if": {"required": ["when"], "properties": {"when": named}},
        "then": {"properties": {"only_if": conditions, "do": steps}},
    }


def _value(known: Readable, groups: Sequence[str]) -> Node:
    values = _each("values", [*groups, "steps-1"])
    inside = {"allOf": [offered(known.elements, braces=True), *values]}
    return {
        "allOf": values,
        "properties": {
            "for_each": _overlay(**offered(known.lists, braces=False)),
            "make": _overlay(additionalProperties=inside),
        },
    }


def _overlay(**inside: object) -> Node:
    """A second schema of a field: it adds what is offered inside, and not the field itself."""
    return {"doNotSuggest": True, **inside}


def _each(form: str, groups: Sequence[str]) -> list[Node]:
    return [{"$ref": f"#/definitions/{form}-{group}"} for group in groups]


def _defined(name: str, names: Sequence[Named], definitions: dict[str, Node]) -> str:
    """The definition of a group of names; equal groups of two triggers are written once."""
    bare = offered(names, braces=False)
    number = 1
    while definitions.get(f"names-{name}-{number}", bare) != bare:
        number += 1
    definitions[f"names-{name}-{number}"] = bare
    definitions[f"values-{name}-{number}"] = offered(names, braces=True)
    definitions[f"choices-{name}-{number}"] = chosen(one for one in names if one.choices)
    return f"{name}-{number}"
