"""A browser as far as the consent page needs one: it reads the form, fills it in and sends it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests


class _Form(HTMLParser):
    """The first form of a page: where it goes, and what it would send untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.values: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.action = found["action"]
        elif tag == "button" or found.get("type") == "radio":
            self.choices.setdefault(found["name"], []).append(found["value"])
            if "checked" in found:
                self.values[found["name"]] = found["value"]
        elif found.get("type") == "hidden":
            self.values[found["name"]] = found["value"]


def consent(url: str, **chosen: str) -> dict[str, str]:
    """Open the page at `url`, choose, send the form; the query the app is called back with."""
    with requests.Session() as http:
        page = http.get(url, timeout=20)
        assert page.status_code == 200, page.text
        form = _Form(page.text)
        for field, value in chosen.items():
            assert value in form.choices[field], f"The page does not offer {field}={value}."
        answer = http.post(
            urljoin(page.url, form.action),
            {**form.values, **chosen},
            allow_redirects=False,
            timeout=20,
        )
    assert answer.status_code == 302, answer.text
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}
