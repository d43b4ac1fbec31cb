"""Sends a message to an address of Apprise (e-mail, chat, a web hook); imported when used."""

from __future__ import annotations

import logging
import warnings
from typing import Any

#: What an address may look like, for people.
FORMS = "mailtos://name:password@mail.example/?to=office@example.com, or json://host/path"


def usable(address: str) -> bool:
    """Whether `address` is one that a service is known for."""
    return _service(address) is not None


def send(address: str, title: str, body: str) -> bool:
    """Hand a message to the service at `address`; False when it was not taken.

    Nothing is sent twice by one call. An address holds passwords: neither it nor the words of
    the library, which may repeat it, are logged.
    """
    service = _service(address)
    if service is None:
        return False
    try:
        return bool(service.notify(title=title, body=body))
    except Exception:  # noqa: BLE001 - whatever a service's plug-in meets, it was not sent
        return False


def _service(address: str) -> Any:
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, about Python
        from apprise import Apprise, AppriseAsset

        asset = AppriseAsset(app_id="Bookrelay", app_desc="Bookrelay", app_url="")
        return Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
