"""Lookup tables: CSV files beside recipes."""
