"""A form as a PDF, as QuickBooks makes one for the customer; it says that it is practice."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

import pydyf

from connector.practice.shape import Record

_WIDTH, _HEIGHT, _MARGIN = 612, 792, 54
_TEXT, _BOLD, _DIGITS = "Text", "Bold", "Digits"
_FONTS = {_TEXT: "Helvetica", _BOLD: "Helvetica-Bold", _DIGITS: "Courier"}
#: Width of every Courier character for each point of its size.
_DIGIT_WIDTH = 0.6
_SIZE, _STEP = 10, 14
_ROWS_ON_A_PAGE = 36
_LETTERS = 58
#: Right edges of quantity, rate and amount.
_COLUMNS = (400, 475, _WIDTH - _MARGIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row of the table: text at the left, figures at the right edges of the columns."""

    text: str
    figures: tuple[str, str, str] = ("", "", "")
    font: str = _TEXT


def form(company: str, kind: str, record: Record) -> bytes:
    """The PDF of a form of this kind, such as `Invoice`: who, what, how much."""
    title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind)
    document = pydyf.PDF()
    fonts = pydyf.Dictionary()
    for name, base in _FONTS.items():
        fonts[name] = _font(document, base)
    rows = iter([*_lines(record), *_totals(record)])
    number = 1
    while page := list(islice(rows, _ROWS_ON_A_PAGE)):
        head = _head(company, title, record, number)
        _add_page(document, fonts, _page(head, page))
        number += 1
    document.info["Title"] = pydyf.String(f"{title} {record.get('DocNumber', '')}".strip())
    written = io.BytesIO()
    document.write(written)
    return written.getvalue()


def _font(document: pydyf.PDF, base: str) -> bytes:
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type1",
            "BaseFont": f"/{base}",
            "Encoding": "/WinAnsiEncoding",
        }
    )
    document.add_object(font)
    reference: bytes = font.reference
    return reference


def _head(company: str, title: str, record: Record, page: int) -> list[str]:
    address = record.get("BillAddr") or {}
    return [
        f"{title} {record.get('DocNumber', '')}".strip(),
        f"Practice company: this is not a real {title.lower()}.",
        "",
        f"From: {company}",
        f"To: {(record.get('CustomerRef') or record.get('VendorRef') or {}).get('name', '')}",
        *(address[f"Line{number}"] for number in range(1, 6) if address.get(f"Line{number}")),
        f"Date: {record.get('TxnDate', '')}",
        *([f"Due: {record['DueDate']}"] if record.get("DueDate") else []),
        f"Page: {page}",
    ]


def _lines(record: Record) -> Iterator[_Row]:
    yield _Row(text="Item", figures=("Quantity", "Rate", "Amount"), font=_BOLD)
    for line in record.get("Line", ()):
        kind = line.get("DetailType", "")
        detail = line.get(kind) or {}
        if kind == "SubTotalLineDetail":
            name = "Subtotal"
        else:
            name = (detail.get("ItemRef") or {}).get("name", "") or kind.removesuffix("LineDetail")
        told = " - ".join(part for part in (name, line.get("Description", "")) if part)
        first, *more = textwrap.wrap(told, _LETTERS) or [""]
        amounts = (line.get("Amount"), detail.get("UnitPrice"))
        amount, rate = (_money(one) if one is not None else "" for one in amounts)
        yield _Row(text=first, figures=(str(detail.get("Qty", "")), rate, amount))
        yield from (_Row(text=text) for text in more)


def _totals(record: Record) -> Iterator[_Row]:
    amounts = {"Tax": (record.get("TxnTaxDetail") or {}).get("TotalTax", 0)}
    amounts["Total"] = record.get("TotalAmt", 0)
    if "Balance" in record:
        amounts["Balance"] = record["Balance"]
    yield _Row(text="")
    for name, amount in amounts.items():
        yield _Row(text=name, figures=("", "", _money(amount)), font=_BOLD)


def _money(amount: object) -> str:
    return f"{Decimal(str(amount)):,.2f}"


def _page(head: list[str], rows: list[_Row]) -> pydyf.Stream:
    stream = pydyf.Stream()
    height = _HEIGHT - _MARGIN
    for index, text in enumerate(head):
        _write(stream, (_MARGIN, height), text, _TEXT if index else _BOLD)
        height -= _STEP
    for row in rows:
        height -= _STEP
        _write(stream, (_MARGIN, height), row.text, row.font)
        for edge, figure in zip(_COLUMNS, row.figures, strict=True):
            left = edge - len(figure) * _SIZE * _DIGIT_WIDTH
            _write(stream, (left, height), figure, _DIGITS)
    return stream


def _write(stream: pydyf.Stream, place: tuple[float, float], text: str, font: str) -> None:
    """Put text at a place; characters that the built-in fonts do not have become `?`."""
    if text:
        stream.begin_text()
        stream.set_font_size(font, _SIZE)
        stream.set_text_matrix(1, 0, 0, 1, *place)
        stream.stream.append(f"<{text.encode('cp1252', 'replace').hex()}> Tj".encode())
        stream.end_text()


def _add_page(document: pydyf.PDF, fonts: pydyf.Dictionary, stream: pydyf.Stream) -> None:
    document.add_object(stream)
    document.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": document.pages.reference,
                "MediaBox": pydyf.Array([0, 0, _WIDTH, _HEIGHT]),
                "Resources": pydyf.Dictionary({"Font": fonts}),
                "Contents": stream.reference,
            }
        )
    )
