"""The setup file: all that the setup pages do, without a browser, repeatable."""

from runtime.setup.plan import SetupPlan, apply, connected
from runtime.setup.read import STANDARD_FORM, AccountForm, read_setup

__all__ = ["STANDARD_FORM", "AccountForm", "SetupPlan", "apply", "connected", "read_setup"]
