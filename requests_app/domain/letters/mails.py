"""The mails to the person: receipt, identity, what takes effect at once, and what tells of an answer."""

from datetime import date, datetime

from .sentences import (
    ANOTHER_WAY,
    DAYS_ADDED,
    LAWFUL_BEFORE_OBJECTION,
    LAWFUL_BEFORE_WITHDRAWAL,
    MAY_OBJECT,
    NO_ID_COPIES,
    NOTHING_KEPT,
    ON_THE_LIST,
)
from .shape import Approval, In, Must, StandardLetter, Variable
from .variables import (
    AUTHORITY,
    BY_MAIL,
    COMPLAINT,
    DOUBTS,
    DUE,
    ERASURE,
    LINK,
    ON_THE_CASE,
    OUTSIDE,
    PERSON,
    PRIVACY,
    RECEIVED,
    SENDER,
    SINCE,
    UNDO,
    UNDO_UNTIL,
    WHY_WE_ASK,
)

_STOPPED = (
    PERSON,
    SINCE,
    Variable(
        "systems",
        In("The systems that are told", "Systemene som får beskjed"),
        (In(("the newsletter", "the CRM"), ("nyhetsbrevet", "CRM")), ()),
    ),
    Variable("told_by", In("The day by which they are told", "Dagen de får beskjed innen"), (date(2026, 5, 15), None)),
    Variable(
        "cookie_page",
        In(
            "Where one turns cookies off, if there is such a page",
            "Der man slår av informasjonskapsler, hvis siden finnes",
        ),
        ("https://optimar.example/cookies", ""),
    ),
    ERASURE,
    UNDO,
    UNDO_UNTIL,
    LINK,
    *ON_THE_CASE,
)
_STOPPED_MUST = (
    *(Must("since"), Must("undo"), Must("case.reference")),
    *(Must("lawful_before"), Must("on_the_list")),
)


def _ending(key: str, name: In, trigger: In) -> StandardLetter:
    return StandardLetter(
        key, "", f"exports/mail/{key}", name, trigger, Approval.SECOND_PERSON,
        (PERSON, RECEIVED, BY_MAIL, AUTHORITY, OUTSIDE, *ON_THE_CASE), blocks=(COMPLAINT,),
        must=(Must("received_on"), Must("complaint_block"), Must("case.reference")),
    )  # fmt: skip


_UNDERSTOOD = Variable(
    "rights",
    In("What we understood that the person asks for", "Det vi forstod at personen ber om"),
    (In(("Access", "Erasure"), ("Innsyn", "Sletting")), ()),
    items=("right",),
)

