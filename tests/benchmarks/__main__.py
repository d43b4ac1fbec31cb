"""`python -m tests.benchmarks [PART …] [--quick] [--out FILE]`."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.contest import Size, contest, idle_times
from tests.benchmarks.flatness import fill, flatness
from tests.benchmarks.plans import plans
from tests.benchmarks.practice import practice
from tests.benchmarks.processes import Bookrelay, Stub, set_up
from tests.benchmarks.recipes import recipes
from tests.benchmarks.report import RESULTS, machine, save, verdicts

PARTS = ("contest", "flatness", "plans", "practice", "recipes")


def main(arguments: list[str] | None = None) -> None:
    """Run the parts that were named, or all; save and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; or all")
    parser.add_argument("--quick", action="store_true", help="small sizes; saved only with --out")
    parser.add_argument("--past", type=int, help="past events for flatness (100,000; quick 2,000)")
    parser.add_argument("--out", type=Path, help="file for the results")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"unknown part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    past = chosen.past or (2_000 if chosen.quick else 100_000)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        made = run(chosen.parts or PARTS, chosen.quick, past, Path(folder))
    file = chosen.out or (None if chosen.quick else RESULTS)
    if file is not None:
        save(_kept(file) | made, file)
    print(json.dumps(made, indent=2))
    print("\n".join(verdicts(made)))


def run(parts: list[str] | tuple[str, ...], quick: bool, past: int, folder: Path) -> dict[str, Any]:
    """The results of the parts."""
    size = Size.of(quick)
    made: dict[str, Any] = {"machine": machine()}
    if "contest" in parts:
        made["contest"] = contest(size, folder)
    if "flatness" in parts:
        small = Size(rounds=size.rounds, burst=300, single_sender=0, idle=min(size.idle, 20))
        made["flatness"] = flatness(past, small, folder)
    if "plans" in parts:
        made["scans"] = _plans(folder, past)
    if "practice" in parts:
        made["practice"] = practice(2_000 if quick else 100_000, 1 if quick else 10, folder)
    if "recipes" in parts:
        made["recipes"] = recipes(50 if quick else 1_000)
    return made


def _plans(folder: Path, past: int) -> list[dict[str, Any]]:
    """Scans on the full store of the flatness part, or on one made for this."""
    data = folder / "flat-full"
    with Stub(folder, last=900_000_000) as stub:  # ids that no copy in the store has
        fresh = not data.exists()
        set_up(data, stub)
        if fresh:
            with Bookrelay(data) as relay:
                idle_times(relay.hook, stub, "f0x", 1)
            fill(data / "bookrelay.sqlite", past, "f0x")
        return plans(data)


def _kept(file: Path) -> dict[str, Any]:
    """What an earlier run found of the other parts."""
    return dict(json.loads(file.read_text())) if file.exists() else {}


if __name__ == "__main__":
    main()
