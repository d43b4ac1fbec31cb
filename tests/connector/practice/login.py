"""Plays an app and its user at the practice login, over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from connector.practice.login.tokens import CLIENT_ID, CLIENT_SECRET

BACK = "http://127.0.0.1:9/callback"
ACCOUNTING = "com.intuit.quickbooks.accounting"
AUTH = (CLIENT_ID, CLIENT_SECRET)
TELL_HARD_END = {"x-include-refresh-token-hard-expires-in": "true"}
HARD = 157_680_000


class Login:
    """One app that signs people in; `r1` is the client of the company meant."""

    def __init__(self, r1: Any) -> None:
        self.r1 = r1
        self.running = r1.running

    def asked(self, **change: str) -> dict[str, str]:
        """An authorisation request."""
        whole = {
            "client_id": CLIENT_ID,
            "scope": ACCOUNTING,
            "redirect_uri": BACK,
            "response_type": "code",
            "state": "s&1",
        }
        return {**whole, **change}

    def page(self, **change: str) -> requests.Response:
        return requests.get(
            self.running.authorize, params=self.asked(**change), allow_redirects=False, timeout=20
        )

    def answer(self, **form: str) -> requests.Response:
        """What happens when the form is sent."""
        whole = {**self.asked(), "decision": "connect", "realm": self.r1.realm, **form}
        return requests.post(self.running.authorize, whole, allow_redirects=False, timeout=20)

    def callback(self, **form: str) -> dict[str, list[str]]:
        """The query of the address the browser is sent to."""
        return told(self.answer(**form))

    def code(self, **form: str) -> str:
        return self.callback(**form)["code"][0]

    def token(self, headers: dict[str, str] | None = None, **form: str) -> requests.Response:
        return requests.post(self.running.token, form, auth=AUTH, headers=headers, timeout=20)

    def exchange(self, code: str, redirect_uri: str = BACK) -> requests.Response:
        return self.token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri)

    def connected(self, **form: str) -> dict[str, Any]:
        """The token answer after a consent."""
        return self.exchange(self.code(**form)).json()

    def refresh(self, token: str, headers: dict[str, str] | None = None) -> requests.Response:
        return self.token(headers, grant_type="refresh_token", refresh_token=token)

    def revoke(self, token: str) -> int:
        url = self.running.revoke
        return requests.post(url, json={"token": token}, auth=AUTH, timeout=20).status_code

    def status(self, access: str, realm: str = "") -> int:
        """What a call of the accounting API with this token is answered."""
        url = f"{self.running.api}/v3/company/{realm or self.r1.realm}/preferences"
        return requests.get(url, headers=bearer(access), timeout=20).status_code


def bearer(access: str) -> dict[str, str]:
    return {"Accept": "application/json", "Authorization": f"Bearer {access}"}


def told(answer: requests.Response) -> dict[str, list[str]]:
    """The query of a redirection to the app."""
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(BACK)
    return parse_qs(urlsplit(answer.headers["Location"]).query)
