"""Attachables: notes and uploaded files, linked, found, downloaded, taken away."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quickbooks.objects import Attachable, AttachableRef
from quickbooks.objects import Invoice as LibraryInvoice

from tests.connector.practice.library import signed_in

R1 = "9341455600000001"
PDF = b"%PDF-1.7\r\n\x00\xff--b\r\n"


def to(kind: str, identity: str, **more: Any) -> dict[str, Any]:
    return {"EntityRef": {"type": kind, "value": identity}, **more}


def upload(client: Any, *files: tuple[Any, bytes], **params: str) -> requests.Response:
    """Send pairs of metadata (None = leave it out) and content."""
    parts: list[Any] = []
    for number, (metadata, content) in enumerate(files, start=1):
        if metadata is not None:
            told = (None, json.dumps(metadata), "application/json")
            parts.append((f"file_metadata_{number:02}", told))
        parts.append((f"file_content_{number:02}", ("scan.pdf", content, "application/pdf")))
    url = f"{client.base}/upload"
    return client.http.post(url, files=parts, params=params, timeout=60)


def attached(client: Any, *files: tuple[Any, bytes], **params: str) -> list[dict[str, Any]]:
    response = upload(client, *files, **params)
    assert response.status_code == 200, response.text
    assert set(response.json()) == {"AttachableResponse", "time"}
    return response.json()["AttachableResponse"]


def test_a_note_on_a_record(r1: Any) -> None:
    note = r1.ok("attachable", {"Note": "Gate code 4711", "AttachableRef": [to("customer", "10")]})
    assert note["AttachableRef"] == [to("Customer", "10", IncludeOnSend=False)]
    assert r1.read(f"attachable/{note['Id']}") == note
    change = {"Id": note["Id"], "SyncToken": "0", "sparse": True, "Note": "Gate code 4712"}
    changed = r1.ok("attachable", change)
    assert changed["Note"] == "Gate code 4712"
    assert changed["AttachableRef"] == note["AttachableRef"]
    gone = r1.ok("attachable", {"Id": note["Id"], "SyncToken": "1"}, operation="delete")
    assert gone == {"status": "Deleted", "domain": "QBO", "Id": note["Id"]}
    assert r1.query("select * from Attachable") == {}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "2020"),
        ({"Note": "x" * 2001}, "2050"),
        ({"FileName": "x" * 1001}, "2050"),
        ({"Note": "x", "AttachableRef": [to("Customer", "99")]}, "2500"),
        ({"Note": "x", "AttachableRef": [to("Colour", "1")]}, "2170"),
        ({"Note": "x", "AttachableRef": [{"EntityRef": {"value": "10"}}]}, "2020"),
        ({"Note": "x", "AttachableRef": [{"IncludeOnSend": True}]}, "2020"),
        ({"Note": "x", "AttachableRef": {}}, "2010"),
    ],
)
def test_what_cannot_be_attached(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("attachable", body)["code"] == code


def test_a_file_is_stored_and_served(r1: Any, invoice: Any) -> None:
    bill = r1.ok("invoice", invoice())
    told = {
        "FileName": "bill.pdf",
        "ContentType": "application/pdf",
        "AttachableRef": [to("Invoice", bill["Id"], IncludeOnSend=True)],
    }
    [answer] = attached(r1, (told, PDF))
    made = answer["Attachable"]
    assert (made["FileName"], made["Size"], made["ContentType"]) == (
        "bill.pdf",
        len(PDF),
        "application/pdf",
    )
    assert made["FileAccessUri"] == f"/v3/company/{R1}/download/{made['Id']}"
    served = requests.get(made["TempDownloadUri"], timeout=20)
    assert (served.status_code, served.content) == (200, PDF)
    assert served.headers["Content-Type"] == "application/pdf"
    assert served.headers["Content-Disposition"] == "attachment; filename=bill.pdf"
    assert r1.read(f"attachable/{made['Id']}") == made


def test_later_writes_keep_the_file(r1: Any) -> None:
    [answer] = attached(r1, ({"FileName": "a.pdf"}, PDF))
    made = answer["Attachable"]
    full = {"Id": made["Id"], "SyncToken": "0", "FileName": "b.pdf", "Size": 1}
    changed = r1.ok("attachable", full)
    for field in ("Size", "ContentType", "FileAccessUri"):
        assert changed[field] == made[field]
    again = {**full, "SyncToken": "1", "FileName": "c.pdf"}
    [answer] = attached(r1, (again, b"other"))
    assert (answer["Attachable"]["Size"], answer["Attachable"]["SyncToken"]) == (5, "2")
    assert requests.get(answer["Attachable"]["TempDownloadUri"], timeout=20).content == b"other"


def test_a_download_gives_a_temporary_address(r1: Any) -> None:
    [answer] = attached(r1, (None, PDF))
    assert answer["Attachable"]["FileName"] == "scan.pdf"
    response = r1.http.get(f"{r1.base}/download/{answer['Attachable']['Id']}", timeout=20)
    assert response.headers["Content-Type"].startswith("text/plain")
    assert requests.get(response.text, timeout=20).content == PDF
    for wrong in (
        response.text.replace("signature=", "signature=0"),
        response.text.replace("expires=", "expires=9"),
        response.text.replace("signature=", "signature=é"),
        response.text.split("?")[0],
    ):
        assert requests.get(wrong, timeout=20).status_code == 403
    r1.control("clock", {"advance": 899})
    assert requests.get(response.text, timeout=20).status_code == 200
    r1.control("clock", {"advance": 1})
    assert requests.get(response.text, timeout=20).status_code == 403


def test_there_is_no_file_of_a_note_or_of_what_is_deleted(r1: Any) -> None:
    note = r1.ok("attachable", {"Note": "x"})
    assert "TempDownloadUri" not in note
    [answer] = attached(r1, (None, PDF))
    made = answer["Attachable"]
    r1.ok("attachable", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    for identity in (note["Id"], made["Id"], "99"):
        response = r1.http.get(f"{r1.base}/download/{identity}", timeout=20)
        assert response.status_code == 400
        assert response.json()["Fault"]["Error"][0]["code"] == "610"
    assert requests.get(made["TempDownloadUri"], timeout=20).status_code == 404
    assert r1.running.state.companies[R1].store.run("SELECT * FROM file") == []


def test_pairs_succeed_and_fail_each_alone(r1: Any) -> None:
    bad = {"FileName": "x", "AttachableRef": [to("Invoice", "999")]}
    first, second, third = attached(r1, ({"FileName": "1"}, b"1"), (bad, b"2"), (None, b""))
    assert first["Attachable"]["FileName"] == "1"
    assert second["Fault"]["Error"][0]["code"] == "2500"
    assert (third["Attachable"]["FileName"], third["Attachable"]["Size"]) == ("scan.pdf", 0)
    assert r1.query("select count(*) from Attachable") == {"totalCount": 2}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"other": ("a", b"1")}, "2010"),
        ({"file_metadata_01": (None, "{}")}, "2020"),
        ({"file_metadata_01": (None, "no"), "file_content_01": ("a", b"1")}, "2010"),
        ({"file_metadata_01": (None, "[]"), "file_content_01": ("a", b"1")}, "2010"),
    ],
)
def test_parts_that_are_wrong(r1: Any, parts: Any, code: str) -> None:
    response = r1.http.post(f"{r1.base}/upload", files=parts, timeout=20)
    body = response.json()
    fault = body["Fault"] if response.status_code == 400 else body["AttachableResponse"][0]["Fault"]
    assert fault["Error"][0]["code"] == code


_HEAD = 'Content-Disposition: form-data; name="file_content_01"; filename="a"'


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("application/json", "{}", "2010"),
        ("multipart/form-data", "{}", "2010"),
        ("multipart/form-data; boundary=b", "{}", "2010"),
        ("multipart/form-data; boundary=b", "--b--", "2020"),
        (
            "multipart/form-data; boundary=b",
            f"--b\r\n{_HEAD}\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--",
            "2010",
        ),
    ],
)
def test_bodies_that_are_no_upload(r1: Any, kind: str, body: str, code: str) -> None:
    headers = {"Content-Type": kind}
    response = r1.http.post(f"{r1.base}/upload", data=body, headers=headers, timeout=20)
    assert response.status_code == 400
    assert response.json()["Fault"]["Error"][0]["code"] == code


def test_an_upload_may_be_larger_than_other_bodies(r1: Any) -> None:
    content = bytes(21 * 1024 * 1024)
    [answer] = attached(r1, (None, content))
    assert answer["Attachable"]["Size"] == len(content)
    assert upload(r1, (None, bytes(100 * 1024 * 1024))).status_code == 400


def test_attachables_are_found_by_what_they_are_attached_to(r1: Any) -> None:
    for identity in ("10", "12"):
        r1.ok("attachable", {"Note": identity, "AttachableRef": [to("Customer", identity)]})
    r1.ok("attachable", {"Note": "alone"})
    where = "AttachableRef.EntityRef.Type = 'Customer' and AttachableRef.EntityRef.value = '12'"
    found = r1.query(f"select * from Attachable where {where}")["Attachable"]
    assert [one["Note"] for one in found] == ["12"]


def test_the_public_client(
    r1: Any, invoice: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    bill = r1.ok("invoice", invoice())
    file = tmp_path / "bill.pdf"
    file.write_bytes(PDF)
    with signed_in(r1, monkeypatch) as qb:
        made = Attachable()
        ref = AttachableRef()
        ref.EntityRef = LibraryInvoice.get(bill["Id"], qb=qb).to_ref()
        made.AttachableRef.append(ref)
        made.FileName, made._FilePath, made.ContentType = "bill.pdf", str(file), "application/pdf"
        made.save(qb=qb)
        seen = Attachable.get(made.Id, qb=qb)
        assert (seen.FileName, seen.Size) == ("bill.pdf", len(PDF))
        assert requests.get(seen.TempDownloadUri, timeout=20).content == PDF
        note = Attachable()
        note.Note = "A note"
        note.save(qb=qb)
        assert [one.Note for one in Attachable.filter(Note="A note", qb=qb)] == ["A note"]
        seen.delete(qb=qb)
        assert Attachable.count(qb=qb) == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    contents=st.lists(st.binary(max_size=200), min_size=1, max_size=3),
    names=st.lists(st.sampled_from(["a.pdf", "b.txt", "x" * 1001]), min_size=3, max_size=3),
)
def test_replaying_any_upload_changes_nothing(r1: Any, contents: Any, names: Any) -> None:
    r1.control("reset")
    r1.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    pairs = [({"FileName": name}, one) for name, one in zip(names, contents, strict=False)]
    first = attached(r1, *pairs, requestid="k")
    store = r1.running.state.companies[R1].store
    before, files = r1.books(), store.run("SELECT * FROM file")
    assert attached(r1, *pairs, requestid="k") == first
    assert (r1.books(), store.run("SELECT * FROM file")) == (before, files)
    kept = [content for _, content in files]
    assert kept == [one for name, one in zip(names, contents, strict=False) if len(name) < 1000]
