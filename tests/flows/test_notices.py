"""People are told: at once, then in digests, and when it is over; what is not sent can be seen."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app import Composition
from runtime.commands import bookrelay
from runtime.models import Trouble
from runtime.notices import board as noticeboard
from runtime.store import notices
from tests.events import line, payment
from tests.flows.paid import RECIPE, add
from tests.flows.receiver import Receiver, receiving
from tests.harness import MAPPING, SECRET, Harness

OWNER = "office"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def told(harness: Harness) -> list[dict[str, Any]]:
    known = harness.relay.settings.current().notifications
    return harness.relay.database.read(noticeboard.all_notices, known)


def pass_time(harness: Harness, seconds: float) -> None:
    """Let time pass, with a look at what must be told every half minute."""
    for _ in range(int(seconds / 30)):
        harness.clock.move(30)
        harness.heart.tell()


def unmapped(number: str) -> dict[str, Any]:
    return payment(number, [line("60.00", "gutter_guard")])


def command(harness: Harness, *words: str) -> Result:
    arguments = ["notices", *words, "--data", str(harness.data)]
    return CliRunner().invoke(bookrelay, arguments, obj=Composition())


def test_holds_of_one_reason_are_told_once_then_in_a_digest_then_their_end(
    harness: Harness, receiver: Receiver
) -> None:
    harness.apply({"notifications": {OWNER: receiver.address}})
    add(harness, f"owner: {OWNER}")
    harness.post(unmapped("1"))
    harness.work()
    harness.heart.tell()
    ((title, message),) = receiver.got
    assert title == f"Bookrelay: held, {RECIPE}"
    assert 'The recipe "Collected payment becomes a paid invoice" holds an event: ' in message
    assert "gutter_guard" in message
    assert "Nothing was booked" in message
    assert "What to do: " in message
    assert "2026-11-06 17:00 MST" in message

    for number in range(2, 12):
        harness.post(unmapped(str(number)))
        harness.work()
        pass_time(harness, 60)
    assert len(receiver.got) == 1
    pass_time(harness, 3600)
    assert len(receiver.got) == 2
    assert "11 times since" in receiver.got[1][1]

    harness.setup({"account_mapping": [*MAPPING, GUTTERS]})
    harness.settle()
    assert harness.holds() == []
    harness.heart.tell()
    assert len(receiver.got) == 2
    pass_time(harness, 60)
    assert receiver.titles[2:] == [f"Over: Bookrelay: held, {RECIPE}"]
    pass_time(harness, 7200)
    assert len(receiver.got) == 3


GUTTERS = {"match": {"service_type": "gutter_guard"}, "income_account": "Residential Cleaning"}


def test_what_ends_and_begins_again_at_once_is_not_told_as_over(
    harness: Harness, receiver: Receiver
) -> None:
    harness.apply({"notifications": {OWNER: receiver.address}})
    add(harness, f"owner: {OWNER}")
    harness.post(unmapped("1"))
    harness.work()
    harness.heart.tell()
    for number in range(2, 8):
        harness.setup({"rules": {"net_days": 15 if number % 2 else 0}})
        harness.tick()
        harness.relay.watch.look()
        assert told(harness)[0]["ended"]
        harness.work()
        assert told(harness)[0]["ended"] is None
        assert told(harness)[0]["count"] == 1
        pass_time(harness, 1200)
    assert len(receiver.got) == 1


def test_a_service_that_fails_is_tried_again_later_and_the_failure_is_seen(
    harness: Harness, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 500
    harness.apply({"notifications": {OWNER: receiver.address}})
    harness.post(unmapped("1"))
    harness.work()
    with caplog.at_level(logging.WARNING):
        harness.heart.tell()
    assert "not sent: the service of office cannot be reached" in caplog.text
    assert "127.0.0.1" not in caplog.text
    pass_time(harness, 600)
    assert 3 <= receiver.refused <= 5
    ((one,),) = [notice["told"] for notice in told(harness)]
    assert (one["recipient"], one["sent"]) == (OWNER, None)
    assert one["trouble"].startswith("not sent: the service of office cannot be reached")
    assert "not sent: the service of office" in harness.web.get("/").text
    receiver.status = 200
    pass_time(harness, 1800)
    assert len(receiver.got) == 1
    ((one,),) = [notice["told"] for notice in told(harness)]
    assert (bool(one["sent"]), one["trouble"]) == (True, None)


def test_who_cannot_be_told_is_said_and_told_as_soon_as_an_address_is_there(
    harness: Harness, receiver: Receiver
) -> None:
    add(harness, "owner: office@example.com\non_error:\n  notify: [owner, Ann]")
    harness.post(unmapped("1"))
    harness.work()
    pass_time(harness, 7200)
    missing = "not sent: no way to send to {} is set up (Settings, notifications)"
    ((mail, ann),) = [notice["told"] for notice in told(harness)]
    assert mail["trouble"] == missing.format("office@example.com")
    assert ann["trouble"] == missing.format("Ann")
    assert missing.format("Ann") in harness.web.get("/").text
    assert missing.format("Ann") in command(harness, "list").stdout
    harness.apply({"notifications": {"ann": receiver.address}})
    harness.heart.tell()
    assert len(receiver.got) == 1
    ((mail, ann),) = [notice["told"] for notice in told(harness)]
    assert (ann["recipient"], ann["trouble"]) == ("ann", None)


def test_a_recipe_without_owner_tells_everybody_or_says_that_nobody_is_there(
    harness: Harness, receiver: Receiver
) -> None:
    harness.post(unmapped("1"))
    harness.work()
    harness.heart.tell()
    ((one,),) = [notice["told"] for notice in told(harness)]
    assert one == {
        "recipient": None,
        "sent": None,
        "trouble": "not sent: nobody is set up to be told (Settings, notifications)",
    }
    harness.apply({"notifications": {"ann": receiver.address, "bob": receiver.address}})
    harness.heart.tell()
    assert len(receiver.got) == 2
    assert [one["recipient"] for one in told(harness)[0]["told"]] == ["ann", "bob"]


def test_a_killed_process_tells_again_rather_than_never(
    harness: Harness, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.apply({"notifications": {OWNER: receiver.address}})
    harness.post(unmapped("1"))
    harness.work()

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("runtime.notices.telling._record", killed)
    with pytest.raises(KeyboardInterrupt):
        harness.heart.tell()
    monkeypatch.undo()
    harness.again()
    harness.heart.tell()
    harness.heart.tell()
    assert len(receiver.got) == 2


def test_notices_are_listed_shown_and_tested_on_the_command_line(
    harness: Harness, receiver: Receiver
) -> None:
    harness.apply({"notifications": {OWNER: receiver.address}})
    harness.post(unmapped("1"))
    harness.work()
    harness.heart.tell()
    (listed,) = json.loads(command(harness, "list", "--json").stdout)
    assert (listed["id"], listed["kind"], listed["about"]) == ("1", "held", RECIPE)
    assert json.loads(command(harness, "show", "1", "--json").stdout) == listed
    assert f"told: {OWNER} 2026-11-07T00:00:00+00:00" in command(harness, "show", "1").stdout
    assert command(harness, "show", "7").exit_code == 1
    tested = command(harness, "test", OWNER)
    assert (tested.exit_code, receiver.titles[-1]) == (0, "Bookrelay: test")
    receiver.status = 403
    failed = command(harness, "test", OWNER, "--json")
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["trouble"].startswith("not sent: the service of office")
    nobody = command(harness, "test", "carol")
    assert (nobody.exit_code, "no way to send to carol" in nobody.stdout) == (1, True)
    for shown in (tested, failed, nobody):
        assert "127.0.0.1" not in shown.output


def test_secrets_leave_the_house_in_no_message(harness: Harness, receiver: Receiver) -> None:
    harness.apply({"notifications": {OWNER: receiver.address}})
    leaky = Trouble(key="x", kind="file", about="x", sentence=f"It was {SECRET}.", fix="Mend it.")
    harness.relay.database.write(notices.raise_, leaky, harness.clock.now())
    harness.heart.tell()
    ((_, message),) = receiver.got
    assert "It was …." in message


def test_the_owner_is_told_of_a_save_with_mistakes_and_that_it_is_mended(
    harness: Harness, receiver: Receiver
) -> None:
    with receiving() as other:
        harness.apply({"notifications": {OWNER: receiver.address, "Ann": other.address}})
        add(harness, f"owner: {OWNER}")
        path = harness.data / "recipes" / f"{RECIPE}.yaml"
        good = path.read_text(encoding="utf-8")
        path.write_text(good.replace("contact.email", "contact.emial"), encoding="utf-8")
        harness.tick()
        harness.heart.tell()
        ((title, message),) = receiver.got
        assert f"recipes/{RECIPE}.yaml" in message
        assert "keeps running" in message
        assert title.startswith("Bookrelay: ")
        path.write_text(good, encoding="utf-8")
        harness.tick()
        pass_time(harness, 3600)
        assert "is mended" in receiver.got[-1][1]
        assert len(receiver.got) == 2
        assert other.got == []
