"""Plays a recipe without writing anything: the exact records that it would write, and why."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.base import (
    ActionSpec,
    Books,
    Command,
    Document,
    Done,
    Link,
    Linked,
    Need,
    Read,
    Record,
    Write,
    Written,
)
from connector.errors import Consequence
from runtime.mapped import fields_of, held
from runtime.recipes import Recipe, Step
from runtime.recipes.conditions import holds
from runtime.recipes.expressions import ExpressionProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One record that a step would write, or an existing one it would use."""

    step: str
    #: create, post ... or `use` for an existing record
    operation: str
    #: `invoice`, `customer` ...
    what: str
    body: Mapping[str, Any]


@dataclass(kw_only=True)
class Rehearsal:
    """What a recipe would do with an event."""

    #: Reads from the service; may answer nothing where there is no company to ask.
    read: Callable[[str], tuple[Record, ...]]
    #: What the ledger has linked already.
    linked: Callable[[Document], Linked | None]
    actions: Mapping[str, ActionSpec]
    planned: list[Planned] = field(default_factory=list)
    #: Why it would stop, a sentence; empty when it would succeed.
    stopped: str = ""
    #: What to do about that.
    fix: str = ""
    _links: dict[tuple[str, str], Linked] = field(default_factory=dict)

    def play(self, recipe: Recipe, scope: dict[str, Any], books: Books) -> None:
        """Run all steps; `scope` has trigger, event, rules and an empty steps."""
        try:
            met, self.stopped = holds(recipe.conditions, scope)
            for step in recipe.steps if met else ():
                scope["steps"][step.id] = self._step(step, scope, books)
        except ExpressionProblem as problem:
            hold = held(problem)
            self.stopped, self.fix = hold.sentence, hold.fix
        except Consequence as error:
            self.stopped, self.fix = error.sentence, error.fix

    def _step(self, step: Step, scope: Mapping[str, Any], books: Books) -> Mapping[str, Any]:
        if not holds(step.conditions, scope)[0]:
            return {}
        action = self.actions[step.action]
        fields = fields_of(step, action, scope, books)
        return self._talk(step, action.perform(fields, books)).values

    def _talk(self, step: Step, action: Generator[Command, Any, Done]) -> Done:
        try:
            command = next(action)
            while True:
                command = action.send(self._answer(step, command))
        except StopIteration as end:
            done: Done = end.value
            return done

    def _answer(self, step: Step, command: Command) -> Any:
        match command:
            case Need(document=document):
                return self._known(document)
            case Read(query=query):
                return self.read(query)
            case Link(document=document, linked=linked):
                body = {"Id": linked.id, **linked.facts}
                self._plan(step, "use", document.kind, body)
                self._remember(document, linked)
                return linked
            case Write():
                return self._write(step, command)

    def _known(self, document: Document) -> Linked | None:
        for alias in document.aliases:
            if (document.kind, alias) in self._links:
                return self._links[document.kind, alias]
        return self.linked(document)

    def _write(self, step: Step, write: Write) -> Written:
        kind = write.document.kind if write.document else write.path
        self._plan(step, write.operation, kind, write.body)
        made = Linked(kind=kind, id=f"(new {kind} {len(self.planned)})", facts=write.facts)
        if write.document is not None:
            self._remember(write.document, made)
        return Written(id=made.id, facts=write.facts)

    def _plan(self, step: Step, operation: str, what: str, body: Mapping[str, Any]) -> None:
        self.planned.append(Planned(step=step.id, operation=operation, what=what, body=body))

    def _remember(self, document: Document, linked: Linked) -> None:
        for alias in (*document.aliases, f"qbo:{linked.id}"):
            self._links[document.kind, alias] = linked
