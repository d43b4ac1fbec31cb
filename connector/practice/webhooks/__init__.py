"""Intuit's webhooks: what is announced, to whom, when, and again."""
