"""What a record may look like, sent or answered: tables of fields, each with its kind.

A table says both what a client may send and what QuickBooks answers:

    "Name": name(100)                         text without a colon, at most 100 characters
    "Active": flag                            true or false
    "UnitPrice": number                       a number; also `whole`, `positive`
    "TxnDate": day                            YYYY-MM-DD; `moment` has a time and an offset
    "Type": one_of("STANDARD", "DATE_DRIVEN") a word of an enumeration
    "ParentRef": reference                    {value, name, type}
    "BillAddr": obj(City=text(255), …)        an object with these fields and no others
    "Line": many(obj(…))                      a list
    exclusive(obj(…), "A", "B")               an answer has one of these at most; `needing`: one
    "Balance": read_only(number)              filled by QuickBooks, at any depth
    **alike(flag, "Taxable", "Active")        several fields of one kind

`clean(body, fields)` checks a request and gives back what is to be stored: read-only values are
dropped, None means "clear this field" (null or blank text, as QuickBooks reads it; public clients
send "" for dates and words that are not set), and what a table does not name is refused with 2010.
`problems(fields, record)` tells what is wrong with an answer: there, numbers are JSON numbers,
flags are true or false, and nothing is null.
"""

from __future__ import annotations

from connector.practice.shape.kind import Fields, Kind, Record, alike, clean, problems, read_only
from connector.practice.shape.nested import (
    exclusive,
    many,
    needing,
    obj,
    reference,
    required,
    together,
)
from connector.practice.shape.plain import (
    CENT,
    addresses,
    check_length,
    day,
    flag,
    moment,
    money,
    name,
    number,
    one_of,
    positive,
    text,
    whole,
)

__all__ = [
    "CENT",
    "Fields",
    "Kind",
    "Record",
    "addresses",
    "alike",
    "check_length",
    "clean",
    "day",
    "exclusive",
    "flag",
    "many",
    "moment",
    "money",
    "name",
    "needing",
    "number",
    "obj",
    "one_of",
    "positive",
    "problems",
    "read_only",
    "reference",
    "required",
    "text",
    "together",
    "whole",
]
