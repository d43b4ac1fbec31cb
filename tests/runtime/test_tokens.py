"""One refresh at a time, the new refresh token stored before use, a lost rotation survived."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import requests

from connector.errors import NeedsReconnect, Retryable
from runtime.settings import Company
from runtime.store import workers
from runtime.tokens import Tokens
from tests.harness import REALM, Harness


def tokens(harness: Harness, worker: str = "w") -> Tokens:
    from connector import http
    from runtime.endpoints import Endpoints

    relay = harness.relay
    return Tokens(
        database=relay.database,
        safe=relay.safe,
        http=http.session(),
        clock=harness.clock,
        worker=worker,
        endpoints=Endpoints(),
    )


def company(harness: Harness) -> Company:
    return harness.relay.settings.current().companies[REALM]


def refreshes(harness: Harness) -> int:
    calls: list[dict[str, Any]] = harness.control("calls")
    rows = calls["calls"] if isinstance(calls, dict) else calls
    return sum("tokens/bearer" in row["path"] for row in rows)


def test_many_threads_refresh_once(harness: Harness) -> None:
    one = tokens(harness)
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(one.token(company(harness)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len(set(got)) == 1
    assert refreshes(harness) == 1


def test_a_second_process_uses_what_the_first_has_stored(harness: Harness) -> None:
    first = tokens(harness).token(company(harness))
    assert tokens(harness, "other").token(company(harness)) == first
    assert refreshes(harness) == 1


def test_a_worker_that_finds_the_lease_taken_comes_back(harness: Harness) -> None:
    database = harness.relay.database
    fence = database.write(workers.acquire, f"token/{REALM}", "other", "other")
    with pytest.raises(Retryable):
        tokens(harness).token(company(harness))
    database.write(workers.release, f"token/{REALM}", fence)
    assert tokens(harness).token(company(harness))


def test_a_token_near_its_end_is_renewed(harness: Harness) -> None:
    one = tokens(harness)
    first = one.token(company(harness))
    harness.clock.move(3500)
    assert one.token(company(harness)) != first


@pytest.mark.parametrize("rotation", ["24h", "every"])
def test_rotation_is_followed(harness: Harness, rotation: str) -> None:
    harness.control("switches", {"rotation": rotation})
    one = tokens(harness)
    for _ in range(4):
        harness.clock.move(13 * 3600)
        harness.control("clock", {"advance": 13 * 3600})
        one.token(company(harness))


def test_a_refresh_whose_answer_is_lost_is_made_good_by_the_old_token(harness: Harness) -> None:
    """Some rotations leave the old token valid; then the one before is what works."""
    harness.control("switches", {"rotation": "every", "rotation_overlap": 86400})
    one = tokens(harness)
    rule = {"match": {"path": "/tokens/bearer"}, "kind": "lost_answer", "times": 1}
    harness.control("faults", rule)
    with pytest.raises(Retryable):
        one.token(company(harness))
    assert one.token(company(harness))


def test_a_dead_login_is_told_and_not_asked_again(harness: Harness) -> None:
    one = tokens(harness)
    rule = {"match": {"path": "/tokens/bearer"}, "kind": "fault", "code": "invalid_grant"}
    harness.control("faults", {**rule, "rate": 1.0, "seed": 1})
    for _ in range(3):
        with pytest.raises(NeedsReconnect) as refused:
            one.token(company(harness))
        assert "Sparrow" in refused.value.sentence
    assert refreshes(harness) == 1
    requests.delete(f"{harness.practice.control}/faults", timeout=5)
    fresh = harness.practice.state.tokens.grant([REALM])
    harness.relay.safe.put(f"company/{REALM}/refresh_token", fresh)
    assert one.token(company(harness))


def test_tokens_are_sealed_and_masked(harness: Harness) -> None:
    token = tokens(harness).token(company(harness))
    stored = (harness.data / "bookrelay.sqlite").read_bytes()
    stored += (harness.data / "bookrelay.sqlite-wal").read_bytes()
    assert token.encode() not in stored
    assert harness.practice.refresh_token.encode() not in stored
    harness.relay.safe.refresh()
    assert token not in harness.relay.safe.masker().text(f"Bearer {token}")
