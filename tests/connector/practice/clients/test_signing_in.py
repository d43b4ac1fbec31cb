"""Signing in with Intuit's OAuth client, and python-quickbooks with what comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks.exceptions import AuthorizationException, QuickbooksException
from quickbooks.objects import CompanyInfo, Customer

from tests.connector.practice.clients.browser import consent
from tests.connector.practice.conftest import R2


def test_a_code_becomes_a_client(connect: Any, open_company: Any, r1: Any) -> None:
    auth = connect()
    assert auth.realm_id == r1.realm
    assert CompanyInfo.get(r1.realm, qb=open_company()).CompanyName == "Sparrow Home Services LLC"


def test_who_cancels_connects_nothing(auth: AuthClient) -> None:
    told = consent(auth.get_authorization_url([Scopes.ACCOUNTING]), decision="cancel")
    assert told == {"error": "access_denied", "state": auth.state_token}


def test_a_stored_refresh_token_opens_the_company(
    connect: Any, open_company: Any, auth: AuthClient
) -> None:
    connect()
    auth.access_token = None
    opened = open_company(refresh_token=auth.refresh_token)
    assert auth.access_token is not None
    assert Customer.count(qb=opened) == 5


def test_an_access_token_lasts_an_hour(connect: Any, open_company: Any, r1: Any) -> None:
    auth = connect()
    opened = open_company()
    r1.control("clock", {"advance": 3599})
    assert Customer.count(qb=opened) == 5
    r1.control("clock", {"advance": 1})
    with pytest.raises(AuthorizationException) as refused:
        Customer.all(qb=opened)
    assert refused.value.error_code == 401
    assert "errorCode=003200" in refused.value.detail
    auth.refresh()
    assert Customer.count(qb=open_company()) == 5


def test_a_code_and_a_spent_refresh_token_do_not_serve_again(connect: Any, r1: Any) -> None:
    r1.control("switches", {"rotation": "every"})
    auth = connect()
    spent = auth.refresh_token
    auth.refresh()
    with pytest.raises(AuthClientError, match="invalid_grant"):
        auth.refresh(refresh_token=spent)


def test_after_disconnecting_nothing_works(connect: Any, open_company: Any) -> None:
    auth = connect()
    opened = open_company()
    assert auth.revoke() is True
    with pytest.raises(AuthorizationException):
        Customer.all(qb=opened)
    with pytest.raises(AuthorizationException):
        opened.download_pdf("Invoice", "1")


def test_the_other_company_stays_closed(connect: Any, open_company: Any) -> None:
    connect()
    with pytest.raises(QuickbooksException) as refused:
        Customer.all(qb=open_company(company_id=R2))
    assert refused.value.error_code == 10000, "the client reads no gateway fault"
    assert "ApplicationAuthorizationFailed; errorCode=003100" in refused.value.message


def test_the_second_company_has_books_of_its_own(connect: Any, open_company: Any) -> None:
    connect(R2)
    assert Customer.all(qb=open_company()) == []
