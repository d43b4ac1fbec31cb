"""The practice company: a Flask app that speaks QuickBooks Online's API, offline.

It is a service of its own, reached over HTTP like Intuit's; nothing in `connector.quickbooks`
knows that it exists.
"""

from __future__ import annotations

from flask import Flask

from connector.practice import control, pages
from connector.practice.api import routes as api
from connector.practice.gateway.traffic import watch
from connector.practice.login import oauth
from connector.practice.state import State
from connector.practice.storage import LoginFile

_LARGEST_BODY = 20 * 1024 * 1024


def create_app(state: State, login: LoginFile | None = None) -> Flask:
    """The WSGI application over `state`; `login` keeps what of it must outlive the process."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    watch(app, state, login)
    app.register_blueprint(api.blueprint(state))
    app.register_blueprint(oauth.blueprint(state))
    app.register_blueprint(control.blueprint(state))
    app.register_blueprint(pages.blueprint(state))
    return app
