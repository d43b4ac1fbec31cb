"""Which files of a folder are recipes, which are copies, and which only miss the right ending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePath

from runtime import documents
from runtime.problems import Problem, visible

ENDINGS = frozenset((".yaml", ".yml", ".json"))
#: Folders whose files are parts of recipes and none themselves.
PARTS_FOLDERS = frozenset(("tables", "templates"))
#: What editors and people keep beside a file on purpose, and what Bookrelay writes there.
_KEPT = (".bak", ".orig", ".rej", ".old", ".tmp", ".swp", ".md", ".csv", ".problems.txt")
_COPY = re.compile(
    r"copy (?:\(\d+\) )?of .+|.+ - copy(?: ?\(\d+\))?|.+ copy(?: \d+)?|.+ ?\(\d+\)", re.IGNORECASE
)
#: The two lines that only a recipe has.
_RECIPE = re.compile(r"""^["{ ]*recipe"?\s*:\s*\d""", re.MULTILINE)
_STEPS = re.compile(r"""^["{ ]*(?:do|use)"?\s*:""", re.MULTILINE)
#: Longest file that is looked into for being a recipe, in bytes.
_LONGEST = 200_000


def recipe_files(folder: Path) -> Iterator[Path]:
    """The files below `folder` that are meant as recipes: by path, copies after all others.

    A copy has the id of its original, and the first of two recipes is the one that runs.
    """
    found = [
        path
        for path in _files(folder)
        if path.suffix.lower() in ENDINGS and _is_legible(folder, path)
    ]
    yield from sorted(found, key=lambda path: (is_copy(path), path))


def is_copy(path: PurePath) -> bool:
    """Whether a file has the name that Windows, macOS or a browser gives to a copy."""
    return _COPY.fullmatch(path.stem) is not None


def wrong_endings(folder: Path) -> Iterator[Problem]:
    """The problem of each file that holds a recipe and is not used because of its name."""
    for path in sorted(_files(folder)):
        ending = path.suffix.lower()
        if ending in ENDINGS and not _is_legible(folder, path):
            yield _illegible(folder, path)
        if ending in ENDINGS or path.name.lower().endswith(_KEPT) or not _like_a_recipe(path):
            continue
        stem = path.name.removesuffix(path.suffix)
        name = visible(stem if PurePath(stem).suffix.lower() in ENDINGS else f"{stem}.yaml")
        what = f'ends in "{visible(path.suffix)}"' if ending else "has no ending"
        yield Problem(
            file=visible(_name(folder, path)),
            rule="wrong-ending",
            sentence=f"this looks like a recipe, but its name {what}, so it is not used",
            fix=f"name it {name}; Windows shows endings with View, Show, File name extensions",
        )


def _name(folder: Path, path: Path) -> str:
    return f"{folder.name}/{path.relative_to(folder).as_posix()}"


def _is_legible(folder: Path, path: Path) -> bool:
    """Whether a file can be named in messages, notes and the database."""
    name = _name(folder, path)
    return visible(name) == name


def _illegible(folder: Path, path: Path) -> Problem:
    sentence = "the name of this file has signs that cannot be shown, so it is not used"
    fix = "rename it with letters and digits, such as paid-invoices.yaml"
    return Problem(file=visible(_name(folder, path)), rule="wrong-name", sentence=sentence, fix=fix)


def _files(folder: Path) -> Iterator[Path]:
    """What lies below `folder` and is not hidden, a lock or a part of recipes."""
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        hidden = inside.name[0] in "._~#" or inside.name.endswith(("~", "#"))
        elsewhere = PARTS_FOLDERS & set(inside.parts[:-1])
        below_hidden = any(part.startswith(".") for part in inside.parts[:-1])
        if not (hidden or elsewhere or below_hidden) and _is_file(path):
            yield path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # it stands in a folder that may be listed and not entered
        return False


def _like_a_recipe(path: Path) -> bool:
    if PurePath(path.stem).suffix.lower() in ENDINGS:
        return True
    try:
        raw = path.read_bytes() if path.stat().st_size <= _LONGEST else b""
    except OSError:
        return False
    text, _ = documents.decode(raw, path.name)
    text = raw.decode("cp1252", "replace") if text is None else text
    return bool(_RECIPE.search(text) and _STEPS.search(text))
