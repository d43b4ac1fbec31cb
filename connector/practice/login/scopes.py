"""The scopes an app may ask for, and what each kind of them opens."""

from __future__ import annotations

from collections.abc import Iterable

ACCOUNTING = "com.intuit.quickbooks.accounting"
OPENID = "openid"

#: About the person alone; the consent page then asks for no company.
PERSONAL = ("openid", "profile", "email", "phone", "address", "intuit_name")

#: All that are known (confirmed); payroll's are given to chosen apps only and refused here.
KNOWN = (
    ACCOUNTING,
    "com.intuit.quickbooks.payment",
    *PERSONAL,
    "project-management.project",
    "app-foundations.custom-field-definitions",
    "app-foundations.custom-field-definitions.read",
    "indirect-tax.tax-calculation.quickbooks",
    "payroll.compensation.read",
)


def parse(text: str) -> tuple[str, ...]:
    """The scopes of a request, separated by spaces; empty when there is none or one is unknown."""
    asked = tuple(dict.fromkeys(text.split()))
    return asked if set(asked) <= set(KNOWN) else ()


def needs_company(asked: Iterable[str]) -> bool:
    """Whether these scopes are about a company, so that one must be chosen."""
    return not set(asked) <= set(PERSONAL)
