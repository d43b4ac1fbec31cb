"""The names that a recipe's expressions may read, and what is said of those that do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from runtime.documents import schema
from runtime.documents.hints import hint
from runtime.events import Branch, Tree, declared, tree_of

_ANYTHING = Branch(None)
_LEAF: Mapping[str, Branch] = {}
#: The envelope of every event.
_EVENT: Mapping[str, Branch] = {
    "id": Branch(_LEAF, kind="text", filled=True, about="The source's id of the event."),
    "type": Branch(_LEAF, kind="text", filled=True, about="Such as payment.collected."),
    "timestamp": Branch(_LEAF, kind="time", filled=True, about="When it happened."),
    "test": Branch(_LEAF, kind="flag", filled=True, about="Whether it is a test message."),
    "location": Branch(_LEAF, kind="text", about="The CRM's location; empty where it has one."),
    "connection": Branch(_LEAF, kind="text", filled=True, about="Name of the connection."),
}


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
        given = {} if inputs is None else {"inputs": _group(inputs)}
        return cls(
            {
                "trigger": _group(declared(trigger)),
                "event": _group(_EVENT),
                "rules": _group(_rules()),
                "steps": _group({}),
                **given,
            }
        )

    def with_steps(self, steps: Mapping[str, Branch]) -> Names:
        """These names and what earlier steps give, by their ids."""
        return Names({**self.roots, "steps": _group(steps)})

    def with_element(self, name: str, path: str) -> Names:
        """These names and, inside a loop over `path`, that of its element."""
        branch: Branch | None = None
        for key in path.split("."):
            below = self.roots if branch is None else branch.below
            branch = (below or {}).get(key, _ANYTHING)
        element = _element(branch) if branch is not None and branch.is_list else _ANYTHING
        return Names({**self.roots, name: element})


def result_of(gives: Mapping[str, Mapping[str, object]] | None, *, skipped: bool) -> Branch:
    """What a step leads to, by its action's `x-gives`; None where the action declares nothing.

    A step that may be skipped gives nothing then.
    """
    if gives is None:
        return replace(_ANYTHING, filled=not skipped)
    fields = {name: _given(field) for name, field in gives.items()}
    return Branch(fields, kind="group", filled=not skipped)


def declared_path(names: Names, keys: tuple[str | int, ...]) -> list[Branch]:
    """The branches of a path, from its first name on; none where it leads further than that."""
    found: list[Branch] = []
    below: Tree = names.roots
    for key in keys:
        if found and found[-1].is_list and isinstance(key, int):
            found.append(_element(found[-1]))
        elif below is None or str(key) not in below:
            return []
        else:
            found.append(below[str(key)])
        below = None if found[-1].is_list else found[-1].below
    return found


def locate(names: Names, keys: tuple[str | int, ...]) -> Mistake | None:
    """What is wrong with a path; None where it leads somewhere or nothing is declared."""
    branch = Branch(names.roots)
    for number, key in enumerate(keys):
        path = ".".join(map(str, keys[:number]))
        if branch.is_list:
            if not isinstance(key, int):
                fix = "use `for_each:` to go through a list"
                sentence = f'"{path}" is a list; it has no "{key}"'
                return Mistake(names=number + 1, sentence=sentence, fix=fix)
            branch = _element(branch)
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
        fix = _further_down(path, key, known) or fix
    return Mistake(names=number + 1, sentence=sentence, fix=fix)


def _further_down(path: str, key: str, known: Mapping[str, Branch]) -> str:
    """What was meant where a name was left out on the way to it; empty where none has it."""
    ways = [
        ".".join(part for part in (path, name, key) if part)
        for name, branch in known.items()
        if not branch.is_list and key in (branch.below or {})
    ]
    meant = " or ".join(f'"{way}"' for way in ways[:3])
    return f"did you mean {meant}?" if ways else ""


def _group(below: Tree) -> Branch:
    return Branch(below, kind="group", filled=True)


def _element(branch: Branch) -> Branch:
    kind = "group" if branch.below else ""
    return Branch(branch.below, kind=kind, filled=True, about=branch.about)


def _given(field: Mapping[str, object]) -> Branch:
    kind = str(field.get("x-kind", ""))
    return Branch(
        _LEAF,
        kind="text" if kind == "ref" else kind,
        filled=bool(field.get("x-filled")),
        about=str(field.get("description", "")),
    )


@cache
def _rules() -> Tree:
    """The sync rules as the settings' schema declares them."""
    rules = tree_of(schema.load("settings")["$defs"]["rules"]) or {}
    # A choice that nobody made has a default.
    return {name: replace(rule, filled=bool(rule.choices)) for name, rule in rules.items()}
