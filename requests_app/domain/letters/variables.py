"""The names that several letters share."""

from datetime import date, datetime

from .shape import Block, In, Variable

CASE = Variable("case.reference", In("The case number", "Saksnummeret"), ("DR-2026-000418-52",))
REFERENCE = Variable("reference", In("The case number", "Saksnummeret"), ("DR-2026-000418-52",))
PERSON = Variable(
    "case.person_name",
    In("The name of the person, where we know it", "Navnet på personen, når vi kjenner det"),
    ("Kari Holm", ""),
)
ORGANISATION = Variable(
    "organisation.name", In("What the organisation is called", "Hva virksomheten heter"), ("Optimar",)
)
CONTACT = Variable(
    "organisation.rights_contact",
    In("The address for such questions", "Adressen for slike spørsmål"),
    ("personvern@optimar.example",),
)
SITE = Variable(
    "site_url", In("The address of this desk", "Adressen til denne saksbehandlingen"), ("https://dr.example",)
)
SENDER = (ORGANISATION, CONTACT)
ON_THE_CASE = (CASE, *SENDER)

LINK = Variable(
    "link",
    In("The personal link to the page of the case", "Den personlige lenken til siden om saken"),
    ("https://dr.example/s/abc",),
)
RECEIVED = Variable("received_on", In("The day we received it", "Dagen vi mottok henvendelsen"), (date(2026, 5, 12),))
DUE = Variable("due_on", In("The last day for our answer", "Siste dag for svaret vårt"), (date(2026, 6, 11),))
ERASURE = Variable("erasure", In("The person also asked for deletion", "Personen ba også om sletting"), (False, True))
PRIVACY = Variable(
    "privacy_url",
    In(
        "Where we tell how we use what people write to us",
        "Der vi forteller hvordan vi bruker det folk skriver til oss",
    ),
    ("https://optimar.example/personvern",),
)
UNDO = Variable(
    "undo",
    In("The link by which the person allows marketing again", "Lenken som personen slår markedsføring på igjen med"),
    ("https://dr.example/u/abc",),
)
UNDO_UNTIL = Variable(
    "undo_until", In("The last day on which that link works", "Siste dag den lenken virker"), (date(2026, 6, 12),)
)
SINCE = Variable(
    "since",
    In("When it took effect", "Når det fikk virkning"),
    (datetime(2026, 5, 12, 9, 30),),  # noqa: DTZ001 - wall
)
RIGHT_CODES = (
    *("access", "rectification", "erasure", "restriction", "portability", "objection", "automated_decision"),
    "complaint",
)
AUTHORITY = Variable(
    "authority",
    In("The supervisory authority, with its address", "Tilsynsmyndigheten, med adresse"),
    (
        In(
            "the Norwegian Data Protection Authority (Datatilsynet), Postboks 458 Sentrum, 0105 Oslo, "
            "www.datatilsynet.no",
            "Datatilsynet, Postboks 458 Sentrum, 0105 Oslo, www.datatilsynet.no",
        ),
    ),
)
OUTSIDE = Variable("outside_norway", In("The person lives outside Norway", "Personen bor utenfor Norge"), (False, True))
DOUBTS = ("unknown_address", "mismatch", "fraud_sign", "high_harm_data", "address_change")

ASKED_ON = Variable("asked_on", In("The day we asked", "Dagen vi spurte"), (date(2026, 5, 14),))
BY_MAIL = Variable("by_mail", In("It goes by mail, not by post", "Det går som e-post, ikke i posten"), (True, False))
RIGHT_ASKED = Variable(
    "right", In("Which right was asked for", "Hvilken rettighet det gjelder"), (In("access", "innsyn"),)
)
RIGHTS_ASKED = Variable(
    "rights",
    In("Which rights were asked for", "Hvilke rettigheter det gjelder"),
    (In(("access", "erasure"), ("innsyn", "sletting")),),
    items=("right",),
)

# The complaint block needs AUTHORITY and OUTSIDE.
COMPLAINT = Block(
    "complaint_block",
    In(
        "How to complain, and to go to court (GDPR Art. 12(4))",
        "Hvordan man klager og går til domstolene (art. 12 nr. 4)",
    ),
    "exports/pdf/complaint.html",
)
# Needs `doubt`.
WHY_WE_ASK = Block(
    "why_we_ask",
    In("Why we are in doubt who writes", "Hvorfor vi er i tvil om hvem som skriver"),
    "identity/mail/why_we_ask.{language}.txt",
)
# Needs `reasons`.
WHY_LONGER = Block(
    "why_longer",
    In("The reasons for the longer time, one a line", "Grunnene til at det tar lengre tid, én på hver linje"),
    "requests_app/mail/why_longer.{language}.txt",
)
# Needs `right` and `received_on`.
WHAT_WAS_ASKED = Block(
    "what_was_asked",
    In("What the person asked for, and when we received it", "Hva personen ba om, og når vi mottok det"),
    "exports/letters/asked.{language}.txt",
)
