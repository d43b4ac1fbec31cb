"""POST /hooks/<connection>: one 200, and only after the event is on disk."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify, request

from connector.base import BadWebhook
from connector.errors import NeedsReconnect
from runtime.courtesy import Courtesy
from runtime.intake import LARGEST, Intake
from runtime.store.database import StoreFull

log = logging.getLogger(__name__)


def hooks(intake: Intake, courtesy: Courtesy) -> Blueprint:
    """The blueprint for webhooks."""
    blueprint = Blueprint("hooks", __name__)

    @blueprint.post("/hooks/<connection>")
    def receive(connection: str) -> tuple[Response, int]:
        try:
            with courtesy.answering():
                raw = _body()
                headers = {name.lower(): value for name, value in request.headers.items()}
                receipts = intake.receive(connection, raw, headers)
        except BadWebhook as bad:
            log.warning(
                "webhook for %s refused: %s",
                connection,
                bad.sentence,
                extra={"action": "webhook_refused"},
            )
            return jsonify(error=bad.sentence), bad.status
        except NeedsReconnect as unreadable:  # its signing secret cannot be opened
            log.error("%s", unreadable.sentence, extra={"action": "webhook_unreadable"})
            return jsonify(error=f"{unreadable.sentence} Send it again later."), 429
        except StoreFull as full:
            log.error("%s", full, extra={"action": "store_full"})
            sentence = "The event could not be stored (is the disk full?). Send it again later."
            return jsonify(error=sentence), 429
        told = [{"event": receipt.event, "status": receipt.status} for receipt in receipts]
        return (jsonify(told[0]) if len(told) == 1 else jsonify(events=told)), 200

    return blueprint


def _body() -> bytes:
    too_large = BadWebhook(
        413, f"The body is larger than {LARGEST} bytes. Nothing was stored; send it in parts."
    )
    if (request.content_length or 0) > LARGEST:
        raise too_large
    raw = request.get_data(cache=False)
    if len(raw) > LARGEST:
        raise too_large
    return raw
