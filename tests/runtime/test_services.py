"""The clients of actions: limits are kept, throttling stops all workers, lists age out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from sqlalchemy import select

from connector.base import ActionSpec, Books, Command, Done
from connector.errors import Hold, NeedsReconnect, Retryable
from connector.http import Answer
from connector.quickbooks.client import QuickBooksClient
from connector.webhook_out.client import CatchHookClient
from runtime.clock import SetClock
from runtime.endpoints import Endpoints
from runtime.services import CatchHookService, Desk, Lists, QuickBooksService
from runtime.settings import Company, Limits
from runtime.settings.model import RULES, Environment, QuickBooks
from runtime.store.database import Database, sqlite_url
from runtime.store.migrate import migrate
from runtime.store.schema import companies
from tests.harness import SECRET, Harness

#: A quarter of a second into a minute.
NOW = datetime(2026, 11, 7, 0, 0, 0, 250_000, tzinfo=UTC)
DAY = 24 * 3600.0
URL = "https://hooks.example/catch/1"


class Scripted(QuickBooksClient):
    """QuickBooks, answering from a script: a record, or an error to raise."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.next: Any = {"Id": 7, "DocNumber": "1042", "TotalAmt": "475.00", "Line": []}

    def _tell(self, what: str) -> Any:
        self.asked.append(what)
        if isinstance(self.next, Exception):
            raise self.next
        return self.next

    def write(self, path: str, raw: bytes, key: str, params: Mapping[str, str]) -> Answer:
        return Answer(record=self._tell(path), trace="1-abc", date=None)

    def get(self, path: str) -> dict[str, Any]:
        told: dict[str, Any] = self._tell(path)
        return told

    def query(self, statement: str) -> tuple[dict[str, Any], ...]:
        return (self._tell(statement),)


def company(limits: Limits | None = None, realm: str = "1") -> Company:
    return Company(
        name="Sparrow",
        realm_id=realm,
        locations=(),
        time_zone="America/Boise",
        quickbooks=QuickBooks(environment=Environment.PRACTICE, limits=limits),
        rules=RULES,
        accounts={},
        deposit_to={},
        account_mapping=(),
        match_keys=("email",),
        matches={},
        go_live="yes",
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(sqlite_url(tmp_path))
    migrate(made)
    yield made
    made.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def client() -> Scripted:
    return Scripted()


class Slept(list[float]):
    """The waits of a service, each of which moves its clock."""

    def __init__(self, clock: SetClock) -> None:
        super().__init__()
        self._clock = clock

    def __call__(self, seconds: float) -> None:
        self.append(seconds)
        self._clock.move(seconds)


@pytest.fixture
def slept(clock: SetClock) -> Slept:
    return Slept(clock)


@pytest.fixture
def service(
    database: Database, clock: SetClock, client: Scripted, slept: Slept
) -> Callable[..., QuickBooksService]:
    def make(limits: Limits | None = None) -> QuickBooksService:
        return QuickBooksService(
            client=client,
            lists=Lists("1", database, clock),
            company=company(limits),
            database=database,
            clock=clock,
            sleep=slept,
        )

    return make


Make = Callable[..., QuickBooksService]


def test_a_write_is_answered_with_what_is_worth_remembering(
    service: Make, client: Scripted
) -> None:
    sent = service().send("invoice", b"{}", "k", {})
    assert (sent.id, sent.trace, sent.record) == ("7", "1-abc", client.next)
    assert sent.facts == {"DocNumber": "1042", "TotalAmt": "475.00"}


def test_a_body_has_exact_decimals(service: Make) -> None:
    assert service().encode({"Amount": Decimal("0.10")}).replace(b" ", b"") == b'{"Amount":0.10}'


def test_the_third_call_of_a_second_waits_for_the_next(
    service: Make, client: Scripted, slept: Slept
) -> None:
    quickbooks = service(Limits(per_second=2))
    for number in range(3):
        quickbooks.read(f"select {number}", keep=False)
    assert slept == [0.75]
    assert client.asked == ["select 0", "select 1", "select 2"]


def test_two_services_of_one_company_share_its_limit(service: Make, slept: Slept) -> None:
    service(Limits(per_second=1)).send("invoice", b"{}", "k", {})
    service(Limits(per_second=1)).send("invoice", b"{}", "l", {})
    assert slept == [0.75]


def test_a_full_minute_is_waited_for_in_the_store_and_not_in_a_worker(
    service: Make, client: Scripted, slept: Slept, clock: SetClock
) -> None:
    quickbooks = service(Limits(per_minute=1))
    quickbooks.send("invoice", b"{}", "k", {})
    with pytest.raises(Retryable) as limited:
        quickbooks.send("payment", b"{}", "l", {})
    assert limited.value.retry_after == pytest.approx(59.75)
    assert limited.value.pause is False
    assert (client.asked, slept) == (["invoice"], [])
    clock.move(58.25)  # a second and a half are left of the minute
    quickbooks.send("payment", b"{}", "l", {})
    assert (client.asked, slept) == (["invoice", "payment"], [1.5])


def test_a_company_without_limits_is_not_counted(
    service: Make, client: Scripted, database: Database, slept: Slept
) -> None:
    for _ in range(20):
        service(None).send("invoice", b"{}", "k", {})
    assert (len(client.asked), slept) == (20, [])
    assert database.read(lambda tx: tx.execute(select(companies)).all()) == []


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        (Retryable("Throttled.", retry_after=30.0, pause=True), 30.0),
        (Retryable("Throttled.", pause=True), 60.0),
        (Retryable("Down.", retry_after=30.0), None),
    ],
)
@pytest.mark.parametrize("what", ["send", "read", "preferences"])
def test_throttling_is_stored_for_all_workers(
    service: Make,
    client: Scripted,
    database: Database,
    failure: Retryable,
    seconds: float | None,
    what: str,
) -> None:
    client.next = failure
    quickbooks = service()
    calls: dict[str, Callable[[], object]] = {
        "send": lambda: quickbooks.send("invoice", b"{}", "k", {}),
        "read": lambda: quickbooks.read("select 1", keep=False),
        "preferences": lambda: quickbooks.read("preferences", keep=True),
    }
    with pytest.raises(Retryable):
        calls[what]()
    until = database.read(lambda tx: tx.execute(select(companies.c.paused_until)).scalar())
    assert until == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_a_list_is_read_once_a_day(service: Make, client: Scripted, clock: SetClock) -> None:
    quickbooks = service()
    assert quickbooks.kept("select 1") is None
    assert quickbooks.read("select 1", keep=True) == (client.next,)
    clock.move(DAY - 1)
    assert quickbooks.read("select 1", keep=True) == quickbooks.kept("select 1")
    assert client.asked == ["select 1"]
    clock.move(1)
    assert quickbooks.kept("select 1") is None
    quickbooks.read("select 1", keep=True)
    assert client.asked == ["select 1", "select 1"]


