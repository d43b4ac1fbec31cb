"""Files: uploaded with their metadata, and downloaded from temporary addresses."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, request, send_file

from connector.practice.api.multipart import Part, parts_of
from connector.practice.api.repeats import digest
from connector.practice.api.saving import Saved, once
from connector.practice.api.writing import write
from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities.lists.attachments import ATTACHABLE
from connector.practice.faults import Fault, business, missing
from connector.practice.shape import Record
from connector.practice.state import State
from connector.practice.wire import load

#: Bytes of an upload [C].
LARGEST = 100 * 1024 * 1024
_NAMED = re.compile(r"file_(metadata|content)_(\d{1,4})")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


def uploaded(state: State, books: Books, requestid: str) -> Iterator[Saved]:
    """Attach each pair of `file_metadata_0N` and `file_content_0N`, alone and in order.

    Metadata may be missing: it is then made from the part itself. Raises the Fault of the whole,
    2010 or 2020, or 6000 for more than 100 MB (which code QuickBooks has for it is not known [U]).
    """
    if (request.content_length or 0) > LARGEST:
        raise business("An upload has at most 100 MB.")
    request.max_content_length = LARGEST
    pairs = _pairs(parts_of(request.headers.get("Content-Type", ""), request.get_data()))
    if not pairs:
        raise missing("file_content_01")
    for number in sorted(pairs, key=int):
        key = f"{requestid}\n{number}" if requestid else ""
        work = partial(_attached, number=number, pair=pairs[number])
        sent = digest(*(part.content for _, part in sorted(pairs[number].items())))
        yield once(state, books, key, work, sent=sent, timed=False)


def blueprint(state: State) -> Blueprint:
    """The route that temporary addresses lead to; it asks for no token."""
    files = Blueprint("files", __name__, url_prefix="/files")

    @files.get("/<realm>/<identity>")
    def download(realm: str, identity: str) -> Response:
        told = (request.args.get(name, "") for name in ("expires", "signature"))
        if not state.downloads.opens(realm, identity, *told):
            abort(403)
        return _sent(state.companies.get(realm) or abort(404), identity)

    return files


def address_of(books: Books, identity: str) -> str:
    """A temporary address of an attachable's file; raises Fault 610 where there is none."""
    record = books.find("Attachable", identity)
    if record is None or "Size" not in record:
        raise Fault("610", f"Object Not Found : Attachable {identity} has no file.")
    return books.download(identity)


def _pairs(parts: list[Part]) -> dict[str, dict[str, Part]]:
    """By number: the parts called `metadata` and `content`."""
    found: dict[str, dict[str, Part]] = {}
    for part in parts:
        named = _NAMED.fullmatch(part.name)
        if named is None:
            raise Fault("2010", f"The part {part.name} is neither metadata nor content of a file.")
        found.setdefault(named[2], {})[named[1]] = part
    return found


def _attached(change: Change, number: str, pair: dict[str, Part]) -> tuple[Record, str]:
    if "content" not in pair:
        raise missing(f"file_content_{number}")
    part = pair["content"]
    body = load(pair["metadata"].content) if "metadata" in pair else {}
    record = write(change, ATTACHABLE, _completed(body, part), "")
    filled = {
        "ContentType": record.get("ContentType") or part.type or "application/octet-stream",
        "Size": len(part.content),
        "FileAccessUri": f"/v3/company/{change.books.realm}/download/{record['Id']}",
    }
    store = change.books.store
    store.put("Attachable", {**record, **filled})
    store.run("INSERT OR REPLACE INTO file VALUES (?, ?)", (record["Id"], part.content))
    return {"Attachable": ATTACHABLE.present(change.books, {**record, **filled})}, record["Id"]


def _completed(body: Any, part: Part) -> Any:
    """The metadata, with the name that the part itself has where none is told."""
    if isinstance(body, dict) and part.filename and not body.get("FileName"):
        return {**body, "FileName": part.filename}
    return body


def _sent(books: Books, identity: str) -> Response:
    with books.lock:
        record = books.find("Attachable", identity)
        rows = books.store.run("SELECT content FROM file WHERE id = ?", (identity,))
    if record is None or not rows:
        abort(404)
    kind = record["ContentType"]
    response = send_file(
        io.BytesIO(rows[0][0]),
        mimetype=kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream",
        as_attachment=True,
        download_name=re.sub(r"[\s\x00-\x1f\x7f]", " ", record.get("FileName", identity)),
        etag=False,
    )
    # Whoever uploaded it: a browser must not run it as a page of this server.
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
