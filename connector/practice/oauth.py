"""Intuit's authorisation: discovery, the consent page with the choice of company, tokens."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from connector.practice.state import State
from connector.practice.tokens import CLIENT_ID, CLIENT_SECRET, InvalidGrant
from connector.practice.traffic import answer
from connector.practice.wire import load

DISCOVERY = "/.well-known/openid_configuration"
AUTHORIZE = "/connect/oauth2"
TOKEN = "/oauth2/v1/tokens/bearer"  # noqa: S105 - a path
REVOKE = "/v2/oauth2/tokens/revoke"
_HARD_EXPIRY = "x_refresh_token_hard_expires_in"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_CARRIED = ("client_id", "scope", "redirect_uri", "response_type", "state")


def blueprint(state: State) -> Blueprint:
    """The routes of the authorisation server."""
    oauth = Blueprint("oauth", __name__)

    @oauth.get(DISCOVERY)
    @oauth.get(f"{DISCOVERY}/")
    def discovery() -> Response:
        return answer(_discovery(request.host_url.rstrip("/")))

    @oauth.get(AUTHORIZE)
    def consent() -> Response:
        problem = _problem(request.args)
        carried = {name: request.args.get(name, "") for name in _CARRIED}
        page = render_template(
            "authorize.html", problem=problem, carried=carried, companies=_companies(state)
        )
        return Response(page, 400 if problem else 200)

    @oauth.post(AUTHORIZE)
    def decide() -> AnyResponse:
        problem = _problem(request.form)
        if problem:
            return Response(render_template("authorize.html", problem=problem), 400)
        return redirect(_decision(state, request.form))

    @oauth.post(TOKEN)
    def token() -> Response:
        return _token(state)

    @oauth.post(REVOKE)
    def revoke() -> Response:
        if not _client_known():
            return answer({"error": "invalid_client"}, 401)
        state.tokens.revoke(_token_named())
        return Response(status=200)

    return oauth


def _companies(state: State) -> list[tuple[str, str]]:
    return [(books.realm, books.name) for books in state.companies.values()]


def _discovery(base: str) -> dict[str, Any]:
    return {
        "issuer": f"{base}/op/v1",
        "authorization_endpoint": base + AUTHORIZE,
        "token_endpoint": base + TOKEN,
        "revocation_endpoint": base + REVOKE,
        "response_types_supported": ["code"],
        "scopes_supported": ["com.intuit.quickbooks.accounting", "openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }


def _problem(given: Any) -> str:
    """Why an authorisation request cannot go on, or empty."""
    uri = urlsplit(given.get("redirect_uri", ""))
    local = uri.scheme == "http" and uri.hostname in _LOCAL
    if given.get("client_id") != CLIENT_ID:
        return "The client_id is not known."
    if not local and uri.scheme != "https":
        return "The redirect_uri must be https, or http on this machine."
    if given.get("response_type") != "code":
        return "The response_type must be code."
    return "" if given.get("state") else "The state is missing."


def _decision(state: State, form: Any) -> str:
    """Where the browser goes: with a code and the company, or with access_denied."""
    uri, mark = form["redirect_uri"], form["state"]
    realm = form.get("realm", "")
    if form.get("decision") != "connect" or realm not in state.companies:
        answer_told = {"error": "access_denied", "state": mark}
    else:
        code = state.tokens.code(realm, uri)
        answer_told = {"code": code, "state": mark, "realmId": realm}
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(answer_told)}"


def _token(state: State) -> Response:
    if not _client_known():
        return answer({"error": "invalid_client"}, 401)
    form = request.form
    try:
        if form.get("grant_type") == "authorization_code":
            told = state.tokens.exchange(form.get("code", ""), form.get("redirect_uri", ""))
        elif form.get("grant_type") == "refresh_token":
            told = state.tokens.refresh(form.get("refresh_token", ""), state.switches)
        else:
            return answer({"error": "unsupported_grant_type"}, 400)
    except InvalidGrant as error:
        return answer({"error": "invalid_grant", "error_description": str(error)}, 400)
    if request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() != "true":
        told.pop(_HARD_EXPIRY)
    return answer(told)


def _client_known() -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    pair = f"{given.username}:{given.password}".encode()
    return hmac.compare_digest(pair, f"{CLIENT_ID}:{CLIENT_SECRET}".encode())


def _token_named() -> str:
    """The token of a revocation, by JSON or by form."""
    if request.mimetype == "application/json":
        told = load(request.get_data())
        return str(told.get("token", "")) if isinstance(told, dict) else ""
    return request.form.get("token", "")
