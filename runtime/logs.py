"""Logging: one line of JSON per record on stderr, with its fixed verb and secrets masked."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from runtime.masking import Masker

_OWN = ("action", "run_id", "key")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, masker: Callable[[], Masker]) -> None:
        super().__init__()
        self._masker = masker

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **{key: getattr(record, key) for key in _OWN if hasattr(record, key)},
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return self._masker().text(json.dumps(line, default=str))


def configure_logging(masker: Callable[[], Masker] = Masker, level: int = logging.WARNING) -> None:
    """Send all logging to stderr; `masker` gives the masker in force."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(masker))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
