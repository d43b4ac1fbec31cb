"""QuickBooks' refusals in a bookkeeper's words: what happened to the books, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said about one kind of failure."""

    #: What happened, and that nothing was booked.
    sentence: str
    #: What to do about it.
    fix: str


_REPORT = (
    "This is a mistake in the recipe or in Bookrelay: open the run, read the field that "
    "QuickBooks names, correct the recipe or report it, then replay."
)
_QUERY = "Nothing is to be done in QuickBooks: report this with the run's trace id, then replay."

_NUMBER = Wording(
    "QuickBooks cannot read a number, date or yes-or-no value in this record; nothing was booked.",
    _REPORT,
)
_CLOSED = Wording(
    "The books are closed on this date; nothing was booked.",
    "Move the closing date in QuickBooks for a moment, or set the rule closed_period to "
    "first_open_day, then release.",
)

#: Refusals for good, by QuickBooks' code without leading zeros.
REJECTED: dict[str, Wording] = {
    "500": Wording(
        "QuickBooks does not offer this operation to this company; nothing was booked.", _REPORT
    ),
    "610": Wording(
        "A customer, item, account or other record used here was made inactive or no longer "
        "exists in QuickBooks; nothing was booked.",
        "Make it active again in QuickBooks, or choose another in the mapping, then release.",
    ),
    "620": Wording(
        "QuickBooks cannot apply this payment to the invoice: it is paid already, belongs to "
        "another customer or has another currency; nothing was booked.",
        "Look at the invoice's balance and customer in QuickBooks, then replay or finish by hand.",
    ),
    "1040": Wording("Too many records were sent at once; nothing was booked.", _REPORT),
    "2010": Wording(
        "QuickBooks does not know a field of this record; nothing was booked.", _REPORT
    ),
    "2020": Wording(
        "A field that QuickBooks requires is missing; nothing was booked.",
        "Open the run, see which field QuickBooks names, fill it in the recipe, the mapping or "
        "the CRM, then replay.",
    ),
    "2030": Wording(
        "An id used here does not exist in QuickBooks; nothing was booked.",
        "Choose the customer, item or account again in the mapping, then release.",
    ),
    "2040": Wording(
        "A name or text has characters that QuickBooks does not allow, such as a colon or a tab; "
        "nothing was booked.",
        "Correct the text in the CRM, then replay.",
    ),
    "2050": Wording(
        "A text is longer than QuickBooks allows; nothing was booked.",
        "Shorten the text that QuickBooks names, in the CRM or in the recipe, then replay.",
    ),
    "2060": _NUMBER,
    "2070": _NUMBER,
    "2080": _NUMBER,
    "2090": _NUMBER,
    "2100": _NUMBER,
    "2110": _NUMBER,
    "2130": Wording("QuickBooks refused the request's key; nothing was booked.", _QUERY),
    "2170": Wording(
        "A value is not among those that QuickBooks allows; nothing was booked.", _REPORT
    ),
    "2210": Wording(
        "QuickBooks does not accept the e-mail address; nothing was booked.",
        "Correct or remove the e-mail address in the CRM, then replay.",
    ),
    "2290": Wording(
        "QuickBooks does not allow a negative amount here; nothing was booked.",
        "Check the amounts in the CRM, then replay or book it by hand.",
    ),
    "2500": Wording(
        "A customer, item, account or term named here was not found in QuickBooks; nothing was "
        "booked.",
        "Choose another in the mapping, or make it active again in QuickBooks, then release.",
    ),
    "4000": Wording("QuickBooks could not read a search; nothing was booked.", _QUERY),
    "4001": Wording("QuickBooks cannot search by one of these fields; nothing was booked.", _QUERY),
    "4002": Wording("QuickBooks does not offer this search; nothing was booked.", _QUERY),
    "5010": Wording(
        "Somebody changed this record in QuickBooks at the same moment; nothing was changed by us.",
        "Replay: the record is read anew and changed as it now stands.",
    ),
    "5020": Wording(
        "The person who connected Bookrelay may not do this in QuickBooks; nothing was booked.",
        "Give that person the right in QuickBooks, or connect as an administrator, then release.",
    ),
    "5030": Wording(
        "This company's QuickBooks plan or settings do not have this feature; nothing was booked.",
        "Switch the feature on in QuickBooks, or change the rule that needs it, then release.",
    ),
    "6000": Wording(
        "QuickBooks' own rules refuse this record; nothing was booked.",
        "Read QuickBooks' reason in the run, correct it there or in the CRM, then replay.",
    ),
    "6010": Wording(
        "The account's type and detail type do not go together; nothing was booked.",
        "Choose another account in Settings, then release.",
    ),
    "6070": Wording(
        "A line's amount is not its quantity times its price; nothing was booked.",
        "Correct the line in the CRM, then replay.",
    ),
    "6080": Wording(
        "The customer has no name; nothing was booked.",
        "Give the contact a name in the CRM, then replay.",
    ),
    "6100": Wording(
        "A line's tax code is not one that QuickBooks takes here; nothing was booked.",
        "Check the mapping row's taxable setting and QuickBooks' sales tax, then release.",
    ),
    "6140": Wording(
        "Another document in QuickBooks already has this number; nothing was booked.",
        "Look at the document that QuickBooks names: link it, or give one of them another number.",
    ),
    "6190": Wording(
        "The QuickBooks subscription has ended or the company is suspended; nothing was booked.",
        "Renew the subscription in QuickBooks, then release.",
    ),
    "6200": _CLOSED,
    "6210": _CLOSED,
    "6220": Wording(
        "QuickBooks does not deactivate or delete what still has a balance; nothing was changed.",
        "Settle the balance in QuickBooks, then replay.",
    ),
    "6240": Wording(
        "A customer, vendor or employee in QuickBooks already has this name; nothing was booked.",
        "Link the contact to that customer, or set the rule name_taken to suffix, then release.",
    ),
    "6250": Wording(
        "QuickBooks does not accept this customer on a sale; nothing was booked.",
        "Look at the customer in QuickBooks, or match the contact to another, then release.",
    ),
    "6420": Wording(
        "QuickBooks wants an e-mail address to send this document to; nothing was booked.",
        "Add the address in the CRM, or set the rule email_invoices to never, then replay.",
    ),
    "6430": Wording(
        "The account is of a type that cannot be used here; nothing was booked.",
        "Choose an account of the right type in Settings, then release.",
    ),
    "6440": Wording(
        "QuickBooks' payment rules refuse this; nothing was booked.",
        "Read QuickBooks' reason in the run and finish it by hand in QuickBooks.",
    ),
    "6450": Wording(
        "The payment was settled by QuickBooks Payments and cannot be voided; nothing was changed.",
        "Refund it in QuickBooks instead.",
    ),
    "6540": Wording(
        "The payment is part of a bank deposit and cannot be changed; nothing was changed.",
        "Remove it from the deposit in QuickBooks first, or book a refund instead.",
    ),
    "10100": Wording(
        "The answer would be larger than QuickBooks gives; nothing was booked.", _QUERY
    ),
    "10200": Wording(
        "The QuickBooks company was reset, so stored ids no longer hold; nothing was booked.",
        "Connect the company again and review the mapping and the matches.",
    ),
}

