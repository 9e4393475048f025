"""The notice to those who received data: what was done here, and that they do the same (GDPR Art. 19)."""

from datetime import date

from .shape import Approval, Audience, Block, In, Must, StandardLetter, Variable
from .variables import REFERENCE, SENDER

# Needs `act` and `confirm_by`.
_WHAT_WE_ASK = Block(
    "what_we_ask",
    In(
        "What was done, and that the recipient and its sub-processors do the same and confirm it by a day",
        "Hva som er gjort, og at mottakeren og dens underleverandører gjør det samme og bekrefter det innen en dag",
    ),
    "exports/letters/what_we_ask.{language}.txt",
)

RECIPIENTS: tuple[StandardLetter, ...] = (
    StandardLetter(
        "recipient_notice",
        "T16",
        "exports/mail/recipient_notice",
        In("Notice to recipients", "Underretning til mottaker"),
        In(
            "Data was corrected, deleted, restricted, or is no longer used for marketing",
            "Opplysninger er rettet, slettet, begrenset eller ikke lenger i bruk til markedsføring",
        ),
        Approval.STAFF,
        (
            Variable(
                "act",
                In("What was done", "Hva som er gjort"),
                ("rectification", "erasure", "restriction", "withdrawal"),
                code=True,
            ),
            Variable(
                "key",
                In("What the recipient knows the person by, if we may say it", "Det mottakeren kjenner personen på"),
                ("kari.holm@example.com", ""),
            ),
            Variable(
                "corrected",
                In("The right values", "De riktige verdiene"),
                (In((("Phone", "400 00 000"), ("Fax", "")), (("Telefon", "400 00 000"), ("Faks", ""))), ()),
                items=("label", "value"),
            ),
            Variable(
                "confirm_by",
                In("The day by which we ask for an answer", "Dagen vi ber om svar innen"),
                (date(2026, 6, 11),),
            ),
            REFERENCE,
            *SENDER,
        ),
        blocks=(_WHAT_WE_ASK,),
        must=(Must("what_we_ask"), Must("key", "key"), Must("corrected", "corrected"), Must("reference")),
        audience=Audience.RECIPIENT,
    ),
)
