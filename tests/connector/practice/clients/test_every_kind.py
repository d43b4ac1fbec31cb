"""Each operation of python-quickbooks, for every kind of record that has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from quickbooks.exceptions import ObjectNotFoundException, QuickbooksException

from tests.connector.practice.clients.row import Row
from tests.connector.practice.clients.table import doing

_FULL_NAME = "FullyQualifiedName"


def _content(record: Any) -> dict[str, Any]:
    """A record without what every write changes."""
    whole = record.to_dict()
    return {key: value for key, value in whole.items() if key not in ("SyncToken", "MetaData")}


def _without(content: dict[str, Any], field: str) -> dict[str, Any]:
    """What a change of one field leaves alone; a full name is made of the name."""
    return {key: value for key, value in content.items() if key not in (field, _FULL_NAME)}


def _numbers(told: Any) -> Iterator[Any]:
    """Every value in what was told, at any depth."""
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    yield told
    for part in parts:
        yield from _numbers(part)


@pytest.mark.parametrize("row", doing("create"))
def test_create(row: Row, qb: Any) -> None:
    sent = row.build(qb)
    made = sent.save(qb=qb)
    assert made.Id == sent.Id
    assert int(made.Id) > 0
    assert (made.SyncToken, made.domain, made.sparse) == ("0", "QBO", False)
    assert getattr(made, row.found_by) == getattr(sent, row.found_by)


@pytest.mark.parametrize("row", doing("read"))
def test_read(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    assert row.kind.get(made.Id, qb=qb).to_dict() == made.to_dict()
    with pytest.raises(ObjectNotFoundException) as refused:
        row.kind.get(99_999_999, qb=qb)
    assert refused.value.error_code == 610


@pytest.mark.parametrize("row", doing("create", "update", "read"))
def test_writing_back_what_was_read_changes_nothing(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    read = row.kind.get(made.Id, qb=qb)
    written = read.save(qb=qb)
    assert int(written.SyncToken) == int(made.SyncToken) + 1
    assert _content(written) == _content(made)


@pytest.mark.parametrize("row", doing("create", "update", "read"))
def test_update(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    field, value = row.change
    assert getattr(made, field) != value
    setattr(made, field, value)
    made.save(qb=qb)
    assert getattr(row.kind.get(made.Id, qb=qb), field) == value
    with pytest.raises(QuickbooksException) as stale:
        made.save(qb=qb)
    assert stale.value.error_code == 5010


@pytest.mark.parametrize("row", doing("create", "sparse", "read"))
def test_sparse_update_keeps_the_rest(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    field, value = row.change
    part = {"Id": made.Id, "SyncToken": made.SyncToken, "sparse": True, field: value}
    qb.update_object(row.name, json.dumps(part))
    after = _content(row.kind.get(made.Id, qb=qb))
    assert after[field] == value
    assert _without(after, field) == _without(_content(made), field)


@pytest.mark.parametrize("row", doing("create", "sparse", "read"))
def test_sparse_update_of_a_whole_object(row: Row, qb: Any) -> None:
    """As most programs do it: what was read, changed and marked as sparse."""
    read = row.kind.get(row.stored(qb).Id, qb=qb)
    before = _content(read)
    field, value = row.change
    setattr(read, field, value)
    read.sparse = True
    done = read.save(qb=qb)
    assert (getattr(done, field), done.sparse) == (value, False)
    assert _without(_content(done), field) == _without(before, field)


@pytest.mark.parametrize("row", doing("create", "read"))
def test_amounts_as_decimals(row: Row, connect: Any, open_company: Any) -> None:
    """The client then sends numbers as text, which QuickBooks reads, and reads exact amounts."""
    connect()
    exact = open_company(use_decimal=True)
    made = row.stored(exact)
    assert not [value for value in _numbers(made.to_dict()) if isinstance(value, float)]
    if "update" not in row.left_out:
        assert _content(made.save(qb=exact)) == _content(made)


@pytest.mark.parametrize("row", doing("create", "repeat", "read"))
def test_a_request_id_creates_once(row: Row, qb: Any) -> None:
    made = row.build(qb).save(qb=qb, request_id="once")
    again = row.build(qb).save(qb=qb, request_id="once")
    assert again.to_dict() == made.to_dict()
    assert row.build(qb).save(qb=qb, request_id="twice").Id != made.Id


@pytest.mark.parametrize("row", doing("list"))
def test_lists_and_pages(row: Row, qb: Any) -> None:
    made = {row.stored(qb).Id for _ in range(3)}
    everything = row.kind.all(max_results=1000, qb=qb)
    assert made <= {one.Id for one in everything}
    assert row.kind.count(qb=qb) == len(everything)
    paged: list[str] = []
    while page := row.kind.all(start_position=len(paged) + 1, max_results=2, qb=qb):
        paged += [one.Id for one in page]
    assert paged == [one.Id for one in everything]
    few = [one.Id for one in everything[-3:]]
    asked = row.kind.query(f"select * from {row.name} where Id = '{few[0]}'", qb=qb)
    assert [one.Id for one in asked] == few[:1]
    assert [one.Id for one in row.kind.choose(few, qb=qb)] == few
    where = ", ".join(f"'{one}'" for one in few)
    rest = row.kind.where(f"Id IN ({where})", start_position=2, max_results=9, qb=qb)
    assert [one.Id for one in rest] == few[1:]
    newest = row.kind.filter(order_by="MetaData.CreateTime DESC", max_results=1, qb=qb)
    assert len(newest) == 1


@pytest.mark.parametrize("row", doing("list"))
def test_found_by_a_field(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    row.stored(qb)
    field = row.found_by
    found = row.kind.filter(**{field: getattr(made, field)}, qb=qb)
    assert [one.to_dict() for one in found] == [made.to_dict()]
    assert row.kind.count(f"{field} = '{getattr(made, field)}'".replace("O'N", "O\\'N"), qb=qb) == 1


@pytest.mark.parametrize("row", doing("create", "delete", "read"))
def test_delete(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    answer = made.delete(qb=qb)[row.envelope]
    assert answer == {"status": "Deleted", "domain": "QBO", "Id": made.Id}
    with pytest.raises(ObjectNotFoundException):
        row.kind.get(made.Id, qb=qb)
    with pytest.raises(ObjectNotFoundException):
        made.delete(qb=qb)


@pytest.mark.parametrize("row", doing("create", "void", "read"))
def test_void(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    answer = row.kind.from_json(made.void(qb=qb)[row.envelope])
    voided = row.kind.get(made.Id, qb=qb)
    assert answer.to_dict() == voided.to_dict()
    assert voided.TotalAmt == 0
    assert voided.PrivateNote.startswith("Voided")
    assert int(voided.SyncToken) == int(made.SyncToken) + 1


@pytest.mark.parametrize("row", doing("create", "hide", "list"))
def test_what_is_inactive_is_not_listed(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    made.Active = False
    hidden = made.save(qb=qb)
    assert hidden.Active is False
    assert row.kind.filter(Id=made.Id, qb=qb) == []
    where = f"Active IN (true, false) AND Id = '{made.Id}'"
    assert [one.Id for one in row.kind.where(where, qb=qb)] == [made.Id]


@pytest.mark.parametrize("row", doing("create", "reference"))
def test_reference(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    pointing = made.to_ref()
    assert (pointing.value, pointing.type) == (made.Id, row.name)
