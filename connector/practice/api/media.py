"""Media types: what a body may be sent as, and XML for who does not ask for JSON."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from flask import Request, Response

from connector.practice.faults import Fault
from connector.practice.wire import load

JSON, NOTHING = "application/json", "application/octet-stream"
_NAMESPACE = "http://schema.intuit.com/finance/v3"


def check_content_type(request: Request, expected: str) -> None:
    """Raise Fault 500 for a body of another type; one that is not told is let pass."""
    if request.mimetype and request.mimetype != expected:
        detail = "Operation Cannot consume content type is not supported."
        raise Fault("500", detail, status=400)


def text_of(request: Request, charset: str, errors: str) -> str:
    """The body as text, read as its Content-Type says, else by `charset`.

    Raises Fault 2010 for an unknown charset and, where `errors` is "strict", for odd bytes.
    """
    told = request.mimetype_params.get("charset", charset)
    try:
        return request.get_data().decode(told, errors)
    except (LookupError, UnicodeDecodeError) as error:
        raise Fault("2010", f"The request body is not {told}.") from error


def wants_json(request: Request) -> bool:
    """Whether the client asks for JSON by name; QuickBooks' default is XML [C]."""
    return JSON in [kind.lower() for kind, _ in request.accept_mimetypes]


def as_xml(response: Response) -> Response:
    """The same answer as XML: an element for each property, repeated for lists.

    It is not Intuit's own XML, in which references and some properties are attributes: it is
    there so that a client notices that it did not get JSON.
    """
    root = ElementTree.Element("IntuitResponse", xmlns=_NAMESPACE)
    _fill(root, load(response.get_data()))
    response.set_data(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))
    response.mimetype = "application/xml"
    return response


def _fill(element: ElementTree.Element, value: Any) -> None:
    if not isinstance(value, dict):
        element.text = _text(value)
        return
    for name, below in value.items():
        for one in below if isinstance(below, list) else [below]:
            _fill(ElementTree.SubElement(element, name), one)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
