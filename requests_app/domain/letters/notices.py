"""The mails to our own people; they hold no personal data of the person."""

from datetime import date, datetime

from .shape import Approval, Audience, In, Must, StandardLetter, Variable
from .variables import DUE, REFERENCE, SITE

_CASE = (REFERENCE, SITE)


def _notice(
    template: str, name: In, trigger: In, variables: tuple[Variable, ...], must: tuple[Must, ...], *,
    editable: bool = True,
) -> StandardLetter:  # fmt: skip
    return StandardLetter(
        template.rpartition("/")[2], "", template, name, trigger, Approval.AUTOMATIC, variables, must=must,
        audience=Audience.STAFF, editable=editable,
    )  # fmt: skip


def _lines(name: str, what: In) -> Variable:
    """One heading of the digest, with lines of both kinds below it and more than fit."""
    return Variable(f"digest.{name}", what, (In(_cases("access"), _cases("innsyn")),))


def _cases(right: str) -> dict[str, object]:
    lines = [
        {"reference": "DR-2026-000418-52", "right": right, "day": date(2026, 6, 11)},
        {"reference": "DR-2026-000419-49", "right": right, "day": None},
    ]
    return {"rows": lines, "more": 3}


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
                "kind",
                In("What has come", "Hva som er kommet"),
                ("due_2", "act_by", "alarm", "stop", "overdue"),
                code=True,
            ),
            Variable(
                "what",
                In("What has come, in words", "Hva som er kommet, med ord"),
                (In("Last working day", "Siste arbeidsdag"),),
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
        "requests_app/mail/secret_ends",
        In("The secret for mail ends", "Hemmeligheten for e-post utløper"),
        In("30, 14 and 3 days before it does", "30, 14 og 3 dager før den gjør det"),
        (
            Variable(
                "last_day", In("The last day on which it works", "Den siste dagen den virker"), (date(2027, 5, 31),)
            ),
            SITE,
        ),
        (Must("last_day"),),
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
    _notice(
        "requests_app/mail/case_assigned",
        In("A case was assigned", "En sak er tildelt"),
        In("A colleague gives somebody a case", "En kollega gir noen en sak"),
        (
            Variable(
                "due_on",
                In("The last day for our answer, once there is one", "Siste dag for svaret vårt, når den er satt"),
                (date(2026, 6, 11), None),
            ),
            *_CASE,
        ),
        (Must("reference"), Must("due_on", "due_on"), Must("site_url")),
    ),
    _notice(
        "requests_app/mail/emergency_used",
        In("The emergency approver acted", "Nødgodkjenneren har handlet"),
        In("The emergency approver approves something", "Nødgodkjenneren godkjenner noe"),
        _CASE,
        (Must("reference"), Must("site_url")),
        editable=False,
    ),
    _notice(
        "identity/mail/emergency_named",
        In("Somebody is named the emergency approver", "Noen er utpekt som nødgodkjenner"),
        In("The decision-maker names the emergency approver", "Beslutningstakeren utpeker nødgodkjenneren"),
        (
            Variable("organisation", In("Our name", "Navnet vårt"), ("Optimar",)),
            Variable(
                "invitation_link",
                In("The link to make the account", "Lenken for å lage kontoen"),
                ("https://dr.example/desk/invite/kQ3v8sXq1T0pM7yB",),
            ),
            Variable("until", In("The last day on which it works", "Siste dag den virker"), (date(2026, 6, 11),)),
        ),
        (Must("organisation"), Must("invitation_link"), Must("until")),
        editable=False,
    ),
    _notice(
        "identity/mail/emergency_chosen",
        In("An emergency approver was invited", "En nødgodkjenner er invitert"),
        In("Somebody invites an emergency approver", "Noen inviterer en nødgodkjenner"),
        (SITE,),
        (Must("site_url"),),
        editable=False,
    ),
    _notice(
        "exports/mail/task_link",
        In("A task for the owner of a system", "En oppgave til eieren av et system"),
        In(
            "A handler sends a link to an owner without an account",
            "En saksbehandler sender lenke til en eier uten konto",
        ),
        (
            Variable(
                "task_link",
                In("The link to the task", "Lenken til oppgaven"),
                ("https://dr.example/task/kQ3v8sXq1T0pM7yB",),
            ),
            Variable("until", In("The last day on which it works", "Siste dag den virker"), (date(2026, 6, 11),)),
        ),
        (Must("task_link"), Must("until")),
    ),
    _notice(
        "exports/mail/own_task",
        In("A task for an owner with an account", "En oppgave til en eier med konto"),
        In("Something waits in a system that somebody owns", "Noe venter i et system som noen eier"),
        (
            Variable("system", In("The system", "Systemet"), ("HubSpot",)),
            Variable("task", In("What is to be done", "Det som skal gjøres"), ("Søk",)),
            Variable(
                "due_on", In("The day by which it is to be done", "Dagen det skal være gjort"), (date(2026, 6, 11),)
            ),
            Variable(
                "task_url",
                In("The page of the task", "Siden til oppgaven"),
                ("https://dr.example/desk/exports/own/7/",),
            ),
            *_CASE,
        ),
        (Must("reference"), Must("task"), Must("due_on"), Must("task_url")),
    ),
    _notice(
        "identity/mail/codes_paused",
        In("Too many codes in a case", "For mange koder i en sak"),
        In("Five codes went out in a day, or answers were wrong", "Fem koder på ett døgn, eller svar var feil"),
        _CASE,
        (Must("reference"), Must("site_url")),
    ),
    _notice(
        "identity/mail/recovery_code_used",
        In("A recovery code was used", "En reservekode ble brukt"),
        In("Somebody logs in with a recovery code", "Noen logger inn med en reservekode"),
        (
            Variable("at", In("When", "Når"), (datetime(2026, 6, 11, 9, 30),)),  # noqa: DTZ001 - a sample
            Variable("left", In("How many codes are left", "Hvor mange koder som er igjen"), (9,)),
            SITE,
        ),
        (Must("left"), Must("site_url")),
        editable=False,
    ),
    _notice(
        "requests_app/mail/emergency_access",
        In("Emergency access to a case", "Nødtilgang til en sak"),
        In("Somebody opens a case that is shielded from them", "Noen åpner en sak som er skjermet for dem"),
        (
            REFERENCE,
            Variable("who", In("Who asked for it", "Hvem som ba om det"), ("Ola Lie",)),
            Variable("opened", In("There was a case to open", "Det fantes en sak å åpne"), (True, False)),
            Variable("minutes", In("For how many minutes", "I hvor mange minutter"), (60,)),
        ),
        (Must("reference"), Must("who")),
        editable=False,
    ),
    _notice(
        "requests_app/mail/person_replied",
        In("A message waits for an answer", "En melding venter på svar"),
        In("The person writes in a case", "Personen skriver i en sak"),
        _CASE,
        (Must("reference"), Must("site_url")),
    ),
    _notice(
        "requests_app/mail/mail_failed",
        In("A mail did not arrive", "En e-post kom ikke fram"),
        In("A mail to the person fails, or may have", "En e-post til personen feiler, eller kan ha feilet"),
        _CASE,
        (Must("reference"), Must("site_url")),
    ),
    _notice(
        "requests_app/mail/digest",
        In("The morning mail", "Morgenens e-post"),
        In("A working day begins, and there is something to say", "En arbeidsdag begynner, og det er noe å si"),
        (
            Variable("day", In("The day", "Dagen"), (date(2026, 6, 8),)),
            _lines("overdue", In("What is overdue", "Det som er over fristen")),
            _lines("act_now", In("What must be answered today", "Det som skal besvares i dag")),
            _lines("soon", In("What is due soon", "Det som snart har frist")),
            _lines("goals", In("What should be done by now", "Det som skulle vært gjort nå")),
            _lines("unowned", In("What nobody has who is there", "Det ingen som er til stede, har")),
            _lines("unread", In("Messages without an answer", "Meldinger uten svar")),
            _lines("unsent", In("Mails that did not arrive", "E-post som ikke kom fram")),
            _lines("to_approve", In("What waits for approval", "Det som venter på godkjenning")),
            _lines("everybody_overdue", In("What is overdue with colleagues", "Det kolleger har over fristen")),
            _lines("held_up", In("Answers that lack something", "Svar som mangler noe")),
            Variable(
                "digest.held",
                In("Mails that were put off until now", "E-post som er utsatt til nå"),
                (
                    In(
                        ({"words": "A message", "reference": "DR-2026-000418-52"}, {"words": "Mail", "reference": ""}),
                        ({"words": "En melding", "reference": "DR-2026-000418-52"}, {"words": "Post", "reference": ""}),
                    ),
                ),
            ),
            Variable("digest.tasks", In("How many tasks wait", "Hvor mange oppgaver som venter"), (2,)),
            Variable("digest.unsorted", In("How many are unsorted", "Hvor mange som er usortert"), (4, 1500)),
            Variable("digest.oldest_on", In("Since when", "Siden når"), (date(2026, 6, 4),)),
            Variable(
                "digest.thin",
                In("When too few approvers are there", "Når for få godkjennere er til stede"),
                tuple({"first": date(2026, 7, 6), "last": date(2026, 7, 31), "fewest": few} for few in (0, 1)),
            ),
            Variable(
                "digest.thin_time",
                In("What that time is called", "Hva den tiden kalles"),
                (In("the general holidays", "fellesferien"),),
            ),
            SITE,
        ),
        (Must("site_url"),),
        editable=False,
    ),
)
