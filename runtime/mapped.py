"""Works out the fields of a step for one event, or says why its run is held instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.base import ActionSpec, Books
from connector.errors import Hold
from runtime.recipes import Step
from runtime.recipes.coercion import coerce
from runtime.recipes.expressions.compiling import ExpressionProblem
from runtime.recipes.expressions.lookup import RowMissing
from runtime.recipes.mapping import render


def fields_of(
    step: Step, action: ActionSpec, scope: Mapping[str, Any], books: Books
) -> Mapping[str, Any]:
    """The fields in their declared kinds. Raises Hold, whose sentence names field and source."""
    try:
        rendered = render(step.fields, scope)
    except ExpressionProblem as problem:
        raise held(problem) from None
    fields, complaints = coerce(rendered, action.schema, books.time_zone, step.fields)
    if complaints:
        raise Hold(
            "missing-field",
            f'Step "{step.id}": {" ".join(complaints)} Nothing was booked by this step.',
            fix="Correct the event in the CRM or the field in the recipe, then release.",
        )
    return fields


def held(problem: ExpressionProblem) -> Hold:
    """The hold for an expression that cannot be worked out."""
    fix = f"{problem.fix[:1].upper()}{problem.fix[1:]}." if problem.fix else ""
    if isinstance(problem, RowMissing):
        sentence = f"{problem.sentence[:1].upper()}{problem.sentence[1:]}"
        return Hold("table-row-missing", f"{sentence}. Nothing more was booked.", fix=fix)
    return Hold(
        "template",
        f"A field of the recipe cannot be worked out for this event: {problem.sentence}. "
        "Nothing more was booked.",
        fix=fix or "Correct the recipe's field (try it with `bookrelay try`), then replay.",
    )
