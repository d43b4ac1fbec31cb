"""Transaction list, general ledger and profit and loss in detail: one row per transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from connector.practice.books.change import Change
from connector.practice.reports import sums
from connector.practice.reports.accounts import DEBIT, PROFIT, Chart, type_of
from connector.practice.reports.journal import Entry, Journal, Posted, type_name
from connector.practice.reports.parameters import Parameters
from connector.practice.reports.render import Report, cell, heading, money
from connector.practice.shape import Record

Cells = list[dict[str, str]]
#: Key of a column and its title.
_COMMON = (
    ("tx_date", "Date"),
    ("txn_type", "Transaction Type"),
    ("doc_num", "Num"),
)
_LISTED = (
    *_COMMON,
    ("is_no_post", "Posting"),
    ("name", "Name"),
    ("memo", "Memo/Description"),
    ("account_name", "Account"),
    ("other_account", "Split"),
    ("subt_nat_amount", "Amount"),
)
_DETAILS = (
    *_COMMON,
    ("name", "Name"),
    ("memo", "Memo/Description"),
    ("split_acc", "Split"),
    ("subt_nat_amount", "Amount"),
    ("rbal_nat_amount", "Balance"),
)


def transaction_list(view: Change, asked: Parameters) -> Report:
    """The report `TransactionList`: what posted in the period, in order of the dates.

    What posts nothing (an estimate, a voided form) is not in the ledger and not listed.
    """
    chart, journal = Chart(view.books), Journal(view, asked, asked.accrual)
    rows = [{"type": "Data", "ColData": _listed(one, chart, journal)} for one in journal.entries]
    if asked.sort == "descend":
        rows.reverse()
    return _report(_LISTED, rows, size=len(rows))


def general_ledger(view: Change, asked: Parameters) -> Report:
    """The report `GeneralLedger`: each account with what it stood at before and every posting."""
    return _details(view, asked, Chart(view.books), _standing(view, asked))


def profit_and_loss_detail(view: Change, asked: Parameters) -> Report:
    """The report `ProfitAndLossDetail`: the postings behind income and expenses, by account."""
    return _details(view, asked, Chart(view.books), None)


def _standing(view: Change, asked: Parameters) -> dict[str, int]:
    """What accounts stood at before the period; income and expenses begin with the fiscal year."""
    start, store = asked.period.start, view.books.store
    year = asked.fiscal_year(start).isoformat()
    until = (start - timedelta(days=1)).isoformat()
    profit = set(Chart(view.books).ids(PROFIT))
    found: dict[str, int] = {}
    for since, wanted in (("", False), (year, True)):
        rows = sums.by_account(store, asked.scope, key="''", since=since, until=until)
        found |= {key: cents for key, _, cents in rows if (key in profit) is wanted and cents}
    return found


def _details(
    view: Change, asked: Parameters, chart: Chart, before: Mapping[str, int] | None
) -> Report:
    """Sections of accounts; without balances `before` only those of profit and loss."""
    journal = Journal(view, asked, asked.scope)
    found: dict[str, list[tuple[Entry, Posted]]] = {key: [] for key in before or ()}
    for entry in journal.entries:
        for one in entry.postings:
            if one.within:
                found.setdefault(one.account, []).append((entry, one))
    wanted = chart.accounts if before is not None else chart.ids(PROFIT)
    rows = []
    for account in (key for key in wanted if key in found):
        lines = _lines(chart, journal, found[account])
        start = None if before is None else before.get(account, 0)
        rows.append(_section(chart.accounts[account], lines, start))
    return _report(_DETAILS, rows, size=sum(len(one["Rows"]["Row"]) + 2 for one in rows))


def _lines(
    chart: Chart, journal: Journal, found: Iterable[tuple[Entry, Posted]]
) -> list[tuple[Cells, int]]:
    """The cells of each posting up to its amount, and the amount as the account counts it."""
    lines = []
    for entry, one in found:
        other = _title(chart, journal.split(entry, one.account))
        cells = [*_head(one), _person(journal, one), cell(one.memo or one.note), other]
        lines.append((cells, _natural(chart, one.account, one.cents)))
    return lines


def _section(account: Record, lines: list[tuple[Cells, int]], start: int | None) -> dict[str, Any]:
    title, sign = account["Name"], 1 if type_of(account) in DEBIT else -1
    blank = [cell("")] * (len(_DETAILS) - 1)
    balance = sign * (start or 0)
    rows = []
    if start:
        first = [cell("Beginning Balance"), *blank[:-1], cell(money(balance))]
        rows.append({"type": "Data", "ColData": first})
    for cells, cents in lines:
        balance += cents
        shown = [*cells, cell(money(cents)), cell(money(balance))]
        rows.append({"type": "Data", "ColData": shown})
    total = cell(money(sum(cents for _, cents in lines)))
    return {
        "type": "Section",
        "Header": {"ColData": [cell(title, account["Id"]), *blank]},
        "Rows": {"Row": rows},
        "Summary": {"ColData": [cell(f"Total for {title}"), *blank[:-2], total, cell("")]},
    }


def _listed(entry: Entry, chart: Chart, journal: Journal) -> Cells:
    """A transaction from its own side: what it changes on the account that it posts to first."""
    first = entry.postings[0]
    cents = sum(one.cents for one in entry.postings if one.account == first.account)
    return [
        *_head(first),
        cell("Yes"),
        _person(journal, first),
        cell(first.note),
        _title(chart, first.account),
        _title(chart, journal.split(entry, first.account)),
        cell(money(_natural(chart, first.account, cents))),
    ]


def _head(one: Posted) -> Cells:
    return [cell(one.day), cell(type_name(one.entity), one.identity), cell(one.number)]


def _person(journal: Journal, one: Posted) -> dict[str, str]:
    return cell(journal.person(one.name), one.name.partition(":")[2])


def _title(chart: Chart, account: str) -> dict[str, str]:
    record = chart.accounts.get(account)
    return cell(record["FullyQualifiedName"], account) if record else cell(account)


def _natural(chart: Chart, account: str, cents: int) -> int:
    return cents if type_of(chart.accounts.get(account, {})) in DEBIT else -cents


def _report(columns: Iterable[tuple[str, str]], rows: list[dict[str, Any]], *, size: int) -> Report:
    heads = [heading(title, key, key) for key, title in columns]
    return Report(columns=heads, rows=rows, cells=size * len(heads))
