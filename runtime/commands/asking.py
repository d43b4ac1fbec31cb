"""Asks the person at the terminal what a template asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from runtime.recipes.templates.inputs import Input, Misfit, answer


def ask(asked: Input, connections: Mapping[str, str] | None) -> str:
    """An answer that fits, as it was given; asked as often as it takes.

    Where the input has a default, an empty line takes it.
    """

    def check(given: Any) -> str:
        text = str(given).strip()
        try:
            answer(asked, text, connections)
        except Misfit as misfit:
            raise click.BadParameter(f"{misfit.sentence}: {misfit.fix}") from misfit
        return text

    words = f"{asked.label} ({asked.wanted})"
    default = default_of(asked)
    return str(
        click.prompt(words, default=default, value_proc=check, show_default=default != "", err=True)
    )


def default_of(asked: Input) -> str | None:
    """The default of an input as a person would type it; None where it has none."""
    if isinstance(asked.default, bool):
        return "true" if asked.default else "false"
    return None if asked.default is None else str(asked.default)
