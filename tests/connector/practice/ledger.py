"""Sums over the ledger of a practice company, on either basis, as reports will take them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

ACCRUAL, CASH = 1, 2


def sums(client: Any, basis: int) -> dict[str, Decimal]:
    """Debits less credits of each account that is not even, on one basis."""
    store = client.running.state.companies[client.realm].store
    rows = store.run(
        "SELECT account, sum(amount) FROM posting WHERE basis IN (0, ?) GROUP BY account", (basis,)
    )
    return {account: Decimal(cents) / 100 for account, cents in rows if cents}


def both(client: Any) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """(accrual, cash), as in `sums`."""
    return sums(client, ACCRUAL), sums(client, CASH)
