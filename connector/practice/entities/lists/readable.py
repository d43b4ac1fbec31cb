"""Lists that the API only reads: customer types and budgets."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import COMMON, Entity
from connector.practice.shape import (
    Record,
    alike,
    day,
    flag,
    many,
    name,
    number,
    obj,
    one_of,
    reference,
    text,
)


def _as_it_is(change: Change, record: Record, old: Record | None) -> Record:
    return record


CUSTOMER_TYPE = Entity(
    name="CustomerType",
    fields={
        **COMMON,
        "Name": name(100),
        "FullyQualifiedName": text(),
        "ParentRef": reference,
        "Active": flag,
    },
    filters={"Name": "text", "Active": "flag"},
    complete=_as_it_is,
    writable=False,
)
_VALUES = obj(ExtensionType=text(), AssociatedValue=obj(Key=text(), Value=text()))
BUDGET = Entity(
    name="Budget",
    fields={
        **COMMON,
        "Name": name(100),
        **alike(day, "StartDate", "EndDate"),
        "BudgetType": one_of("ProfitAndLoss", "BalanceSheet"),
        "BudgetEntryType": one_of("Monthly", "Quarterly", "Yearly"),
        "Active": flag,
        "BudgetDetail": many(
            obj(
                BudgetDate=day,
                Amount=number,
                **alike(reference, "AccountRef", "CustomerRef", "ClassRef", "DepartmentRef"),
                CustomExtensions=many(_VALUES),
            )
        ),
    },
    filters={"Name": "text", "StartDate": "day", "Active": "flag"},
    complete=_as_it_is,
    writable=False,
)
