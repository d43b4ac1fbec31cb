"""The help pages: one for each rule that a check may tell of, and one for each part of recipes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "web" / "help"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: Pages in the order of the list; what else is there follows by name.
_FIRST = ("recipes", "expressions", "conditions", "tables", "templates", "checking", "revisions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One help page."""

    #: Its name in addresses, such as `unknown-key`.
    name: str
    title: str
    #: Markdown.
    text: str
    #: Whether it explains a rule.
    of_rule: bool


def page(name: str) -> Page | None:
    """The page of a name; None where there is none."""
    if not _NAME.fullmatch(name):
        return None
    for folder in (FOLDER, FOLDER / "rules"):
        path = folder / f"{name}.md"
        if path.is_file():
            return _read(path)
    return None


def pages() -> list[Page]:
    """The pages about recipes, in the order in which one reads them."""
    found = {path.stem: path for path in sorted(FOLDER.glob("*.md"))}
    order = [*(name for name in _FIRST if name in found), *(n for n in found if n not in _FIRST)]
    return [_read(found[name]) for name in order]


@cache
def rules() -> tuple[str, ...]:
    """The names of all rules that have a page, sorted."""
    return tuple(sorted(path.stem for path in (FOLDER / "rules").glob("*.md")))


def _read(path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    title = text.split("\n", 1)[0].removeprefix("#").strip()
    return Page(name=path.stem, title=title, text=text, of_rule=path.parent.name == "rules")
