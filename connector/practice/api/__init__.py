"""The accounting API: its routes, and writes from body to record."""
