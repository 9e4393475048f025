"""The mails to our own people; they hold no personal data of the person."""

from datetime import date, datetime

from .shape import Approval, Audience, In, Must, StandardLetter, Variable
from .variables import DUE, REFERENCE, SITE

_CASE = (REFERENCE, SITE)


def _notice(
    template: str, name: In, trigger: In, variables: tuple[Variable, ...], must: tuple[Must, ...]
) -> StandardLetter:
    key = template.rpartition("/")[2]
    return StandardLetter(
        key, "", template, name, trigger, Approval.AUTOMATIC, variables, must=must, audience=Audience.STAFF
    )


_MAILBOX = (
    Variable("mailbox", In("Which mailbox", "Hvilken postkasse"), ("personvern@optimar.example",)),
    Variable(
        "since",
        In("When mail was fetched last", "Når e-post sist ble hentet"),
        (datetime(2026, 5, 12, 9, 30),),  # noqa: DTZ001 - a sample
    ),
    Variable(
        "fault",
        In("What the mail system says", "Hva e-postsystemet sier"),
        (In("The password is wrong", "Passordet er feil"), ""),
    ),
    Variable("at_work", In("The program is running", "Programmet går"), (False, True)),
    SITE,
)

NOTICES: tuple[StandardLetter, ...] = (
    _notice(
        "requests_app/mail/reminder",
        In("Reminder of a deadline", "Påminnelse om en frist"),
        In("A deadline is near or over", "En frist er nær eller ute"),
        (
            Variable(
                "kind", In("Before or after the day", "Før eller etter dagen"), ("due_5", "due_2", "overdue"), code=True
            ),
            Variable("days", In("How many days", "Hvor mange dager"), (3, 1, 0)),
            DUE,
            *_CASE,
        ),
        (Must("reference"), Must("site_url")),
    ),
    _notice(
        "requests_app/mail/complaint_received",
        In("A complaint was received", "En klage er mottatt"),
        In(
            "Somebody complains about how we handled their data", "Noen klager på hvordan vi har behandlet opplysninger"
        ),
        _CASE,
        (Must("reference"), Must("site_url")),
    ),
    _notice(
        "requests_app/mail/mailbox_out",
        In("No mail is fetched", "E-post hentes ikke"),
        In("A mailbox has not been read for a while", "En postkasse har ikke vært lest på en stund"),
        _MAILBOX,
        (Must("mailbox"), Must("since")),
    ),
    _notice(
        "requests_app/mail/mailbox_back",
        In("Mail is fetched again", "E-post hentes igjen"),
        In("A mailbox is read again", "En postkasse leses igjen"),
        _MAILBOX,
        (Must("mailbox"), Must("since")),
    ),
    _notice(
        "exports/mail/lifting_due",
        In("A restriction ends", "En begrensning opphører"),
        In("The day of a lifting has come", "Dagen for en oppheving er kommet"),
        (
            Variable("stuck", In("It did not happen", "Det skjedde ikke"), (False, True)),
            Variable("lifted_on", In("The day it ends", "Dagen den opphører"), (date(2026, 8, 12),)),
            *_CASE,
        ),
        (Must("reference"), Must("lifted_on"), Must("site_url")),
    ),
    _notice(
        "exports/mail/order_over",
        In("An ordered deletion is due", "En bestilt sletting skal være utført"),
        In("The day of an order is over", "Dagen for en bestilling er passert"),
        (
            Variable("ordered_on", In("When it was ordered", "Når det ble bestilt"), (date(2026, 5, 12),)),
            Variable(
                "finishes_on",
                In("The day the vendor named", "Dagen leverandøren har oppgitt"),
                (date(2026, 6, 11), None),
            ),
            Variable(
                "task_url",
                In(
                    "The page to write the result down on, if there is one",
                    "Siden der resultatet skrives ned, hvis den finnes",
                ),
                ("https://dr.example/desk/exports/erasures/tasks/7/", ""),
            ),
            *_CASE,
        ),
        (Must("reference"), Must("ordered_on"), Must("task_url", "task_url"), Must("site_url")),
    ),
)
