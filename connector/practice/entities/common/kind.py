"""What the practice company knows about one kind of record, and what all kinds have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.shape import (
    Fields,
    Kind,
    Record,
    addresses,
    alike,
    day,
    exclusive,
    flag,
    many,
    moment,
    name,
    needing,
    number,
    obj,
    one_of,
    read_only,
    reference,
    text,
    together,
)


def as_stored(books: Books, record: Record) -> Record:
    """Show a record as it is stored."""
    return record


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """The rules of one kind of record."""

    #: e.g. `Invoice`
    name: str
    #: What it may hold, in a request and in an answer.
    fields: Fields
    #: Fields a query may filter and sort by, and how each compares: text, number, flag, day,
    #: moment, ref, email.
    filters: Mapping[str, str]
    #: (change, new, old or None) -> the record as it is stored; raises Fault.
    complete: Callable[[Change, Record, Record | None], Record]
    #: What a reader is shown.
    present: Callable[[Books, Record], Record] = as_stored
    #: Whether a reader is shown exactly what is stored; None = wherever `present` is `as_stored`.
    verbatim: Callable[[Books], bool] | None = None
    #: Takes a record out of what it is linked to; None where it cannot be deleted.
    remove: Callable[[Change, Record], None] | None = None
    #: The voided record; None where it cannot be voided.
    void: Callable[[Change, Record], Record] | None = None
    #: It can be voided only where the switch `void_undocumented` says so.
    void_by_switch: bool = False
    #: What a record posts to the ledger; None where it posts nothing.
    post: Callable[[Change, Record], list[Posting]] | None = None
    #: Fields that only the practice company itself looks records up by, as in `filters`.
    lookups: Mapping[str, str] = field(default_factory=dict)
    #: Filterable fields that are not stored: each as SQL over the record's key table `k`.
    computed: Mapping[str, str] = field(default_factory=dict)
    #: The sequence of ids; empty = one of its own. Transactions share one.
    sequence: str = ""
    #: What paths and statements call it, where that is not its name.
    called: str = ""
    #: The kinds of record that its bodies wrap; empty = they are the record itself.
    wraps: tuple[str, ...] = ()
    #: Whether the closing date of the books protects it.
    posting: bool = False
    #: A sparse update keeps, within the objects it sends, the fields it does not send.
    sections: bool = False
    #: False for lists that only QuickBooks itself writes.
    writable: bool = True

    def gathered_as(self, names: str) -> str:
        """What batches and change data capture call it, by the switch `batch_names`."""
        return self.called if self.called and names == "paths" else self.name

    def is_verbatim(self, books: Books) -> bool:
        """Whether a reader of these books is shown exactly what is stored."""
        return self.present is as_stored if self.verbatim is None else self.verbatim(books)

    @property
    def numbered_with(self) -> str:
        """The sequence that gives the ids."""
        return self.sequence or self.name


#: The sequence of ids that all transactions share.
TRANSACTION_IDS = "Transaction"

_VALUES = ("StringValue", "BooleanValue", "NumberValue", "DateValue")
_CUSTOM_FIELD = obj(
    DefinitionId=text(50),
    Name=text(100),
    Type=one_of("StringType", "BooleanType", "NumberType", "DateType"),
    StringValue=text(),
    BooleanValue=flag,
    NumberValue=number,
    DateValue=day,
)
#: A slot that is defined may be empty: then it has no value.
CUSTOM_FIELDS = many(needing(exclusive(_CUSTOM_FIELD, *_VALUES), "DefinitionId", *_VALUES))
META_DATA = obj(
    CreateTime=moment,
    LastUpdatedTime=moment,
    LastChangedInQB=moment,
    CreatedByRef=reference,
    LastModifiedByRef=reference,
    Synchronized=flag,
)
ATTACHED = obj(
    EntityRef=reference, LineInfo=text(50), IncludeOnSend=flag, CustomField=CUSTOM_FIELDS
)
COMMON: Fields = {
    "Id": text(50),
    "SyncToken": text(20),
    "CustomField": CUSTOM_FIELDS,
    "sparse": flag,
    "domain": read_only(one_of("QBO", "QBSDK")),
    "status": read_only(one_of("Deleted", "Voided")),
    "MetaData": read_only(META_DATA),
    "AttachableRef": read_only(many(ATTACHED)),
}

_STREET = tuple(f"Line{number}" for number in range(1, 6))
ADDRESS_FIELDS: Fields = {
    "Id": read_only(text()),
    **alike(text(500), *_STREET),
    **alike(text(255), "City", "Country", "CountryCode", "CountrySubDivisionCode", "County"),
    **alike(text(30), "PostalCode", "PostalCodeSuffix", "Lat", "Long"),
    **alike(text(), "Tag", "Note"),
}
ADDRESS = together(obj(**ADDRESS_FIELDS), _STREET, 2000)
PHONE = obj(
    Id=read_only(text()),
    FreeFormNumber=text(30),
    DeviceType=text(30),
    CountryCode=text(30),
    AreaCode=text(30),
    ExchangeCode=text(30),
    Extension=text(30),
    Default=flag,
    Tag=text(30),
)
WEB_ADDRESS = obj(Id=read_only(text()), URI=text(1000), Default=flag, Tag=text(30))


def email(limit: int = 100) -> Kind:
    """An e-mail address object."""
    return obj(Id=read_only(text()), Address=addresses(limit), Default=flag, Tag=text(30))


PERSON: Fields = {
    **COMMON,
    "DisplayName": name(500),
    "Title": name(16),
    "GivenName": name(100),
    "MiddleName": name(100),
    "FamilyName": name(100),
    "Suffix": name(16),
    "CompanyName": name(100),
    "PrintOnCheckName": name(110),
    "FullyQualifiedName": read_only(text()),
    "Active": flag,
    "PrimaryPhone": PHONE,
    "AlternatePhone": PHONE,
    "Mobile": PHONE,
    "Fax": PHONE,
    "PrimaryEmailAddr": email(),
    "WebAddr": WEB_ADDRESS,
    "BillAddr": ADDRESS,
    "ShipAddr": ADDRESS,
    "Notes": text(2000),
    "AcctNum": text(100),
    "CurrencyRef": reference,
    "Balance": read_only(number),
    "V4IDPseudonym": read_only(text()),
}


def referred(change: Change, entity: str, ref: Record, old: Record | None, field: str) -> Record:
    """The record that `ref` names; one that `old` named already may have become inactive."""
    before = ((old or {}).get(field) or {}).get("value", "")
    return change.refer(entity, ref["value"], known=(before,))


def named(record: Record) -> Record:
    """A reference to a record, with its name as responses have it."""
    title = record.get("FullyQualifiedName") or record.get("DisplayName") or record.get("Name")
    return {"value": record["Id"], "name": title}


def link_names(
    change: Change, record: Record, old: Record | None, targets: Mapping[str, str]
) -> Record:
    """Check every reference field in `targets` (field -> entity) and fill its name."""
    found = {
        field: named(referred(change, entity, record[field], old, field))
        for field, entity in targets.items()
        if record.get(field)
    }
    return {**record, **found}
