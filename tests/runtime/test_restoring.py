"""A lost or broken settings file costs nothing: the database has every revision."""

from __future__ import annotations

import pytest

from tests.events import payment
from tests.harness import Harness


@pytest.mark.parametrize("content", [None, "", "{", '{"_default": {}}'])
def test_the_file_is_put_back_at_the_start(harness: Harness, content: str | None) -> None:
    before = harness.relay.settings.current()
    file = harness.data / "settings.json"
    file.unlink()
    if content is not None:
        file.write_text(content)
    harness.again()
    assert harness.relay.settings.current() == before
    harness.post(payment())
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["succeeded"]
