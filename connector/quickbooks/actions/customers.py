"""quickbooks.find_or_create_customer: the CRM's contact is one customer, whatever comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.base import Books, Document, Done, Find, Link, Linked, Need, Read, Record, Write
from connector.errors import Hold, Rejected, Skipped
from connector.quickbooks import language, names
from connector.quickbooks.lookups import Part
from connector.quickbooks.sales import address

#: How many names are tried when one is taken.
_SUFFIXES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact, ready for comparing."""

    crm_id: str
    #: The name QuickBooks shows, by `rules.customer_name`.
    display: str
    emails: tuple[str, ...]
    phone: str
    #: The fields as they came.
    given: Mapping[str, Any]

    def document(self, connection: str) -> Document:
        """The customer by all its names; further keys serialise contacts that look alike."""
        keys = [*(f"email:{email}" for email in self.emails), f"name:{names.normal(self.display)}"]
        if self.crm_id:
            return Document(
                kind="customer", aliases=(f"crm:{connection}/{self.crm_id}",), also=tuple(keys)
            )
        return Document(kind="customer", aliases=(keys[0],), also=tuple(keys[1:]))


def find_or_create_customer(fields: Mapping[str, Any], books: Books) -> Part[Done]:
    """Link by CRM id; else by the match keys in order; else create. Gives id and name."""
    person = person_of(fields, books)
    document = person.document(books.origin.connection)
    linked: Linked | None = yield Need(document=document)
    if linked is None:
        linked = yield from _reviewed(person, document, books)
    if linked is None and not _answer(person, books).get("create"):
        linked = yield from _known(person, document, books)
    if linked is None:
        linked = yield from _create(person, document, books)
    name = str(linked.facts.get("DisplayName") or linked.facts.get("name") or person.display)
    return Done(values={"id": linked.id, "name": name}, entity="Customer")


def person_of(fields: Mapping[str, Any], books: Books) -> Person:
    """The contact of the fields. Raises Hold when nothing identifies it."""
    emails = names.addresses(fields.get("email"))
    crm_id = fields.get("crm_id") or ""
    if not crm_id and not emails:
        raise Hold(
            "no-customer",
            "The event names no contact: neither an id nor an e-mail address. Nothing was booked.",
            fix="Add the contact in the CRM and send the event again, then skip this one.",
        )
    joined = " ".join(fields.get(part) or "" for part in ("first_name", "last_name")).strip()
    name = fields.get("name") or joined
    company = fields.get("company") or ""
    first = company if books.rules.get("customer_name") == "company_first" else ""
    display = first or name or company or (emails[0] if emails else fields.get("phone") or "")
    if not display:
        raise Hold(
            "no-customer",
            f"Contact {crm_id} has no name, company, e-mail address or phone number, so QuickBooks "
            "cannot name the customer. Nothing was booked.",
            fix="Fill in the contact in the CRM and send the event again, then skip this one.",
        )
    return Person(
        crm_id=crm_id,
        display=names.clean(display, names.DISPLAY_NAME),
        emails=emails,
        phone=names.digits(fields.get("phone")),
        given=fields,
    )


def _reviewed(person: Person, document: Document, books: Books) -> Part[Linked | None]:
    """What a person decided about this contact, and the go-live gate."""
    answer = _answer(person, books)
    if answer.get("skip"):
        raise Skipped(f"{person.display} is left out by the match review.")
    if answer.get("quickbooks_id"):
        record = yield from _by_id(str(answer["quickbooks_id"]))
        linked: Linked = yield Link(
            document=document, linked=_linked(record), why="the match review"
        )
        return linked
    if books.go_live == "after_review" and not answer.get("create"):
        raise Hold(
            "match-review",
            f"{person.display} has not been approved in the match review, which this company asks "
            "for before anything is booked. Nothing was booked.",
            fix="Approve, link, create or skip the contact in the match review (or `matches:` in "
            "the setup file), or set go_live: yes.",
        )
    return None


def _answer(person: Person, books: Books) -> Mapping[str, Any]:
    return books.matches.get(person.crm_id, {}) if person.crm_id else {}


