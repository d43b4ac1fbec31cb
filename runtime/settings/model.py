"""What people set up, as one frozen snapshot: connections, companies, who is told. No secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

#: In the name of a secret, stands for the company that is set up but not connected yet.
UNCONNECTED = "unconnected"

#: The sync rules of a company and what holds where nothing was chosen (books.md says why).
RULES: Mapping[str, Any] = MappingProxyType(
    {
        "contacts": "on_payment",
        "estimates": "estimate",
        "invoice_trigger": "payment",
        "invoice_date": "collected",
        "net_days": 0,
        "deposits": "liability",
        "closed_period": "hold",
        "email_invoices": "never",
        "customer_name": "company_first",
        "name_taken": "suffix",
        "inactive_customer": "hold",
        "service_address": "on_invoice",
        "payouts": "off",
        "line_text": "full",
    }
)

MATCH_KEYS = ("email", "phone", "name")

#: The practice company's time zone; any other company must name its own.
PRACTICE_TIME_ZONE = "America/Boise"


class Environment(StrEnum):
    """Which QuickBooks a company is in."""

    PRACTICE = "practice"
    SANDBOX = "sandbox"
    PRODUCTION = "production"


class BadSettings(Exception):
    """Settings that cannot be used; they were not stored and the last good ones go on."""

    def __init__(self, sentence: str, *, fix: str = "") -> None:
        super().__init__(sentence)
        #: What is wrong, one sentence.
        self.sentence = sentence
        #: What to do about it, one sentence.
        self.fix = fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast a company may be called, over all workers. The defaults are Intuit's."""

    in_flight: int = 10
    per_second: int = 10
    per_minute: int = 500
    batches_per_minute: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One authorised account at a service that gives events."""

    #: A slug, fixed for life: it is in the webhook's URL.
    name: str
    #: Key of its connector.
    connector: str
    #: Plain account fields such as `poll_url`.
    options: Mapping[str, Any]
    #: Names of the secrets that were entered, such as `webhook_secret`.
    has_secret: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickBooks:
    """How a company's QuickBooks is reached."""

    environment: Environment
    client_id: str = ""
    #: Addresses; empty means the environment's own.
    api_base: str = ""
    authorize_url: str = ""
    token_url: str = ""
    revoke_url: str = ""
    #: None switches the limits off (benchmarks).
    limits: Limits | None = Limits()
    #: Names of the secrets that were entered: `client_secret`, `refresh_token`.
    has_secret: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One QuickBooks company with its own rules, mapping and accounts."""

    name: str
    #: QuickBooks' id of the company; empty while it is not connected.
    realm_id: str
    #: CRM locations whose events go here; empty where it is the only company.
    locations: tuple[str, ...]
    #: IANA name, such as `America/Boise`.
    time_zone: str
    quickbooks: QuickBooks
    #: Every rule of RULES, and `walk_in_customer` where it was given.
    rules: Mapping[str, Any]
    #: Account name by use: deposits, tips, discounts, fees ...; only what was chosen.
    accounts: Mapping[str, str]
    #: Account name by payment method; a method left out goes to Undeposited Funds.
    deposit_to: Mapping[str, str]
    #: Rows in order; the first that matches wins.
    account_mapping: tuple[Mapping[str, Any], ...]
    #: In order: email, phone, name.
    match_keys: tuple[str, ...]
    #: Answers of the match review by CRM contact id.
    matches: Mapping[str, Mapping[str, Any]]
    #: after_review | approve_exact | yes
    go_live: str

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which a collected payment has its date."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings at one revision."""

    #: 0 before anything was set up; every accepted change is one more.
    revision: int
    #: By name.
    connections: Mapping[str, Connection]
    #: By realm_id.
    companies: Mapping[str, Company]
    #: A company that is set up but not connected to QuickBooks yet.
    unconnected: Company | None = None
    #: Names of those who can be told of trouble; each one's address is the secret
    #: `notification/<name>`.
    notifications: tuple[str, ...] = ()

    @property
    def zone(self) -> tzinfo:
        """In which people are told of times: that of the first company, else UTC."""
        return self.zones[0]

    @property
    def zones(self) -> tuple[tzinfo, ...]:
        """Those of all companies, at least one."""
        return tuple(company.zone for company in self.companies.values()) or (UTC,)
