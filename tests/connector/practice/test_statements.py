"""The grammar of QuickBooks' query language: what is read from a statement, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.practice.faults import Fault
from connector.practice.query.statement import Condition, Statement, Value, parse
from tests.connector.practice.statements import printed, statements

CURLY = "\u2018\u2019\u201c\u201d\u2013\u2014"


def test_a_statement_in_all_its_parts() -> None:
    text = (
        "select * from Invoice where TxnDate >= '2026-11-01' AND Id in ('1', 2) "
        "order by TxnDate desc, Id startposition 11 maxresults 10"
    )
    assert parse(text) == Statement(
        entity="Invoice",
        conditions=(
            Condition(field="TxnDate", operator=">=", values=(Value("2026-11-01"),)),
            Condition(field="Id", operator="IN", values=(Value("1"), Value("2", bare=True))),
        ),
        order=(("TxnDate", True), ("Id", False)),
        start=11,
        rows=10,
    )


@pytest.mark.parametrize(
    ("text", "columns", "everything"),
    [
        ("select * from Item", (), True),
        ("SELECT *, Sku FROM Item", ("Sku",), True),
        ("Select Id,DocNumber From Item", ("Id", "DocNumber"), False),
        ("select MetaData.CreateTime from Item", ("MetaData.CreateTime",), False),
        ("select count(*) from Item", (), True),
        ("select COUNT ( * ) from Item", (), True),
    ],
)
def test_what_is_wanted(text: str, columns: tuple[str, ...], everything: bool) -> None:
    read = parse(text)
    assert (read.entity, read.columns, read.everything) == ("Item", columns, everything)
    assert read.count == ("count" in text.lower())


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'a'", Value("a")),
        ("''", Value("")),
        ("' '", Value(" ")),
        (r"'O\'Neil'", Value("O'Neil")),
        (r"'a\\b\%\n'", Value(r"a\b%n")),
        ("'two\nlines'", Value("two\nlines")),
        ("'Jos\u00e9'", Value("Jos\u00e9")),
        ("5", Value("5", bare=True)),
        ("-5.50", Value("-5.50", bare=True)),
        ("+5", Value("+5", bare=True)),
        ("True", Value("True", bare=True)),
        ("current_date", Value("current_date", bare=True)),
        ("'CURRENT_DATE'", Value("CURRENT_DATE")),
    ],
)
def test_values(written: str, value: Value) -> None:
    for text in (f"select * from X where A={written}", f"select * from X where A IN ({written})"):
        assert parse(text).conditions[0].values == (value,)


@pytest.mark.parametrize(
    ("rest", "met"),
    [
        # What the language does not have.
        ("where Job = true join Item", '<IDENTIFIER> "join'),
        ("where not Job = true", '<IDENTIFIER> "Job'),
        ("where Id between 1 and 2", '<IDENTIFIER> "between'),
        ("where Id is null", '<IDENTIFIER> "is'),
        ("where Id not in ('1')", '<IDENTIFIER> "not'),
        ("group by Job", '<IDENTIFIER> "group'),
        ("where Job = true group by Job", '<IDENTIFIER> "group'),
        ("having Job = true", '<IDENTIFIER> "having'),
        ("limit 5", '<IDENTIFIER> "limit'),
        ("c where c.Job = true", '<IDENTIFIER> "c'),
        (", Item", '"," ",'),
        ("where (Job = true)", '"(" "('),
        ("where Job = (true)", '"(" "('),
        ("where Id = null", '<IDENTIFIER> "null'),
        ("where Id = x", '<IDENTIFIER> "x'),
        ("where Id = Id", '<IDENTIFIER> "Id'),
        ("where Job = true and", "<EOF>"),
        ("where", "<EOF>"),
        ("where Id", "<EOF>"),
        ("where Id =", "<EOF>"),
        ("where Id in", "<EOF>"),
        ("where Id in '1'", '<STRING> "1'),
        ("where Id in ()", '")" ")'),
        ("where Id in ('1' '2')", '<STRING> "2'),
        ("where Id in ('1',)", '")" ")'),
        ("where 'Id' = 1", '<STRING> "Id'),
        ("where Id = 1 Job = 2", '<IDENTIFIER> "Job'),
        # Wrong order and wrong numbers.
        ("order DisplayName", '<IDENTIFIER> "DisplayName'),
        ("orderby", "<EOF>"),
        ("orderby Id up", '<IDENTIFIER> "up'),
        ("orderby Id,", "<EOF>"),
        ("orderby Id where Id = 1", '"where" "where'),
        ("maxresults 5 startposition 1", '"startposition" "startposition'),
        ("maxresults 5 orderby Id", '"orderby" "orderby'),
        ("maxresults x", '<IDENTIFIER> "x'),
        ("maxresults '5'", '<STRING> "5'),
        ("maxresults 1.5", '<NUMBER> "1.5'),
        ("startposition", "<EOF>"),
        ("startposition 99999999999", '<NUMBER> "99999999999'),
        # The quote of a name ends the value: the case of the facts.
        ("where DisplayName = 'Cutlery 'R Us'", '<IDENTIFIER> "R'),
    ],
)
def test_the_parser_says_what_it_met(rest: str, met: str) -> None:
    with pytest.raises(Fault) as caught:
        parse(f"select * from Customer {rest}")
    assert (caught.value.code, caught.value.status) == ("4000", 400)
    shown = (
        f'Encountered " {met} "" at line 1, column ' if met != "<EOF>" else 'Encountered "<EOF>"'
    )
    assert caught.value.detail.startswith(f"QueryParserError: {shown}")


def test_the_parser_says_where_and_what_it_expected() -> None:
    with pytest.raises(Fault) as caught:
        parse("select * from vendor where DisplayName = 'Cutlery 'R Us' startposition 1")
    assert caught.value.detail == (
        'QueryParserError: Encountered " <IDENTIFIER> "R "" at line 1, column 52.\n'
        "Was expecting one of:\n    <EOF> \n    <AND> ...\n"
        '    "iterator" ...\n    "maxresults" ...\n    <OR> ...\n    "order" ...\n'
        '    "orderby" ...\n    "startposition" ...\n    '
    )
    with pytest.raises(Fault) as caught:
        parse("select *\n  from Customer\n  wher Id = 1")
    assert '"wher "" at line 3, column 3.' in caught.value.detail
    with pytest.raises(Fault) as caught:
        parse("delete from Customer")
    assert caught.value.detail.endswith('column 1.\nWas expecting:\n    "select" ...\n    ')


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("where Id != 1", 'column 33.  Encountered: "!" (33), after : ""'),
        ("where Id <> 1", None),
        ("where Id = 1;", 'column 36.  Encountered: ";" (59), after : ""'),
        ('where Id = "1"', 'column 35.  Encountered: "\\"" (34), after : ""'),
        ("where Id = '1", 'column 36.  Encountered: <EOF> after : "\\\'1"'),
        ("where Id = '1\\'", "column 38.  Encountered: <EOF> after : \"\\'1\\\\\\'\""),
        ("where Id = \u20181\u2019", 'column 35.  Encountered: "\\u2018" (8216), after : ""'),
        ("where Id = 'O\u2019N'", 'column 37.  Encountered: "\\u2019" (8217), after : "\\\'O"'),
        ("where Id = '1\u20132'", 'column 37.  Encountered: "\\u2013" (8211), after : "\\\'1"'),
        ("where%20Id", 'column 29.  Encountered: "%" (37), after : ""'),
        ("where\u00a0Id = 1", 'column 29.  Encountered: "\\u00a0" (160), after : ""'),
        ("-- all of them", 'column 24.  Encountered: "-" (45), after : ""'),
    ],
)
def test_the_lexer_says_what_it_met(rest: str, said: str | None) -> None:
    with pytest.raises(Fault) as caught:
        parse(f"select * from Customer {rest}")
    assert caught.value.code == "4000"
    if said is not None:
        begin = "QueryParserError: Invalid content. Lexical error at line 1, "
        assert caught.value.detail == begin + said


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_an_empty_statement(text: str) -> None:
    with pytest.raises(Fault) as caught:
        parse(text)
    told = caught.value
    assert (told.code, told.detail) == ("4000", "QueryParserError: The query provided was empty")


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("startposition 0", "value 0 is too small. Min allowed value is 1"),
        ("startposition -3", "value -3 is too small. Min allowed value is 1"),
        ("maxresults 0", "value 0 is too small. Min allowed value is 1"),
        ("maxresults 1001", "value 1001 is too large. Max allowed value is 1000"),
    ],
)
def test_positions_and_rows_have_limits(rest: str, said: str) -> None:
    with pytest.raises(Fault) as caught:
        parse(f"select * from Customer {rest}")
    assert (caught.value.code, caught.value.detail) == ("4001", f"QueryValidationError: {said}")


def test_alternatives_are_not_supported() -> None:
    with pytest.raises(Fault) as caught:
        parse("select * from Customer where Job = true or Active = true")
    assert (caught.value.code, caught.value.status) == ("4002", 400)
    with pytest.raises(Fault) as caught:
        parse("select * from Customer where Job = true or")
    assert caught.value.code == "4000"


@given(st.text(st.characters(exclude_characters=CURLY, exclude_categories=["Cs"])))
def test_an_escaped_value_comes_through_unchanged(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    statement = parse(f"select * from Customer where DisplayName = '{escaped}'")
    assert statement.conditions[0].values == (Value(value),)


@given(statements(), st.randoms(use_true_random=False))
def test_a_printed_statement_reads_as_it_was(statement: Statement, random: object) -> None:
    assert parse(printed(statement, random)) == statement


_PIECES = (
    *("select", "*", "from", "Customer", "where", "Id", "=", "<", "in", "like", "'x'", "'", "\\"),
    *("(", ")", ",", "and", "or", "orderby", "order", "by", "desc", "startposition", "5", "-1"),
    *("maxresults", "count", "true", "current_date", ";", '"', "\u2019", "\n", "\x00", " "),
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(_PIECES)).map(" ".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert _outcome(text) in ("", "4000", "4001", "4002")


def _outcome(text: str) -> str:
    """The code of the refusal, or empty."""
    try:
        parse(text)
    except Fault as fault:
        return fault.code
    return ""
