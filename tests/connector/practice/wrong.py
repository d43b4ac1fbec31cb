"""What a row of the tables of faults is, and what may stand in the books before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

#: Kinds of faults.
VALIDATION, SYSTEM = "ValidationFault", "SystemFault"
AUTHENTICATION, AUTHORIZATION = "AuthenticationFault", "AuthorizationFault"
DANA = {"value": "10"}


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One wrong use and the fault it gets; `{invoice}` in path or body is the id of one `given`."""

    use: str
    code: str
    #: A piece of the detail.
    says: str
    path: str
    body: Any = None
    method: str = "POST"
    params: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str | None] = field(default_factory=dict)
    status: int = 400
    type: str = VALIDATION
    #: The gateway's lower-case shape, not the service's.
    gateway: bool = False
    given: tuple[str, ...] = ()
    switches: dict[str, Any] = field(default_factory=dict)
    prefer: dict[str, Any] = field(default_factory=dict)


def line(amount: Any = 100, item: str = "1", **detail: Any) -> dict[str, Any]:
    """A line of a sales form."""
    inner = {"ItemRef": {"value": item}, **detail}
    return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": inner}


def sale(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A sales form for Dana."""
    return {"CustomerRef": DANA, "Line": list(lines) or [line()], **fields}


def pays(kind: str, identity: str, amount: Any = 100, **fields: Any) -> dict[str, Any]:
    """A payment of 100 by Dana with one line."""
    links = [{"TxnId": identity, "TxnType": kind}]
    return {
        "CustomerRef": DANA,
        "TotalAmt": 100,
        "Line": [{"Amount": amount, "LinkedTxn": links}],
        **fields,
    }


def known(kind: str, token: str = "0", **fields: Any) -> dict[str, Any]:
    """The id and SyncToken of a record that is given, in a sparse body."""
    return {"Id": f"{{{kind}}}", "SyncToken": token, "sparse": True, **fields}


_TAKEN = [{"TxnId": "{payment}", "TxnType": "Payment", "TxnLineId": "0"}]
#: Money that QuickBooks Payments has paid out; only QuickBooks itself says so.
_SETTLED = {
    "Id": "900",
    "CustomerRef": DANA,
    "TotalAmt": 5,
    "CreditCardPayment": {"CreditChargeResponse": {"Status": "Completed"}},
}
#: Records by name: path and body. They are made in the order in which a row names them.
GIVEN: dict[str, tuple[str, dict[str, Any]]] = {
    "customer": ("customer", {"DisplayName": "Ira Wells"}),
    "other": ("customer", {"DisplayName": "Ben Ortiz"}),
    "invoice": ("invoice", sale(DocNumber="A-1")),
    "taxed": ("invoice", sale(line(TaxCodeRef={"value": "TAX"}))),
    "estimate": ("estimate", sale()),
    "receipt": ("salesreceipt", sale(DocNumber="A-1")),
    "refund": ("refundreceipt", sale(DepositToAccountRef={"value": "92"})),
    "memo": ("creditmemo", sale()),
    "payment": ("payment", pays("Invoice", "{invoice}")),
    "unapplied": ("payment", {"CustomerRef": DANA, "TotalAmt": 100}),
    "deposit": (
        "deposit",
        {
            "DepositToAccountRef": {"value": "92"},
            "Line": [{"Amount": 100, "LinkedTxn": _TAKEN}],
        },
    ),
    "class": ("class", {"Name": "North"}),
    "vendor": ("vendor", {"DisplayName": "Acme Pipes"}),
}


def filled(value: Any, ids: dict[str, str]) -> Any:
    """A path or body with the ids in the places of names."""
    if isinstance(value, str):
        for name, identity in ids.items():
            value = value.replace(f"{{{name}}}", identity)
        return value
    if isinstance(value, dict):
        return {key: filled(below, ids) for key, below in value.items()}
    return [filled(below, ids) for below in value] if isinstance(value, list) else value


#: What else may have happened before.
_DONE = {
    "read": lambda client: client.read("customer/10"),
    "requestid": lambda client: client.ok("class", {"Name": "Once"}, requestid="used"),
    "settled": lambda client: client.control(
        "records", {"realm": client.realm, "entity": "Payment", "record": _SETTLED}
    ),
    "deactivated item": lambda client: client.ok(
        "item", {"Id": "2", "SyncToken": "0", "sparse": True, "Active": False}
    ),
}


def prepared(client: Any, row: Wrong) -> dict[str, str]:
    """What a row relies on, made in the books; ids by name."""
    ids: dict[str, str] = {}
    for name in row.given:
        if name in _DONE:
            _DONE[name](client)
            continue
        path, body = GIVEN[name]
        ids[name] = client.ok(path, filled(body, ids))["Id"]
    if row.prefer:
        client.prefer(**row.prefer)
    if row.switches:
        client.control("switches", row.switches)
    return ids


def sent(client: Any, row: Wrong, ids: dict[str, str]) -> requests.Response:
    """The answer to the wrong use."""
    path = filled(row.path, ids)
    url = f"{client.running.api}{path}" if path.startswith("/") else f"{client.base}/{path}"
    body = filled(row.body, ids)
    raw = isinstance(body, bytes) or body is None
    options: dict[str, Any] = {"data": body} if raw else {"json": body}
    return client.http.request(
        row.method, url, params=row.params, headers=row.headers, timeout=20, **options
    )


def standing(client: Any) -> Any:
    """All that a refused use must not change: records, preferences, balances, the ledger."""
    books = client.running.state.companies[client.realm]
    ledger = books.store.run("SELECT * FROM posting ORDER BY rowid")
    return client.books(), ledger, books.store.run("SELECT * FROM deleted")
