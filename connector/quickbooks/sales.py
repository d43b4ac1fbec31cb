"""Turns a CRM's lines, discounts, tips and tax into the lines of a sales document, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connector.base import Books
from connector.errors import Hold
from connector.quickbooks.items import Booking, booking_of, item_on_account
from connector.quickbooks.lookups import Part, preference, set_account, switched_off
from connector.quickbooks.tags import header_tags, line_tags

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
_NOTE, _MEMO, _DESCRIPTION = 4000, 1000, 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """The lines of a document and what they must come to."""

    lines: tuple[Mapping[str, Any], ...]
    #: TxnTaxDetail, where tax was collected.
    tax_detail: Mapping[str, Any] = field(default_factory=dict)
    #: QuickBooks' TotalAmt when all is right: the CRM's total less deposits applied.
    total: Decimal
    #: Class and location of the whole, as references.
    tags: Mapping[str, Any] = field(default_factory=dict)
    #: Item, income account and what decided them, line by line; for people.
    why: tuple[Mapping[str, str], ...] = ()


def sale_of(fields: Mapping[str, Any], books: Books) -> Part[Sale]:
    """The sale that `fields` describe.

    Raises Hold when the parts do not add up to `check_total`, or where something cannot be booked.
    """
    yield from check_currency(books)
    check_arithmetic(fields)
    bookings: list[Booking] = []
    for line in fields["lines"]:
        booking = yield from booking_of(line, books)
        bookings.append(booking)
    pairs = zip(fields["lines"], bookings, strict=True)
    lines = [*(_line(line, booking, books) for line, booking in pairs)]
    extra = yield from _extra_lines(fields, books)
    lines += extra
    tax_detail = yield from _tax_detail(
        fields.get("tax") or ZERO, any(booking.taxable for booking in bookings)
    )
    tagged = yield from line_tags(lines, fields, bookings)
    tags = yield from header_tags(fields, bookings)
    return Sale(
        lines=tagged,
        tax_detail=tax_detail,
        total=fields["check_total"] - deposits_of(fields),
        tags=tags,
        why=tuple(
            {"item": each.label, "income_account": each.account, "why": each.why}
            for each in bookings
        ),
    )


def _extra_lines(fields: Mapping[str, Any], books: Books) -> Part[list[dict[str, Any]]]:
    """The lines that the CRM's document does not have as such: discount, tip, deposits applied."""
    lines: list[dict[str, Any]] = []
    discount = discounts_of(fields)
    if discount:
        lines.append((yield from _discount_line(discount, books)))
    if fields.get("tip"):
        item = yield from item_on_account("tips", "Tip", "The customer gave a tip", books)
        lines.append(_plain_line(item, fields["tip"], "Tip"))
    deposits = deposits_of(fields)
    if deposits:
        item = yield from item_on_account(
            "deposits", "Customer Deposit", "A deposit was taken before", books
        )
        lines.append(_plain_line(item, -deposits, "Deposit applied"))
    return lines


def check_currency(books: Books) -> Part[None]:
    """Hold money in another currency than the company's: no rate is ever guessed."""
    if not books.origin.currency:
        return
    home = (yield from preference("CurrencyPrefs.HomeCurrency.value")) or "USD"
    if books.origin.currency != home:
        raise Hold(
            "currency",
            f"The money is in {books.origin.currency}, but {books.name} keeps its books in {home}. "
            "Nothing was booked.",
            fix="Book it in QuickBooks by hand at the right rate, then skip this one.",
        )


def check_arithmetic(fields: Mapping[str, Any]) -> None:
    """Hold what does not add up: lines - discounts + tax + tip must be the CRM's total."""
    for number, line in enumerate(fields["lines"], start=1):
        _check_line(number, line)
    amounts = sum((line["amount"] for line in fields["lines"]), ZERO)
    parts = {
        "lines": amounts,
        "discounts": -discounts_of(fields),
        "tax": fields.get("tax") or ZERO,
        "tip": fields.get("tip") or ZERO,
    }
    total = sum(parts.values(), ZERO)
    if total != fields["check_total"]:
        listed = ", ".join(f"{name} {value}" for name, value in parts.items() if value)
        raise Hold(
            "totals-differ",
            f"The parts come to {total} ({listed}) but the CRM's total is "
            f"{fields['check_total']}. Nothing was booked.",
            fix="Correct the document in the CRM and send it again, or correct the recipe's "
            "fields; then release.",
        )
    if discounts_of(fields) > amounts:
        raise Hold(
            "totals-differ",
            f"The discounts ({discounts_of(fields)}) are more than the lines ({amounts}). "
            "Nothing was booked.",
            fix="Correct the discount in the CRM, then release.",
        )


def discounts_of(fields: Mapping[str, Any]) -> Decimal:
    """All discounts of a document: those of its lines and that of the whole."""
    of_lines = sum((line.get("discount") or ZERO for line in fields["lines"]), ZERO)
    return of_lines + (fields.get("discount") or ZERO)


