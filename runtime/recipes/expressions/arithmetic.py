"""Exact arithmetic of expressions: decimal, in a context of its own, never binary fractions.

+ - * are exact as far as 40 digits reach, beyond which they are rounded half up like a division.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from runtime.recipes.expressions.values import Refused, as_number, described

#: Significant digits of every result. What a thread's own context says changes nothing.
DIGITS = 40
_OF_NUMBERS = "turn text into a number first, e.g. {{ amount | money }}"
_OF_TEXTS = (
    "write ~ to join texts, as in {{ a ~ ' ' ~ b }}; for a sum, {{ (a | money) + (b | money) }}"
)
_CONTEXT = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_UP,
    Emin=-999,
    Emax=999,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


def calculate(operator: str, left: object, right: object) -> Decimal | int:
    """`left operator right`; two whole numbers stay whole, except divided.

    Raises Refused unless both are numbers already: text is no number before `| money` or
    `| number` made it one.
    """
    for value in (left, right):
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            texts = operator == "+" and isinstance(left, str) and isinstance(right, str)
            sentence = f"cannot compute {described(left)} {operator} {described(right)}"
            raise Refused(sentence, _OF_TEXTS if texts else _OF_NUMBERS)
    first, second = as_number(left), as_number(right)
    if operator == "/" and not second:
        raise Refused("cannot divide by zero", "use {{ a / b if b else 0 }}")
    result = as_number(_OPERATIONS[operator](first, second))
    whole = operator != "/" and isinstance(left, int) and isinstance(right, int)
    return int(result) if whole else result


def rounded(value: Decimal, places: int) -> Decimal:
    """The number with so many decimals, halves away from zero, and no zero below zero."""
    found = value.quantize(Decimal((0, (1,), -places)), context=_CONTEXT)
    return found if found else found.copy_abs()


_OPERATIONS = {
    "+": _CONTEXT.add,
    "-": _CONTEXT.subtract,
    "*": _CONTEXT.multiply,
    "/": _CONTEXT.divide,
}
