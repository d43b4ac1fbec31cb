"""Files: uploaded from a path and from memory, attached, read back, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from quickbooks.exceptions import ObjectNotFoundException
from quickbooks.objects import Attachable, AttachableRef, Invoice

from tests.connector.practice.clients.sales import invoice

PICTURE = bytes(range(256)) * 40


def _on(form: Any) -> AttachableRef:
    made = AttachableRef()
    made.EntityRef, made.IncludeOnSend = form.to_ref(), True
    return made


def _file(form: Any) -> Attachable:
    made = Attachable()
    made.FileName, made.ContentType, made.Note = "windows.png", "image/png", "Before"
    made.AttachableRef = [_on(form)]
    return made


@pytest.mark.parametrize("way", ["path", "bytes"])
def test_a_file_comes_back_as_it_was(way: str, qb: Any, tmp_path: Path) -> None:
    form = invoice(qb).save(qb=qb)
    sent = _file(form)
    if way == "path":
        place = tmp_path / "windows.png"
        place.write_bytes(PICTURE)
        sent._FilePath = str(place)
    else:
        sent._FileBytes = PICTURE
    made = sent.save(qb=qb)
    assert (made.FileName, made.ContentType, made.Size) == ("windows.png", "image/png", 10240)
    assert (made.Note, made.SyncToken) == ("Before", "0")
    assert made.AttachableRef[0].EntityRef.value == form.Id
    read = Attachable.get(made.Id, qb=qb)
    assert requests.get(read.TempDownloadUri, timeout=20).content == PICTURE
    found = Attachable.where(
        f"AttachableRef.EntityRef.Type = 'Invoice' and AttachableRef.EntityRef.value = '{form.Id}'",
        qb=qb,
    )
    assert [one.Id for one in found] == [made.Id]


def test_a_file_is_renamed_and_taken_away(qb: Any) -> None:
    sent = _file(invoice(qb).save(qb=qb))
    sent._FileBytes = PICTURE
    made = sent.save(qb=qb)
    made.Note = "After"
    changed = made.save(qb=qb)
    assert (changed.Note, changed.SyncToken, changed.Size) == ("After", "1", 10240)
    changed.delete(qb=qb)
    with pytest.raises(ObjectNotFoundException):
        Attachable.get(made.Id, qb=qb)
    assert Invoice.count(qb=qb) == 1
