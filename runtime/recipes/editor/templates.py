"""What an editor knows of the recipe templates that are there: their names and their questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.problems import errors
from runtime.recipes.editor.values import Node, kind_of
from runtime.recipes.installed import Files, Installed
from runtime.recipes.templates.inputs import Input
from runtime.recipes.templates.reading import Template, path_of, read_template, versions


def usable(files: Files, installed: Installed) -> dict[str, Template]:
    """The templates that recipes can use, by what `use:` takes."""
    found = {}
    for name, numbers in versions(files).items():
        for number in numbers:
            path = path_of(f"{name}@{number}")
            template = read_template(path, files.beside(path) or "", files, installed)
            if not errors(template.problems):
                found[template.name] = template
    return found


def use_of(templates: Mapping[str, Template]) -> Node:
    """The names for `use:`, each with what it is."""
    if not templates:
        return {}
    about = [_about(template) for template in templates.values()]
    return {"enum": list(templates), "markdownEnumDescriptions": about}


def by_template(templates: Mapping[str, Template], installed: Installed) -> list[Node]:
    """For a recipe of each template: the questions that it answers."""
    return [
        {
            "if": {"required": ["use"], "properties": {"use": {"const": name}}},
            "then": _answered(_inputs(template, installed)),
        }
        for name, template in templates.items()
    ]


def _answered(inputs: Node) -> Node:
    needed = ["inputs"] if inputs["required"] else []
    return {"required": needed, "properties": {"inputs": inputs}}


def _about(template: Template) -> str:
    said: Any = template.document.value if template.document is not None else {}
    return f"**{said.get('name', '')}**\n\n{said.get('description', '')}"


def _inputs(template: Template, installed: Installed) -> Node:
    asked = template.inputs
    return {
        "title": "inputs",
        "description": f"The answers to the questions of {template.name}.",
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, each in asked.items() if each.default is None],
        "properties": {name: _input(each, installed) for name, each in asked.items()},
    }


def _input(asked: Input, installed: Installed) -> Node:
    default = "" if asked.default is None else f"; left out: {asked.default}"
    told = [asked.label, asked.description, f"*{asked.wanted}{default}*"]
    return {
        "description": asked.label,
        "markdownDescription": "\n\n".join(part for part in told if part),
        **_answers(asked, installed),
    }


def _answers(asked: Input, installed: Installed) -> Node:
    if asked.choices:
        # An answer such as 30 needs no quotes.
        whole = [(int(key), words) for key, words in asked.choices.items() if key.isdecimal()]
        choices = [*asked.choices.items(), *whole]
        return {
            "enum": [key for key, _ in choices],
            "enumDescriptions": [words for _, words in choices],
        }
    if asked.type == "connection" and installed.connections:
        known = installed.connections.items()
        fitting = [name for name, connector in known if asked.of in ("", connector)]
        return {"enum": fitting} if fitting else {"type": "string"}
    return kind_of(asked.kind)
