"""`bookrelay explain RULE`: the help page of a rule, or of a part of recipes."""

from __future__ import annotations

import re

import click

from runtime import help as help_pages
from runtime.documents.hints import hint

#: What a fence says to those who read the file, not the page.
_FENCE = re.compile(r"^```(\w+)[^\n]*$", re.MULTILINE)


@click.command()
@click.argument("name", required=False)
def explain(name: str | None) -> None:
    """Explain a rule that `check` tells of, or a part of recipes; without a name, list all."""
    if name is None:
        for page in help_pages.pages():
            click.echo(f"{page.name:<24} {page.title}")
        click.echo("\n".join(help_pages.rules()))
        return
    found = help_pages.page(name.strip("[]"))
    if found is None:
        known = [*(page.name for page in help_pages.pages()), *help_pages.rules()]
        raise click.ClickException(
            f'There is no page "{name}". {hint(name, known, has="There are")}'
        )
    click.echo(_FENCE.sub(r"```\1", found.text).rstrip())
