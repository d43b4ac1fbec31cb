"""How long each text may be and which characters a name may have: limits of the entity pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.wrong import line, sale

_PHONES = ("PrimaryPhone", "AlternatePhone", "Mobile", "Fax")
_LINES = tuple(f"Line{number}" for number in range(1, 6))
_ADDRESS = {
    **dict.fromkeys(_LINES, 500),
    **dict.fromkeys(("City", "Country", "CountrySubDivisionCode"), 255),
    "PostalCode": 30,
}
_PERSON = {
    "DisplayName": 500,
    **dict.fromkeys(("Title", "Suffix"), 16),
    **dict.fromkeys(("GivenName", "MiddleName", "FamilyName"), 100),
    "PrintOnCheckName": 110,
    "PrimaryEmailAddr.Address": 100,
}
_COMPANY = {
    "CompanyName": 100,
    **{f"{phone}.FreeFormNumber": 30 for phone in _PHONES},
    "WebAddr.URI": 1000,
}
_FORM = {
    "DocNumber": 21,
    "PrivateNote": 4000,
    "CustomerMemo.value": 1000,
    "BillEmail.Address": 100,
    "Line[0].Description": 4000,
    "ShipAddr.Line1": 500,
}
_COPIES = {"BillEmailCc.Address": 200, "BillEmailBcc.Address": 200}
#: Entity: path, body without the field, and the longest text of each field.
LIMITS: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "customer": (
        {"DisplayName": "Ira"},
        {
            **_PERSON,
            **_COMPANY,
            "Notes": 2000,
            "ResaleNum": 16,
            **{f"BillAddr.{field}": limit for field, limit in _ADDRESS.items()},
            **{f"ShipAddr.{field}": limit for field, limit in _ADDRESS.items()},
        },
    ),
    "vendor": ({"DisplayName": "Acme"}, {**_PERSON, **_COMPANY, "BillAddr.City": 255}),
    "employee": ({"GivenName": "Ira", "FamilyName": "Wells"}, _PERSON),
    "item": (
        {"Name": "Cleaning", "Type": "Service", "IncomeAccountRef": {"value": "82"}},
        {"Name": 100, "Sku": 100, "Description": 4000, "PurchaseDesc": 1000},
    ),
    "account": ({"Name": "Tips", "AccountType": "Income"}, {"Name": 100}),
    "invoice": (sale(), {**_FORM, **_COPIES}),
    "estimate": (sale(), {**_FORM, **_COPIES}),
    "salesreceipt": (sale(), {**_FORM, "PaymentRefNum": 21}),
    "creditmemo": (sale(), _FORM),
    "refundreceipt": (
        sale(DepositToAccountRef={"value": "92"}, PrintStatus="NotSet"),
        {**_FORM, "PaymentRefNum": 100},
    ),
    "payment": (
        {"CustomerRef": {"value": "10"}, "TotalAmt": 5},
        {"PaymentRefNum": 21, "PrivateNote": 4000},
    ),
    "term": ({"Name": "Net 9", "DueDays": 9}, {"Name": 31}),
    "paymentmethod": ({"Name": "Wire"}, {"Name": 31}),
    "class": ({"Name": "North"}, {"Name": 100}),
    "department": ({"Name": "Boise"}, {"Name": 100}),
    "attachable": ({"Note": "x"}, {"Note": 2000, "FileName": 1000}),
}
ROWS = [
    (path, field, most) for path, (_, fields) in LIMITS.items() for field, most in fields.items()
]


def _text(field: str, length: int) -> str:
    """A text of this length that is otherwise right."""
    return "a" * (length - 7) + "@b.test" if field.endswith("Address") else "x" * length


def _with(body: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    """The body with a field of it, or within it, set."""
    if field.startswith("Line[0]."):
        return {**body, "Line": [{**line(), field.partition(".")[2]: value}]}
    head, _, rest = field.partition(".")
    return {**body, head: {rest: value} if rest else value}


def _read(record: dict[str, Any], field: str) -> Any:
    if field.startswith("Line[0]."):
        return record["Line"][0][field.partition(".")[2]]
    head, _, rest = field.partition(".")
    return record[head][rest] if rest else record[head]


@pytest.mark.parametrize(("path", "field", "most"), ROWS)
def test_a_text_may_be_so_long_and_no_longer(r1: Any, path: str, field: str, most: int) -> None:
    body = LIMITS[path][0]
    too_long = _with(body, field, _text(field, most + 1))
    told = r1.fault(path, too_long)
    said = f"Min:0 Max:{most:,} supported. Supplied length:{most + 1:,}"
    assert (told["code"], told["Detail"], told["element"]) == ("2050", said, field)
    made = r1.ok(path, _with(body, field, _text(field, most)))
    assert _read(r1.read(f"{path}/{made['Id']}"), field) == _text(field, most)


def test_the_lines_of_an_address_have_a_limit_together(r1: Any) -> None:
    lines = dict.fromkeys(_LINES, "x" * 400)
    r1.ok("customer", {"DisplayName": "Ira", "BillAddr": lines})
    for field in ("BillAddr", "ShipAddr"):
        told = r1.fault("customer", {"DisplayName": "Ben", field: {**lines, "Line5": "x" * 401}})
        said = "Min:0 Max:2,000 supported. Supplied length:2,001"
        assert (told["code"], told["Detail"], told["element"]) == ("2050", said, field)


_NAMES = ("DisplayName", "GivenName", "MiddleName", "FamilyName", "Title", "Suffix")
_BREAKS = (":", "\t", "\n", "\r")
FORBIDDEN = {
    "customer": ((*_NAMES, "PrintOnCheckName"), _BREAKS),
    "vendor": ((*_NAMES, "PrintOnCheckName"), _BREAKS),
    "employee": ((*_NAMES, "PrintOnCheckName"), _BREAKS),
    "item": (("Name",), _BREAKS),
    "account": (("Name",), (*_BREAKS, '"')),
    "class": (("Name",), _BREAKS),
    "department": (("Name",), _BREAKS),
}


@pytest.mark.parametrize("path", FORBIDDEN)
def test_some_characters_are_not_for_names(r1: Any, path: str) -> None:
    fields, characters = FORBIDDEN[path]
    for field in fields:
        for character in characters:
            value = f"A{character}B"
            told = r1.fault(path, {**LIMITS[path][0], field: value})
            said = f"Element contains invalid characters. {value}"
            assert (told["code"], told["Detail"], told["element"]) == ("2040", said, field)


@pytest.mark.parametrize(
    "name",
    [
        "O'Neil & Sons",
        "Jos\u00e9 Nu\u00f1ez",
        "\u65e5\u672c",
        'The "Best"',
        "50% (a/b)",
        "\U0001f600",
    ],
)
def test_all_other_characters_come_back_as_they_were(r1: Any, name: str) -> None:
    made = r1.ok("customer", {"DisplayName": f"  {name} "})
    assert r1.read(f"customer/{made['Id']}")["DisplayName"] == name
    escaped = name.replace("'", "\\'")
    found = r1.query(f"select Id from Customer where DisplayName = '{escaped}'")["Customer"]
    assert [one["Id"] for one in found] == [made["Id"]]


@pytest.mark.parametrize(
    ("lines", "code", "refused"),
    [(10_000, "NON", False), (10_001, "NON", True), (750, "TAX", False), (751, "TAX", True)],
)
def test_a_form_has_so_many_lines(
    r1: Any, invoice: Any, line: Any, lines: int, code: str, refused: bool
) -> None:
    made = r1.post("invoice", invoice(*[line(1, code=code)] * lines))
    assert made.status_code == (400 if refused else 200)
    assert not refused or made.json()["Fault"]["Error"][0]["code"] == "6000"


@pytest.mark.parametrize("path", ["invoice", "estimate", "salesreceipt"])
def test_the_old_word_for_the_next_number(r1: Any, invoice: Any, path: str) -> None:
    first = r1.ok(path, invoice(DocNumber="AUTO_GENERATE"))["DocNumber"]
    second = r1.ok(path, invoice(AutoDocNumber=True))["DocNumber"]
    assert int(second) == int(first) + 1


def test_elsewhere_it_is_a_number_like_any(r1: Any, invoice: Any) -> None:
    assert r1.ok("creditmemo", invoice(DocNumber="AUTO_GENERATE"))["DocNumber"] == "AUTO_GENERATE"
