"""What recipes cost: rendering the shipped paid invoice, refusing every attack, checking many."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from runtime.checks import Known, check_folder
from runtime.recipes import parse_recipe
from runtime.recipes.coercion import coerce
from runtime.recipes.conditions import holds
from runtime.recipes.expressions.compiling import ExpressionProblem, compile_value
from runtime.recipes.expressions.tokens import tokens_of
from runtime.recipes.files import recipe_files
from runtime.recipes.mapping import render
from tests.runtime.recipes import attacks
from tests.runtime.recipes.recipe_kit import ACTIONS, INSTALLED, RECIPES, example, scope

_PAID_INVOICE = RECIPES / "payment-collected-to-paid-invoice.yaml"
#: Recipes that are checked at once.
MANY = 200
_BOISE = ZoneInfo("America/Boise")


def recipes(rounds: int) -> dict[str, Any]:
    """Milliseconds of rendering and refusing, the median of `rounds`; seconds of a check of 200."""
    return {
        "render_ms": _milliseconds(_paid_invoice(), rounds),
        "attacks": _attacks(),
        "check_200_s": min(_check(MANY) for _ in range(3)),
    }


def many(folder: Path, count: int) -> None:
    """Copies of the shipped recipes with ids of their own, each switched off beside the others."""
    shipped = list(recipe_files(RECIPES))
    folder.mkdir(parents=True)
    for number in range(count):
        path = shipped[number % len(shipped)]
        text = path.read_text(encoding="utf-8").replace("enabled: false\n", "")
        text = text.replace(f"id: {path.stem}", f"id: {path.stem}-{number}\nenabled: false", 1)
        (folder / f"{path.stem}-{number}.yaml").write_text(text, encoding="utf-8")


def _check(count: int) -> float:
    """Seconds that `bookrelay check` needs for so many recipes, all of them without problems."""
    with TemporaryDirectory(prefix="bench-") as parent:
        folder = Path(parent) / "recipes"
        many(folder, count)
        compile_value.cache_clear()
        began = time.perf_counter()
        problems = check_folder(folder, Known(installed=INSTALLED))
        took = time.perf_counter() - began
    if problems:
        raise ValueError(problems[0])
    return round(took, 2)


def _paid_invoice() -> Callable[[], None]:
    """Conditions, rendering and conversion of every step, as a run does them."""
    recipe, problems = parse_recipe(_PAID_INVOICE.read_text(), _PAID_INVOICE.name, INSTALLED)
    if recipe is None:
        raise ValueError(problems)
    around = scope(example("payment.collected"))

    def work() -> None:
        holds(recipe.conditions, around)
        for step in recipe.steps:
            fields = render(step.fields, around)
            coerce(fields, ACTIONS[step.action].schema, _BOISE, step.fields)

    return work


def _milliseconds(work: Callable[[], None], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return round(median(times) * 1000, 3)


def _attacks() -> Mapping[str, Any]:
    """The slowest and the largest attack; of each the best of twenty times, as others work too."""
    texts = (*attacks.BY_READING, *attacks.BY_COMPUTING, *attacks.BOUNDED)
    for text in texts:
        _attack(text)
    times = {text: min(_timed(text) for _ in range(20)) for text in texts}
    sizes = {text: _size(text) for text in texts}
    slowest, largest = max(times, key=times.__getitem__), max(sizes, key=sizes.__getitem__)
    return {
        "count": len(texts),
        "slowest_ms": round(times[slowest] * 1000, 3),
        "slowest": slowest[:60],
        "largest_kib": round(sizes[largest] / 1024, 1),
        "largest": largest[:60],
    }


def _attack(text: str) -> None:
    compile_value.cache_clear()
    tokens_of.cache_clear()
    try:
        compile_value(text).render(attacks.SCOPE)
    except ExpressionProblem:
        return


def _timed(text: str) -> float:
    began = time.perf_counter()
    _attack(text)
    return time.perf_counter() - began


def _size(text: str) -> int:
    tracemalloc.start()
    try:
        _attack(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
