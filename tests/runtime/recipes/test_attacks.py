"""Attacks on expressions: each is refused or bounded before it can do what it is after."""

from __future__ import annotations

import tracemalloc

import pytest

from runtime.recipes.expressions import compiling as expressions
from runtime.recipes.expressions.compiling import Compiled, ExpressionProblem, compile_value
from runtime.recipes.expressions.filters import FILTERS
from runtime.recipes.expressions.tokens import tokens_of
from runtime.recipes.expressions.values import LONGEST_RESULT
from tests.runtime.recipes.attacks import BOUNDED, BY_COMPUTING, BY_READING, NAMED, SCOPE

MOST_MEMORY = 1024 * 1024


def short(text: str) -> str:
    return text[:40].encode("ascii", "backslashreplace").decode().replace("\x00", "0")


def peak_of(text: str) -> tuple[object, int]:
    """What a text gives or how it is refused, and the most memory it took on the way."""
    compile_value.cache_clear()
    tokens_of.cache_clear()
    tracemalloc.start()
    try:
        found: object = compile_value(text).render(SCOPE)
    except ExpressionProblem as problem:
        found = problem
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return found, most


@pytest.mark.parametrize("text", BY_READING, ids=short)
def test_what_reading_refuses_is_never_compiled(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def compiled(*_: object) -> None:
        raise AssertionError("nothing may be compiled")

    monkeypatch.setattr(expressions, "function_of", compiled)
    monkeypatch.setattr(expressions, "_reader", compiled)
    monkeypatch.setattr(Compiled, "render", compiled)
    found, most = peak_of(text)
    assert isinstance(found, ExpressionProblem)
    assert found.sentence
    assert 0 <= found.offset <= len(text)
    assert most < MOST_MEMORY


@pytest.mark.parametrize("text", BY_COMPUTING, ids=short)
def test_what_would_grow_is_refused(text: str) -> None:
    compile_value(text)
    found, most = peak_of(text)
    assert isinstance(found, ExpressionProblem)
    assert len(found.sentence) < 500
    assert most < MOST_MEMORY


@pytest.mark.parametrize("text", BOUNDED, ids=short)
def test_what_is_allowed_is_bounded(text: str) -> None:
    found, most = peak_of(text)
    assert not isinstance(found, ExpressionProblem)
    assert not isinstance(found, str) or len(found) <= LONGEST_RESULT
    assert most < MOST_MEMORY


def test_every_filter_that_takes_texts_is_attacked() -> None:
    assert set(FILTERS) - NAMED == {"count"}