def test_a_new_process_has_the_lists_of_the_one_before(
    service: Make, client: Scripted, clock: SetClock
) -> None:
    first, second = service(), service()
    records = first.read("select 1", keep=True)
    clock.move(3600)
    assert second.kept("select 1") == records
    assert second.read("select 1", keep=True) == records
    assert second.read_at("select 1") == NOW
    assert client.asked == ["select 1"]
    first.forget_lists()
    assert service().kept("select 1") is None
    assert service().read_at("select 1") is None


def test_a_list_may_be_asked_for_newer_than_it_is_kept(
    service: Make, client: Scripted, clock: SetClock
) -> None:
    quickbooks = service()
    quickbooks.read("select 1", keep=True)
    clock.move(59)
    assert quickbooks.kept("select 1", 60) is not None
    clock.move(1)
    assert quickbooks.kept("select 1", 60) is None
    quickbooks.read("select 1", keep=True, age=60)
    assert len(client.asked) == 2


def test_a_list_from_a_clock_that_ran_ahead_is_not_used(service: Make, clock: SetClock) -> None:
    service().read("select 1", keep=True)
    clock.at -= timedelta(minutes=1)
    assert service().kept("select 1") is None


def test_a_list_that_could_not_be_read_is_not_kept(service: Make, client: Scripted) -> None:
    quickbooks, answer = service(), client.next
    client.next = Retryable("Down.")
    with pytest.raises(Retryable):
        quickbooks.read("select 1", keep=True)
    client.next = answer
    assert quickbooks.read("select 1", keep=True) == (answer,)


def test_forgotten_lists_are_read_anew(service: Make, client: Scripted) -> None:
    quickbooks = service()
    quickbooks.read("select 1", keep=True)
    quickbooks.forget_lists()
    assert quickbooks.kept("select 1") is None
    quickbooks.read("select 1", keep=True)
    assert len(client.asked) == 2


