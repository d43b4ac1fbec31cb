"""What a report was asked for: the query parameters, read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.books.ledger import Basis
from connector.practice.entities.common.parts import MONTHS
from connector.practice.faults import Fault
from connector.practice.reports import sums
from connector.practice.reports.periods import MACROS, Period, macro_period, start_of
from connector.practice.reports.sums import Scope

#: SummarizeColumnsBy: the kind of period, and whether the fiscal year divides it.
PERIODS = {
    "Days": ("day", False),
    "Week": ("week", False),
    "Month": ("month", False),
    "Quarter": ("quarter", False),
    "Year": ("year", False),
    "FiscalQuarter": ("quarter", True),
    "FiscalYear": ("year", True),
}
#: The customer of a posting: whom an expense is for goes before the vendor who is paid.
FOR_CUSTOMER = "iif(customer = '', name, customer)"
#: SummarizeColumnsBy: the column of `posting`, and the kind of record it names.
THINGS = {
    "Customers": (FOR_CUSTOMER, "Customer"),
    "Vendors": ("name", "Vendor"),
    "Employees": ("name", "Employee"),
    "Classes": ("class", "Class"),
    "Departments": ("department", "Department"),
    "ProductsAndServices": ("item", "Item"),
}
#: Kinds that the ledger names with their kind, as `Customer:10`.
PEOPLE = frozenset({"Customer", "Vendor", "Employee"})
SUMMARIES = ("Total", *PERIODS, *THINGS)
#: Parameter: the column of `posting` that it filters, and the kind of record it names.
_FILTERS = {
    "customer": (FOR_CUSTOMER, "Customer"),
    "vendor": ("name", "Vendor"),
    "employee": ("name", "Employee"),
    "class": ("class", "Class"),
    "department": ("department", "Department"),
    "item": ("item", "Item"),
    "account": ("account", "Account"),
}
_BASES = {"Accrual": Basis.ACCRUAL, "Cash": Basis.CASH}
_FLAGS = ("qzurl", "adjusted_gain_loss")
#: Dates of reports lie in these years.
_YEARS = range(1900, 3000)
_MOST_PERIODS = 100
_LONGEST_PERIOD = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """How debts are divided by their age."""

    #: Aged as of today, not as of the report date.
    by_today: bool
    #: The days of one column.
    days: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """A checked request for a report."""

    period: Period
    #: The macro that gave the period, in lower case; empty where dates were sent.
    macro: str
    basis: Basis
    by: str
    #: As they were sent, by parameter.
    filters: Mapping[str, str]
    scope: Scope
    #: `ascend`, `descend`, or empty.
    sort: str
    #: 1 to 12: the month that begins the fiscal year.
    first_month: int
    #: The day whose debts are told: as sent, or the end of the period.
    report_date: date
    ageing: Ageing
    #: How many cells the report may have; 0 = any number.
    room: int

    def check_room(self, cells: int) -> None:
        """Raise Fault 10100 for more cells than there may be."""
        if 0 < self.room < cells:
            detail = f"The report has more than {self.room:,} cells; ask for a shorter period."
            raise Fault("10100", detail)

    @property
    def accrual(self) -> Scope:
        """The same postings on the accrual basis."""
        return Scope(basis=Basis.ACCRUAL, filters=self.scope.filters)

    def fiscal_year(self, day: date) -> date:
        """The first day of the fiscal year of `day`."""
        return start_of("year", day, self.first_month)


def read(sent: Mapping[str, str], view: Change, *, default_macro: str) -> Parameters:
    """The parameters of a request; raises Fault 2060, 2070, 2080, 2170 or 2500.

    Dates go before a macro where both are sent, and what QuickBooks does not know is ignored
    [U]. `testing_migration` chooses between two engines of Intuit's and changes nothing here;
    links (`qzurl`) are not made.
    """
    books, today = view.books, date.fromisoformat(view.today)
    for flag in _FLAGS:
        _one_of(sent, flag, ("true", "false"), code="2080")
    first_month = MONTHS.index(books.info.get("FiscalYearStartMonth", MONTHS[0])) + 1
    period, macro = _period(sent, books, today, (default_macro, first_month))
    preferred = str(books.preference("ReportPrefs.ReportBasis") or "Accrual")
    basis = _BASES[_one_of(sent, "accounting_method", _BASES) or preferred]
    filters = {name: sent[name] for name in _FILTERS if sent.get(name)}
    return Parameters(
        period=period,
        macro=macro,
        basis=basis,
        by=_one_of(sent, "summarize_column_by", SUMMARIES) or "Total",
        filters=filters,
        scope=Scope(basis=basis, filters=_filtered(books, filters)),
        sort=_one_of(sent, "sort_order", ("ascend", "descend")),
        first_month=first_month,
        report_date=_day(sent, "report_date") or period.end,
        ageing=_ageing(sent),
        room=view.switches.report_cells,
    )


def _period(
    sent: Mapping[str, str], books: Books, today: date, defaults: tuple[str, int]
) -> tuple[Period, str]:
    """The period, and the macro that it comes from."""
    default_macro, first_month = defaults
    start, end = _day(sent, "start_date"), _day(sent, "end_date")
    macro = _one_of(sent, "date_macro", MACROS).lower()
    if start or end:
        end = end or max(today, start or today)
        start = start or start_of("year", end, first_month)
        if start > end:
            raise Fault("2070", f"start_date {start} is after end_date {end}", element="start_date")
        return Period(start, end), ""
    macro = macro or default_macro
    if macro == "all":
        days = [date.fromisoformat(day) for day in sums.span(books.store) if day]
        return Period(min(today, *days, today), max(today, *days, today)), macro
    return macro_period(macro, today, first_month), macro


def _filtered(books: Books, filters: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Columns of `posting` with their wanted values; raises Fault 2500 for an unknown record."""
    found: dict[str, set[str]] = {}
    for name, text in filters.items():
        column, entity = _FILTERS[name]
        prefix = f"{entity}:" if entity in PEOPLE else ""
        wanted = {prefix + _known(books, name, entity, one) for one in text.split(",")}
        found[column] = found[column] & wanted if column in found else wanted
    return {column: tuple(sorted(wanted)) for column, wanted in found.items()}


