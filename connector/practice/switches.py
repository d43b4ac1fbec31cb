"""The switches of the practice company: where QuickBooks is not known for sure, both ways work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

_CHOICES = {
    "rotation": ("24h", "every"),
    "webhook_retries": ("20m", "best_practices"),
    "webhook_retry_on": ("any", "listed"),
    "limits": ("off", "intuit"),
    "default_charset": ("utf-8", "country"),
    "batch_order": ("given", "reversed"),
    "batch_too_much": ("fault", "cut"),
    "batch_names": ("bodies", "paths"),
    "throttle_body": ("gateway", "fault"),
    "batch_metering": ("items", "call"),
    "refresh_life": ("101d", "100d"),
    "invalid_grant_words": ("incorrect", "token", "none"),
    "auto_credit": ("all", "memos"),
    "replay_answer": ("first", "refused"),
    "replay_other_body": ("first", "refused", "new"),
    "today_by": ("company", "pacific"),
    "stamps_by": ("company", "pacific"),
    "duplicate_name_words": ("null", "hint", "id"),
    "long_texts": ("refused", "cut"),
    "inactive_code": ("610", "2500", "6000"),
    "overpayment_code": ("6000", "620"),
    "line_without_item": ("text", "default_item"),
    "company_status": ("active", "ended", "ended_403"),
    "total_count": ("never", "always"),
    "tax_override": ("sent", "with_code", "on_update", "never"),
    "tax_off_by_a_cent": ("no", "higher", "lower"),
    "tax_when_off": ("ignored", "refused"),
    "default_exchange_rate": ("one", "listed"),
    "inclusive_amounts": ("net", "gross"),
}
#: Of every switch that counts something; 31 years in seconds.
_LARGEST = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """One setting of all switches; `POST /_control/switches` changes them by name."""

    #: A repeated requestid is answered with the first response.
    replay: bool = True
    #: "first": with the first response itself, as documented; "refused": with 600 Duplicate
    #: Request ID, which the list of errors has.
    replay_answer: str = "first"
    #: Hours for which a requestid is remembered, 0 = for ever; QuickBooks' own time is not public.
    replay_hours: int = 0
    #: A repeated requestid with another body: "first" = answered like any repeat, "refused" = with
    #: 600, "new" = done as a request of its own.
    replay_other_body: str = "first"
    #: A refusal (4xx) counts as a first response too.
    replay_faults: bool = True
    #: An estimate closes when an invoice links to it.
    close_estimate_on_link: bool = True
    #: A payment or a link raises the SyncToken of the record on the other side.
    links_touch_token: bool = True
    #: A merge raises the SyncToken of the documents that move, and of the record that stays.
    merge_touches: bool = True
    #: "24h": a refresh token changes once a day; "every": with each refresh.
    rotation: str = "24h"
    #: Seconds for which a replaced refresh token still works.
    rotation_overlap: int = 0
    #: How long an unused refresh token lives: as documented (101d) or as captured (100d).
    refresh_life: str = "101d"
    #: "incorrect": `Incorrect or invalid refresh token`; "token": `Token invalid`; "none".
    invalid_grant_words: str = "incorrect"
    #: Connecting a company again ends what the same person had authorised for it before.
    reconnect_ends_old: bool = False
    #: By whose clock a transaction without TxnDate is dated: the company's or Intuit's ("pacific").
    today_by: str = "company"
    #: In whose time zone MetaData and envelopes have their times; sources disagree.
    stamps_by: str = "company"
    #: A sent DocNumber is kept although the company numbers by itself.
    keep_sent_number: bool = True
    #: Such a DocNumber is refused where it is taken (6140); else it stands twice, for which Intuit
    #: advises against sending one.
    check_sent_number: bool = True
    #: The old name of an inactive record still clashes.
    inactive_names_clash: bool = False
    #: What becomes of names and addresses that are too long: "refused" with 2050, or silently
    #: "cut", as the schema says of some.
    long_texts: str = "refused"
    #: Characters of a DisplayName: 500 say the entity pages, 100 import tools.
    display_name_length: int = 500
    #: Characters of a custom field; 31 is widely quoted and on no entity page.
    custom_field_length: int = 31
    #: Characters of a payment's PaymentRefNum: its page has no number, that of sales receipts has
    #: 21, that of refund receipts 100.
    payment_ref_length: int = 21
    #: How the text of 6240 ends: "null" as captured, "hint" as on the entity pages, "id" as in the
    #: list of errors.
    duplicate_name_words: str = "null"
    #: "ended": the subscription has ended, all calls are refused with 6190 and HTTP 400;
    #: "ended_403": with HTTP 403.
    company_status: str = "active"
    #: The code for a reference to an inactive record: 610, 2500 or 6000.
    inactive_code: str = "610"
    #: The code for a payment whose lines are more than it, or than what is open: 6000 or 620.
    overpayment_code: str = "6000"
    #: Refund receipts and estimates can be voided, which no page says; else only deleted.
    void_undocumented: bool = False
    #: The answer to a void has raw names of enumerations (SALES_ITEM_LINE_DETAIL, NEED_TO_PRINT),
    #: as in Intuit's sample.
    void_raw_enums: bool = False
    #: A line of a sales form without ItemRef is "text" and its amount ignored, as documented, or
    #: gets the company's "default_item", as captured.
    line_without_item: str = "text"
    #: Items may post to an Other Current Liability account.
    item_on_liability: bool = True
    #: Lines may be negative.
    negative_lines: bool = True
    #: A sales receipt without a customer is refused, as the table of its page says; its sample
    #: has none.
    sales_receipt_needs_customer: bool = False
    #: When an item gets another income account, what it has sold before moves there too.
    repointed_item_moves_past: bool = False
    #: Another QtyOnHand in an update changes what there is; else it is ignored.
    update_adjusts_quantity: bool = True
    #: A journal entry has at most one line of a receivable or payable account.
    journal_one_debt_line: bool = False
    #: A deposit may take a refund receipt, as a line below zero.
    refund_in_deposit: bool = True
    #: Which credits AutoApplyCredit applies to a new invoice: credit memos only, or "all", which
    #: are unapplied payments too.
    auto_credit: str = "all"
    #: When a sent TotalTax is honoured: sent, with_code, on_update, never.
    tax_override: str = "sent"
    #: The rate of automated sales tax, percent.
    tax_rate: str = "6"
    #: Automated sales tax comes out a cent "higher" or "lower" than the rate gives; "no" = exact.
    tax_off_by_a_cent: str = "no"
    #: So does a total that is honoured.
    tax_off_when_honoured: bool = False
    #: Tax sent to a company that charges none: "ignored" or "refused".
    tax_when_off: str = "ignored"
    #: Outside the United States a form without GlobalTaxCalculation is refused; else TaxExcluded.
    tax_calculation_required: bool = True
    #: The Amount of a line with TaxInclusive and no TaxInclusiveAmt: "net" = without tax, "gross".
    inclusive_amounts: str = "net"
    #: The rate of a foreign transaction that is sent without: "one" (1, as reported) or "listed",
    #: the one set last on or before its date.
    default_exchange_rate: str = "one"
    #: Where multicurrency is on, a transaction without CurrencyRef is refused, as documented; else
    #: it is in the currency of its customer or vendor.
    currency_ref_required: bool = True
    #: Milliseconds that every answer takes longer.
    latency_ms: int = 0
    #: When a webhook is sent again: "20m" (20, 30, 50 minutes, then dropped) or "best_practices"
    #: (10 s and ever longer, without end; later events wait for the first).
    webhook_retries: str = "20m"
    #: Which answers are worth another attempt: "any" but 2xx, or those "listed" by Intuit (408,
    #: 500, 502, 503, 504); none in time is always one.
    webhook_retry_on: str = "any"
    #: Hours of failure alone after which an endpoint is told nothing more, until it is subscribed
    #: again; 0 = it never comes to that. One of Intuit's pages says: after a day.
    webhook_inactive_hours: int = 0
    #: Seconds for which events are gathered before they are sent.
    webhook_delay: int = 0
    #: "intuit": more than 10 requests a second, 500 a minute, 10 at once, 40 batches a minute or
    #: 40 e-mails a day to one company are refused.
    limits: str = "off"
    #: With "intuit" also: reports a minute to one company, 0 = as many as requests. About 200 is
    #: what third parties noted [U].
    reports_a_minute: int = 200
    #: With "intuit" also: requests a minute to all companies together, 0 = any number. The page has
    #: 800 for "all Intuit endpoints" and does not say of whom.
    all_a_minute: int = 800
    #: With "intuit" also: a call that is answered 4xx counts towards the limits.
    failed_calls_count: bool = True
    #: With "intuit" also: so does a call that is refused because of them.
    throttled_calls_count: bool = False
    #: With "intuit" also: each item of a batch counts towards the 500 a minute; the items beyond
    #: are refused with 3001.
    batch_items_count: bool = False
    #: Seconds in the Retry-After header of such a refusal; 0 = no header.
    retry_after_on_limits: int = 0
    #: The body of such a refusal: the "gateway" has its own lower-case one, as for 401 and 403, or
    #: it is a "fault" like those of the service. The real one is published nowhere.
    throttle_body: str = "gateway"
    #: Who does not ask for application/json by name is answered in XML, as QuickBooks documents it;
    #: else all are answered in JSON, so that scripts and browsers need no header.
    accept_required: bool = False
    #: How a body without a charset is read: as "utf-8", as public clients rely on, or by "country"
    #: (ISO-8859-1 in the United States, UTF-8 elsewhere), as documented.
    default_charset: str = "utf-8"
    #: The order in which the items of a batch are done and answered; nobody may rely on one.
    batch_order: str = "given"
    #: Items that a batch may have: 30 says the page of limits, others say 10, 25 or 50.
    batch_most: int = 30
    #: What Intuit meters of a batch: each of its reads ("items") or one read in all ("call").
    batch_metering: str = "items"
    #: What batches and change data capture call a kind that has two names, which is the payment of
    #: a credit card: as other "bodies" do (CreditCardPaymentTxn), or as "paths" do
    #: (CreditCardPayment), which a public client expects. Not confirmed anywhere.
    batch_names: str = "bodies"
    #: What becomes of objects beyond 1,000 in the answer of a batch: their item is refused with
    #: 10100 ("fault"), or they are left out ("cut").
    batch_too_much: str = "fault"
    #: Metered reads of all companies in a month, beyond which reads are refused; 0 = no end.
    #: Intuit's Builder tier has 500,000.
    monthly_reads: int = 0
    #: Cells (rows times columns) of the largest report; 0 = no end. About 400,000 [S].
    report_cells: int = 400_000
    #: In statements the name of an entity is read with regard to case; the page on data queries
    #: says both.
    entity_case_sensitive: bool = False
    #: Whether the answer to a query says how many records there are beside those on its page.
    total_count: str = "never"
    #: Values that an IN may have; 0 = any number.
    most_in_values: int = 0


def choices_of(name: str) -> tuple[str, ...]:
    """The settings that a switch has by name; none for flags and numbers."""
    return _CHOICES.get(name, ())


def changed(switches: Switches, changes: Mapping[str, Any]) -> Switches:
    """The switches with `changes`; raises ValueError, with a sentence, for what does not fit."""
    known = {field.name for field in fields(Switches)}
    for key, value in changes.items():
        if key not in known:
            raise ValueError(f"There is no switch {key}; there are {', '.join(sorted(known))}.")
        _check(key, value, getattr(Switches(), key))
    return replace(switches, **changes)


def _check(key: str, value: Any, default: Any) -> None:
    if type(value) is not type(default):
        raise ValueError(f"The switch {key} takes a value like {default!r}, not {value!r}.")
    if isinstance(value, int) and value < 0:
        raise ValueError(f"The switch {key} cannot be negative, as {value} is.")
    if isinstance(value, int) and value > _LARGEST:
        raise ValueError(f"The switch {key} is at most {_LARGEST:,}, not {value}.")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise ValueError(f"The switch {key} is one of {', '.join(_CHOICES[key])}, not {value}.")
    if key == "tax_rate":
        _check_rate(value)


def _check_rate(value: str) -> None:
    try:
        rate = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"The switch tax_rate is a percentage, not {value}.") from error
    if not rate.is_finite() or not 0 <= rate <= 100:
        raise ValueError(f"The switch tax_rate is a percentage, not {value}.")
