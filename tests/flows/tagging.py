"""What the tests of names share: lists of a company with classes, and recipes that name things."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from click.testing import CliRunner, Result

from app import Composition
from runtime.commands import bookrelay
from tests.harness import REALM, Harness

#: The line of the shipped recipes behind which the fields of a step are put.
_ANCHORS = {
    "invoice": '      message_to_customer: ""\n',
    "estimate": '      message_to_customer: ""\n',
    "payment": '      method: "{{ trigger.payment.method }}"\n',
    "line": '          tax: "{{ line.tax }}"\n',
}


class Tags:
    """Classes, a location and items in the practice company, by their ids."""

    def __init__(self, harness: Harness) -> None:
        self._harness = harness
        self.north = self.put("Class", Name="North", FullyQualifiedName="North")
        self.depot = self._below("Depot", self.north, "North")
        east = self.put("Class", Name="East", FullyQualifiedName="East")
        self._below("Depot", east, "East")
        self.put("Class", Name="Old (deleted)", FullyQualifiedName="Old (deleted)", Active=False)
        self.boise = self.put("Department", Name="Boise", FullyQualifiedName="Boise")
        deposits = {"value": "95", "name": "Customer Deposits"}
        self.put("Item", Name="Deposits taken", Type="Service", IncomeAccountRef=deposits)
        self.put("Item", Name="Tools", FullyQualifiedName="Tools", Type="Category")

    def put(self, entity: str, **record: Any) -> str:
        """Write a record past the rules; gives its id."""
        told = {"realm": REALM, "entity": entity, "record": record}
        return str(self._harness.control("records", told)["Id"])

    def prefer(self, **preferences: bool) -> None:
        """Set accounting preferences."""
        wanted = {f"AccountingInfoPrefs.{key}": value for key, value in preferences.items()}
        self._harness.control("preferences", {"realm": REALM, "set": wanted})

    def _below(self, name: str, parent: str, parents: str) -> str:
        return self.put(
            "Class",
            Name=name,
            FullyQualifiedName=f"{parents}:{name}",
            ParentRef={"value": parent},
            SubClass=True,
        )


def recipe_with(
    harness: Harness,
    recipe: str = "payment-collected-to-paid-invoice",
    top: str = "",
    **steps: Mapping[str, str],
) -> None:
    """Add fields to steps of a shipped recipe (`line`: to its lines), and `top` to its top."""
    path = harness.data / "recipes" / f"{recipe}.yaml"
    text = path.read_text()
    for step, fields in steps.items():
        anchor = _ANCHORS[step]
        assert anchor in text
        indent = " " * (len(anchor) - len(anchor.lstrip()))
        added = "".join(f"{indent}{name}: {json.dumps(value)}\n" for name, value in fields.items())
        text = text.replace(anchor, anchor + added)
    path.write_text(text.replace("\ndo:\n", f"\n{top}do:\n"))
    harness.read_recipes()
    assert not harness.relay.shelf.problems, str(harness.relay.shelf.problems)


def release(harness: Harness) -> None:
    """Let go on what is held."""
    command("holds", "release", "--all", "--data", str(harness.data))
    harness.work()


def named(harness: Harness, *words: str) -> Any:
    """What `bookrelay pins` prints: JSON where it was asked for, else the text."""
    result = command("pins", *words, "--data", str(harness.data))
    return json.loads(result.stdout) if "--json" in words else result.output


def command(*words: str) -> Result:
    """Run `bookrelay`."""
    return CliRunner().invoke(bookrelay, words, obj=Composition())
