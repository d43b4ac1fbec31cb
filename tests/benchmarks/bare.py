"""Contestant (a): a bare loop of requests.Session on 8 threads that makes the same calls.

Run as `python -m tests.benchmarks.bare API TAG COUNT`; prints when it began and ended.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from tests.benchmarks.workload import Sale, sales

_HEADERS = {"Authorization": "Bearer stub-access", "Accept": "application/json"}
_local = threading.local()


class Bare:
    """The calls of one paid invoice: 4 for a new customer, 2 for a known one."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._known: dict[int, str] = {}

    def book(self, sale: Sale) -> None:
        """Customer where not known, invoice, payment."""
        customer = self._known.get(sale.customer) or self._customer(sale)
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": float(sale.amount),
            "Description": "Post-construction clean",
            "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "NON"}},
        }
        reference = {"CustomerRef": {"value": customer}}
        invoice = self._post("invoice", {**reference, "DocNumber": sale.reference, "Line": [line]})
        paid = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
        payment = {
            **reference,
            "TotalAmt": float(sale.amount),
            "PaymentRefNum": sale.reference,
            "Line": [{"Amount": float(sale.amount), "LinkedTxn": [paid]}],
        }
        self._post("payment", payment)

    def _customer(self, sale: Sale) -> str:
        query = f"select * from Customer where PrimaryEmailAddr LIKE '%{sale.email}%'"
        answer = _session().get(f"{self._api}/query", params={"query": query})
        found = answer.json()["QueryResponse"].get("Customer")
        body = {"DisplayName": sale.name, "PrimaryEmailAddr": {"Address": sale.email}}
        customer = str(found[0]["Id"] if found else self._post("customer", body)["Id"])
        self._known[sale.customer] = customer
        return customer

    def _post(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = _session().post(f"{self._api}/{kind}", json=body).json()
        return dict(made[kind.capitalize()])


def _session() -> requests.Session:
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.headers.update(_HEADERS)
    session: requests.Session = _local.session
    return session


def main(api: str, tag: str, count: int) -> None:
    """Book a round."""
    bare, given = Bare(api), sales(count, tag)
    began = time.time()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bare.book, given))
    used = time.process_time()
    print(json.dumps({"began": began, "ended": time.time(), "cpu_ms": used * 1000 / count}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
