"""The README fails when it lies: its setup file is valid, what it names is there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from runtime.commands import bookrelay
from runtime.documents import read_document
from runtime.documents.schema import problems
from runtime.events import types
from runtime.setup import read_setup

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


SETUP, PROMISES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def test_its_setup_file_is_valid() -> None:
    filled = SETUP.replace("whsec_…", "whsec_c2VjcmV0").replace("…", "something")

    plan, mistakes = read_setup(filled, "README.md")

    assert plan is not None, mistakes
    assert [company.realm_id for company in plan.companies] == ["9341455600000001"]


def test_what_a_recipe_promises_is_a_recipe() -> None:
    shipped = (ROOT / "recipes" / "payment-collected-to-paid-invoice.yaml").read_text("utf-8")
    document, found = read_document(shipped, "shipped.yaml")
    promises, more = read_document(PROMISES, "README.md")
    assert document is not None
    assert promises is not None
    assert (found, more) == ([], [])

    whole = replace(document, value={**document.value, **promises.value})

    assert problems(whole, "recipe-format", "README.md") == []


def test_its_commands_exist() -> None:
    named = set(re.findall(r"(?:^|[`$ ])bookrelay ([a-z]+)", README, re.MULTILINE))

    assert {"check", "holds", "send", "setup", "try"} <= named
    assert named <= set(bookrelay.commands)


def test_its_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z -]+):(?!=)", makefile, re.MULTILINE)
    known = {name for row in targets for name in row.split()}

    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE)) <= known


def test_its_files_exist() -> None:
    named = re.findall(r"(?:runtime|connector|recipes|schemas|tests)/[\w/.-]+", README)
    shipped = [name for name in named if "instance/" not in name]

    assert shipped
    assert [name for name in shipped if not (ROOT / name).exists()] == []


def test_it_names_every_type_of_event_a_crm_may_send() -> None:
    named = {
        f"{thing}.{what}"
        for thing, whats in re.findall(r"`(\w+)\.([\w|]+)`", README)
        for what in whats.split("|")
    }

    assert set(types()) - named == {"payment.confirmed"}
