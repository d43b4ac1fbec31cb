"""The sample week as data: 30 deliveries of a small home-services firm, awkward ones among them."""

from __future__ import annotations

from dataclasses import replace

from runtime.demo.deliveries import (
    Delivery,
    Way,
    contact_created,
    estimate_accepted,
    job_closed,
    line,
    payment_collected,
    processor_told,
)
from runtime.demo.people import sample


def distinct(deliveries: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    """Each event once, however often it was delivered."""
    return tuple(each for each in deliveries if each.way is not Way.AGAIN)


def week() -> tuple[Delivery, ...]:
    """All deliveries, in the order in which they come."""
    return (*_monday(), *_tuesday(), *_wednesday(), *_thursday(), *_friday(), *_saturday())


def _monday() -> list[Delivery]:
    clean = line("residential_cleaning", "180.00", "Two-bedroom clean")
    pipes = line("plumbing", "320.00", "Replace kitchen trap")
    return [
        contact_created("2026-11-02T08:05", "c_601"),
        contact_created("2026-11-02T08:40", "c_604"),
        estimate_accepted("2026-11-02T10:15", "c_602", "301", [pipes]),
        payment_collected("2026-11-02T16:20", "c_603", "1031", [clean], "card"),
    ]


def _tuesday() -> list[Delivery]:
    monday_payment = _monday()[-1]
    leak = [line("plumbing", "240.00", "Leak under the sink")]
    windows = [line("residential_cleaning", "95.00", "Windows, ground floor")]
    heater = [line("water_heater", "1850.00", "Tank heater, 50 gallons")]
    return [
        replace(
            monday_payment,
            at="2026-11-03T07:00",
            way=Way.AGAIN,
            words="payment.collected 1031, delivered again",
        ),
        job_closed("2026-11-03T11:30", "c_605", "872", leak),
        payment_collected(
            "2026-11-03T12:10", "c_605", "1032", leak, "check", check="2207", job="job_872"
        ),
        estimate_accepted("2026-11-03T14:00", "c_606", "302", heater),
        payment_collected("2026-11-03T17:45", "c_611", "1033", windows, "cash", tip="10.00"),
    ]


def _wednesday() -> list[Delivery]:
    drain = [line("plumbing", "475.00", "Main drain, cleared and filmed")]
    soap = [
        line("", "49.00", "Citrus floor soap", quantity="2", category="retail", kind="product")
        | {"taxable": True, "tax": "2.94"}
    ]
    deep = [line("residential_cleaning", "300.00", "Deep clean, three bedrooms")]
    rough_in = [line("plumbing", "640.00", "Rough-in for a laundry room")]
    return [
        contact_created("2026-11-04T08:15", "c_608"),
        payment_collected(
            "2026-11-04T10:00", "c_607", "1034", drain, "check", check="5519", part="100.00"
        ),
        payment_collected("2026-11-04T11:20", "c_601", "1035", soap, "card", tax="2.94"),
        contact_created("2026-11-04T14:10", "c_609"),
        job_closed("2026-11-04T15:30", "c_609", "880", deep),
        payment_collected("2026-11-04T16:00", "c_608", "1036", deep, "card", discount="30.00"),
        estimate_accepted("2026-11-04T16:50", "c_610", "303", rough_in),
    ]


def _thursday() -> list[Delivery]:
    drain = [line("plumbing", "475.00", "Main drain, cleared and filmed")]
    gutters = [line("gutter_cleaning", "410.00", "Gutters and downspouts")]
    office = [line("residential_cleaning", "210.00", "Guest house clean")]
    plan = [line("maintenance_plan", "29.00", "Maintenance plan, November")]
    return [
        payment_collected(
            "2026-11-05T09:30", "c_607", "1034", drain, "check", check="5533", part="375.00"
        ),
        payment_collected("2026-11-05T10:45", "c_604", "1037", gutters, "card"),
        payment_collected("2026-11-05T13:15", "c_515", "1038", office, "card"),
        payment_collected("2026-11-05T15:00", "c_603", "1039", plan, "ach"),
    ]


def _friday() -> list[Delivery]:
    pipes = [line("plumbing", "320.00", "Replace kitchen trap")]
    heater = [line("water_heater", "760.00", "Tankless heater, flushed and re-lined")]
    dana = sample("leadexploder", "std_payment_collected")
    collected = Delivery(
        at="2026-11-06T16:59",
        connection="leadexploder",
        identity="msg_pay_7741",
        event=dana,
        words="payment.collected 1042 over 475.00, Dana Whitfield, card",
    )
    return [
        contact_created("2026-11-06T08:20", "c_612"),
        payment_collected("2026-11-06T09:40", "c_602", "1041", pipes, "card", estimate="est_301"),
        payment_collected("2026-11-06T11:00", "c_612", "1043", heater, "ach", way=Way.POLL),
        processor_told(
            "2026-11-06T16:58", "stripe_payment_intent_succeeded", "475.00, before the CRM"
        ),
        processor_told("2026-11-06T16:58", "stripe_charge_succeeded", "the same 475.00"),
        collected,
        replace(
            collected,
            at="2026-11-06T17:04",
            way=Way.AGAIN,
            words="payment.collected 1042, delivered again",
        ),
        job_closed("2026-11-06T17:10", "c_501", "889", dana["data"]["invoice"]["lines"]),
    ]


def _saturday() -> list[Delivery]:
    clean = line("residential_cleaning", "150.00", "Move-out clean, studio")
    soap = line("", "24.50", "Citrus floor soap", category="retail", kind="product")
    both = [clean, soap | {"taxable": True, "tax": "1.47"}]
    faucet = [line("plumbing", "165.00", "Bathroom faucet")]
    return [
        payment_collected("2026-11-07T11:30", "c_611", "1044", both, "card", tax="1.47"),
        payment_collected("2026-11-07T12:15", "c_605", "1045", faucet, "cash"),
    ]
