"""Attachables: notes and files, and the records they are attached to."""

from __future__ import annotations

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities.common.kind import COMMON, CUSTOM_FIELDS, Entity
from connector.practice.faults import Fault, missing, not_found
from connector.practice.shape import (
    Record,
    alike,
    flag,
    many,
    obj,
    read_only,
    text,
    whole,
)

#: What an upload fills, which no later write may lose.
_OF_THE_FILE = ("Size", "ContentType", "FileAccessUri")
_REFERS_TO = "json_extract(r.body, '$.AttachableRef[0].EntityRef.{field}')"
_FIRST = f"(SELECT lower({_REFERS_TO}) FROM record r WHERE r.position = k.position)"


def _attachable(change: Change, record: Record, old: Record | None) -> Record:
    if not record.get("FileName") and not record.get("Note"):
        raise missing("FileName or Note")
    kept = {key: old[key] for key in _OF_THE_FILE if key in old} if old else {}
    refs = [_checked(change, ref) for ref in record.get("AttachableRef") or ()]
    return {**record, **kept, **({"AttachableRef": refs} if refs else {})}


def _checked(change: Change, ref: Record) -> Record:
    """A reference to a record that is there; raises Fault 2020, 2170 or 2500."""
    target = ref.get("EntityRef") or {}
    for part in ("type", "value"):
        if not target.get(part):
            raise missing(f"AttachableRef.EntityRef.{part}")
    kinds = {name.lower(): name for name in change.books.kinds}
    kind = kinds.get(target["type"].lower())
    if kind is None:
        raise Fault("2170", f"Invalid Enumeration : {target['type']}", element="AttachableRef")
    if change.find(kind, target["value"]) is None:
        raise not_found(kind, target["value"])
    shown = {"type": kind, "value": target["value"]}
    return {"IncludeOnSend": False, **ref, "EntityRef": shown}


def _show(books: Books, record: Record) -> Record:
    """With an address to download the file from, as long as books are served."""
    address = books.download(record["Id"]) if "Size" in record else ""
    return {**record, "TempDownloadUri": address} if address else record


def _remove(change: Change, record: Record) -> None:
    change.books.store.run("DELETE FROM file WHERE id = ?", (record["Id"],))


ATTACHABLE = Entity(
    name="Attachable",
    fields={
        **COMMON,
        "FileName": text(1000),
        "Note": text(2000),
        "ContentType": text(100),
        "Category": text(100),
        **alike(text(100), "Lat", "Long"),
        **alike(text(2000), "PlaceName", "Tag"),
        "AttachableRef": many(
            obj(
                EntityRef=obj(value=text(50), type=text(50), name=read_only(text())),
                LineInfo=text(50),
                **alike(flag, "IncludeOnSend", "Inactive", "NoRefOnly"),
                CustomField=CUSTOM_FIELDS,
            )
        ),
        "Size": read_only(whole),
        **alike(read_only(text()), "FileAccessUri", "TempDownloadUri", "documentId"),
        **alike(read_only(text()), "ThumbnailFileAccessUri", "ThumbnailTempDownloadUri"),
    },
    filters={
        "FileName": "text",
        "Note": "text",
        "Category": "text",
        "Size": "number",
        "AttachableRef.EntityRef.Type": "text",
        "AttachableRef.EntityRef.value": "text",
    },
    # Only the first reference is seen: a statement compares one value.
    computed={
        "AttachableRef.EntityRef.Type": _FIRST.format(field="type"),
        "AttachableRef.EntityRef.value": _FIRST.format(field="value"),
    },
    complete=_attachable,
    present=_show,
    remove=_remove,
)
