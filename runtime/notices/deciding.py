"""Decides who is told of a trouble and when: at once, then in digests, then its end. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from runtime.models import CALM, Delivery, Notice
from runtime.recipes import Recipe

#: At most one message of a trouble to one recipient in this time, beside the one of its end.
DIGEST = timedelta(hours=1)
#: Seconds until a message that was not taken is tried again: the first time, and at most.
FIRST_TRY, LAST_TRY = timedelta(minutes=1), timedelta(hours=6)
#: What stands in `on_error.notify` for the recipe's owner.
OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one recipient is to be told now."""

    notice: Notice
    recipient: str
    title: str
    body: str
    #: What the recipient was told of it before; None: nothing.
    before: Delivery | None


def concerned(recipe: Recipe) -> tuple[str, ...]:
    """Who is told of a recipe's trouble: its owner, then whom `on_error.notify` names."""
    named = (recipe.owner if name == OWNER else name for name in (OWNER, *recipe.notify))
    return tuple(dict.fromkeys(name for name in named if name))


def addressees(notice: Notice, known: Sequence[str]) -> tuple[str, ...]:
    """The recipients of a notice; where it names none, everybody who is set up.

    A name is written as `known` writes it, whatever its capitals. One empty name stands for
    nobody: then the notice is kept as not sent.
    """
    spelled = {name.casefold(): name for name in known}
    named = [spelled.get(name.casefold(), name) for name in notice.recipients]
    return tuple(dict.fromkeys(named or known)) or ("",)


def unsent(recipient: str) -> str:
    """Why a recipient without an address is told nothing."""
    if not recipient:
        return "not sent: nobody is set up to be told (Settings, notifications)"
    return f"not sent: no way to send to {recipient} is set up (Settings, notifications)"


def is_due(notice: Notice, before: Delivery | None, now: datetime) -> bool:
    """Whether a recipient is to be told something of `notice` now, given what was told before."""
    if before is None:
        return notice.ended_at is None
    # A due time that a clock set back put far away does not count.
    if before.due_at - LAST_TRY <= now < before.due_at:
        return False
    if notice.ended_at is not None:
        calm = not notice.ended_at <= now < notice.ended_at + CALM
        return before.told > 0 and not before.told_end and calm
    if before.told == notice.news:
        return False
    return before.told_at is None or not before.told_at <= now < before.told_at + DIGEST


def message(notice: Notice, recipient: str, before: Delivery | None, zone: tzinfo) -> Message:
    """What `recipient` is told of `notice`: the trouble, how often it happened, or how it ended."""
    over = notice.ended_at is not None
    title = f"Over: {title_of(notice)}" if over else title_of(notice)
    body = _end(notice, zone) if over else _body(notice, zone)
    return Message(notice=notice, recipient=recipient, title=title, body=body, before=before)


def title_of(notice: Notice) -> str:
    """A few words for a list or a subject line."""
    return f"Bookrelay: {notice.kind.replace('-', ' ')}, {notice.about}"


def after(said: Message, now: datetime, error: str) -> Delivery:
    """What is known of a delivery once it was tried; `error` is empty where it was taken.

    A recipient without an address is not waited for: once one is set up it is told at once.
    """
    notice, before = said.notice, said.before
    told, told_at, told_end = (before.told, before.told_at, before.told_end) if before else _NEVER
    tries = before.tries if before else 0
    if error:
        missing = error == unsent(said.recipient)
        wait = timedelta() if missing else min(LAST_TRY, FIRST_TRY * 2 ** min(tries, 16))
        tries += not missing
    else:
        wait, tries, told, told_end = timedelta(), 0, notice.news, notice.ended_at is not None
        told_at = told_at if told_end else now
    return Delivery(
        notice=notice.id,
        recipient=said.recipient,
        told=told,
        told_at=told_at,
        told_end=told_end,
        tries=tries,
        due_at=now + wait,
        error=error,
    )


def moment(at: datetime, zone: tzinfo) -> str:
    """A time as people read it, with its zone: `2026-11-06 16:58 MST`."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


_NEVER: tuple[int, datetime | None, bool] = (0, None, False)


def _body(notice: Notice, zone: tzinfo) -> str:
    since = moment(notice.first_at, zone)
    if notice.count == 1:
        often = f"Since {since}."
    else:
        last = moment(notice.last_at, zone)
        often = f"{notice.count} times since {since}, the last time {last}."
    return f"{notice.sentence}\n\nWhat to do: {notice.fix}\n\n{often} (Notice {notice.id})"


def _end(notice: Notice, zone: tzinfo) -> str:
    ended = moment(notice.ended_at or notice.last_at, zone)
    return (
        f"{notice.ending}\n\nIt was: {notice.sentence}\n\nOver since {ended}. (Notice {notice.id})"
    )