MAILS: tuple[StandardLetter, ...] = (
    StandardLetter(
        "acknowledgement",
        "T01",
        "requests_app/mail/acknowledgement",
        In("Acknowledgement", "Mottaksbekreftelse"),
        In("A request was received and sorted", "En henvendelse er mottatt og sortert"),
        Approval.AUTOMATIC,
        (
            PERSON,
            RECEIVED,
            DUE,
            _UNDERSTOOD,
            Variable("stopped", In("Marketing was stopped", "Markedsføring er stanset"), (False, True)),
            ERASURE,
            UNDO,
            UNDO_UNTIL,
            LINK,
            PRIVACY,
            *ON_THE_CASE,
        ),
        must=(
            *(Must("received_on"), Must("due_on"), Must("link"), Must("privacy_url"), Must("case.reference")),
            *(Must("rights", "rights"), Must("undo", "stopped")),
        ),
    ),
    StandardLetter(
        "new_day",
        "T01",
        "requests_app/mail/new_day",
        In("New day for the answer", "Ny dato for svaret"),
        In("The day that the person was told has moved", "Datoen personen har fått oppgitt, er flyttet"),
        Approval.AUTOMATIC,
        (
            PERSON,
            RECEIVED,
            DUE,
            _UNDERSTOOD,
            Variable("waited", In("We had waited for the person", "Vi har ventet på personen"), (False, True)),
            LINK,
            *ON_THE_CASE,
        ),
        must=(*(Must("received_on"), Must("due_on"), Must("link"), Must("case.reference")), Must("rights", "rights")),
    ),
    StandardLetter(
        "receipt",
        "",
        "requests_app/mail/receipt",
        In("Message received", "Melding mottatt"),
        In("A message waits unsorted", "En melding venter usortert"),
        Approval.AUTOMATIC,
        (RECEIVED, PRIVACY, *SENDER),
        must=(Must("received_on"), Must("privacy_url")),
    ),
    StandardLetter(
        "status_link",
        "",
        "requests_app/mail/status_link",
        In("A new link to the case", "Ny lenke til saken"),
        In("The person asks for the link", "Personen ber om lenken"),
        Approval.AUTOMATIC,
        (LINK, *ON_THE_CASE),
        must=(Must("link"),),
    ),
    StandardLetter(
        "staff_message",
        "",
        "requests_app/mail/staff_message",
        In("Message from a handler", "Melding fra en saksbehandler"),
        In("Somebody writes on the page of the case", "Noen skriver på siden om saken"),
        Approval.STAFF,
        (
            PERSON,
            Variable(
                "subject", In("The subject that was typed", "Emnet som ble skrevet"), (In("Your case", "Saken din"),)
            ),
            Variable(
                "text",
                In("The text that was typed", "Teksten som ble skrevet"),
                (In("We have a question.", "Vi har et spørsmål."),),
            ),
            LINK,
            *ON_THE_CASE,
        ),
        must=(Must("text"), Must("link")),
    ),
    StandardLetter(
        "marketing_stopped",
        "T15",
        "requests_app/mail/marketing_stopped",
        In("Marketing stopped", "Markedsføring stanset"),
        In("The person objects to marketing", "Personen protesterer mot markedsføring"),
        Approval.AUTOMATIC,
        _STOPPED,
        blocks=(LAWFUL_BEFORE_OBJECTION, ON_THE_LIST),
        must=_STOPPED_MUST,
    ),
    StandardLetter(
        "withdrawal_confirmed",
        "T15",
        "requests_app/mail/withdrawal_confirmed",
        In("Consent withdrawn", "Samtykke trukket tilbake"),
        In("The person withdraws consent", "Personen trekker tilbake samtykket"),
        Approval.AUTOMATIC,
        _STOPPED,
        blocks=(LAWFUL_BEFORE_WITHDRAWAL, ON_THE_LIST),
        must=_STOPPED_MUST,
    ),
    StandardLetter(
        "identity_request",
        "T02",
        "identity/mail/identity_request",
        In("Identity request", "Bekreftelse av identitet"),
        In("Somebody is in doubt who writes, and says why", "Noen er i tvil om hvem som skriver, og sier hvorfor"),
        Approval.STAFF,
        (
            Variable("doubt", In("The kind of doubt", "Hva slags tvil"), DOUBTS, code=True),
            *ON_THE_CASE,
        ),
        blocks=(WHY_WE_ASK, ANOTHER_WAY, DAYS_ADDED, NO_ID_COPIES, NOTHING_KEPT),
        must=(
            *(Must("why_we_ask"), Must("another_way"), Must("days_added"), Must("no_id_copies"), Must("nothing_kept")),
            Must("case.reference"),
        ),
    ),
    StandardLetter(
        "identity_link",
        "T02",
        "identity/mail/identity_link",
        In("Link to confirm identity", "Lenke for å bekrefte identitet"),
        In("The link goes to the address on file", "Lenken går til adressen vi har registrert"),
        Approval.STAFF,
        (
            Variable(
                "doubt",
                In(
                    "The kind of doubt, where this is the only mail", "Hva slags tvil, når dette er den eneste e-posten"
                ),
                (*DOUBTS, ""),
                code=True,
            ),
            LINK,
            *ON_THE_CASE,
        ),
        blocks=(WHY_WE_ASK, ANOTHER_WAY, DAYS_ADDED, NO_ID_COPIES, NOTHING_KEPT),
        must=(
            *(Must("link"), Must("why_we_ask", "doubt"), Must("another_way", "doubt"), Must("days_added", "doubt")),
            *(Must("no_id_copies"), Must("nothing_kept"), Must("case.reference")),
        ),
    ),
    StandardLetter(
        "new_address",
        "",
        "identity/mail/new_address",
        In("Link to confirm a new address", "Lenke for å bekrefte ny adresse"),
        In("The person wants another e-mail address used", "Personen vil at en annen e-postadresse brukes"),
        Approval.STAFF,
        (LINK, *ON_THE_CASE),
        must=(Must("link"),),
    ),
    StandardLetter(
        "one_time_code",
        "",
        "identity/mail/one_time_code",
        In("One-time code", "Engangskode"),
        In("The person wants to fetch an answer", "Personen vil hente et svar"),
        Approval.AUTOMATIC,
        (
            Variable("code", In("The code", "Koden"), ("1234 5678",)),
            Variable("minutes", In("For how many minutes it works", "Hvor mange minutter den virker"), (10,)),
            *ON_THE_CASE,
        ),
        must=(Must("code"), Must("minutes")),
    ),
    StandardLetter(
        "answer_ready",
        "",
        "exports/mail/answer_ready",
        In("The answer is ready", "Svaret er klart"),
        In("Two persons have released an answer", "To personer har frigitt et svar"),
        Approval.SECOND_PERSON,
        (
            Variable(
                "right",
                In("Which request, where the case has several", "Hvilket krav, når saken har flere"),
                (In("access", "innsyn"), ""),
            ),
            LINK,
            Variable(
                "expires_at",
                In("Until when it can be fetched", "Hvor lenge det kan hentes"),
                (datetime(2026, 6, 5, 12, 0),),  # noqa: DTZ001 - a sample
            ),
            Variable("downloads", In("How often", "Hvor mange ganger"), (5,)),
            *ON_THE_CASE,
        ),
        must=(Must("link"), Must("expires_at"), Must("case.reference")),
    ),
    _ending(
        "ending_withdrawn",
        In("Closed: taken back", "Avsluttet: trukket"),
        In("The person takes the request back", "Personen trekker kravet"),
    ),
    _ending(
        "ending_not_a_request",
        In("Closed: not a request", "Avsluttet: ikke et krav"),
        In("It is not about these rights", "Det gjelder ikke disse rettighetene"),
    ),
    _ending(
        "ending_duplicate",
        In("Closed: asked twice", "Avsluttet: bedt om to ganger"),
        In("The same was asked for before", "Det samme er bedt om før"),
    ),
    StandardLetter(
        "orders_done",
        "",
        "exports/mail/orders_done",
        In("Ordered deletion carried out", "Bestilt sletting er utført"),
        In("A vendor has done what the answer called ordered", "En leverandør har gjort det svaret kalte bestilt"),
        Approval.AUTOMATIC,
        (
            PERSON,
            Variable(
                "orders",
                In("The systems, and the day each was checked", "Systemene, og dagen hvert ble kontrollert"),
                (In((("the CRM", date(2026, 6, 2)),), (("CRM", date(2026, 6, 2)),)),),
                items=("system", "day"),
            ),
            Variable(
                "backups_gone_on",
                In("The day the last copy in a backup is gone", "Dagen den siste sikkerhetskopien er borte"),
                (date(2026, 9, 1), None),
            ),
            *ON_THE_CASE,
        ),
        must=(Must("orders"), Must("case.reference")),
    ),
    StandardLetter(
        "restriction_lifted",
        "T19",
        "exports/mail/restriction_lifted",
        In("Restriction to be lifted", "Begrensning oppheves"),
        In("Two persons want to use restricted data again", "To personer vil bruke begrensede opplysninger igjen"),
        Approval.SECOND_PERSON,
        (
            PERSON,
            RECEIVED,
            Variable(
                "right", In("Which right it was", "Hvilken rettighet det var"), ("restriction", "objection"), code=True
            ),
            Variable(
                "lifted_on",
                In("The day the data is used again", "Dagen opplysningene brukes igjen"),
                (date(2026, 8, 12),),
            ),
            Variable(
                "another_stands",
                In("Another request restricts data too", "Et annet krav begrenser også"),
                (False, True),
            ),
            Variable(
                "reason",
                In("Why the restriction ends", "Hvorfor begrensningen oppheves"),
                (In("The data has been corrected.", "Opplysningene er rettet."),),
            ),
            BY_MAIL,
            AUTHORITY,
            OUTSIDE,
            LINK,
            *ON_THE_CASE,
        ),
        blocks=(COMPLAINT, MAY_OBJECT),
        must=(
            *(Must("received_on"), Must("lifted_on"), Must("reason"), Must("complaint_block"), Must("may_object")),
            *(Must("link", "by_mail"), Must("case.reference")),
        ),
    ),
)
