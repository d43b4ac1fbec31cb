"""The schema for editors in a data folder: there from the start, fresh, and left alone else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness import SECRET, Harness


def schema_of(harness: Harness) -> Path:
    return harness.data / "schemas" / "recipe.schema.json"


def connections(harness: Harness) -> Any:
    made = json.loads(schema_of(harness).read_text(encoding="utf-8"))
    return made["properties"]["when"]["properties"]["from"].get("enum")


def test_recipes_find_the_schema_that_their_first_line_names(harness: Harness) -> None:
    harness.tick()
    files = list((harness.data / "recipes").rglob("*.yaml"))
    assert files
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / named).resolve().parent == (harness.data / "schemas").resolve()
        assert (file.parent / named).is_file()


def test_it_follows_the_connections(harness: Harness) -> None:
    harness.tick()
    assert connections(harness) == ["leadexploder", "stripe"]
    before = schema_of(harness).stat().st_mtime_ns
    harness.tick()
    assert schema_of(harness).stat().st_mtime_ns == before
    harness.apply(
        {"connections": {"boise": {"connector": "leadexploder", "webhook_secret": SECRET}}}
    )
    harness.tick()
    assert connections(harness) == ["boise", "leadexploder", "stripe"]


def test_another_process_writes_no_equal_file_again(harness: Harness) -> None:
    harness.tick()
    before = schema_of(harness).stat()
    harness.again()
    harness.tick()
    assert schema_of(harness).stat().st_mtime_ns == before.st_mtime_ns
    schema_of(harness).write_text("{}")
    harness.again()
    harness.tick()
    assert connections(harness) == ["leadexploder", "stripe"]


def test_a_folder_that_cannot_be_written_stops_nothing(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    (harness.data / "schemas").write_text("in the way")
    harness.tick()
    assert "the schemas for editors were not written" in caplog.text
    (harness.data / "schemas").unlink()
    harness.tick()
    assert connections(harness) == ["leadexploder", "stripe"]


def test_it_knows_the_templates_that_are_there(harness: Harness) -> None:
    harness.tick()
    made = json.loads(schema_of(harness).read_text(encoding="utf-8"))
    assert "accepted-estimate@2" in made["properties"]["use"]["enum"]
    folder = harness.data / "recipes" / "templates"
    text = (folder / "accepted-estimate@2.yaml").read_text(encoding="utf-8")
    newer = text.replace("version: 2", "version: 3", 1)
    (folder / "accepted-estimate@3.yaml").write_text(newer, encoding="utf-8")
    harness.tick()
    made = json.loads(schema_of(harness).read_text(encoding="utf-8"))
    assert "accepted-estimate@3" in made["properties"]["use"]["enum"]
