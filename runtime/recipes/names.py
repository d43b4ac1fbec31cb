"""The names that a recipe's expressions may read, and what is said of those that do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runtime.documents import schema
from runtime.documents.hints import hint
from runtime.events import Branch, Tree, declared

_LEAF = Branch({}, is_list=False)
_ANYTHING = Branch(None, is_list=False)
#: The envelope of every event.
_EVENT = ("id", "type", "timestamp", "test", "location", "connection")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A path that leads nowhere."""

    #: How many of its names lead up to and including the wrong one.
    names: int
    sentence: str
    fix: str


@dataclass(frozen=True, slots=True)
class Names:
    """What each first name leads to."""

    roots: Mapping[str, Branch]

    @classmethod
    def of_trigger(cls, trigger: str, inputs: Tree = None) -> Names:
        """The names of a recipe with this trigger and inputs, before any of its steps."""
        given = {} if inputs is None else {"inputs": Branch(inputs, is_list=False)}
        return cls(
            {
                "trigger": Branch(declared(trigger), is_list=False),
                "event": Branch(dict.fromkeys(_EVENT, _LEAF), is_list=False),
                "rules": Branch(_rules(), is_list=False),
                "steps": Branch({}, is_list=False),
                **given,
            }
        )

    def with_steps(self, ids: Iterable[str]) -> Names:
        """These names and the results of earlier steps."""
        return Names({**self.roots, "steps": Branch(dict.fromkeys(ids, _ANYTHING), is_list=False)})

    def with_element(self, name: str, path: str) -> Names:
        """These names and, inside a loop over `path`, that of its element."""
        branch: Branch | None = None
        for key in path.split("."):
            below = self.roots if branch is None else branch.below
            branch = (below or {}).get(key, _ANYTHING)
        element = Branch(branch.below, is_list=False) if branch and branch.is_list else _ANYTHING
        return Names({**self.roots, name: element})


def locate(names: Names, keys: tuple[str | int, ...]) -> Mistake | None:
    """What is wrong with a path; None where it leads somewhere or nothing is declared."""
    branch = Branch(names.roots, is_list=False)
    for number, key in enumerate(keys):
        path = ".".join(map(str, keys[:number]))
        if branch.is_list:
            if not isinstance(key, int):
                fix = "use `for_each:` to go through a list"
                sentence = f'"{path}" is a list; it has no "{key}"'
                return Mistake(names=number + 1, sentence=sentence, fix=fix)
            branch = Branch(branch.below, is_list=False)
        elif branch.below is None:
            return None
        elif str(key) not in branch.below:
            return _unknown(path, str(key), branch.below, number)
        else:
            branch = branch.below[str(key)]
    return None


def _unknown(path: str, key: str, known: Mapping[str, Branch], number: int) -> Mistake:
    sentence = f'"{path}" has no "{key}"' if path else f'there is no "{key}"'
    if path == "steps" and not known:
        fix = "no step comes before this one"
    else:
        fix = hint(key, list(known), has="it has" if path else "there is")
    return Mistake(names=number + 1, sentence=sentence, fix=fix)


def _rules() -> Mapping[str, Branch] | None:
    """The sync rules as the setup schema declares them."""
    found = _find(schema.load("setup"), "rules")
    return dict.fromkeys(found, _LEAF) if found else None


def _find(node: object, name: str) -> Mapping[str, object] | None:
    """The declared properties of the first field `name`, wherever it stands."""
    if isinstance(node, list):
        return next((found for item in node if (found := _find(item, name))), None)
    if not isinstance(node, Mapping):
        return None
    field = (
        node.get("properties", {}).get(name)
        if isinstance(node.get("properties"), Mapping)
        else None
    )
    if isinstance(field, Mapping) and isinstance(field.get("properties"), Mapping):
        properties: Mapping[str, object] = field["properties"]
        return properties
    return next((found for below in node.values() if (found := _find(below, name))), None)
