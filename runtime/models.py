"""The records the runtime works with: events, runs, holds, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    HELD = "held"
    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A stored event."""

    #: The ledger's id.
    id: int
    connection: str
    trigger: str
    #: The source's own id.
    identity: str
    type: str
    received_at: datetime
    happened_at: datetime
    location: str
    test: bool
    contact: str
    #: new (not matched yet), stored, ignored, backfill (fetched for one recipe alone)
    state: str
    #: Why it is ignored, or what became of it without a run.
    note: str
    data: Mapping[str, Any]

    def envelope(self) -> dict[str, Any]:
        """What a recipe reads as `event.`."""
        return {
            "id": self.identity,
            "type": self.type,
            "timestamp": self.happened_at.isoformat(),
            "test": self.test,
            "location": self.location,
            "connection": self.connection,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run about to be stored: one recipe revision handles one event for one company."""

    event: int
    recipe: str
    revision: int
    settings_revision: int
    #: realm_id, or empty when no company could be told (then it is held).
    company: str
    #: Runs with one key go one at a time.
    order_key: str
    received_at: datetime
    #: Set when it cannot even start.
    hold: Mapping[str, Any] | None = None
    #: Started by the backfill of its recipe, not by what comes live.
    backfill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run in the hands of a worker, or in the history."""

    id: int
    event: int
    recipe: str
    revision: int
    settings_revision: int
    company: str
    order_key: str
    state: RunState
    due_at: datetime
    tries: int
    #: Seconds spent waiting between tries, downtime not counted.
    waited: float
    worker: str
    #: Fencing number; a recording with an older one is refused.
    fence: int
    hold: Mapping[str, Any] | None
    error: str | None
    #: What finished steps gave: id -> {"action", "state", "values", "quickbooks"}.
    steps: Mapping[str, Mapping[str, Any]]
    received_at: datetime
    booked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What somebody must be told; equal keys are one trouble, however often it happens."""

    #: What it is about, such as `held/payment-collected/unmapped` or `file/recipes/paid.yaml`.
    key: str
    #: held, dead, flood, silence, file, missing-file, backfill, delivery, pinned
    kind: str
    #: Id of the recipe, number of the run or path of the file.
    about: str
    #: What happened and what became of the event or the money; secrets masked.
    sentence: str
    #: What to do about it.
    fix: str
    #: Names of recipients and e-mail addresses; empty: everybody whom Settings names.
    recipients: tuple[str, ...] = ()


#: What begins again so soon after its end has not ended.
CALM = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A trouble as it is kept, with how often and since when it happened."""

    id: int
    key: str
    kind: str
    about: str
    sentence: str
    fix: str
    recipients: tuple[str, ...]
    #: Since when it lasts this time, and when it happened last.
    first_at: datetime
    last_at: datetime
    #: How often it happened since then.
    count: int
    #: Grows with whatever is worth telling, for ever: what a recipient was told is one of these.
    news: int
    #: None while it lasts.
    ended_at: datetime | None
    #: How it ended, a sentence.
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one recipient was told of one notice."""

    notice: int
    recipient: str
    #: `news` of the notice when it was last told; 0: never.
    told: int
    #: When a message last went out; None: never.
    told_at: datetime | None
    #: Whether that message said that it is over.
    told_end: bool
    #: Failed tries since then, and when the next one is due.
    tries: int
    due_at: datetime
    #: Why the last try failed; empty when it did not.
    error: str
