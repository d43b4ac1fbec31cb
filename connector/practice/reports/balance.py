"""The balance sheet and the trial balance: what every account stands at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from connector.practice.books.change import Change
from connector.practice.reports.accounts import PROFIT, Chart
from connector.practice.reports.columns import Amounts, Axis, Column, amounts, axis
from connector.practice.reports.parameters import Parameters
from connector.practice.reports.render import Report, summary_report
from connector.practice.reports.rows import Row, added, arranged, negated, section, title_of

_TRIAL = Axis(
    columns=(Column(title="Debit", key="debit"), Column(title="Credit", key="credit")),
    periods=(),
    key="day",
    places={},
    additive=False,
)
_EARNED = "Retained Earnings"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Balances:
    """What the accounts stand at, debits above zero, by column."""

    chart: Chart
    axis: Axis
    #: By account, those of profit and loss since the fiscal year began.
    accounts: Mapping[str, Amounts]
    #: Profit of earlier fiscal years, and of this one.
    earned: Amounts
    profit: Amounts

    def rows(self, kind: str) -> list[Row]:
        return self.chart.rows(kind, self.accounts)

    def section(self, group: str, title: str, rows: Iterable[Row], summary: str = "") -> Row:
        return section(group, title, rows, width=len(self.axis.columns), summary=summary)


def balance_sheet(view: Change, asked: Parameters) -> Report:
    """The report `BalanceSheet`, at the end of each of its periods."""
    found = _balances(view, asked, by=asked.by)
    if not found.accounts and not any(found.earned):
        return summary_report("Account", found.axis, [])
    assets, owed, equity = _assets(found), _liabilities(found), _equity(found)
    both = found.section(
        "TotalLiabilitiesAndEquity",
        "LIABILITIES AND EQUITY",
        _filled((owed, equity)),
        "TOTAL LIABILITIES AND EQUITY",
    )
    return summary_report("Account", found.axis, arranged((assets, both), asked.sort))


def trial_balance(view: Change, asked: Parameters) -> Report:
    """The report `TrialBalance`: every account as a debit or a credit; both come to the same."""
    found = _balances(view, asked, by="Total")
    accounts = found.chart.accounts
    profit = set(found.chart.ids(PROFIT))
    standing, earning = [
        [
            _sides(accounts[key]["FullyQualifiedName"], cents, key)
            for key in accounts
            for cents in found.accounts.get(key, ())
            if (key in profit) is earns
        ]
        for earns in (False, True)
    ]
    earned = [_sides(_EARNED, -cents) for cents in found.earned if cents]
    rows = list(arranged([*standing, *earned, *earning], asked.sort))
    if rows:
        total = added(*(row.amounts for row in rows))
        rows.append(Row(group="GrandTotal", amounts=total, summary="TOTAL"))
    return summary_report("Account", _TRIAL, rows)


def _sides(title: str, cents: int, identity: str = "") -> Row:
    return Row(title=title, id=identity, amounts=[max(cents, 0), max(-cents, 0)])


def _balances(view: Change, asked: Parameters, *, by: str) -> _Balances:
    books, chart = view.books, Chart(view.books)
    made = axis(books, asked, chart.accounts, by=by, standing=True)
    ends = [one.end for one in made.periods]
    closed = [asked.fiscal_year(end) - timedelta(days=1) for end in ends]
    all_time = amounts(books, asked, made, [(None, end) for end in ends])
    before = amounts(books, asked, made, [(None, end) for end in closed])
    nothing, profit = [0] * len(ends), set(chart.ids(PROFIT))
    old = {key: cents for key, cents in before.items() if key in profit}
    accounts = {
        key: added(cents, negated(old.get(key, nothing))) for key, cents in all_time.items()
    }
    now = [cents for key, cents in accounts.items() if key in profit]
    return _Balances(
        chart=chart,
        axis=made,
        accounts=accounts,
        earned=negated(added(nothing, *old.values())),
        profit=negated(added(nothing, *now)),
    )


def _assets(found: _Balances) -> Row:
    current = [
        found.section("BankAccounts", "Bank Accounts", found.rows("Bank")),
        found.section("AR", "Accounts Receivable", found.rows("Accounts Receivable")),
        found.section(
            "OtherCurrentAssets", "Other Current Assets", found.rows("Other Current Asset")
        ),
    ]
    groups = [
        found.section("CurrentAssets", "Current Assets", _filled(current)),
        found.section("FixedAssets", "Fixed Assets", found.rows("Fixed Asset")),
        found.section("OtherAssets", "Other Assets", found.rows("Other Asset")),
    ]
    return found.section("TotalAssets", "ASSETS", _filled(groups), "TOTAL ASSETS")


def _liabilities(found: _Balances) -> Row:
    current = [
        found.section("AP", "Accounts Payable", found.rows("Accounts Payable")),
        found.section("CreditCards", "Credit Cards", found.rows("Credit Card")),
        found.section(
            "OtherCurrentLiabilities",
            "Other Current Liabilities",
            found.rows("Other Current Liability"),
        ),
    ]
    groups = [
        found.section("CurrentLiabilities", "Current Liabilities", _filled(current)),
        found.section(
            "LongTermLiabilities", "Long-Term Liabilities", found.rows("Long Term Liability")
        ),
    ]
    return found.section("Liabilities", "Liabilities", _filled(groups))


def _equity(found: _Balances) -> Row:
    """The accounts, all profit before this fiscal year as retained earnings, and this year's."""
    account = found.chart.having("RetainedEarnings")
    rows = found.rows("Equity")
    kept = [row for row in rows if account is None or row.id != account["Id"]]
    own = [row.amounts for row in rows if row not in kept]
    earned = added(found.earned, *own)
    if own or any(earned):
        title = title_of(account) if account else _EARNED
        kept.append(Row(title=title, id=account["Id"] if account else "", amounts=earned))
    kept.append(Row(group="NetIncome", title="Net Income", amounts=found.profit))
    return found.section("Equity", "Equity", kept)


def _filled(rows: Iterable[Row]) -> list[Row]:
    """Without the groups that hold nothing."""
    return [row for row in rows if row.rows]
