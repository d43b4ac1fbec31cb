"""Composition root: puts the parts together, as a web application and as a command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from connector import http, webhook_out
from connector.base import Action, ActionSpec
from connector.catalog import action_schema, catalog
from connector.quickbooks.actions import ACTIONS
from connector.quickbooks.references import naming
from connector.quickbooks.retelling import retell
from runtime.backfilling import Backfiller
from runtime.clock import Clock, Observe, SteppedClock, SystemClock
from runtime.courtesy import Courtesy
from runtime.editor import EditorSchemas
from runtime.endpoints import Endpoints
from runtime.failpoints import failpoint_of
from runtime.intake import Intake
from runtime.liveness import Liveness
from runtime.logs import configure_logging
from runtime.notices import sending
from runtime.notices.telling import Teller
from runtime.notices.watch import Watch
from runtime.pins import PinCheck
from runtime.polling import Poller, Polls
from runtime.problems import errors
from runtime.relay import Heart, Relay, installed_of
from runtime.restoring import restore_settings
from runtime.runner import Runner
from runtime.safe import Accounts, Safe
from runtime.scheduler import Ticker
from runtime.services import Desk
from runtime.settings import Revisions, SettingsStore
from runtime.shelf import Shelf
from runtime.shipped import copy_recipes
from runtime.store import revisions
from runtime.store.database import Database, sqlite_url
from runtime.store.migrate import migrate
from runtime.tokens import Tokens
from runtime.vault import Vault, load_keys
from runtime.web.health import health
from runtime.web.help_pages import help_pages
from runtime.web.hooks import hooks
from runtime.web.overview import overview
from runtime.worker import Workers

SHIPPED_RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where a Bookrelay keeps its data and what the environment says."""

    data: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    #: Worker threads.
    workers: int = 8

    @property
    def database_url(self) -> str:
        """PostgreSQL by BOOKRELAY_DATABASE_URL, else a file in the data folder."""
        return self.environment.get("BOOKRELAY_DATABASE_URL") or sqlite_url(self.data)

    @property
    def recipes(self) -> Path:
        """The folder of recipes that people edit."""
        return Path(self.environment.get("BOOKRELAY_RECIPES") or self.data / "recipes")


def build(options: Options, *, clock: Clock | None = None, observe: Observe | None = None) -> Relay:
    """Put a Bookrelay together; nothing runs until its Heart is started."""
    options.data.mkdir(parents=True, exist_ok=True)
    copy_recipes(SHIPPED_RECIPES, options.recipes)
    clock = clock or clock_of(options.environment)
    observe = observe or _ignore
    database = Database(options.database_url, observe=observe)
    migrate(database)
    known = catalog(action_specs())
    settings = SettingsStore(options.data)
    restore_settings(settings, database)
    vault = Vault(load_keys(options.data, options.environment))
    safe = Safe(database=database, vault=vault, clock=clock)
    safe.refresh()
    accounts = Accounts(safe, settings.current)
    past = Revisions(lambda number: database.read(revisions.settings, number) or {})
    liveness = Liveness(database=database, folder=options.data, clock=clock)
    shelf = Shelf(
        database=database,
        folder=options.recipes,
        installed=lambda: installed_of(known, settings.current()),
        clock=clock,
        masker=safe.masker,
    )
    session = http.session(pool=32)
    endpoints = Endpoints.from_environment(options.environment)
    tokens = Tokens(
        database=database,
        safe=safe,
        http=session,
        clock=clock,
        worker=liveness.worker,
        endpoints=endpoints,
    )
    desk = Desk(
        database=database,
        clock=clock,
        http=session,
        tokens=tokens,
        accounts=accounts,
        endpoints=endpoints,
    )
    courtesy = Courtesy()
    runner = Runner(
        database=database,
        shelf=shelf,
        settings=past,
        services=desk,
        actions=known.actions,
        clock=clock,
        masker=safe.masker,
        observe=observe,
        courtesy=courtesy,
    )
    workers = Workers(
        database=database,
        runner=runner,
        shelf=shelf,
        settings=settings.current,
        clock=clock,
        worker=liveness.worker,
        courtesy=courtesy,
        count=options.workers,
    )
    poller = Poller(
        database=database, clock=clock, worker=liveness.worker, http=session, wake=workers.wake
    )
    intake = Intake(
        database=database,
        settings=settings.current,
        connectors=known.connectors,
        account=accounts,
        clock=clock,
        masker=safe.masker,
        wake=workers.wake,
    )
    teller = Teller(
        database=database,
        clock=clock,
        worker=liveness.worker,
        settings=settings.current,
        secret=safe.get,
        send=sending.send,
        masker=safe.masker,
    )
    backfiller = Backfiller(
        database=database,
        clock=clock,
        worker=liveness.worker,
        http=session,
        shelf=shelf,
        settings=settings.current,
        wake=workers.wake,
    )
    return Relay(
        folder=options.data,
        database=database,
        catalog=known,
        clock=clock,
        settings=settings,
        revisions=past,
        safe=safe,
        accounts=accounts,
        shelf=shelf,
        editor=EditorSchemas(options.data, options.recipes),
        courtesy=courtesy,
        intake=intake,
        desk=desk,
        runner=runner,
        workers=workers,
        polls=Polls(poller, clock),
        pins=PinCheck(
            database=database, clock=clock, worker=liveness.worker, quickbooks=desk.quickbooks
        ),
        backfiller=backfiller,
        liveness=liveness,
        teller=teller,
        watch=Watch(database=database, clock=clock, shelf=shelf, settings=settings.current),
    )


