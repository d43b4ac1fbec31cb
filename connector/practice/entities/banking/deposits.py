"""Bank deposits: payments brought to the bank together, with fees and other lines."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.banking.deposit_lines import (
    DEBTS,
    DEPOSIT_LINES,
    DETAIL,
    NAMES,
    deposit_line,
)
from connector.practice.entities.banking.depositable import freed_from, linked_to, waiting
from connector.practice.entities.common.banked import check_holds_money
from connector.practice.entities.common.kind import TRANSACTION_IDS, Entity, named
from connector.practice.entities.common.lines import LINKED, known_ids, numbered
from connector.practice.entities.common.parts import TRANSACTION
from connector.practice.entities.currency.transactions import ZERO, positive_amount, settle
from connector.practice.entities.tax.forms import TAX_DETAIL
from connector.practice.faults import Fault, business, missing
from connector.practice.shape import (
    Record,
    alike,
    money,
    number,
    obj,
    one_of,
    read_only,
    reference,
    required,
    text,
)


def _deposit(change: Change, record: Record, old: Record | None) -> Record:
    required(record, "DepositToAccountRef", "Line")
    record = settle(change, record, old, {"DepositToAccountRef": "Account"})
    check_holds_money(change, record["DepositToAccountRef"])
    known = known_ids(old)
    lines = [deposit_line(change, record, line, known) for line in record["Line"]]
    record["Line"] = numbered(lines, old)
    if record.get("CashBack"):
        record["CashBack"] = _cash_back(change, record["CashBack"], old)
    total = sum((line["Amount"] for line in lines), ZERO) - _kept_back(record)
    if total < 0:
        raise business("Transaction amount must be 0 or greater.")
    _relink(change, record, old)
    return {**record, "TotalAmt": total}


def _cash_back(change: Change, sent: Record, old: Record | None) -> Record:
    """Money that is kept back, and the account it goes to."""
    if not sent.get("AccountRef"):
        raise missing("CashBack.AccountRef")
    before = ((old or {}).get("CashBack") or {}).get("AccountRef", {}).get("value", "")
    account = change.refer("Account", sent["AccountRef"]["value"], known=(before,))
    return {**sent, "AccountRef": named(account), "Amount": positive_amount(sent)}


def _kept_back(deposit: Record) -> Decimal:
    return money((deposit.get("CashBack") or {}).get("Amount", 0))


def _relink(change: Change, deposit: Record, old: Record | None) -> None:
    """Link what the deposit takes, free what it takes no longer."""
    before, after = _links(old or {}), _links(deposit)
    for position, link in enumerate(after):
        if link in after[:position]:
            raise Fault("620", f"{link['TxnType']} {link['TxnId']} stands in two lines.")
        if link not in before:
            record = _record(change, link)
            change.touch(link["TxnType"], linked_to(record, link, deposit["Id"]))
    _free(change, [link for link in before if link not in after])


def _remove(change: Change, deposit: Record) -> None:
    """What was deposited waits in Undeposited Funds again."""
    _free(change, _links(deposit))


def _free(change: Change, links: list[Record]) -> None:
    for link in links:
        change.touch(link["TxnType"], freed_from(_record(change, link), link))


def _links(deposit: Record) -> list[Record]:
    return [link for line in deposit.get("Line", ()) for link in line.get("LinkedTxn", ())]


def _record(change: Change, link: Record) -> Record:
    return change.find(link["TxnType"], link["TxnId"]) or {}


def _post(change: Change, deposit: Record) -> list[Posting]:
    """Into the bank what comes out of Undeposited Funds and out of the accounts of the lines."""
    bank = deposit["DepositToAccountRef"]["value"]
    found = [Posting(account=bank, amount=money(deposit["TotalAmt"]), part="money")]
    if _kept_back(deposit):
        account = deposit["CashBack"]["AccountRef"]["value"]
        found.append(Posting(account=account, amount=_kept_back(deposit), part="money"))
    return [*found, *(_posting(change, deposit, line) for line in deposit["Line"])]


def _posting(change: Change, deposit: Record, line: Record) -> Posting:
    amount = -money(line["Amount"])
    if line.get("LinkedTxn"):
        [link] = line["LinkedTxn"]
        taken = waiting(_record(change, link), link)
        # What its payment was worth; a rate that has changed since is gain or loss.
        source = f"{link['TxnType']}:{link['TxnId']}"
        return Posting(
            account=taken.account, amount=amount, part="money", name=taken.name, debt=source
        )
    detail = line[DETAIL]
    account = detail["AccountRef"]["value"]
    entity = detail.get("Entity")
    return Posting(
        account=account,
        amount=amount,
        part="entry",
        owed=(change.find("Account", account) or {}).get("AccountType") in DEBTS,
        name=f"{NAMES[entity['type']]}:{entity['value']}" if entity else "",
        klass=(detail.get("ClassRef") or {}).get("value", ""),
        department=(deposit.get("DepartmentRef") or {}).get("value", ""),
        memo=line.get("Description", ""),
    )


#: Which fields of a deposit can be asked for is not published in full [U].
_FILTERS = {"TxnDate": "day", "TotalAmt": "number", "DepositToAccountRef": "ref"}
DEPOSIT = Entity(
    name="Deposit",
    fields={
        **TRANSACTION,
        "DocNumber": text(21),
        "DepositToAccountRef": reference,
        "Line": DEPOSIT_LINES,
        "CashBack": obj(AccountRef=reference, Amount=number, Memo=text(4000)),
        "GlobalTaxCalculation": one_of("TaxExcluded", "TaxInclusive", "NotApplicable"),
        "TxnTaxDetail": read_only(TAX_DETAIL),
        "LinkedTxn": read_only(LINKED),
        **alike(read_only(number), "TotalAmt", "HomeTotalAmt"),
    },
    filters=_FILTERS,
    sequence=TRANSACTION_IDS,
    complete=_deposit,
    remove=_remove,
    post=_post,
    posting=True,
)
