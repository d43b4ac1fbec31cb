"""The one way to check what people write: for the command line, the pages, the API and reloads.

Files are recipes, recipe templates, lookup tables, setup files or settings; which of these one is
shows from its name and its content.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from runtime.documents import decode, first_bytes, read_document
from runtime.documents.mistakes import shown
from runtime.problems import Problem, Severity
from runtime.recipes import Installed, files_below, load_recipes, nothing_beside, parse_recipe
from runtime.recipes.files import ENDINGS, PARTS_FOLDERS, recipe_files, wrong_endings
from runtime.recipes.installed import Beside, Files
from runtime.recipes.loading import OPT_IN_FOLDER
from runtime.recipes.tables.csv_text import read_csv
from runtime.recipes.templates.reading import holding, read_template
from runtime.settings import BadSettings, Settings, SettingsStore
from runtime.setup import read_setup

#: Any of these keys tells a setup file from a recipe.
_SETUP = frozenset(("connections", "companies", "company", "notifications"))
#: Any of these keys tells a recipe or a template from something else.
_RECIPE = frozenset(("recipe", "recipe_template", "id", "when", "only_if", "do", "use", "name"))
_SETTINGS = "settings.json"
_RECIPES = "recipes"
_INNER = PARTS_FOLDERS | {OPT_IN_FOLDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What files are checked against."""

    installed: Installed
    #: Keys of the connectors that a setup file may name.
    connectors: Collection[str] = ()
    settings: Settings | None = None
    #: The folder of the recipes in force, and the templates that they use as they were accepted.
    home: Path | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    #: Ids of the recipes in force, with the digests of their revisions.
    running: Mapping[str, str] = field(default_factory=dict)

    def held_in(self, folder: Path) -> Mapping[str, str]:
        """The templates that recipes of `folder` use, as they were accepted."""
        return self.held if self._at_home(folder) else {}

    def running_in(self, folder: Path) -> Mapping[str, str]:
        """Which recipes of `folder` are in force."""
        return self.running if self._at_home(folder) else {}

    def _at_home(self, folder: Path) -> bool:
        return self.home is not None and folder.resolve() == self.home.resolve()


def check_path(path: Path, known: Known) -> list[Problem]:
    """Everything wrong with a file, or with a folder of recipes; problems name it as given."""
    if path.is_dir():
        return check_folder(path, known)
    if path.name == _SETTINGS:
        return _settings(path)
    if path.suffix.lower() == ".csv":
        text = files_below(path.parent)(path.name)
        return [] if text is None else list(read_csv(text, str(path))[1])
    text, problems = decode(first_bytes(path), str(path))
    if text is None:
        return problems
    root = path.parent.parent if path.parent.name in _INNER else path.parent
    beside = holding(files_below(root), known.held_in(root))
    return check_text(text, str(path), known, beside)


def check_folder(folder: Path, known: Known) -> list[Problem]:
    """Everything wrong with the recipes, templates and tables of a folder, and beside each other.

    Of a data folder, its recipes and its settings.
    """
    if (folder / _SETTINGS).is_file() and (folder / _RECIPES).is_dir():
        return [*_settings(folder / _SETTINGS), *check_folder(folder / _RECIPES, known)]
    if folder.name in PARTS_FOLDERS:
        files = sorted(path for path in folder.iterdir() if path.suffix in (".csv", *ENDINGS))
        return [problem for path in files for problem in check_path(path, known)]
    if not any(recipe_files(folder)) and not any(wrong_endings(folder)):
        return [_nothing(folder)]
    held, running = known.held_in(folder), known.running_in(folder)
    found = set(load_recipes(folder, known.installed, held, running)[1])
    for table in sorted((folder / "tables").rglob("*.csv")):
        found |= {*_table(table, folder)}
    # Shown as a path from here, so that an editor can jump to it.
    return sorted(replace(one, file=str(folder.parent / one.file)) for one in found)


def check_text(
    text: str, file: str, known: Known, beside: Beside = nothing_beside
) -> list[Problem]:
    """Everything wrong with the text of a file; `file` is its path as the user knows it.

    `beside` reads the tables and templates of its folder of recipes.
    """
    path = PurePath(file)
    if path.suffix.lower() == ".csv":
        return list(read_csv(text, file)[1])
    if path.suffix.lower() not in ENDINGS:
        return [_no_recipe(file, f'a name that ends in "{path.suffix}" is none of a recipe')]
    top = _top(text, file)
    if top & _SETUP:
        return read_setup(text, file, connectors=known.connectors, existing=known.settings)[1]
    if top and not top & _RECIPE:
        names = ", ".join(shown(name) for name in sorted(top)[:3])
        return [_no_recipe(file, f"nothing of a recipe is in it, only {names}")]
    if "recipe_template" in top or path.parent.name == "templates":
        return _template(text, path, known.installed, beside)
    return parse_recipe(text, file, known.installed, beside)[1]


def _top(text: str, file: str) -> frozenset[str]:
    """The names at the top of a file; none where it is no group of values."""
    document, _ = read_document(text, file)
    top = document.value if document is not None else None
    return frozenset(top) if isinstance(top, Mapping) else frozenset()


def _template(text: str, path: PurePath, installed: Installed, beside: Beside) -> list[Problem]:
    root = path.parent.parent if path.parent.name == "templates" else path.parent
    files = Files(beside=beside, root="" if str(root) == "." else str(root))
    inside = str(path.relative_to(root))
    return list(read_template(inside, text, files, installed).problems)


def _table(path: Path, folder: Path) -> list[Problem]:
    """A table's own mistakes, whether or not a recipe uses it."""
    shown_as = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    text = files_below(folder)(path.relative_to(folder).as_posix())
    return [] if text is None else list(read_csv(text, shown_as)[1])


def _settings(path: Path) -> list[Problem]:
    store = SettingsStore(path.parent)
    try:
        sentence, fix = store.trouble, ""
    except BadSettings as bad:
        sentence, fix = bad.sentence, bad.fix
    if not sentence:
        return []
    fix = fix or "correct the file, or change the settings on their page"
    return [Problem(file=str(path), rule="bad-settings", sentence=sentence, fix=fix)]


def _no_recipe(file: str, because: str) -> Problem:
    sentence = f"this is neither a recipe nor a template, table or setup file: {because}"
    fix = "give the path of a recipe, or of a folder of recipes"
    return Problem(file=file, rule="no-recipe", sentence=sentence, fix=fix)


def _nothing(folder: Path) -> Problem:
    return Problem(
        file=str(folder),
        rule="no-recipe",
        sentence="there is no recipe in this folder",
        fix="give the folder that has the recipes; a recipe's name ends in .yaml",
        severity=Severity.WARNING,
    )
