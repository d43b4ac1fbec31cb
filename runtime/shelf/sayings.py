"""What is said of recipe files in trouble: in notices, in notes beside the files, as problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from runtime.models import Trouble
from runtime.notices.deciding import moment
from runtime.problems import Problem, as_text, errors
from runtime.store.standing import Standing

#: Kinds of the notices that are raised and ended here.
FILE, MISSING = "file", "missing-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A file with its problems, and what runs in spite of them."""

    #: Path as the user knows it.
    file: str
    #: Whether it is a table or a template, and no recipe.
    is_part: bool
    problems: Sequence[Problem]
    #: The recipes in force that it is the file or a part of, as they were accepted last.
    running: Sequence[Standing]
    #: Who is told; empty: everybody whom the settings name.
    recipients: tuple[str, ...]


def broken(report: Report) -> Trouble:
    """What the owner is told of a file that cannot be used as it is."""
    first = min(errors(report.problems))
    place = f" on line {first.line}" if first.line else ""
    return Trouble(
        key=file_key(report.file),
        kind=FILE,
        about=report.file,
        sentence=f"The file {report.file} has {_counted(report)} and is not used as it is now"
        f"{place}: {first.sentence}. {_instead(report)}",
        fix=_how_to_mend(report),
        recipients=report.recipients,
    )


def note_beside(report: Report) -> str:
    """The text of the note beside a file that cannot be used as it is."""
    return "\n".join(
        (
            f"{report.file} has {_counted(report)} and is not used as it is now.",
            _instead(report),
            "",
            as_text(report.problems),
            "",
            _how_to_mend(report),
            "This note goes away by itself once the file is mended.",
            "",
        )
    )


def gone(file: str, recipe: str) -> Problem:
    """The problem of a recipe whose file vanished while runs of it wait."""
    return Problem(
        file=file,
        rule="recipe-gone",
        sentence=f'the file of the recipe "{recipe}" is gone, but runs of it wait; its last '
        "revision keeps running",
        fix=f"put the file back (`bookrelay recipe restore {recipe}` does it), or confirm with "
        f"`bookrelay recipe delete {recipe}`",
    )


def vanished(file: str, recipe: str, *, runs: bool, recipients: tuple[str, ...] = ()) -> Trouble:
    """What the owner is told when a recipe's file is gone; `runs`: it runs nevertheless."""
    happened = f"The file {file} of the recipe {recipe} is gone."
    if runs:
        became = "Runs of it wait, so its last revision keeps running and events still start it."
        fix = f"To stop it for good, run `bookrelay recipe delete {recipe}`; to put the file back"
    else:
        became = "No run of it waits, so it has stopped: new events no longer start it."
        fix = "Nothing is to be done if it was meant so; to put the file back"
    return Trouble(
        key=missing_key(recipe),
        kind=MISSING,
        about=recipe,
        sentence=f"{happened} {became}",
        fix=f"{fix}, run `bookrelay recipe restore {recipe}`.",
        recipients=recipients,
    )


def file_key(file: str) -> str:
    """The key of the notice of a file that cannot be used as it is."""
    return f"{FILE}/{file}"


def missing_key(recipe: str) -> str:
    """The key of the notice of a recipe whose file is gone."""
    return f"{MISSING}/{recipe}"


def changed_since(file: str) -> Problem:
    """The problem of a file that somebody else saved while it was being edited."""
    return Problem(
        file=file,
        rule="changed-since",
        sentence="the file was changed by somebody else meanwhile; nothing was saved",
        fix="open it again, and put your changes in once more",
    )


def no_folder(name: str) -> Problem:
    """The problem of a folder of recipes that is not there."""
    return Problem(
        file=name,
        rule="unreadable-file",
        sentence="the folder of recipes is not there; the revisions accepted last keep running",
        fix="put the folder back, or mount the disk that it is on",
    )


def _instead(report: Report) -> str:
    if not report.running and report.is_part:
        return "No recipe in force uses it."
    if not report.running:
        return "No revision of it is in force, so nothing runs from this file."
    return " ".join(
        f"Revision {each.revision} of {each.recipe}, accepted on {moment(each.accepted_at, UTC)}, "
        "keeps running."
        for each in report.running
    )


def _how_to_mend(report: Report) -> str:
    mend = "Mend the file and save it; `bookrelay check` shows every problem."
    if not report.running:
        return mend
    recipe = report.running[0].recipe
    return (
        f"{mend} `bookrelay recipe diff {recipe}` shows what was changed since, and "
        f"`bookrelay recipe restore {recipe} --force` puts the running revision back."
    )


def _counted(report: Report) -> str:
    number = len(errors(report.problems))
    return "1 problem" if number == 1 else f"{number} problems"
