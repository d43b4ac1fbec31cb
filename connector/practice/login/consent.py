"""The consent page: who signs in, which company an app gets, and where the browser goes next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from connector.practice.login import scopes
from connector.practice.login.grants import Consent
from connector.practice.login.identity import PEOPLE
from connector.practice.login.tokens import CLIENT_ID
from connector.practice.state import State

AUTHORIZE = "/connect/oauth2"
_URI = re.compile(r"[\w.~:/?\[\]@!$&'()*+,;=%-]+", re.ASCII)
_LOCAL = ("localhost", "127.0.0.1", "::1")
#: That only an admin can connect is known; these words are unconfirmed.
_NOT_ADMIN = (
    "You need to be an admin of {company} to connect an app to it. "
    "Ask an admin of the company to connect, or to give you admin access."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An authorisation request as the app sent it."""

    client_id: str
    scope: str
    redirect_uri: str
    response_type: str
    state: str

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes, none when one of them is unknown."""
        return scopes.parse(self.scope)

    def back(self, **told: str) -> AnyResponse:
        """Send the browser back to the app."""
        query = urlencode({**told, "state": self.state})
        return redirect(f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{query}")


def add_routes(oauth: Blueprint, state: State) -> None:
    """The page and the answer to it."""

    @oauth.get(AUTHORIZE)
    def consent() -> AnyResponse:
        asked = _asked(request.args)
        return _refused(asked) or _page(state, asked)

    @oauth.post(AUTHORIZE)
    def decide() -> AnyResponse:
        asked = _asked(request.form)
        return _refused(asked) or _decided(state, asked)


def _asked(given: Mapping[str, str]) -> Asked:
    return Asked(
        client_id=given.get("client_id", ""),
        scope=given.get("scope", ""),
        redirect_uri=given.get("redirect_uri", ""),
        response_type=given.get("response_type", ""),
        state=given.get("state", ""),
    )


def _refused(asked: Asked) -> AnyResponse | None:
    """Where a wrong request ends: on a page if the address is in doubt, else back at the app."""
    problem = _problem(asked)
    if problem:
        return Response(render_template("authorize.html", problem=problem), 400)
    return None if asked.scopes else asked.back(error="invalid_scope")


def _problem(asked: Asked) -> str:
    """Why an authorisation request cannot go on, or empty."""
    if asked.client_id != CLIENT_ID:
        return "The client_id is not known."
    if not _acceptable(asked.redirect_uri):
        return "The redirect_uri must be https, or http on this machine."
    if asked.response_type != "code":
        return "The response_type must be code."
    return "" if asked.state else "The state is missing."


def _acceptable(address: str) -> bool:
    """Whether the browser may be sent there: a whole URI without a fragment, not far by http."""
    try:
        uri = urlsplit(address)
        host, _ = (uri.hostname or "").encode("idna"), uri.port
    except ValueError:
        return False
    safe = uri.scheme == "https" or (uri.scheme == "http" and uri.hostname in _LOCAL)
    return bool(host and safe and _URI.fullmatch(address))


def _page(state: State, asked: Asked, refusal: str = "", status: int = 200) -> Response:
    page = render_template(
        "authorize.html",
        asked=asdict(asked),
        scopes=asked.scopes,
        refusal=refusal,
        people=_people(),
        companies=_companies(state) if scopes.needs_company(asked.scopes) else [],
    )
    return Response(page, status)


def _companies(state: State) -> list[tuple[str, str]]:
    return [(books.realm, books.name) for books in state.companies.values()]


def _people() -> list[tuple[str, str]]:
    return [(key, f"{one.given_name} {one.family_name}") for key, one in PEOPLE.items()]


def _decided(state: State, asked: Asked) -> AnyResponse:
    """Back to the app with a code or access_denied, or the page again with what is wrong."""
    if request.form.get("decision") != "connect":
        return asked.back(error="access_denied")
    person, realm = request.form.get("person", "owner"), request.form.get("realm", "")
    if person not in PEOPLE:
        return _page(state, asked, "Choose who signs in.", 400)
    if not scopes.needs_company(asked.scopes):
        return _connected(state, asked, person, "")
    if realm not in state.companies:
        return _page(state, asked, "Choose a company.", 400)
    if not state.tokens.members.is_admin(person, realm):
        company = state.companies[realm].name
        return _page(state, asked, _NOT_ADMIN.format(company=company), 403)
    return _connected(state, asked, person, realm)


def _connected(state: State, asked: Asked, person: str, realm: str) -> AnyResponse:
    """Back with a code and the company, which no later answer names (confirmed)."""
    now, realms = state.clock.now(), (realm,) if realm else ()
    given = Consent(person=person, realms=realms, scopes=asked.scopes, given=now)
    code = state.tokens.code(given, asked.redirect_uri)
    return asked.back(code=code, realmId=realm) if realm else asked.back(code=code)
