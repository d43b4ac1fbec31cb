"""QuickBooks' error bodies in both shapes: the service's own and the gateway's lower-case one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

#: The short message that goes with each code.
MESSAGES = {
    "100": "General Authentication Error",
    "110": "Authentication Failed",
    "120": "Authorization Failed",
    "130": "Internal Authentication Failed",
    "140": "Internal Authorization Failed",
    "150": "Application Authentication Failed",
    "500": "Unsupported Operation",
    "600": "Duplicate Request ID",
    "610": "Object Not Found",
    "620": "Transaction cannot be linked",
    "1040": "Batch too large",
    "2010": "Request has invalid or unsupported property",
    "2020": "Required param missing, need to supply the required value for the API",
    "2030": "Invalid ID",
    "2040": "Invalid String",
    "2050": "Invalid String Length",
    "2060": "Invalid Number",
    "2070": "Invalid Date",
    "2080": "Invalid Boolean",
    "2090": "Invalid Number Format",
    "2100": "Invalid Date Format",
    "2110": "Invalid Time Format",
    "2130": "Invalid Request Id",
    "2170": "Invalid Enumeration",
    "2210": "Invalid Email Address format",
    "2290": "Negative value is not allowed",
    "2310": "Error parsing object",
    "2500": "Invalid Reference Id",
    "4000": "Error parsing query",
    "4001": "Invalid query",
    "4002": "Error processing query",
    "5010": "Stale Object Error",
    "5020": "Permission Denied Error",
    "5030": "Feature Not Supported Error",
    "6000": "A business validation error has occurred while processing your request",
    "6010": "Account type and subtype do not match",
    "6070": "Amount calculation incorrect in the request",
    "6080": "A name is required",
    "6100": "Invalid tax code",
    "6140": "Duplicate Document Number Error",
    "6190": "Invalid Company Status",
    "6200": "Account Period Closed, Cannot Update Through Services API",
    "6210": "Account Period Closed, Cannot Update Through Services API",
    "6220": "Delete List Has Balance Error",
    "6240": "Duplicate Name Exists Error",
    "6250": "Invalid sales customer",
    "6420": "Email address is required",
    "6430": "Invalid account type",
    "6450": "Settled payment cannot be voided",
    "6540": "Deposited transaction cannot be changed",
    "10100": "The result is too big",
    "10000": "An application error has occurred while processing your request",
    "10200": "The company was reset",
}

#: What QuickBooks says when an id is missing where it needs one; a number stands behind it.
UNEXPECTED = "Unexpected Internal Error."

#: Gateway codes: name, HTTP status, type.
GATEWAY = {
    "3001": ("ThrottleExceeded", 429, "THROTTLE"),
    "3100": ("ApplicationAuthorizationFailed", 403, "AUTHORIZATION"),
    "3200": ("AuthenticationFailed", 401, "AUTHENTICATION"),
}

_SYSTEM = {"500", "10000"}
_AUTHENTICATION, _AUTHORIZATION = "AuthenticationFault", "AuthorizationFault"
#: Types that are not to be seen from the status; those of gateway codes are for where they come
#: in the service's own shape.
_TYPES = {
    **dict.fromkeys(("100", "110", "130", "150", "3200"), _AUTHENTICATION),
    **dict.fromkeys(("120", "140", "3100"), _AUTHORIZATION),
    "3001": "SystemFault",
}
_STATUSES = {_AUTHENTICATION: 401, _AUTHORIZATION: 403}


class Fault(Exception):
    """A refusal in QuickBooks' words; `code` is what a client may rely on."""

    def __init__(
        self, code: str, detail: str = "", *, element: str = "", message: str = "", status: int = 0
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.message = message or MESSAGES.get(code, "Error")
        self.detail = detail or self.message
        #: The field it is about, as a dotted path, or empty.
        self.element = element
        self.status = status or _status(code)

    @property
    def type(self) -> str:
        """ValidationFault, or what stands for errors of the service and of its gateway."""
        system = self.code == "10000" or self.status >= 500
        return _TYPES.get(self.code, "SystemFault" if system else "ValidationFault")


def _status(code: str) -> int:
    """The HTTP status that goes with a code."""
    if code in GATEWAY:
        return GATEWAY[code][1]
    return 500 if code in _SYSTEM else _STATUSES.get(_TYPES.get(code, ""), 400)


def body(fault: Fault, now: datetime) -> dict[str, Any]:
    """The answer to a refused request, in the shape that fits its code."""
    if fault.code in GATEWAY:
        return _gateway(fault, now)
    return {"Fault": told(fault), "time": stamp(now)}


def told(fault: Fault) -> dict[str, Any]:
    """The `Fault` of a body or of one item of a batch."""
    error = {
        "Message": _packed(fault) if fault.code in GATEWAY else fault.message,
        "Detail": fault.detail,
        "code": fault.code,
        "element": fault.element,
    }
    return {"Error": [error], "type": fault.type}


def stamp(now: datetime) -> str:
    """The `time` of an envelope: company clock, milliseconds, offset."""
    return now.isoformat(timespec="milliseconds")


def _gateway(fault: Fault, now: datetime) -> dict[str, Any]:
    kind = GATEWAY[fault.code][2]
    error = {"message": _packed(fault), "detail": fault.detail, "code": fault.code, "element": None}
    return {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": kind},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int(now.timestamp() * 1000),
        "status": None,
        "cdcresponse": [],
    }


def _packed(fault: Fault) -> str:
    """The three values that a gateway's message holds."""
    name = GATEWAY[fault.code][0]
    return f"message={name}; errorCode=00{fault.code}; statusCode={fault.status}"


def missing(name: str) -> Fault:
    """2020: a required field is not there."""
    detail = f"Required parameter {name} is missing in the request"
    return Fault("2020", detail, element=name)


def not_found(label: str, identity: str) -> Fault:
    """2500: a reference to a record that does not exist."""
    return Fault("2500", f"Invalid Reference Id : {label} element id {identity} not found")


def inactive(what: str, code: str) -> Fault:
    """610, 2500 or 6000: something that the request uses was made inactive."""
    sentence = f"{what} was made inactive; use an active one or reactivate it."
    return Fault(code, f"{MESSAGES[code]} : {sentence}")


def business(sentence: str) -> Fault:
    """6000: a rule of the books forbids it; the sentence is all a client gets."""
    return Fault("6000", f"Business Validation Error: {sentence}")
