"""Log lines: JSON, one a record, with known secrets masked wherever they stand."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from runtime.logs import JsonLines, configure_logging
from runtime.masking import Masker

SECRETS = [
    "tops3cret-value-91",
    'with"quote-and\\slash-7',
    "mit-ümlaut-geheim-3",
    "zwei\nzeilen-55",
]


@pytest.fixture
def restored() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def line(message: str, *args: object, masker: Masker | None = None, **more: Any) -> dict[str, Any]:
    record = logging.LogRecord("relay", logging.WARNING, __file__, 1, message, args, None)
    record.created = 1_794_000_000.5
    record.__dict__.update(more)
    text = JsonLines(lambda: masker or Masker()).format(record)
    assert "\n" not in text
    told: dict[str, Any] = json.loads(text)
    return told


def test_a_record_is_one_object() -> None:
    assert line("run %d is %s", 7, "held", action="run_held", run_id=7, other="left out") == {
        "at": "2026-11-06T21:20:00.500+00:00",
        "level": "warning",
        "message": "run 7 is held",
        "action": "run_held",
        "run_id": 7,
    }


def test_what_is_no_json_is_shown_as_text() -> None:
    assert line("x", key=ValueError("odd"))["key"] == "odd"


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_masked_wherever_they_stand(secret: str) -> None:
    masker = Masker([secret])
    try:
        raise ValueError(f"refused: {secret}!")
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)
    told = line("sent %s to them", secret, masker=masker, key=secret, exc_info=raised)
    assert secret not in json.dumps(told, ensure_ascii=False)
    for field in ("message", "key", "error"):
        assert secret not in told[field]
    assert told["message"].startswith("sent ")
    assert told["message"].endswith(" to them")


def test_an_exception_stands_in_the_line_with_its_traceback() -> None:
    try:
        raise ValueError("no such account")
    except ValueError as error:
        told = line("failed", exc_info=(type(error), error, error.__traceback__))
    assert told["error"].startswith("Traceback")
    assert told["error"].endswith("ValueError: no such account")


def test_all_logging_goes_to_stderr_with_the_masker_in_force(
    restored: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    maskers = [Masker()]
    configure_logging(lambda: maskers[-1])
    logger = logging.getLogger("somewhere.else")
    logger.info("not shown")
    logger.warning("first %s", SECRETS[0])
    maskers.append(Masker(SECRETS))
    logger.warning("second %s", SECRETS[0])
    shown = capsys.readouterr()
    first, second = (json.loads(text) for text in shown.err.splitlines())
    assert shown.out == ""
    assert first["message"] == f"first {SECRETS[0]}"
    assert SECRETS[0] not in second["message"]


def test_configuring_twice_writes_each_line_once(
    restored: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging()
    configure_logging(level=logging.INFO)
    logging.getLogger("somewhere").info("once")
    assert len(capsys.readouterr().err.splitlines()) == 1
