"""Takes secrets out of everything that is shown, logged or kept as a trace."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "…"

#: Shorter ones would take innocent words and amounts out of every text.
SHORTEST_SECRET = 4

_NAMES = (
    r"(?:proxy-)?authorization|(?:set-)?cookie|(?:access|refresh|id|poll)_token|client_secret"
    r"|webhook_secret|signing_secret|(?:x[-_])?api[-_]?key|password|passphrase"
    r"|[\w-]{0,60}-signature"
)
_FIELD = re.compile(rf"(?:{_NAMES}|token|secret)", re.IGNORECASE)

#: `"name": "value"`, `\"name\": \"value\"`, `name=value`, and `Name: value` up to the line's end.
_NAMED = re.compile(
    rf"""(?<![\w-])(?P<name>(?:{_NAMES})\\*["']?\s*[:=]\s*|\\*["']token\\*["']\s*:\s*)
    (?:
        (?P<open>")(?:[^"\\\n]|\\.)*(?P<close>")
      | (?P<open2>\\*["'])[^"'\\\n]*
      | (?<==)[^\s&;,"'}}\]]+
      | [^\s"'{{\[][^\n"'}}\]]*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BEARER = re.compile(r"\b(bearer\s+)[\w.~+/=-]{16,}", re.IGNORECASE)
_CODE = re.compile(r"([?&]code=)[^&\s\"']+")

#: No pattern can match a text that has none of these (in small letters): most texts.
_SIGNS = (
    "authorization",
    "cookie",
    "_token",
    '"token',
    "'token",
    "_secret",
    "apikey",
    "api_key",
    "api-key",
    "password",
    "passphrase",
    "-signature",
    "bearer",
    "code=",
)


class Masker:
    """Replaces known secrets, and whatever is named like one, by `…`.

    Mask before cutting a text to length: the half of a secret is not recognised.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """`secrets` are the opened values; those under four characters cannot be told from text."""
        forms = {form for secret in secrets for form in _forms(secret)}
        #: Longest first, so that no secret leaves a tail of one that contains it.
        self._secrets = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, self._secrets)) or r"(?!)")

    def text(self, text: str) -> str:
        """`text` without secrets; the same object when there are none."""
        if any(secret in text for secret in self._secrets):
            text = self._pattern.sub(MASK, text)
        return _unnamed(text)

    def value(self, value: Any) -> Any:
        """A copy of nested JSON without secrets, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self._key(key): self._field(key, inner) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(inner) for inner in value]
        if isinstance(value, bytes | bytearray):
            return self.text(value.decode("utf-8", "replace"))
        number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        return MASK if number and str(value) in self._secrets else value

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers as they may be stored."""
        return {name: str(self._field(name, text)) for name, text in headers.items()}

    def _key(self, key: Any) -> Any:
        return self.text(key) if isinstance(key, str) else key

    def _field(self, key: Any, inner: Any) -> Any:
        hidden = isinstance(key, str) and _FIELD.fullmatch(key)
        if hidden and isinstance(inner, str | bytes | int) and not isinstance(inner, bool):
            return MASK if inner else inner
        return self.value(inner)


def masked(text: str) -> str:
    """`text` without what is named like a secret, where the secrets themselves are not known."""
    return _unnamed(text)


def _unnamed(text: str) -> str:
    lowered = text.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return text
    text = _BEARER.sub(rf"\g<1>{MASK}", text)
    text = _CODE.sub(rf"\g<1>{MASK}", text)
    return _NAMED.sub(_hide, text)


def _hide(found: re.Match[str]) -> str:
    opening = found["open"] or found["open2"] or ""
    return f"{found['name']}{opening}{MASK}{found['close'] or ''}"


def _forms(secret: str) -> Iterable[str]:
    """A secret as it may appear: plain, inside JSON, in a URL or form, without its prefix."""
    plain = {secret, secret.strip()}
    if secret.startswith("whsec_"):
        plain.add(secret.removeprefix("whsec_"))
    for text in plain:
        if len(text) >= SHORTEST_SECRET:
            yield text
            yield json.dumps(text)[1:-1]
            yield json.dumps(text, ensure_ascii=False)[1:-1]
            yield quote(text, safe="")
            yield quote_plus(text)
            yield base64.b64encode(text.encode()).decode().rstrip("=")
