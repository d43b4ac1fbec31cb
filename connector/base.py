"""The seam between the runtime and what talks to a service: commands, connectors, actions.

An action does no input or output. It is a generator that yields commands (`Need`, `Read`,
`Recall`, `Pin`, `Link`, `Write`), is sent the answers, and returns a `Done`. Only the runner asks
the store and sends.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Protocol, TypeAlias

Record: TypeAlias = Mapping[str, Any]

#: Seconds that lists and preferences may be old.
DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What must exist once in the books, by the names it is known under."""

    #: customer, item, invoice, payment, estimate, refund
    kind: str
    #: "namespace:value" names; each belongs to one document of a company for ever.
    aliases: tuple[str, ...]
    #: Further names, claimed only while no other document has them (e-mail, job and visit).
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A document that was made or found: where it stands in QuickBooks."""

    kind: str
    #: QuickBooks' id of the record.
    id: str
    #: Facts worth remembering about it (total, name, e-mail ...), JSON-able.
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """How to recognise a record after a lost answer."""

    #: A statement of the query language, or empty where only `entity` is listed.
    query: str
    #: Dotted paths and the text each must have; a path through a list matches any element.
    expect: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Is this document linked already? Answer: `Linked` or None."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Read from the service. Answer: a tuple of records."""

    #: A statement of the query language, or a singleton path such as `preferences`.
    query: str
    #: True where an older answer will do (lists and preferences).
    cached: bool = False
    #: How old such an answer may be, in seconds.
    age: float = DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Record that `document` is the existing record `linked`. Answer: the `Linked`."""

    document: Document
    linked: Linked
    #: What shows that they are one, for people: `the e-mail address dana@example.com`.
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A record of a service's lists that people name as they see it there: a class, a term."""

    #: The service's id of it.
    id: str
    #: The name it had when it was last looked at.
    name: str
    #: What kind of its kind it is, such as an account's type; empty where there are none.
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Which record was this name pinned to? Answer: `Chosen` or None."""

    #: class, location, term, item, account, payment_method
    kind: str
    #: The name, ready for comparing.
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """From now on this name means this record, whatever the service calls it later. No answer."""

    kind: str
    name: str
    chosen: Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Send one write. Answer: `Written`; a definite refusal is thrown in as `Rejected`."""

    #: What is made by it; None for a write that makes no document (a hand-over).
    document: Document | None
    #: The operation in the idempotency key: "create", "update" ...
    operation: str
    #: Path below the company (`invoice`), or a full URL for generic actions.
    path: str
    body: Record
    #: Facts to remember with the link once it is made.
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: How to look for it after a lost answer; the first statement that finds it wins.
    find: tuple[Find, ...] = ()
    #: Further query parameters (`include=...`).
    params: Mapping[str, str] = field(default_factory=dict)
    #: Why the body is as it is, for people: neither sent nor stored. The action says what is in it.
    why: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The answer to a `Write`."""

    id: str
    #: What was to be remembered, and what the service said of the record (TotalAmt, Balance ...).
    facts: Mapping[str, Any]


Command: TypeAlias = Need | Read | Recall | Pin | Link | Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an action gives to later steps as `steps.<id>`."""

    #: Always has `id`; the rest as the action declares in its schema.
    values: Mapping[str, Any]
    #: QuickBooks' entity name and id for the history, or None.
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which event a run handles, in the words of the history."""

    #: The connection's name, e.g. `leadexploder`.
    connection: str
    #: The ledger's id of the event.
    event: str
    #: The source's own id of the event.
    identity: str
    #: e.g. `payment.collected`
    type: str
    #: When it reached us, with a zone.
    received_at: datetime
    #: ISO code of the money in it; empty where it tells none.
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """One company as the actions see it: who, its rules, its mapping. Frozen, no secrets."""

    company: str
    name: str
    time_zone: tzinfo
    rules: Mapping[str, Any]
    #: Account settings by use: deposits, tips, discounts, fees ...: account names.
    accounts: Mapping[str, str]
    #: Account name by payment method.
    deposit_to: Mapping[str, str]
    #: Rows of `account_mapping` in order.
    account_mapping: Sequence[Mapping[str, Any]]
    #: Match keys in order.
    match_keys: tuple[str, ...]
    #: Answers of the match review by CRM contact id.
    matches: Mapping[str, Mapping[str, Any]]
    #: after_review | approve_exact | yes
    go_live: str
    origin: Origin
    #: The moment the run was taken up, with a zone.
    now: datetime
    #: Id of the step that is done now, for sentences.
    step: str = ""


Action: TypeAlias = Callable[[Mapping[str, Any], Books], Generator[Command, Any, Done]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a write would do, for people who look before anything is written."""

    #: Sentences, in order.
    words: tuple[str, ...]
    #: The same as plain data.
    details: Mapping[str, Any]


#: A record of the service by entity and id, where it is known.
Lookup: TypeAlias = Callable[[str, str], Record | None]
Retell: TypeAlias = Callable[[Write, Lookup], Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """An action a recipe may name."""

    #: e.g. `quickbooks.create_invoice`
    name: str
    #: The service whose client sends its commands: `quickbooks`, `http`.
    service: str
    perform: Action
    #: JSON Schema of its fields (schemas/actions/<name>.json).
    schema: Mapping[str, Any]
    #: Tells a write in words; None where its body says all.
    retell: Retell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One verified happening as a connector tells it, not yet stored."""

    #: The source's id, the same for the webhook, its redeliveries and the poll.
    identity: str
    #: e.g. `payment.collected`; unknown types are stored and ignored.
    type: str
    #: Trigger name as recipes write it (`payment_collected`), empty when no recipe can use it.
    trigger: str
    #: When it happened, with a zone.
    happened_at: datetime
    #: The standard event's `data`.
    data: Mapping[str, Any]
    location: str = ""
    test: bool = False
    #: The contact the event is about, in the connection's own ids; orders runs of one customer.
    contact: str = ""
    #: Why it is stored but not handled (unknown type, test payload), a sentence; else empty.
    ignored: str = ""
    #: The bytes it came in; for a poll, the JSON of the one element.
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a poll."""

    happenings: tuple[Happening, ...]
    #: Cursor of the next page; None at the end.
    next: str | None


class BadWebhook(Exception):
    """A webhook that cannot be taken: `status` is the HTTP answer, the text says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Connector(Protocol):
    """A service that gives events."""

    #: e.g. `leadexploder`
    key: str
    #: Trigger names it gives, e.g. `payment_collected`.
    triggers: frozenset[str]
    #: Names of the account fields that are secrets.
    secrets: frozenset[str]

    def receive(
        self, raw: bytes, headers: Mapping[str, str], account: Mapping[str, str], now: datetime
    ) -> tuple[Happening, ...]:
        """Verify a webhook over its raw bytes and say what happened.

        `headers` has lower-case names; `account` the connection's settings with secrets opened.
        Raises BadWebhook (401 for a bad or missing signature, 400 for a body that cannot be read).
        """

    def polls(self, account: Mapping[str, str]) -> bool:
        """Whether this connection is set up to be polled."""

    def poll(
        self, account: Mapping[str, str], since: datetime, cursor: str | None, http: Any
    ) -> Page:
        """Read one page of what happened since `since`; `http` is a `requests.Session`.

        Raises Retryable or NeedsReconnect.
        """
