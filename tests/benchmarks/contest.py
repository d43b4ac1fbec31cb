"""Bookrelay against a bare loop and a naive script, round by round, against the same stub."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.processes import Bookrelay, Naive, Process, Pushed, Stub, push, set_up
from tests.benchmarks.sender import Line
from tests.benchmarks.workload import request_of, sales

#: Seconds without a single payment after which a contestant is said to have stopped.
PATIENCE = 20.0
#: Seconds that a fresh server is left alone before its memory counts as idle.
SETTLE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is done."""

    rounds: int
    burst: int
    single_sender: int
    idle: int

    @classmethod
    def of(cls, quick: bool) -> Size:
        """The sizes of a whole or a quick run."""
        if quick:
            return cls(rounds=1, burst=200, single_sender=50, idle=5)
        return cls(rounds=3, burst=2000, single_sender=500, idle=30)


def contest(size: Size, folder: Path) -> dict[str, Any]:
    """All rounds; the medians, and what Bookrelay complained about."""
    rounds: list[dict[str, Any]] = []
    for number in range(size.rounds):
        print(f"contest: round {number + 1} of {size.rounds}", flush=True)
        rounds.append(_round(size, folder, number))
    medians = _medians(rounds)
    return {"rounds": size.rounds, "burst": size.burst, **medians}


def _round(size: Size, folder: Path, number: int) -> dict[str, Any]:
    with Stub(folder) as stub:
        capacity = stub_capacity(stub.port, 5000 if size.burst > 500 else 1000)
        stub.ask("reset")
        bare = _bare(stub, size, folder, f"a{number}x")
        stub.ask("reset")
        with Naive(stub, folder) as naive:
            b = burst(naive, naive.hook, stub, f"b{number}x", size, folder)
        stub.ask("reset")
        data = folder / f"contest-{number}"
        set_up(data, stub)
        with Bookrelay(data) as relay:
            time.sleep(SETTLE)
            idle_memory = relay.memory()
            idle = idle_times(relay.hook, stub, f"i{number}x", size.idle)
            stub.ask("reset")
            c = burst(relay, relay.hook, stub, f"c{number}x", size, folder)
            stub.ask("reset")
            single = burst(relay, relay.hook, stub, f"s{number}x", size, folder, senders=1)
            after = relay.memory()
            complaints = relay.complaints()
    states = run_states(data)
    return {
        "stub_requests_per_second": capacity,
        "bare": bare,
        "naive": b,
        "bookrelay": c
        | {"idle_ms": idle, "memory_idle_mb": idle_memory, "memory_after_mb": after}
        | {f"{key}_1_sender": single[key] for key in ("ack_p50_ms", "ack_p99_ms")},
        "ratios": {
            "drain_to_naive": c["drain_per_second"] / b["drain_per_second"],
            "whole_to_naive": c["whole_per_second"] / b["whole_per_second"],
            "whole_to_bare": c["whole_per_second"] / bare["whole_per_second"],
        },
        "trouble": trouble(states, complaints),
    }


def _bare(stub: Stub, size: Size, folder: Path, tag: str) -> dict[str, Any]:
    arguments = ["-m", "tests.benchmarks.bare", stub.api, tag, str(size.burst)]
    with Process(arguments, folder / "bare.log") as bare:
        told = json.loads(bare.line())
    calls = stub.ask("stats")["calls"]
    return {
        "whole_per_second": size.burst / (told["ended"] - told["began"]),
        "calls_per_invoice": sum(calls.values()) / size.burst,
        "cpu_ms_per_event": told["cpu_ms"],
    }


def burst(
    server: Process,
    hook: str,
    stub: Stub,
    tag: str,
    size: Size,
    folder: Path,
    *,
    senders: int = 8,
) -> dict[str, Any]:
    """Push a burst, wait for the books, and say what it took."""
    count = size.burst if senders > 1 else size.single_sender
    before = server.cpu()
    pushed = push(hook, tag, count, senders, folder)
    whole = stub.wait_for(count, PATIENCE)
    used = server.cpu() - before
    stats = stub.ask("stats")
    return {
        **_rates(pushed, [at for _, at in stats["payments"]], count),
        **percentiles(pushed.took),
        "calls_per_invoice": sum(stats["calls"].values()) / count,
        "cpu_ms_per_event": used * 1000 / count,
        "missing": count - len({ref for ref, _ in stats["payments"]}),
        "doubled": len(stats["payments"]) - len({ref for ref, _ in stats["payments"]}),
        "refused": pushed.refused,
        "complete": whole,
    }


