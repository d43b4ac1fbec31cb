"""The frozen records that recipe files become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from runtime.recipes.conditions import Condition
from runtime.recipes.mapping import Fields
from runtime.recipes.phrases import Expectation, Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a recipe."""

    #: What later steps call it: `steps.<id>`.
    id: str
    #: e.g. `quickbooks.create_invoice`
    action: str
    #: Where one does not hold, the step is left out.
    conditions: tuple[Condition, ...]
    #: What stands under `with:`, compiled; `mapping.render` gives its values.
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A lookup table, read from a CSV file."""

    #: Path below the folder of recipes.
    file: str
    #: Column by whose values rows are found.
    key: str
    columns: tuple[str, ...]
    #: Row by key, compared without regard to case and outer blanks.
    rows: Mapping[str, Mapping[str, str]]
    #: Key of the row to use for what is not listed; None: the run is held.
    instead: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One trigger, conditions, ordered steps."""

    #: Identity; the file may be renamed.
    id: str
    name: str
    #: Who is told of its trouble: the name of a recipient or an address; empty: the company's.
    owner: str = ""
    #: e.g. `payment_collected`
    trigger: str
    #: The connection it must come from (`from:`); None where any will do.
    source: str | None
    #: First day whose events it handles when it starts; None: what comes from now on.
    start_from: date | None = None
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    #: By the names that `lookup` uses.
    tables: Mapping[str, Table] = field(default_factory=dict)
    #: Values of a template's inputs, `inputs.` in expressions.
    inputs: Mapping[str, Any] = field(default_factory=dict)
    #: Events beyond it are held; None: the usual limit holds.
    at_most: Limit | None = None
    #: Silence beyond it is told.
    expect: Expectation | None = None
    #: Who is told of holds and failures (`on_error`), beside the owner.
    notify: tuple[str, ...] = ()
    #: The template it is made of, such as `accepted-estimate@2`; empty without one.
    template: str = ""
    #: Path as the user knows it.
    file: str
    #: The file as it was read.
    text: str
    #: Texts of the files it is made of beside its own (tables, a template), by path.
    parts: Mapping[str, str] = field(default_factory=dict)
    #: SHA-256 over the text and the parts, hexadecimal: equal digests are one revision.
    digest: str
    enabled: bool = True
