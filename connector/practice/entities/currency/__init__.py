"""Currencies: lists, rates, and transactions posted at home."""
