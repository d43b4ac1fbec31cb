"""Intuit's authorisation server: discovery, tokens, revocation and who has signed in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from connector.practice.faults import Fault
from connector.practice.gateway.answers import answer
from connector.practice.login import consent
from connector.practice.login.grants import ACCESS_SECONDS, Consent, Issued
from connector.practice.login.identity import PEOPLE, user_info
from connector.practice.login.scopes import OPENID
from connector.practice.login.tokens import CLIENT_ID, CLIENT_SECRET, InvalidGrant
from connector.practice.state import State
from connector.practice.wire import load

DISCOVERY = "/.well-known/openid_configuration"
SANDBOX_DISCOVERY = "/.well-known/openid_sandbox_configuration"
AUTHORIZE = consent.AUTHORIZE
TOKEN = "/oauth2/v1/tokens/bearer"  # noqa: S105 - a path
REVOKE = "/v2/oauth2/tokens/revoke"
USER_INFO = "/v1/openid_connect/userinfo"
_ISSUER = "/op/v1"
_JWKS = "/op/v1/jwks"
_TELL_HARD_END = "x-include-refresh-token-hard-expires-in"
#: What each kind of grant is asked for with.
_FIELDS = {
    "authorization_code": ("code", "redirect_uri"),
    "refresh_token": ("refresh_token",),
}


def blueprint(state: State) -> Blueprint:
    """The routes of the authorisation server."""
    oauth = Blueprint("oauth", __name__)
    consent.add_routes(oauth, state)
    _identity_routes(oauth, state)

    @oauth.post(TOKEN)
    def token() -> Response:
        response = _token(state)
        response.headers["Cache-Control"] = "no-store"
        return response

    @oauth.post(REVOKE)
    def revoke() -> Response:
        if not _client_known():
            return answer({"error": "invalid_client"}, 401)
        token = _token_named()
        if not token:
            return answer({"error": "invalid_request"}, 400)
        state.tokens.revoke(token)
        return Response(status=200)

    return oauth


def _identity_routes(oauth: Blueprint, state: State) -> None:
    @oauth.get(DISCOVERY, strict_slashes=False)
    @oauth.get(SANDBOX_DISCOVERY, strict_slashes=False)
    def discovery() -> Response:
        return answer(_discovery(_base()))

    @oauth.get(_JWKS)
    def keys() -> Response:
        return answer(state.tokens.signer.jwks())

    @oauth.get(USER_INFO)
    def user() -> Response:
        return _user_info(state)


def _base() -> str:
    return request.host_url.rstrip("/")


def _discovery(base: str) -> dict[str, Any]:
    return {
        "issuer": base + _ISSUER,
        "authorization_endpoint": base + AUTHORIZE,
        "token_endpoint": base + TOKEN,
        "userinfo_endpoint": base + USER_INFO,
        "revocation_endpoint": base + REVOKE,
        "jwks_uri": base + _JWKS,
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }


def _token(state: State) -> Response:
    if not _client_known():
        return answer({"error": "invalid_client"}, 401)
    form = request.form
    kind = form.get("grant_type", "")
    if kind and kind not in _FIELDS:
        return answer({"error": "unsupported_grant_type"}, 400)
    if not kind or not all(form.get(name) for name in _FIELDS[kind]):
        return answer({"error": "invalid_request"}, 400)
    try:
        return answer(_granted(state, form))
    except InvalidGrant as error:
        return answer({"error": "invalid_grant", **_description(state, error)}, 400)


def _granted(state: State, form: Mapping[str, str]) -> dict[str, Any]:
    """The token answer; raises InvalidGrant."""
    hard = request.headers.get(_TELL_HARD_END, "").lower() == "true"
    if form["grant_type"] == "refresh_token":
        return state.tokens.refresh(form["refresh_token"], state.switches).told(hard=hard)
    issued = state.tokens.exchange(form["code"], form["redirect_uri"], state.switches)
    return {**issued.told(hard=hard), **_id_token(state, issued)}


def _id_token(state: State, issued: Issued) -> dict[str, str]:
    """The id token, if the app asked for one."""
    if OPENID not in issued.consent.scopes:
        return {}
    return {"id_token": state.tokens.signer.sign(_claims(state, issued.consent))}


def _claims(state: State, given: Consent) -> dict[str, Any]:
    now = int(state.clock.now().timestamp())
    company = {"realmid": given.realms[0]} if given.realms else {}
    return {
        "sub": PEOPLE[given.person].sub,
        "aud": [CLIENT_ID],
        **company,
        "auth_time": int(given.given.timestamp()),
        "iss": _base() + _ISSUER,
        "exp": now + ACCESS_SECONDS,
        "iat": now,
    }


def _description(state: State, error: InvalidGrant) -> dict[str, str]:
    """The words beside invalid_grant: reports differ, so a client may not rely on them."""
    words = state.switches.invalid_grant_words
    told = {"none": "", "token": "Token invalid"}.get(words, str(error))
    return {"error_description": told} if told else {}


def _user_info(state: State) -> Response:
    """Who signed in, as far as the scopes allow; refusals as in RFC 6750 (unconfirmed)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    given = state.tokens.consent(token.strip()) if kind.lower() == "bearer" else None
    if given is None:
        return _not_told("invalid_token", 401)
    if OPENID not in given.scopes:
        return _not_told("insufficient_scope", 403)
    return answer(user_info(PEOPLE[given.person], given.scopes))


def _not_told(error: str, status: int) -> Response:
    response = answer({"error": error}, status)
    response.headers["WWW-Authenticate"] = f'Bearer realm="Intuit", error="{error}"'
    return response


def _client_known() -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    pair = f"{given.username}:{given.password}".encode()
    return hmac.compare_digest(pair, f"{CLIENT_ID}:{CLIENT_SECRET}".encode())


def _token_named() -> str:
    """The token of a revocation, by JSON or by form; empty when there is none."""
    if request.mimetype != "application/json":
        return request.form.get("token", "")
    try:
        told = load(request.get_data())
    except Fault:
        return ""
    named = told.get("token") if isinstance(told, dict) else None
    return named if isinstance(named, str) else ""
