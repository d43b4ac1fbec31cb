"""Results as a file and as text: the aims, met or missed, and a table for the README."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What was to be reached."""

    text: str
    #: Dotted path of the figure in the results.
    path: str
    bound: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Whether a figure reaches it."""
        return value >= self.bound if self.at_least else value < self.bound


AIMS = (
    Aim(
        text="drained at least as fast as the naive script (ratio)",
        path="contest.ratios.drain_to_naive",
        bound=1.0,
        at_least=True,
    ),
    Aim(
        text="acknowledgement p99 with 8 senders under 25 ms",
        path="contest.bookrelay.ack_p99_ms",
        bound=25.0,
    ),
    Aim(
        text="20 ms from arrival to books when idle",
        path="contest.bookrelay.idle_ms.median",
        bound=20.0,
    ),
    Aim(text="under 90 MB when idle", path="contest.bookrelay.memory_idle_mb", bound=90.0),
    Aim(
        text="a new event costs the same on a full store (CPU, ratio under 1.15)",
        path="flatness.full_to_empty.cpu_ms_per_event",
        bound=1.15,
    ),
    Aim(
        text="practice company in memory: at least 1,000 records by id a second",
        path="practice.memory.per_second",
        bound=1000.0,
        at_least=True,
    ),
    Aim(
        text="practice company with a file: at least 200 records by id a second",
        path="practice.file.per_second",
        bound=200.0,
        at_least=True,
    ),
    Aim(
        text="practice company with 100,000 invoices: the slowest query by indexed fields, ms",
        path="practice.slowest_query_ms",
        bound=20.0,
    ),
    Aim(
        text="the shipped paid invoice rendered in under 1.5 ms",
        path="recipes.render_ms",
        bound=1.5,
    ),
    Aim(
        text="the slowest attack on expressions over in under 2 ms",
        path="recipes.attacks.slowest_ms",
        bound=2.0,
    ),
    Aim(
        text="the largest attack on expressions in under 1,024 KiB",
        path="recipes.attacks.largest_kib",
        bound=1024.0,
    ),
    Aim(
        text="200 recipes checked in under 2 s",
        path="recipes.check_200_s",
        bound=2.0,
    ),
)


def machine() -> dict[str, Any]:
    """What it ran on; nothing that names the machine."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def verdicts(results: Mapping[str, Any]) -> list[str]:
    """One line for each aim whose figure was measured."""
    lines = []
    for aim in AIMS:
        value = value_at(results, aim.path)
        if value is not None:
            word = "met" if aim.met(value) else "missed"
            lines.append(f"{word:>6}  {aim.text}: {value:.2f}")
    return lines


def value_at(results: Mapping[str, Any], path: str) -> float | None:
    """The figure at a dotted path; None where it was not measured."""
    value: Any = results
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def save(results: Mapping[str, Any], file: Path) -> None:
    """Write the results where people and `readme` find them."""
    file.write_text(json.dumps(results, indent=2) + "\n")


def rows_of(results: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """The table: figure, bare loop, naive script, Bookrelay."""
    contest = results["contest"]
    keys = (
        ("paid invoices per second, from first event to last payment", "whole_per_second"),
        ("… after the senders have ended (drain)", "drain_per_second"),
        ("calls of QuickBooks per paid invoice", "calls_per_invoice"),
        ("acknowledgement p50 / p99 in ms, 8 senders", "ack_p50_ms/ack_p99_ms"),
        ("… 1 sender", "ack_p50_ms_1_sender/ack_p99_ms_1_sender"),
        ("CPU ms per event", "cpu_ms_per_event"),
        ("ms from arrival to books, idle", "idle_ms.median"),
        ("memory in MB, idle", "memory_idle_mb"),
        ("… after the bursts", "memory_after_mb"),
    )
    rows = []
    for text, key in keys:
        first, second, third = (_cell(contest[who], key) for who in ("bare", "naive", "bookrelay"))
        rows.append((text, first, second, third))
    return rows


def _cell(figures: Mapping[str, Any], key: str) -> str:
    values = [value_at(figures, part) for part in key.split("/")]
    return " / ".join("–" if value is None else f"{value:.1f}" for value in values)


def table(results: Mapping[str, Any]) -> str:
    """The results in Markdown."""
    facts = results["machine"]
    lines = [
        f"{facts['cores']} cores, Python {facts['python']}, SQLite {facts['sqlite']}; the same "
        "stub QuickBooks without latency; medians of "
        f"{results['contest']['rounds']} rounds of {results['contest']['burst']} events, "
        "30 % of them from known customers.",
        "",
        "| figure | bare loop, 8 threads | naive Flask script, nothing kept | Bookrelay |",
        "|---|---:|---:|---:|",
        *(f"| {' | '.join(row)} |" for row in rows_of(results)),
    ]
    if "flatness" in results:
        flat = results["flatness"]
        ratio = flat["full_to_empty"]["cpu_ms_per_event"]
        lines += [
            "",
            f"With {flat['past_events']:,} past events in the file ({flat['file_mb']} MB) "
            f"a new one takes {ratio:.2f} times the CPU of one in an empty file.",
        ]
    if "practice" in results:
        lines += ["", _practice_sentence(results["practice"])]
    if "recipes" in results:
        lines += ["", _recipes_sentence(results["recipes"])]
    return "\n".join([*lines, "", *(f"- {line.strip()}" for line in verdicts(results))])


def _practice_sentence(figures: Mapping[str, Any]) -> str:
    memory, file = (figures[where]["per_second"] for where in ("memory", "file"))
    return (
        f"The practice company answers {memory:,.0f} records by id a second in memory and "
        f"{file:,.0f} with a file (8 connections that stay open). With {figures['invoices']:,} "
        f"invoices it starts in {figures['start_seconds']} s, its slowest query takes "
        f"{figures['slowest_query_ms']} ms and profit and loss by month "
        f"{figures['report_ms']['ProfitAndLoss']} ms."
    )


def _recipes_sentence(figures: Mapping[str, Any]) -> str:
    attacks = figures["attacks"]
    return (
        f"The shipped recipe of the paid invoice is rendered in {figures['render_ms']:.2f} ms. Of "
        f"{attacks['count']} attacks on expressions the slowest is over in "
        f"{attacks['slowest_ms']:.1f} ms, and the largest takes {attacks['largest_kib']:.0f} KiB."
    )
