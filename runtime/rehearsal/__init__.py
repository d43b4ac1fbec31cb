"""Rehearsals: what a recipe would do with an event, without writing anything."""
