"""The manual of the practice company fails when it lies: its tables, its calls, its fault rules."""

from __future__ import annotations

import re

import pytest

from connector.practice import create_app
from connector.practice.gateway.injection import KINDS
from connector.practice.reports import REPORTS
from tests.connector.practice.conftest import Client
from tests.connector.practice.manual import MANUAL, with_tables

TEXT = MANUAL.read_text(encoding="utf-8")


def test_its_tables_are_fresh() -> None:
    """Mended by `python -m tests.connector.practice.manual`."""
    assert with_tables(TEXT) == TEXT


def test_a_manual_without_a_place_is_told() -> None:
    with pytest.raises(ValueError, match="switches:begin"):
        with_tables("")


def test_it_names_every_control_call_and_no_other(r1: Client) -> None:
    rules = create_app(r1.running.state).url_map.iter_rules()
    known = {
        f"{method} {rule}"
        for rule in rules
        for method in rule.methods or ()
        if str(rule).startswith("/_control") and method not in ("HEAD", "OPTIONS")
    }
    named = set(re.findall(r"`([A-Z]+ /_control/[^`\s]+)`", TEXT))
    # PUT and POST of a subscription are the same.
    assert known - {"POST /_control/webhooks"} == named


def test_it_names_every_report() -> None:
    told = TEXT[TEXT.index("the **reports**") : TEXT.index("are sums over it")]
    assert re.findall(r"`(\w+)`", told) == list(REPORTS)


def test_it_names_every_kind_of_fault_rule() -> None:
    section = TEXT[TEXT.index("A **fault rule**") : TEXT.index("## Kinds")]
    assert set(KINDS) <= set(re.findall(r"`(\w+)`", section))


def test_switches_and_fault_rules_can_be_read_back(r1: Client) -> None:
    r1.control("switches", {"tax_rate": "7"})
    assert r1.control("switches", method="GET")["tax_rate"] == "7"
    r1.control("faults", {"kind": "throttle", "retry_after": 5})
    (rule,) = r1.control("faults", method="GET")
    assert (rule["kind"], rule["retry_after"], rule["times"]) == ("throttle", 5, 1)
