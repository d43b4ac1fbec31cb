"""Where a company's QuickBooks is: its own addresses, else the installation's, else Intuit's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.settings import Company, Environment

#: Intuit's addresses (facts: OAuth 2.0, Endpoints) and those of a practice company next door.
_API: Mapping[Environment, str] = {
    Environment.PRACTICE: "http://127.0.0.1:8090",
    Environment.SANDBOX: "https://sandbox-quickbooks.api.intuit.com",
    Environment.PRODUCTION: "https://quickbooks.api.intuit.com",
}
_INTUIT_TOKEN = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105 - a URL
_PRACTICE_TOKEN = "http://127.0.0.1:8090/oauth2/v1/tokens/bearer"  # noqa: S105 - a URL


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """The installation's defaults, from the environment variables BOOKRELAY_INTUIT_*."""

    default_api_base: str = ""
    default_token_url: str = ""
    default_client_id: str = ""
    #: The app's secret where a company has none of its own.
    client_secret: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Endpoints:
        """Read what the operator set."""
        return cls(
            default_api_base=environment.get("BOOKRELAY_INTUIT_API_BASE", ""),
            default_token_url=environment.get("BOOKRELAY_INTUIT_TOKEN_URL", ""),
            default_client_id=environment.get("BOOKRELAY_INTUIT_CLIENT_ID", ""),
            client_secret=environment.get("BOOKRELAY_INTUIT_CLIENT_SECRET", ""),
        )

    def api_base(self, company: Company) -> str:
        """Base of the API, without the path of the company."""
        own = company.quickbooks.api_base or self.default_api_base
        return own or _API[company.quickbooks.environment]

    def token_url(self, company: Company) -> str:
        """The token endpoint."""
        own = company.quickbooks.token_url or self.default_token_url
        practice = company.quickbooks.environment is Environment.PRACTICE
        return own or (_PRACTICE_TOKEN if practice else _INTUIT_TOKEN)

    def client_id(self, company: Company) -> str:
        """The app that the company authorised."""
        return company.quickbooks.client_id or self.default_client_id
