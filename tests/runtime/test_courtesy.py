"""Few book at a time, acknowledging goes first, and neither ever waits for ever."""

from __future__ import annotations

import threading
import time

from runtime.courtesy import Courtesy, Turns


def test_only_so_many_book_at_a_time_and_those_away_do_not_count() -> None:
    courtesy = Courtesy()
    inside: list[str] = []
    leave = threading.Event()

    def book(name: str) -> None:
        with courtesy.booking():
            inside.append(name)
            with courtesy.away():
                leave.wait(5)

    threads = [threading.Thread(target=book, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    while len(inside) < 6:  # all get in, because whoever is inside goes away
        time.sleep(0.001)
    leave.set()
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)


def test_a_third_waits_until_one_of_two_leaves() -> None:
    courtesy = Courtesy()
    entered = threading.Event()

    def third() -> None:
        with courtesy.booking():
            entered.set()

    with courtesy.booking(), courtesy.booking():
        thread = threading.Thread(target=third)
        thread.start()
        assert not entered.wait(0.05)
    assert entered.wait(5)
    thread.join(5)


def test_whoever_waits_has_a_turn_before_it_is_taken_again() -> None:
    turns = Turns(1)
    order: list[str] = []

    def other() -> None:
        turns.acquire()
        order.append("other")
        turns.release()

    for _ in range(20):
        turns.acquire()
        thread = threading.Thread(target=other)
        thread.start()
        while not turns._waiting:
            time.sleep(0.0005)
        turns.release()
        turns.acquire()
        order.append("again")
        turns.release()
        thread.join(5)
    assert order == ["other", "again"] * 20


def test_booking_goes_on_although_answering_never_ends() -> None:
    courtesy = Courtesy()
    with courtesy.answering():
        began = time.monotonic()
        with courtesy.booking():
            waited = time.monotonic() - began
    assert waited < 5
    with courtesy.booking():
        pass


def test_an_error_gives_the_turn_back() -> None:
    courtesy = Courtesy()
    for _ in range(5):
        try:
            with courtesy.booking(), courtesy.away():
                raise KeyError
        except KeyError:
            pass
    with courtesy.booking(), courtesy.booking():
        pass
