"""The kinds of fields, one row for each way a value can be right or wrong."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from connector.practice import shape
from connector.practice.faults import Fault
from connector.practice.shape import Kind

_OBJECT = shape.obj(a=shape.text(3), b=shape.read_only(shape.number))


@pytest.mark.parametrize(
    ("kind", "value", "cleaned"),
    [
        (shape.flag, True, True),
        (shape.flag, "False", False),
        (shape.number, "12.50", Decimal("12.50")),
        (shape.number, -3, Decimal(-3)),
        (shape.whole, Decimal("3.0"), 3),
        (shape.whole, 0, 0),
        (shape.positive, 0, None),
        (shape.positive, "2", 2),
        (shape.day, "", None),
        (shape.flag, " ", None),
        (shape.one_of("A"), "", None),
        (shape.moment, "2026-02-28T10:00:00-07:00", "2026-02-28T10:00:00-07:00"),
        (shape.day, "2026-02-28", "2026-02-28"),
        (shape.day, "2026-02-28T10:00:00-07:00", "2026-02-28"),
        (shape.text(5), "abc", "abc"),
        (shape.text(5), 12, "12"),
        (shape.text(5), False, "false"),
        (shape.text(5), "  ", None),
        (shape.name(9), " Jo ", "Jo"),
        (shape.name(9), "", None),
        (shape.addresses(50), "", None),
        (shape.addresses(50), "a@b.example, c@d.example", "a@b.example, c@d.example"),
        (shape.reference, {"value": "7", "name": "dropped", "type": "x"}, {"value": "7"}),
        (shape.reference, {"value": 7}, {"value": "7"}),
        (shape.reference, {"name": "only"}, None),
        (_OBJECT, {"a": "x", "b": 1}, {"a": "x"}),
        (_OBJECT, {"a": None}, None),
        (shape.many(_OBJECT), [{"a": "x"}, {"a": ""}], [{"a": "x"}]),
        (shape.obj(a=shape.read_only(shape.flag), b=shape.flag), {"a": 7, "b": True}, {"b": True}),
    ],
)
def test_right_values(kind: Kind, value: Any, cleaned: Any) -> None:
    assert kind.clean(value, "F") == cleaned


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (shape.flag, 1, "2080"),
        (shape.number, True, "2060"),
        (shape.number, [], "2060"),
        (shape.number, "1,5", "2060"),
        (shape.number, "NaN", "2060"),
        (shape.number, Decimal(10) ** 15, "2060"),
        (shape.whole, Decimal("-1"), "2060"),
        (shape.whole, Decimal("1.5"), "2060"),
        (shape.whole, 2**31, "2060"),
        (shape.positive, -1, "2060"),
        (shape.day, "2026-02-30", "2070"),
        (shape.moment, "10 o'clock", "2070"),
        (shape.text(5), "abcdef", "2050"),
        (shape.text(5), {"value": "x"}, "2010"),
        (shape.name(9), "a:b", "2040"),
        (shape.addresses(50), "a@b", "2210"),
        (shape.one_of("A"), "B", "2170"),
        (shape.reference, "7", "2010"),
        (shape.reference, {"id": "7"}, "2010"),
        (_OBJECT, [], "2010"),
        (_OBJECT, {"c": 1}, "2010"),
        (shape.obj(a=shape.read_only(_OBJECT)), {"a": {"c": 1}}, "2010"),
        (shape.many(_OBJECT), {"a": "x"}, "2010"),
    ],
)
def test_wrong_values(kind: Kind, value: Any, code: str) -> None:
    with pytest.raises(Fault) as caught:
        kind.clean(value, "F")
    assert caught.value.code == code


def test_a_fault_names_the_place() -> None:
    fields = {"Line": shape.many(_OBJECT)}
    with pytest.raises(Fault) as caught:
        shape.clean({"Line": [{"a": "x"}, {"a": "long"}]}, fields)
    assert caught.value.element == "Line[1].a"


@pytest.mark.parametrize(
    ("value", "cents"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), (3, "3.00")]
)
def test_money_rounds_halves_away_from_zero(value: Any, cents: str) -> None:
    assert str(shape.money(value)) == cents


def test_too_many_digits_are_not_money() -> None:
    with pytest.raises(Fault):
        shape.money(Decimal(10) ** 30)


def test_a_number_with_an_exponent_is_answered_without(r1: Any, invoice: Any, line: Any) -> None:
    sent = invoice(line(20, Qty=2, UnitPrice=10))
    raw = json.dumps(sent).replace('"UnitPrice": 10', '"UnitPrice": 1E+1')
    headers = {"Content-Type": "application/json"}
    answer = r1.http.post(f"{r1.base}/invoice", data=raw, headers=headers, timeout=20)
    assert answer.status_code == 200
    assert re.search(r'"UnitPrice": ?10[,}]', answer.text)
