"""The practice company: a Flask app that speaks QuickBooks Online's API, offline.

It is a service of its own, reached over HTTP like Intuit's; nothing in `connector.quickbooks`
knows that it exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from flask import Flask, Response, request

from connector.practice import control, pages
from connector.practice.api import files, routes
from connector.practice.gateway.failures import answer_failures
from connector.practice.gateway.traffic import watch
from connector.practice.login import oauth
from connector.practice.state import State
from connector.practice.storage import LoginFile
from connector.practice.wire import load

#: Told the path and the JSON body of each answer of the accounting API that is a success.
Observe: TypeAlias = Callable[[str, Any], None]
_LARGEST_BODY = 20 * 1024 * 1024


def create_app(
    state: State, login: LoginFile | None = None, observe: Observe | None = None
) -> Flask:
    """The WSGI application over `state`; `login` keeps what of it must outlive the process.

    `observe` looks at answers before faults spoil them.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    watch(app, state, login)
    answer_failures(app, state)
    if observe is not None:
        _tell(app, observe)
    app.register_blueprint(routes.blueprint(state))
    app.register_blueprint(files.blueprint(state))
    app.register_blueprint(oauth.blueprint(state))
    app.register_blueprint(control.blueprint(state))
    app.register_blueprint(pages.blueprint(state))
    return app


def _tell(app: Flask, observe: Observe) -> None:
    @app.after_request
    def tell(response: Response) -> Response:
        if request.path.startswith("/v3/") and response.is_json and response.status_code < 300:
            observe(request.path, load(response.get_data()))
        return response
