"""The help pages at /help: Markdown files as pages in the style of all others."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, render_template
from markdown import Markdown
from markupsafe import Markup

from runtime import help as pages

#: What a fence says to those who read the file, not the page.
_FENCE = re.compile(r"^```(\w+)[^\n]*$", re.MULTILINE)


def help_pages() -> Blueprint:
    """The blueprint. The pages hold nothing of any company, so everybody may read them."""
    blueprint = Blueprint("help", __name__)

    @blueprint.get("/help")
    def contents() -> str:
        return render_template("help.html", title="Help", pages=pages.pages(), rules=pages.rules())

    @blueprint.get("/help/<name>")
    def one(name: str) -> str:
        page = pages.page(name)
        if page is None:
            abort(404)
        return render_template("help.html", title=page.title, body=_html(page.text))

    @blueprint.after_request
    def guarded(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return blueprint


def _html(text: str) -> Markup:
    reader = Markdown(extensions=["fenced_code", "tables"])
    # The pages ship with the program; nothing that a user wrote is among them.
    return Markup(reader.convert(_FENCE.sub(r"```\1", text)))  # noqa: S704
