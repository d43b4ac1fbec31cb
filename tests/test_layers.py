"""Reads every import and keeps design's layers true: imports run downwards, tools have one home."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: Runtime's layers above the ground, lowest first; a module that no row names is ground.
LAYERS = (
    (
        "stages",
        (
            "runtime.intake",
            "runtime.polling",
            "runtime.runner",
            "runtime.filing",
            "runtime.starting",
            "runtime.backfilling",
        ),
    ),
    ("work", ("runtime.worker", "runtime.scheduler")),
    ("whole", ("runtime.relay",)),
    ("outside", ("runtime.web", "runtime.commands", "runtime.demo")),
)

#: Modules that only decide: no store, no network, no clock of their own, no files but schemas.
PURE = (
    "runtime.recipes",
    "runtime.documents.mistakes",
    "runtime.models",
    "runtime.notices.deciding",
    "runtime.notices.silence",
    "runtime.notices.troubles",
    "runtime.problems",
    "runtime.retry",
    "runtime.routing",
    "connector.signatures",
    "connector.quickbooks.actions",
    "connector.quickbooks.items",
    "connector.quickbooks.lookups",
    "connector.quickbooks.sales",
)
DOING = ("runtime.store", "sqlalchemy", "requests", "flask", "socket", "subprocess", "time")

#: Who may import a library: everything below these names, and nobody else.
HOMES = {
    "alembic": ("runtime.store",),
    "apprise": ("runtime.notices.sending",),
    "apscheduler": ("runtime.scheduler",),
    "click": ("runtime.commands",),
    "cryptography": ("connector.practice.login.signer", "connector.signatures", "runtime.vault"),
    "flask": ("app", "runtime.web", "connector.practice"),
    "jinja2": ("runtime.recipes",),
    "jsonschema": ("runtime.documents",),
    "ruamel": ("runtime.documents",),
    "tinydb": ("runtime.settings",),
    "waitress": ("runtime.web", "connector.practice"),
    "werkzeug": ("runtime.web", "connector.practice"),
}

#: What others than the store may take of SQLAlchemy: the type of a transaction, and its errors.
#: Statements are written in the store alone.
NO_STATEMENTS = {"Connection", "exc"}


def _modules() -> Iterator[tuple[str, Path]]:
    for path in (ROOT / "app.py", *ROOT.glob("connector/**/*.py"), *ROOT.glob("runtime/**/*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__"), path


@cache
def graph() -> Mapping[str, frozenset[str]]:
    """What every module imports, by dotted name, imports inside of functions too."""
    known = dict(_modules())
    return {name: frozenset(_imports(path.read_text(), known)) for name, path in known.items()}


def _imports(source: str, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                is_ours = str(node.module).split(".")[0] in ("connector", "runtime")
                yield full if full in known or not is_ours else str(node.module)


def below(name: str, *parents: str) -> bool:
    """Whether `name` is one of `parents` or inside one."""
    return any(name == parent or name.startswith(f"{parent}.") for parent in parents)


def layer(module: str) -> int:
    """The height of a runtime module; 0 is the ground."""
    heights = enumerate((names for _, names in LAYERS), start=1)
    return next((height for height, names in heights if below(module, *names)), 0)


def upward(imports: Mapping[str, frozenset[str]]) -> list[str]:
    """Imports of runtime that run upwards."""
    return [
        f"{module} imports {wanted}"
        for module, found in imports.items()
        for wanted in found
        if below(module, "runtime") and below(wanted, "runtime") and layer(wanted) > layer(module)
    ]


def offenders(
    imports: Mapping[str, frozenset[str]], wanted: str, homes: tuple[str, ...]
) -> list[str]:
    """Modules outside `homes` that import something of `wanted`."""
    return [
        f"{module} imports {name}"
        for module, found in imports.items()
        for name in found
        if below(name, wanted) and not below(module, *homes)
    ]


def test_imports_run_downwards() -> None:
    assert upward(graph()) == []


def test_nothing_imports_the_composition_root() -> None:
    assert offenders(graph(), "app", ()) == []


def test_connectors_know_nothing_of_the_runtime() -> None:
    assert offenders(graph(), "runtime", ("runtime", "app")) == []


@pytest.mark.parametrize("library", sorted(HOMES))
def test_each_library_has_its_home(library: str) -> None:
    assert offenders(graph(), library, HOMES[library]) == []
    assert any(below(name, library) for found in graph().values() for name in found)


def test_statements_are_written_in_the_store_alone() -> None:
    taken = {
        f"{module} imports {name}"
        for module, found in graph().items()
        for name in found
        if below(name, "sqlalchemy") and not below(module, "runtime.store")
        if f"{name}.".split(".")[1] not in NO_STATEMENTS
    }
    assert taken == set()


def test_the_store_knows_only_its_records() -> None:
    wrong = {
        f"{module} imports {name}"
        for module, found in graph().items()
        for name in found
        if below(module, "runtime.store") and below(name, "runtime", "connector")
        if not below(name, "runtime.store", "runtime.models", "connector.base")
    }
    assert wrong == set()


@pytest.mark.parametrize("module", PURE)
def test_what_decides_does_nothing(module: str) -> None:
    doing = {
        name
        for each, found in graph().items()
        for name in found
        if below(each, module) and below(name, *DOING)
    }
    assert any(below(each, module) for each in graph())
    assert doing == set()


def services() -> list[str]:
    """The connectors: folders of `connector`."""
    folders = (path for path in (ROOT / "connector").iterdir() if (path / "__init__.py").exists())
    return sorted(f"connector.{path.name}" for path in folders)


@pytest.mark.parametrize("service", services())
def test_a_connector_knows_no_other(service: str) -> None:
    """Least of all `quickbooks` the practice company it is tested with, or that one the client."""
    others = [other for other in services() if other != service]
    wrong = {
        f"{module} imports {name}"
        for module, found in graph().items()
        for name in found
        if below(module, service) and below(name, *others)
    }
    assert wrong == set()


def test_border_modules_know_no_connector() -> None:
    """All but the catalog, which lists them."""
    border = {
        module
        for module in graph()
        if below(module, "connector") and not below(module, *services(), "connector.catalog")
    }
    wrong = {(module, name) for module in border for name in graph()[module]}
    assert {(module, name) for module, name in wrong if below(name, *services())} == set()


def test_the_practice_company_stands_alone() -> None:
    wrong = {
        f"{module} imports {name}"
        for module, found in graph().items()
        for name in found
        if below(module, "connector.practice") and below(name, "connector")
        if not below(name, "connector.practice")
    }
    assert wrong == set()


def test_a_wrong_import_would_be_seen() -> None:
    wrong = {
        "runtime.retry": frozenset({"runtime.worker"}),
        "runtime.worker": frozenset({"flask.Flask", "runtime.retry"}),
        "connector.wire": frozenset({"runtime.models"}),
    }

    assert upward(wrong) == ["runtime.retry imports runtime.worker"]
    assert offenders(wrong, "flask", HOMES["flask"]) == ["runtime.worker imports flask.Flask"]
    assert offenders(wrong, "runtime", ("runtime",)) == ["connector.wire imports runtime.models"]
    assert set(_imports("def f():\n    from runtime import web", {"runtime.web": ROOT})) == {
        "runtime.web"
    }