def create_app(relay: Relay) -> Flask:
    """The web application of a Relay."""
    app = Flask("bookrelay", root_path=str(Path(__file__).parent / "runtime" / "web"))
    app.register_blueprint(hooks(relay.intake, relay.courtesy))
    app.register_blueprint(health(relay.database, lambda: len(errors(relay.shelf.problems))))
    app.register_blueprint(help_pages())
    app.register_blueprint(overview(relay.database, relay.shelf, relay.settings.current))
    return app


def heart_of(relay: Relay) -> Heart:
    """What keeps a Relay going; its start begins to work."""
    return Heart(relay, Ticker(relay.clock.elapsed))


def action_specs() -> list[ActionSpec]:
    """Every action that ships."""
    quickbooks = [_quickbooks(name, perform) for name, perform in ACTIONS.items()]
    return [*quickbooks, webhook_out.action(action_schema(webhook_out.NAME))]


def _quickbooks(name: str, perform: Action) -> ActionSpec:
    schema = action_schema(name)
    return ActionSpec(
        name=name,
        service="quickbooks",
        perform=naming(perform, schema),
        schema=schema,
        retell=retell,
    )


def clock_of(environment: Mapping[str, str]) -> Clock:
    """The machine's clock, or the stepped one that tests ask for."""
    file = environment.get("BOOKRELAY_TEST_CLOCK")
    return SteppedClock(Path(file)) if file else SystemClock()


def _ignore(point: str) -> None:
    """Nobody watches."""


def main() -> None:
    """The command line."""
    from runtime.commands import bookrelay

    configure_logging()
    bookrelay(obj=Composition(), prog_name="bookrelay")


@dataclass(frozen=True, slots=True)
class Composition:
    """What commands need of this file, handed down so that they need not import it."""

    def program(self) -> list[str]:
        """How to start this program as another process, however it was installed."""
        return [sys.executable, str(Path(__file__).resolve())]

    def options(self, data: Path) -> Options:
        """Options for a data folder."""
        return Options(data=data)

    def build(self, options: Options) -> Relay:
        """A Relay."""
        return build(options, observe=failpoint_of(options.environment))

    def work(self, relay: Relay) -> None:
        """Work without a web application until stopped."""
        from runtime.web.serving import work

        configure_logging(relay.safe.masker)
        work(heart_of(relay))

    def practice(self, port: int, data: Path | None) -> None:
        """Run the practice company until stopped."""
        from connector.practice.server import run

        run(port, data, sys.stdout)

    def serve(self, relay: Relay, host: str, port: int, ready: Callable[[str], None]) -> None:
        """Serve the web application until stopped."""
        from runtime.web.serving import serve

        configure_logging(relay.safe.masker)
        serve(create_app(relay), heart_of(relay), host, port, ready)


if __name__ == "__main__":
    main()
