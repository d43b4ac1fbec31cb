"""Intuit's sign-in: OAuth 2, consent, tokens, and who a person is."""
