"""A QuickBooks that costs next to nothing: an asyncio protocol that answers what one needs.

Run as `python -m tests.benchmarks.stub LAST_ID`; its first line on stdout is its port. It keeps
customers by e-mail address and notes when each payment arrived; a benchmark asks `GET /stats`.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
import time
from collections import Counter
from typing import Any
from urllib.parse import unquote

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_EMAIL = re.compile(r"PrimaryEmailAddr\s+(?:LIKE|=)\s+'%?([^'%]+)%?'", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(\w+)", re.IGNORECASE)

_INCOME = {"AccountType": "Income", "Active": True}
ACCOUNTS = [
    {"Id": "1", "Name": "Residential Cleaning", "FullyQualifiedName": "Residential Cleaning"}
    | _INCOME,
    {"Id": "2", "Name": "Plumbing Revenue", "FullyQualifiedName": "Plumbing Revenue"} | _INCOME,
    {
        "Id": "3",
        "Name": "Undeposited Funds",
        "FullyQualifiedName": "Undeposited Funds",
        "AccountType": "Other Current Asset",
        "AccountSubType": "UndepositedFunds",
        "Active": True,
    },
]
LISTS: dict[str, list[dict[str, Any]]] = {
    "account": ACCOUNTS,
    "term": [{"Id": "1", "Name": "Due on receipt", "DueDays": 0, "Type": "STANDARD"}],
    "paymentmethod": [{"Id": "1", "Name": "Credit Card"}, {"Id": "2", "Name": "Check"}],
}
PREFERENCES = {
    "Preferences": {
        "Id": "1",
        "SalesFormsPrefs": {"CustomTxnNumbers": True},
        "TaxPrefs": {"UsingSalesTax": False},
    }
}
_ENTITIES = {
    "customer": "Customer",
    "item": "Item",
    "invoice": "Invoice",
    "payment": "Payment",
}


class Company:
    """What the stub keeps."""

    def __init__(self, last: int) -> None:
        self.items: list[dict[str, Any]] = []
        #: The newest id; no id is ever given twice.
        self.last = last
        self.reset()

    def reset(self) -> None:
        """Forget what was counted, and the customers, who have other addresses next time."""
        self.customers: dict[str, dict[str, Any]] = {}
        self.calls: Counter[str] = Counter()
        #: When each payment arrived, by its reference, in seconds since 1970.
        self.payments: list[tuple[str, float]] = []
        self.keys: set[str] = set()
        self.repeated_keys = 0

    def answer(self, method: str, target: str, body: bytes) -> dict[str, Any]:
        """The answer to one request."""
        path, _, query = target.partition("?")
        if path == "/stats":
            return self.stats()
        if path == "/count":
            return {"payments": len(self.payments)}
        if path == "/reset":
            self.reset()
            return {}
        name = path.rsplit("/", 1)[-1]
        if name == "bearer":
            self.calls["token"] += 1
            return _tokens()
        if name == "query":
            return self._query(query)
        if name == "preferences":
            self.calls["preferences"] += 1
            return PREFERENCES
        return self._create(name, query, json.loads(body))

    def stats(self) -> dict[str, Any]:
        """Calls by kind, payments with their times, and whether any key came twice."""
        return {
            "calls": dict(self.calls),
            "payments": self.payments,
            "customers": len(self.customers),
            "repeated_keys": self.repeated_keys,
            "now": time.time(),
        }

    def _query(self, query: str) -> dict[str, Any]:
        statement = unquote(query.replace("+", " "))
        found = _FROM.search(statement)
        entity = found.group(1).lower() if found else ""
        self.calls[f"query {entity}"] += 1
        records = self._records(entity, statement)
        return {"QueryResponse": {entity.capitalize(): records} if records else {}}

    def _records(self, entity: str, statement: str) -> list[dict[str, Any]]:
        if entity == "customer":
            email = _EMAIL.search(statement)
            customer = self.customers.get(email.group(1).lower()) if email else None
            return [customer] if customer else []
        return self.items if entity == "item" else LISTS.get(entity, [])

    def _create(self, name: str, query: str, body: dict[str, Any]) -> dict[str, Any]:
        self.calls[f"create {name}"] += 1
        self._note_key(query)
        self.last += 1
        record = {**body, "Id": str(self.last), "SyncToken": "0", "Active": True}
        if name == "invoice":
            total = round(sum(float(line["Amount"]) for line in body["Line"]), 2)
            record |= {"TotalAmt": total, "Balance": total}
        elif name == "payment":
            self.payments.append((str(body.get("PaymentRefNum", "")), time.time()))
            record |= {"TotalAmt": body["TotalAmt"], "UnappliedAmt": 0}
        elif name == "customer":
            email = (body.get("PrimaryEmailAddr") or {}).get("Address", "")
            self.customers[email.lower()] = record | {"Balance": 0}
        elif name == "item":
            self.items.append(record)
        return {_ENTITIES[name]: record, "time": "2026-11-07T00:00:00.000-07:00"}

    def _note_key(self, query: str) -> None:
        key = query.partition("requestid=")[2].partition("&")[0]
        if key and key in self.keys:
            self.repeated_keys += 1
        self.keys.add(key)


def _tokens() -> dict[str, Any]:
    return {
        "access_token": "stub-access",
        "refresh_token": "stub-refresh",
        "token_type": "bearer",
        "expires_in": 3600,
        "x_refresh_token_expires_in": 8_640_000,
    }


class Protocol(asyncio.Protocol):
    """HTTP/1.1 with kept connections and pipelining, and nothing else."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that has arrived whole."""
        self._buffer += data
        answers = []
        while (request := self._next()) is not None:
            answers.append(_response(self._company.answer(*request)))
        if answers and self._transport is not None:
            self._transport.write(b"".join(answers))

    def _next(self) -> tuple[str, str, bytes] | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self._buffer[:end]
        found = _LENGTH.search(head)
        whole = end + 4 + (int(found.group(1)) if found else 0)
        if len(self._buffer) < whole:
            return None
        body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        return method, target, body


def _response(answer: dict[str, Any]) -> bytes:
    body = json.dumps(answer, separators=(",", ":")).encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + str(len(body)).encode()
        + b"\r\n\r\n"
        + body
    )


async def serve(last: int) -> None:
    """Answer until told to stop."""
    company = Company(last)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(lambda: Protocol(company), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
