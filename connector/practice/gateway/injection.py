"""Faults on demand: which calls go wrong, how, and how often."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

KINDS = frozenset(
    {"status", "fault", "lost_answer", "html", "cut", "delay", "fault_in_200", "throttle"}
)
#: Kinds that act on the finished answer: what was asked for has been done.
AFTER = frozenset({"lost_answer", "cut"})
#: Kinds that can strike one item of a batch.
_OF_ITEMS = frozenset({"status", "fault", "fault_in_200", "throttle"})
_MATCHES = frozenset({"method", "path", "entity", "bId"})
#: Of seconds and counts.
_LARGEST = 10**9
#: Every field of a rule and its type; `times` None = without end.
_FIELDS: Mapping[str, tuple[type, ...]] = {
    "match": (dict,),
    "kind": (str,),
    "code": (str,),
    "message": (str,),
    "detail": (str,),
    "status": (int,),
    "seconds": (int, float),
    "when": (str,),
    "commit": (bool,),
    "retry_after": (int,),
    "times": (int,),
    "rate": (int, float),
    "seed": (int,),
}


@dataclass(slots=True, kw_only=True)
class Rule:
    """One fault rule."""

    id: int
    match: Mapping[str, str]
    kind: str
    code: str = ""
    message: str = ""
    detail: str = ""
    status: int = 0
    #: How long a delay lasts.
    seconds: float = 0.0
    #: Whether a delay comes before or after the work is done.
    when: str = "after"
    #: Whether the work is done although the answer says otherwise.
    commit: bool = False
    #: Seconds of the Retry-After header of a throttle; None = no header.
    retry_after: int | None = None
    #: How often it still strikes; None = without end.
    times: int | None = None
    #: The share of matching calls it strikes, by a generator seeded with `seed`.
    rate: float = 1.0
    chance: random.Random

    @property
    def acts_after(self) -> bool:
        """Whether the work is done before the rule strikes."""
        late = self.kind == "delay" and self.when == "after"
        return self.kind in AFTER or self.commit or late


class Injections:
    """The rules in force; the first that matches strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._last = 0

    def add(self, told: Mapping[str, Any]) -> int:
        """Add a rule as told to the control API; its id. Raises ValueError with a sentence."""
        _check(told)
        with self._lock:
            self._last += 1
            self._rules.append(_rule(self._last, told))
            return self._last

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules.clear()

    def told(self) -> list[dict[str, Any]]:
        """The rules in force, as the control API shows them."""
        with self._lock:
            return [_told(rule) for rule in self._rules]

    def take(self, *, method: str, path: str, entity: str) -> Rule | None:
        """The rule that strikes this call, counted down."""
        call = {"method": method.upper(), "path": path, "entity": entity.lower(), "bId": ""}
        return self._struck(lambda rule: _fits(rule, call))

    def take_item(self, *, path: str, entity: str, bid: str) -> Rule | None:
        """The rule that strikes this item of a batch, counted down.

        Only rules that name an entity or a bId, and whose kind makes a fault, strike items.
        """
        call = {"method": "POST", "path": path, "entity": entity.lower(), "bId": bid}

        def strikes(rule: Rule) -> bool:
            named = "entity" in rule.match or "bId" in rule.match
            return named and rule.kind in _OF_ITEMS and _fits(rule, call)

        return self._struck(strikes)

    def _struck(self, strikes: Callable[[Rule], bool]) -> Rule | None:
        with self._lock:
            for rule in self._rules:
                if strikes(rule) and rule.times != 0 and rule.chance.random() < rule.rate:
                    if rule.times is not None:
                        rule.times -= 1
                    return rule
        return None


def _told(rule: Rule) -> dict[str, Any]:
    shown = {field.name: getattr(rule, field.name) for field in fields(rule)}
    del shown["chance"]
    return shown


def _rule(number: int, told: Mapping[str, Any]) -> Rule:
    known = {key: value for key, value in told.items() if key not in ("match", "seed")}
    known.setdefault("times", None if "rate" in told else 1)
    chance = random.Random(told.get("seed", 0))
    return Rule(id=number, match=dict(told.get("match", {})), chance=chance, **known)


def _fits(rule: Rule, call: Mapping[str, str]) -> bool:
    wanted = rule.match
    return (
        wanted.get("method", call["method"]).upper() == call["method"]
        and wanted.get("path", "") in call["path"]
        and wanted.get("entity", call["entity"]).lower() == call["entity"]
        and wanted.get("bId", call["bId"]) == call["bId"]
    )


def _check(told: Mapping[str, Any]) -> None:
    for key, value in told.items():
        if key not in _FIELDS:
            raise ValueError(f"A fault rule has no field {key}; it has {', '.join(_FIELDS)}.")
        if not isinstance(value, _FIELDS[key]):
            raise ValueError(f"The field {key} of a fault rule cannot be {value!r}.")
    if told.get("kind") not in KINDS:
        raise ValueError(f"The kind of a fault rule is one of {', '.join(sorted(KINDS))}.")
    _check_numbers(told)
    match = told.get("match", {})
    if not all(isinstance(value, str) for value in match.values()):
        raise ValueError("What a fault rule matches by is text.")
    strange = set(match) - _MATCHES
    if strange:
        raise ValueError(f"A fault rule cannot match by {', '.join(sorted(strange))}.")


def _check_numbers(told: Mapping[str, Any]) -> None:
    status = told.get("status", 0)
    if status and not 200 <= status <= 599:
        raise ValueError(f"The status of a fault rule is from 200 to 599, not {status}.")
    for key in ("seconds", "retry_after", "times"):
        if not 0 <= told.get(key, 0) <= _LARGEST:
            raise ValueError(f"The field {key} of a fault rule is from 0 to {_LARGEST:,}.")
