"""Expressions: cut into words, checked, and evaluated by this package alone."""