def _known(person: Person, document: Document, books: Books) -> Part[Linked | None]:
    """The customer that our ledger or QuickBooks has for the match keys. Not asked for whom a
    person said is new: the answer would be the same hold again, or the very customer ruled out."""
    linked = yield from _known_under_key(person, document)
    if linked is None:
        linked = yield from _by_email(person, document, books)
    return linked


def _known_under_key(person: Person, document: Document) -> Part[Linked | None]:
    """A customer that another contact of the CRM was linked to under one of our keys."""
    for key in (*document.aliases[1:], *document.also):
        linked = yield Need(document=Document(kind="customer", aliases=(key,)))
        if linked is None:
            continue
        verdict = same_person(person, linked.facts)
        if key.startswith("email:") and verdict is False:
            raise Hold(
                "several-customers",
                f"{person.display} has the e-mail address {key[6:]} of the customer "
                f'"{linked.facts.get("name")}", who has another name. Nothing was booked.',
                fix=f"Say whether they are one: add crm_id {person.crm_id} to `matches:` with "
                f'quickbooks_id "{linked.id}", or with create: true.',
            )
        if verdict:
            known: Linked = yield Link(document=document, linked=linked, why=_key_in_words(key))
            return known
    return None


def same_person(person: Person, facts: Mapping[str, Any]) -> bool | None:
    """Whether a linked customer is this contact: True, False, or None when only the name agrees
    and a filled e-mail address or phone number speaks against it."""
    same_name = names.normal(str(facts.get("name", ""))) == names.normal(person.display)
    theirs = set(facts.get("emails", ()))
    if theirs and person.emails:
        if theirs & set(person.emails):
            return same_name
        return None
    if facts.get("phone") and person.phone and facts["phone"] != person.phone:
        return None
    return same_name


def _by_email(person: Person, document: Document, books: Books) -> Part[Linked | None]:
    if "email" not in books.match_keys:
        return None
    for email in person.emails:
        found = yield Read(
            query="select * from Customer where "
            f"{language.contains('PrimaryEmailAddr', email)} and Active IN (true, false)"
        )
        record = _one_of(person, email, [r for r in found if email in _emails(r)])
        if record is not None:
            why = f"the e-mail address {email}"
            linked: Linked = yield Link(document=document, linked=_linked(record), why=why)
            return linked
    return None


def _key_in_words(key: str) -> str:
    space, _, value = key.partition(":")
    return f"the {'e-mail address' if space == 'email' else space} {value}"


def _one_of(person: Person, email: str, found: Sequence[Record]) -> Record | None:
    active = [record for record in found if record.get("Active", True)]
    if len(active) == 1:
        return active[0]
    if active:
        listed = ", ".join(f"{r.get('DisplayName')} (id {r['Id']})" for r in active)
        raise Hold(
            "several-customers",
            f"QuickBooks has {len(active)} customers with the e-mail address {email}: {listed}. "
            "Nothing was booked.",
            fix=f"Say which one {person.display} is: add crm_id {person.crm_id} with its "
            "quickbooks_id to `matches:`, or merge them in QuickBooks and release.",
        )
    if found:
        raise Hold(
            "inactive-customer",
            f"The customer with the e-mail address {email}, {found[0].get('DisplayName')} (id "
            f"{found[0]['Id']}), is inactive in QuickBooks. Nothing was booked.",
            fix="Make the customer active again in QuickBooks, then release.",
        )
    return None


def _create(person: Person, document: Document, books: Books) -> Part[Linked]:
    """Create the customer; a name that is taken leads to its owner, to a suffix or to a hold."""
    for n in range(1, _SUFFIXES + 1):
        display = (
            person.display if n == 1 else names.numbered(person.display, n, names.DISPLAY_NAME)
        )
        try:
            written = yield _creation(person, document, display, _why_new(person, books, n))
        except Rejected as refusal:
            if refusal.code != "6240":
                raise
        else:
            return Linked(kind="customer", id=written.id, facts=written.facts)
        owner = yield from _owner_of_name(person, display, books)
        if owner is not None:
            why = f"the name {display}, which no other key speaks against"
            linked: Linked = yield Link(document=document, linked=_linked(owner), why=why)
            return linked
        if books.rules.get("name_taken") == "hold":
            break
    raise Hold(
        "name-taken",
        f'QuickBooks already has "{display}" as another customer, vendor or employee, and one name '
        "cannot be used twice. Nothing was booked.",
        fix="Rename one of them in QuickBooks or the CRM, or set the rule name_taken: suffix; "
        "then release.",
    )


