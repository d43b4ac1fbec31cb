"""/healthz, /readyz and /metrics: is it alive, can it work, how much has it done."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from runtime.store import runs
from runtime.store.database import Database


def health(database: Database, problems: Callable[[], int]) -> Blueprint:
    """The blueprint; `problems` counts the errors in recipe files; warnings are none."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        try:
            database.read(runs.any_stuck)
        except SQLAlchemyError:
            return jsonify(status="the store cannot be read"), 503
        return jsonify(status="ok"), 200

    @blueprint.get("/metrics")
    def metrics() -> Response:
        counted = database.read(runs.counts)
        lines = ["# HELP bookrelay_runs Runs by state.", "# TYPE bookrelay_runs gauge"]
        lines += [f'bookrelay_runs{{state="{state}"}} {n}' for state, n in sorted(counted.items())]
        lines += [
            "# HELP bookrelay_recipe_problems Errors in recipe files.",
            "# TYPE bookrelay_recipe_problems gauge",
            f"bookrelay_recipe_problems {problems()}",
        ]
        return Response("\n".join(lines) + "\n", mimetype="text/plain")

    return blueprint