def _rates(pushed: Pushed, paid: Sequence[float], count: int) -> dict[str, float]:
    """Paid invoices per second: over all, while senders push, and after they have ended."""
    end = max(paid, default=pushed.ended)
    during = sum(at <= pushed.ended for at in paid)
    drain = end - pushed.ended
    whole = len(paid) / (end - pushed.began)
    return {
        "whole_per_second": whole,
        "push_acknowledged_per_second": count / (pushed.ended - pushed.began),
        "push_booked_per_second": during / (pushed.ended - pushed.began),
        # What is booked before the last acknowledgement leaves nothing to drain.
        "drain_per_second": (len(paid) - during) / drain if len(paid) - during > 10 else whole,
    }


def percentiles(took: Sequence[float]) -> dict[str, float]:
    """Acknowledgement times in milliseconds."""
    ordered = sorted(took)
    return {
        "ack_p50_ms": ordered[len(ordered) // 2] * 1000,
        "ack_p99_ms": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000,
    }


def idle_times(hook: str, stub: Stub, tag: str, count: int) -> dict[str, float]:
    """Milliseconds from sending one event to an idle system until its payment arrives."""
    port = int(hook.split(":")[2].split("/")[0])
    line = Line("127.0.0.1", port)
    took = []
    for number, sale in enumerate(sales(count + 1, tag)):
        request = request_of(sale, "/hooks/leadexploder")
        began = time.time()
        line.send(request)
        if not stub.wait_for(number + 1, PATIENCE):
            raise RuntimeError(f"the single event {sale.reference} was not booked")
        took.append(stub.ask("stats")["payments"][-1][1] - began)
        time.sleep(0.15)
    line.close()
    first, warm = took[0], sorted(took[1:])
    return {"median": median(warm) * 1000, "max": warm[-1] * 1000, "first": first * 1000}


def stub_capacity(port: int, count: int) -> float:
    """Requests a second the stub answers to one client that pipelines."""
    body = b'{"DocNumber":"1","CustomerRef":{"value":"1"},"Line":[{"Amount":100.25}]}'
    head = (
        b"POST /v3/company/1/invoice HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + str(len(body)).encode()
        + b"\r\n\r\n"
    )
    line = Line("127.0.0.1", port)
    began = time.perf_counter()
    line.pipeline((head + body) * 20, count // 20, 20)
    took = time.perf_counter() - began
    line.close()
    return count / took


def run_states(data: Path) -> dict[str, int]:
    """How many runs ended in which state, read from the file."""
    with sqlite3.connect(f"file:{data / 'bookrelay.sqlite'}?mode=ro", uri=True) as file:
        rows = file.execute("select state, count(*) from runs group by state").fetchall()
        stranded = file.execute("select count(*) from events where state = 'new'").fetchone()[0]
    file.close()
    return {**dict(rows), **({"events never matched": stranded} if stranded else {})}


def trouble(states: Mapping[str, int], complaints: Sequence[str]) -> list[str]:
    """What should not be: runs that did not succeed, and lines in the log, alike ones counted."""
    bad = [f"{n} x {state}" for state, n in states.items() if state != "succeeded"]
    logged = Counter(_said(line) for line in complaints)
    return [*bad, *(f"{n} x logged: {text}" for text, n in logged.most_common(20))]


def _said(line: str) -> str:
    """The message of a line of the log, numbers left out."""
    try:
        text = str(json.loads(line)["message"])
    except (ValueError, KeyError, TypeError):
        text = line
    return re.sub(r"\d+", "#", text)


def _medians(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The same shape as one round with the median of every number; troubles are gathered."""
    first = rounds[0]
    result: dict[str, Any] = {}
    for key, value in first.items():
        column = [each[key] for each in rounds]
        if isinstance(value, Mapping):
            result[key] = _medians(column)
        elif isinstance(value, list):
            result[key] = [one for each in column for one in each]
        elif isinstance(value, bool):
            result[key] = all(column)
        else:
            result[key] = round(median(column), 3)
    return result
