"""A polled CRM; leaves out the long fault-injection runs unless `-m torture` asks for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.crm import Crm, polled
from tests.harness import Harness


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what is marked `torture` when the mark expression does not name it."""
    if "torture" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if item.get_closest_marker("torture")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def crm(harness: Harness) -> Iterator[Crm]:
    """A CRM that the Bookrelay of the test is set up to poll."""
    with polled(harness) as made:
        yield made
