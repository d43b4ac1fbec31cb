"""Reads a multipart upload into its parts, also as public clients send it."""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from werkzeug.datastructures import Headers
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from connector.practice.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part, decoded."""

    name: str
    #: Empty where the client names no file.
    filename: str
    #: The media type without its parameters, empty where none is sent.
    type: str
    content: bytes


def parts_of(content_type: str, raw: bytes) -> list[Part]:
    """The parts of a body; raises Fault 2010 for what is not multipart/form-data."""
    kind, options = parse_options_header(content_type)
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not boundary:
        raise _unreadable("The request body must be multipart/form-data.")
    decoder = MultipartDecoder(boundary.encode())
    decoder.receive_data(raw)
    decoder.receive_data(None)
    try:
        return _decoded(decoder)
    except (ValueError, KeyError) as error:
        # A part without Content-Disposition is a KeyError.
        raise _unreadable("The multipart body cannot be read.") from error


def _decoded(decoder: MultipartDecoder) -> list[Part]:
    found: list[Part] = []
    head: Field | File | None = None
    chunks: list[bytes] = []
    while not isinstance(event := decoder.next_event(), Epilogue):
        if isinstance(event, Field | File):
            head, chunks = event, []
        elif isinstance(event, Data) and head is not None:
            chunks.append(event.data)
            if not event.more_data:
                found.append(_part(head, b"".join(chunks)))
    return found


def _part(head: Field | File, content: bytes) -> Part:
    return Part(
        # The decoder gives None for a part without a name.
        name=head.name or "",
        filename=head.filename if isinstance(head, File) else "",
        type=parse_options_header(head.headers.get("Content-Type", ""))[0],
        content=_plain(head.headers, content),
    )


def _plain(headers: Headers, content: bytes) -> bytes:
    """The content without its transfer encoding; raises ValueError for broken base64."""
    if headers.get("Content-Transfer-Encoding", "").strip().lower() != "base64":
        return content
    try:
        return binascii.a2b_base64(content)
    except binascii.Error as error:
        raise ValueError("broken base64") from error


def _unreadable(sentence: str) -> Fault:
    return Fault("2010", sentence)