def test_what_must_be_new_is_asked_every_time(service: Make, client: Scripted) -> None:
    quickbooks = service()
    quickbooks.read("select 1", keep=False)
    quickbooks.read("select 1", keep=False)
    assert len(client.asked) == 2
    assert quickbooks.kept("select 1") is None


@pytest.mark.parametrize("answer", [{"Preferences": {"a": "b"}}, {"a": "b"}])
def test_preferences_are_unwrapped(service: Make, client: Scripted, answer: object) -> None:
    client.next = answer
    assert service().read("preferences", keep=True) == ({"a": "b"},)


# The catch hook


def catch_hook(secret: str = SECRET) -> CatchHookService:
    http = requests.Session()
    return CatchHookService(CatchHookClient(URL, secret, http, now=lambda: NOW))


def test_a_catch_hook_knows_nothing_and_is_known_by_the_key() -> None:
    service = catch_hook()
    service.forget_lists()
    assert service.kept("select 1") is None
    assert service.read("select 1", keep=True) == ()
    assert service.facts_of({"DocNumber": "1"}) == {}
    raw = service.encode({"a": "1"})
    with responses.RequestsMock() as mock:
        mock.post(URL, status=200, json={})
        sent = service.send("hook", raw, "key-1", {})
        assert mock.calls[0].request.body == raw
    assert (sent.id, sent.facts) == ("key-1", {})


def test_an_unusable_secret_of_a_catch_hook_asks_for_another() -> None:
    with pytest.raises(Hold) as held:
        catch_hook("whsec_***").send("hook", b"{}", "key-1", {})
    assert held.value.reason == "connection-unset"
    assert held.value.fix


# Who gets which service


def idle(fields: Mapping[str, Any], books: Books) -> Generator[Command, Any, Done]:
    yield from ()
    return Done(values={})


def spec(service: str) -> ActionSpec:
    return ActionSpec(name="a.b", service=service, perform=idle, schema={})


def desk(harness: Harness, accounts: Callable[[str], Mapping[str, str]]) -> Desk:
    return Desk(
        database=harness.relay.database,
        clock=harness.clock,
        http=requests.Session(),
        tokens=None,  # type: ignore[arg-type]  # nothing is sent here
        accounts=accounts,
        endpoints=Endpoints(),
    )


def test_an_action_of_quickbooks_needs_a_company(harness: Harness) -> None:
    with pytest.raises(Hold) as held:
        desk(harness, lambda name: {}).service_for(spec("quickbooks"), None, {})
    assert held.value.reason == "no-company"


@pytest.mark.parametrize("account", [{}, {"url": URL}, {"webhook_secret": SECRET}])
def test_a_hand_over_needs_a_url_and_a_secret(harness: Harness, account: Mapping[str, str]) -> None:
    with pytest.raises(Hold) as held:
        desk(harness, lambda name: account).service_for(spec("http"), None, {"connection": "desk"})
    assert held.value.reason == "connection-unset"
    assert "`desk:`" in held.value.fix


def test_a_secret_that_cannot_be_opened_holds_the_hand_over(harness: Harness) -> None:
    def unreadable(name: str) -> Mapping[str, str]:
        raise NeedsReconnect(f"The secret of {name} cannot be opened.", fix="Enter it again.")

    with pytest.raises(Hold) as held:
        desk(harness, unreadable).service_for(spec("http"), None, {"connection": "desk"})
    assert (held.value.reason, held.value.fix) == ("connection-unset", "Enter it again.")
    assert "desk" in held.value.sentence


def test_a_hand_over_needs_no_company(harness: Harness) -> None:
    account = {"url": URL, "webhook_secret": SECRET}
    service = desk(harness, lambda name: account).service_for(spec("http"), None, {"connection": 1})
    assert isinstance(service, CatchHookService)


def test_new_settings_make_a_new_service_over_the_same_lists(harness: Harness) -> None:
    given, first = desk(harness, lambda name: {}), company()
    service = given.quickbooks(first)
    service._lists.get("select 1", lambda query: ({"Id": "1"},))
    assert given.service_for(spec("quickbooks"), first, {}) is service
    changed = given.quickbooks(replace(first, name="Wren"))
    assert changed is not service
    assert changed.kept("select 1") == ({"Id": "1"},)
    assert given.quickbooks(company(realm="2")).kept("select 1") is None


def test_services_of_old_settings_do_not_pile_up(harness: Harness) -> None:
    given = desk(harness, lambda name: {})
    for _ in range(200):
        given.quickbooks(company())
    assert len(given._services) <= 66
