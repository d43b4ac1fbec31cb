"""What a schema cannot say about settings: time zones, rows twice, locations that overlap."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from runtime.documents import Document
from runtime.documents.hints import nearest
from runtime.documents.mistakes import At, Mistake
from runtime.documents.schema import problems
from runtime.settings.model import BadSettings


def check_body(body: Mapping[str, Any]) -> None:
    """Raise BadSettings where `body` must not be put in force."""
    document = Document(value=body, text="", file="settings", _spots={})
    found = [problem.sentence for problem in problems(document, "settings", "settings")]
    if not found:
        found = [mistake.sentence for mistake in body_mistakes(body)]
    if found:
        more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
        sentence = f"These settings cannot be used: {'; '.join(found[:3])}{more}."
        raise BadSettings(sentence, fix="Correct this and save again; nothing was changed.")


def body_mistakes(body: Mapping[str, Any]) -> Iterator[Mistake]:
    """What is wrong with a body that the schema accepts."""
    companies: dict[At, Mapping[str, Any]] = {
        ("companies", realm): company for realm, company in body.get("companies", {}).items()
    }
    waiting = body.get("unconnected")
    if waiting is not None:
        companies[("unconnected",)] = waiting
    for at, company in companies.items():
        for mistake in company_mistakes(company):
            yield _below(at, mistake)
        if not company.get("time_zone") and not is_practice(company):
            yield _below(at, no_time_zone(called(at, company)))
    yield from location_mistakes(companies)


def called(at: At, company: Mapping[str, Any]) -> str:
    """A company's name, or the last part of where it stands."""
    return str(company.get("name") or at[-1])


def is_practice(company: Mapping[str, Any]) -> bool:
    """Whether a company is the practice company, which is also the default."""
    return bool(company.get("quickbooks", {}).get("environment", "practice") == "practice")


def company_mistakes(company: Mapping[str, Any]) -> Iterator[Mistake]:
    """Mistakes inside one company."""
    zone = company.get("time_zone")
    if zone is not None and not _is_zone(zone):
        yield _unknown_zone(zone)
    rows = [row["match"] for row in company.get("account_mapping", ())]
    for later, first in repeated([json.dumps(row, sort_keys=True) for row in rows]):
        yield Mistake(
            path=("account_mapping", later, "match"),
            rule="duplicate-row",
            sentence=f"account mapping row {later + 1} matches the same lines as row {first + 1}"
            " and would never be used",
            fix="remove one of the two rows",
        )
    answers = [row["crm_id"] for row in company.get("matches", ())]
    for later, _ in repeated(answers):
        yield Mistake(
            path=("matches", later, "crm_id"),
            rule="duplicate-row",
            sentence=f'the contact "{answers[later]}" is answered twice in matches',
            fix="keep one answer for each contact",
        )


def location_mistakes(companies: Mapping[At, Mapping[str, Any]]) -> Iterator[Mistake]:
    """Several companies share the events by location, so each location has one company."""
    owner: dict[str, At] = {}
    for at, company in companies.items():
        places = company.get("locations", ())
        if len(companies) > 1 and not places:
            yield Mistake(
                path=at,
                rule="locations-missing",
                sentence=f'"{called(at, company)}" has no locations, so it is unclear which of the'
                f" {len(companies)} companies an event belongs to",
                fix="give each company its `locations:`; a name that the CRM does not use keeps"
                " events away from a company",
            )
        for place in dict.fromkeys(places):
            if owner.setdefault(place, at) != at:
                other = called(owner[place], companies[owner[place]])
                yield Mistake(
                    path=(*at, "locations", list(places).index(place)),
                    rule="locations-overlap",
                    sentence=f'the location "{place}" belongs to "{other}"'
                    f' and "{called(at, company)}"',
                    fix="give each location to one company",
                )


def no_time_zone(name: str) -> Mistake:
    """A new company without the time zone of its books."""
    return Mistake(
        path=("time_zone",),
        rule="time-zone-missing",
        sentence=f'"{name}" has no time zone, so the date of a payment would be a guess',
        fix="add `time_zone:`, such as America/Boise",
    )


def repeated(values: list[str]) -> Iterator[tuple[int, int]]:
    """Index of each value that stood before, and of where it stood first."""
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        if first.setdefault(value, index) != index:
            yield index, first[value]


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _unknown_zone(name: str) -> Mistake:
    zones = available_timezones()
    ending = {zone.rsplit("/", 1)[-1].lower(): zone for zone in zones}
    wanted = name.rsplit("/", 1)[-1].strip().lower().replace(" ", "_")
    close = ending.get(wanted) or nearest(name, zones)
    hint = f"did you mean {close}?" if close else "use a name such as America/Boise"
    return Mistake(
        path=("time_zone",),
        rule="unknown-time-zone",
        sentence=f'there is no time zone "{name}"',
        fix=hint,
    )


def _below(at: At, mistake: Mistake) -> Mistake:
    return replace(mistake, path=(*at, *mistake.path))
