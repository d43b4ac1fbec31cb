"""Answers where no route has one: unknown addresses, too large bodies, closed books, defects."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound
from werkzeug.wrappers import Response as AnyResponse

from connector.practice.books.store import Closed
from connector.practice.faults import Fault
from connector.practice.gateway.answers import answer, refusal
from connector.practice.state import State

_ACCOUNTING = "/v3/"
#: Where programs call; elsewhere people look at pages.
_PROGRAMS = ("/oauth2/", "/v2/", "/v1/", "/op/", "/.well-known/", "/_control")
_NO_OPERATION = (404, 405)


def answer_failures(app: Flask, state: State) -> None:
    """No client gets a page where it expects JSON, and none a traceback."""

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> AnyResponse:
        return _told(state, error)

    @app.errorhandler(Closed)
    def closed(error: Closed) -> AnyResponse:
        """The company went while the call was under way."""
        if request.path.startswith(_ACCOUNTING):
            detail = "The application is not authorized for this company"
            return refusal(state, Fault("3100", detail))
        return _told(state, NotFound("The company was removed."))

    @app.errorhandler(RecursionError)
    def too_deep(error: RecursionError) -> AnyResponse:
        if request.path.startswith(_ACCOUNTING):
            return refusal(state, Fault("2010", "The request body is nested too deeply."))
        return answer({"error": "The body is nested too deeply."}, 400)

    @app.errorhandler(Exception)
    def fail(error: Exception) -> AnyResponse:
        app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
        return _told(state, InternalServerError())


def _told(state: State, error: HTTPException) -> AnyResponse:
    status = error.code or 500
    if status < 400 or not request.path.startswith((_ACCOUNTING, *_PROGRAMS)):
        return Response.force_type(error.get_response(), request.environ)
    if request.path.startswith(_ACCOUNTING):
        code = "500" if status in _NO_OPERATION else "10000" if status >= 500 else "6000"
        return refusal(state, Fault(code, error.description or "", status=status))
    return answer({"error": error.description}, status)
