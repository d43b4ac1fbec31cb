"""The order in which a schema lists the keys of a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runtime.documents import schema


class Order:
    """The keys of one group, and of what stands below each of them."""

    def __init__(self, root: Mapping[str, Any], node: Mapping[str, Any] | None = None) -> None:
        self._root = root
        self._node = root if node is None else node

    @classmethod
    def of(cls, name: str) -> Order:
        """That of the schema `name`, such as `recipe-format`. Raises FileNotFoundError."""
        return cls(schema.load(name))

    @property
    def keys(self) -> Sequence[str]:
        """The keys in their order; what it does not name comes after them, as it stands."""
        return list(dict.fromkeys(key for part in self._parts() for key in part["properties"]))

    def below(self, key: str | None) -> Order:
        """The order below a key, or with None below any element of a list."""
        for part in self._parts(key="items" if key is None else ""):
            found = part["items"] if key is None else part["properties"].get(key)
            if isinstance(found, Mapping):
                return Order(self._root, found)
        return Order(self._root, {})

    def _parts(self, key: str = "") -> Iterator[Mapping[str, Any]]:
        for part in self._made_of(self._node):
            if (key or "properties") in part:
                yield part

    def _made_of(self, node: Any) -> Iterator[Mapping[str, Any]]:
        """A schema and those it consists of; references within its file are followed."""
        if not isinstance(node, Mapping):
            return
        yield node
        reference = node.get("$ref", "")
        if reference.startswith("#/"):
            target: Any = self._root
            for step in reference.split("/")[1:]:
                target = target[step]
            yield from self._made_of(target)
        for part in (node.get("then"), node.get("else"), *node.get("allOf", ())):
            yield from self._made_of(part)
