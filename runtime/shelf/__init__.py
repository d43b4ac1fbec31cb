"""The recipes in force: what lies in the folder, which revision of each runs, what is wrong."""

from runtime.shelf.shelf import Live, Shelf

__all__ = ["Live", "Shelf"]