def _owner_of_name(person: Person, display: str, books: Books) -> Part[Record | None]:
    """The customer that has this name, if a match key says it is the same person."""
    found = yield Read(
        query=f"select * from Customer where {language.equals('DisplayName', display)} "
        "and Active IN (true, false)"
    )
    for record in found:
        if names.normal(record.get("DisplayName", "")) != names.normal(display):
            continue
        if _agrees(person, record, books.match_keys):
            checked: Record | None = _one_of(person, display, [record])
            return checked
    return None


def _agrees(person: Person, record: Record, keys: Sequence[str]) -> bool:
    """Whether a match key says that `record`, which has our name, is this contact; a filled and
    different key that comes earlier says it is not."""
    ours = {"email": set(person.emails), "phone": {person.phone} - {""}}
    theirs = {"email": set(_emails(record)), "phone": {_phone(record)} - {""}}
    for key in keys:
        if key == "name":
            return True
        if key in ours and ours[key] and theirs[key]:
            return bool(ours[key] & theirs[key])
    return False


def _by_id(quickbooks_id: str) -> Part[Record]:
    query = f"select * from Customer where Id = {language.value(quickbooks_id)}"
    found = yield Read(query=query)
    if not found:
        raise Hold(
            "several-customers",
            f"The match review names customer {quickbooks_id}, which QuickBooks does not have "
            "among its active customers. Nothing was booked.",
            fix="Choose another customer in the match review, then release.",
        )
    record: Record = found[0]
    return record


def _why_new(person: Person, books: Books, n: int) -> str:
    if n > 1:
        return f'the name "{person.display}" is taken by somebody else'
    if _answer(person, books).get("create"):
        return "the match review says it is a new one"
    known_by = ["its CRM id"] if person.crm_id else []
    known_by += [f"the e-mail address {email}" for email in person.emails]
    return f"nobody was found by {' or '.join(known_by)}"


def _creation(person: Person, document: Document, display: str, why: str) -> Write:
    expect = {"DisplayName": display}
    if person.emails:
        expect["PrimaryEmailAddr.Address"] = person.emails[0]
    elif person.given.get("phone"):  # a name alone may be another customer's
        expect["PrimaryPhone.FreeFormNumber"] = person.given["phone"][: names.PHONE]
    return Write(
        document=document,
        operation="create",
        path="customer",
        body=_body(person, display),
        facts={"name": display, "emails": list(person.emails), "phone": person.phone},
        find=(
            Find(
                query=f"select * from Customer where {language.equals('DisplayName', display)}",
                expect=expect,
            ),
        ),
        why={"because": why},
    )


def _body(person: Person, display: str) -> dict[str, Any]:
    given = person.given
    body: dict[str, Any] = {"DisplayName": display}
    parts = {"GivenName": "first_name", "FamilyName": "last_name", "CompanyName": "company"}
    for name, key in parts.items():
        if given.get(key):
            body[name] = names.clean(given[key], names.PART)
    if person.emails and len(person.emails[0]) <= names.EMAIL:
        body["PrimaryEmailAddr"] = {"Address": person.emails[0]}
    for name, key in {"PrimaryPhone": "phone", "Mobile": "mobile"}.items():
        if given.get(key):
            body[name] = {"FreeFormNumber": given[key][: names.PHONE]}
    if given.get("billing_address"):
        body["BillAddr"] = address(given["billing_address"])
    if given.get("notes"):
        body["Notes"] = given["notes"][:2000]
    return body


def _linked(record: Record) -> Linked:
    """An existing customer; its own term is remembered, because it sets due dates."""
    facts = {
        "name": record.get("DisplayName", ""),
        "emails": list(_emails(record)),
        "phone": _phone(record),
        "term": str((record.get("SalesTermRef") or {}).get("value", "")),
    }
    return Linked(kind="customer", id=str(record["Id"]), facts=facts)


def _emails(record: Record) -> tuple[str, ...]:
    return names.addresses((record.get("PrimaryEmailAddr") or {}).get("Address"))


def _phone(record: Record) -> str:
    return names.digits((record.get("PrimaryPhone") or {}).get("FreeFormNumber"))
