"""Tells what a write to QuickBooks would do: customer, lines, accounts, due date, total."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.base import Lookup, Record, Told, Write

_ZERO = Decimal("0.00")


def retell(write: Write, find: Lookup) -> Told:
    """The words and the plain data of a write; `find` knows names by id."""
    kind = write.document.kind if write.document else write.path
    return _KINDS.get(kind, _other)(write, find)


def name_of(record: Record) -> str:
    """What people call a record."""
    keys = ("FullyQualifiedName", "DisplayName", "Name", "name", "DocNumber", "number")
    return next((str(record[key]) for key in keys if record.get(key)), "")


def _other(write: Write, find: Lookup) -> Told:
    return Told(words=(f"Would {write.operation} {write.path}.",), details={})


def _customer(write: Write, find: Lookup) -> Told:
    body = write.body
    details = {
        "name": body["DisplayName"],
        "email": (body.get("PrimaryEmailAddr") or {}).get("Address", ""),
        "phone": (body.get("PrimaryPhone") or {}).get("FreeFormNumber", ""),
    }
    reach = ", ".join(value for value in (details["email"], details["phone"]) if value)
    known = f" ({reach})" if reach else ""
    because = write.why["because"]
    words = f'Customer "{details["name"]}"{known} would be created: {because}.'
    return Told(words=(words,), details={**details, "because": because})


def _item(write: Write, find: Lookup) -> Told:
    body = write.body
    account = body["IncomeAccountRef"].get("name", "")
    details = {"name": body["Name"], "type": body["Type"], "account": account}
    words = f'Item "{body["Name"]}" would be created, on the account "{account}".'
    return Told(words=(words,), details=details)


def _sale(write: Write, find: Lookup) -> Told:
    body = write.body
    lines = [*_lines(body["Line"], write.why.get("lines", ()), find)]
    details = {
        "number": body.get("DocNumber"),
        "date": body["TxnDate"],
        "customer": _reference(body, "CustomerRef", "Customer", find),
        "class": _reference(body, "ClassRef", "Class", find),
        "location": _reference(body, "DepartmentRef", "Department", find),
        "term": _reference(body, "SalesTermRef", "Term", find),
        "due_date": body.get("DueDate"),
        "due_because": write.why.get("due"),
        "lines": lines,
        **_totals(write, lines),
    }
    return Told(words=(*_sale_words(write, details),), details=details)


def _lines(
    lines: Sequence[Record], why: Sequence[Mapping[str, str]], find: Lookup
) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines):
        detail = line[line["DetailType"]]
        discount = line["DetailType"] == "DiscountLineDetail"
        item = None if discount else find("Item", detail["ItemRef"]["value"])
        decided = why[number] if number < len(why) else {}
        yield {
            "amount": -line["Amount"] if discount else line["Amount"],
            "description": "Discount" if discount else line.get("Description", ""),
            "item": None if discount else (name_of(item) if item else decided.get("item")),
            "account": _account(line, decided, item, find),
            "class": _reference(detail, "ClassRef", "Class", find),
            "taxable": (detail.get("TaxCodeRef") or {}).get("value") == "TAX",
            "because": decided.get("why"),
        }


def _account(
    line: Record, decided: Mapping[str, str], item: Record | None, find: Lookup
) -> str | None:
    if line["DetailType"] == "DiscountLineDetail":
        return _reference(line["DiscountLineDetail"], "DiscountAccountRef", "Account", find)
    if decided.get("income_account"):
        return decided["income_account"]
    named = _reference(item or {}, "IncomeAccountRef", "Account", find)
    return named or ((item or {}).get("IncomeAccountRef") or {}).get("name")


def _totals(write: Write, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The sums, exactly; the CRM's total counts what deposits paid, QuickBooks' does not."""
    tax = (write.body.get("TxnTaxDetail") or {}).get("TotalTax", _ZERO)
    deposits = -sum(
        (line["amount"] for line in lines if line["description"] == "Deposit applied"), _ZERO
    )
    total = sum((line["amount"] for line in lines), _ZERO) + tax
    check_total = total + deposits
    return {
        "tax": tax,
        "deposits_applied": deposits,
        "total": total,
        "check_total": check_total,
        "adds_up": total == Decimal(str(write.facts["total"])),
    }


def _sale_words(write: Write, details: Mapping[str, Any]) -> Iterator[str]:
    kind = write.document.kind.capitalize() if write.document else write.path
    number = f" {details['number']}" if details["number"] else ""
    tags = "".join(f", {tag} {details[tag]}" for tag in ("class", "location") if details.get(tag))
    yield f"{kind}{number} of {details['date']} for {details['customer']} would be created{tags}."
    yield from (_line_words(line) for line in details["lines"])
    if details["due_date"] or details["due_because"]:
        due = details["due_date"] or "as QuickBooks works it out"
        term = f', term "{details["term"]}"' if details["term"] else ""
        yield f"Due {due}{term}: {details['due_because']}."
    elif details["term"]:
        yield f'Term "{details["term"]}".'
    tax = f", tax {details['tax']}" if details["tax"] else ""
    if details["deposits_applied"]:
        yield (
            f"Total {details['check_total']}{tax}, of which deposits paid "
            f"{details['deposits_applied']}: {details['total']} is still due."
        )
    else:
        yield f"Total {details['total']}{tax}."
    yield "It adds up to the CRM's total." if details["adds_up"] else "It does not add up."


def _line_words(line: Mapping[str, Any]) -> str:
    where = " on ".join(f'"{line[key]}"' for key in ("item", "account") if line[key])
    klass = f", class {line['class']}" if line["class"] else ""
    taxed = ", taxed" if line["taxable"] else ""
    because = f": {line['because']}" if line["because"] else ""
    text = f" {line['description']}" if line["description"] else ""
    return f"Line {line['amount']}{text} goes to {where}{klass}{taxed}{because}."


def _payment(write: Write, find: Lookup) -> Told:
    body = write.body
    invoice = body["Line"][0]["LinkedTxn"][0]["TxnId"]
    standing = find("Invoice", invoice)
    details = {
        "amount": body["TotalAmt"],
        "date": body["TxnDate"],
        "customer": _reference(body, "CustomerRef", "Customer", find),
        "invoice": (name_of(standing) if standing else "") or invoice,
        "deposit_to": _reference(body, "DepositToAccountRef", "Account", find),
        "method": _reference(body, "PaymentMethodRef", "PaymentMethod", find),
        "reference": body.get("PaymentRefNum"),
    }
    into = f' into "{details["deposit_to"]}"' if details["deposit_to"] else ""
    by = f', method "{details["method"]}"' if details["method"] else ""
    known = f", reference {details['reference']}" if details["reference"] else ""
    words = (
        f"Payment of {details['amount']} on {details['date']} for invoice {details['invoice']} "
        f"would be recorded{into}{by}{known}."
    )
    return Told(words=(words,), details=details)


def _reference(body: Mapping[str, Any], field: str, entity: str, find: Lookup) -> str | None:
    """The name of what a reference names; its id where the name is not known."""
    identity = (body.get(field) or {}).get("value")
    if not identity:
        return None
    record = find(entity, str(identity))
    return (name_of(record) if record else "") or str(identity)


_KINDS: Mapping[str, Callable[[Write, Lookup], Told]] = {
    "customer": _customer,
    "item": _item,
    "invoice": _sale,
    "estimate": _sale,
    "payment": _payment,
}