#: For a code that no list has.
UNKNOWN = Wording(
    "QuickBooks refused this; nothing was booked.",
    "Read QuickBooks' reason in the run, correct it there or in the CRM, then replay.",
)

RECONNECT = Wording(
    "QuickBooks no longer accepts Bookrelay's authorisation for this company; nothing was booked.",
    "Open Settings, Connections and connect QuickBooks again.",
)

THROTTLED = Wording(
    "QuickBooks takes no more requests for the moment; nothing was booked, it is sent again later.",
    "",
)

MAYBE_DONE = Wording(
    "QuickBooks says it has seen this request before, so it may be booked already; it is looked "
    "up before anything is sent again.",
    "",
)

BROKEN_WRITE = Wording(
    "QuickBooks had an error of its own, so this may or may not be booked; it is looked up before "
    "anything is sent again.",
    "",
)

BROKEN_READ = Wording(
    "QuickBooks had an error of its own when it was asked; nothing was changed, it is asked again.",
    "",
)

UNREADABLE_WRITE = Wording(
    "QuickBooks' answer could not be read, so this may or may not be booked; it is looked up "
    "before anything is sent again.",
    "",
)

UNREADABLE_READ = Wording(
    "QuickBooks' answer could not be read; nothing was changed, it is asked again.", ""
)

MISROUTED = Wording(
    "The request was sent on to another address instead of being answered; nothing was booked.",
    "If this stays, check the network and the api_base of the company.",
)