def deposits_of(fields: Mapping[str, Any]) -> Decimal:
    """What deposits taken before pay of this document."""
    applied = fields.get("deposits_applied") or ()
    return sum((deposit["amount"] for deposit in applied), ZERO)


def document_number(number: str | None) -> Part[str | None]:
    """DocNumber for the CRM's number; None where the company lets QuickBooks number."""
    custom = yield from preference("SalesFormsPrefs.CustomTxnNumbers")
    if not number or custom is False:
        return None
    return number[-21:]


def note_of(text: str | None, books: Books) -> str:
    """PrivateNote: the recipe's text and the source event, which makes the record findable."""
    origin = books.origin
    source = f"Bookrelay: {origin.type} {origin.identity} from {origin.connection}"
    return f"{text}; {source}"[-_NOTE:] if text else source


def header(fields: Mapping[str, Any], sale: Sale, books: Books) -> dict[str, Any]:
    """What every sales document has. Never e-mailed, printed or offered for online payment."""
    body: dict[str, Any] = {
        "CustomerRef": {"value": fields["customer"]},
        "TxnDate": fields["date"].isoformat(),
        "PrivateNote": note_of(fields.get("private_note"), books),
        "Line": list(sale.lines),
        **sale.tags,
    }
    if sale.tax_detail:
        body["TxnTaxDetail"] = sale.tax_detail
    if fields.get("message_to_customer"):
        body["CustomerMemo"] = {"value": fields["message_to_customer"][:_MEMO]}
    if fields.get("service_address"):
        body["ShipAddr"] = address(fields["service_address"])
    return body


def address(given: Mapping[str, Any]) -> dict[str, str]:
    """A postal address in QuickBooks' names."""
    names = {
        "line1": ("Line1", 500),
        "line2": ("Line2", 500),
        "city": ("City", 255),
        "region": ("CountrySubDivisionCode", 255),
        "postal_code": ("PostalCode", 30),
        "country": ("Country", 255),
    }
    return {
        name: str(given[key]).strip()[:longest]
        for key, (name, longest) in names.items()
        if given.get(key) and str(given[key]).strip()
    }


def _check_line(number: int, line: Mapping[str, Any]) -> None:
    quantity, price = line.get("quantity"), line.get("unit_price")
    if quantity is None or price is None:
        return
    product = (quantity * price).quantize(CENT, ROUND_HALF_UP)
    if product != line["amount"]:
        raise Hold(
            "totals-differ",
            f"Line {number} says {quantity} x {price}, which is {product}, but its amount is "
            f"{line['amount']}. Nothing was booked.",
            fix="Correct the line in the CRM and send it again, then release.",
        )


def _line(line: Mapping[str, Any], booking: Booking, books: Books) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "ItemRef": {"value": booking.item},
        "TaxCodeRef": {"value": "TAX" if booking.taxable else "NON"},
    }
    if line.get("quantity") is not None and line.get("unit_price") is not None:
        detail |= {"Qty": line["quantity"], "UnitPrice": line["unit_price"]}
    full = line.get("description") or line.get("name") or booking.label
    text = booking.label if books.rules.get("line_text") == "category_only" else full
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": line["amount"],
        "Description": text[:_DESCRIPTION],
        "SalesItemLineDetail": detail,
    }


def _plain_line(item: str, amount: Decimal, text: str) -> dict[str, Any]:
    detail = {
        "ItemRef": {"value": item},
        "Qty": 1,
        "UnitPrice": amount,
        "TaxCodeRef": {"value": "NON"},
    }
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": amount,
        "Description": text,
        "SalesItemLineDetail": detail,
    }


def _discount_line(discount: Decimal, books: Books) -> Part[dict[str, Any]]:
    found = yield from set_account(books.accounts, "discounts", "A discount was given")
    return {
        "DetailType": "DiscountLineDetail",
        "Amount": discount,
        "DiscountLineDetail": {
            "PercentBased": False,
            "DiscountAccountRef": {"value": str(found["Id"])},
        },
    }


def _tax_detail(tax: Decimal, taxable: bool) -> Part[dict[str, Any]]:
    """The tax as it was collected, to override what QuickBooks would compute."""
    if not tax and not taxable:
        return {}
    if tax and not taxable:
        raise Hold(
            "tax-off",
            f"The CRM collected {tax} of tax, but no line is taxable by the CRM or the account "
            "mapping. Nothing was booked.",
            fix="Say `taxable: true` in the account mapping row of what is taxed, then release.",
        )
    if tax and (yield from switched_off("TaxPrefs.UsingSalesTax")):
        raise Hold(
            "tax-off",
            f"The CRM collected {tax} of tax, but sales tax is switched off in QuickBooks. "
            "Nothing was booked.",
            fix="Switch sales tax on in QuickBooks (Taxes), then release.",
        )
    code = yield from preference("TaxPrefs.TaxGroupCodeRef.value")
    detail: dict[str, Any] = {"TotalTax": tax}
    if code:
        detail["TxnTaxCodeRef"] = {"value": str(code)}
    return detail