def _known(books: Books, name: str, entity: str, identity: str) -> str:
    identity = identity.strip()
    if entity not in books.kinds or books.find(entity, identity) is None:
        detail = f"Invalid Reference Id : {entity} {identity} of the parameter {name} not found"
        raise Fault("2500", detail, element=name)
    return identity


def _ageing(sent: Mapping[str, str]) -> Ageing:
    by_today = _one_of(sent, "aging_method", ("Report_Date", "Current")) == "Current"
    return Ageing(
        by_today=by_today,
        days=_count(sent, "aging_period", 30, most=_LONGEST_PERIOD),
        columns=_count(sent, "num_periods", 4, most=_MOST_PERIODS),
    )


def _one_of(sent: Mapping[str, str], name: str, words: Iterable[str], *, code: str = "2170") -> str:
    """The word as QuickBooks spells it, case being no matter; empty where none was sent."""
    text = sent.get(name, "").strip()
    for word in words:
        if word.lower() == text.lower():
            return word
    if text:
        raise Fault(code, f"{text} is not a value of the parameter {name}", element=name)
    return ""


def _day(sent: Mapping[str, str], name: str) -> date | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Fault("2070", f"{text} of {name} is no date YYYY-MM-DD", element=name) from error
    if len(text) != 10 or found.year not in _YEARS:
        raise Fault("2070", f"{text} of {name} is no date of a report", element=name)
    return found


def _count(sent: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = sent.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text[:9]) <= most or len(text) > 9:
        raise Fault("2060", f"{text} is not a number that {name} can have", element=name)
    return int(text)
