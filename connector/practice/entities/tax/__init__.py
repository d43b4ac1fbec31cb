"""Taxes on forms, in the United States and abroad, and the lists they come from."""
