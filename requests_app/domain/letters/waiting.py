"""The mails to the person while there is no answer yet: questions, reminders, more time, a fee, and being late."""

from datetime import date

from .sentences import (
    ANOTHER_WAY,
    APOLOGY,
    DAYS_ADDED,
    MAY_WITHDRAW,
    NO_ID_COPIES,
    NO_JUDGMENT,
    NOT_TOLD,
    RIGHT_TO_ALL,
    TAKE_UP_AGAIN,
)
from .shape import Approval, In, Must, StandardLetter, Variable
from .variables import (
    ASKED_ON,
    AUTHORITY,
    BY_MAIL,
    COMPLAINT,
    DOUBTS,
    DUE,
    LINK,
    ON_THE_CASE,
    OUTSIDE,
    PERSON,
    RECEIVED,
    RIGHT_ASKED,
    RIGHTS_ASKED,
    WHY_LONGER,
    WHY_WE_ASK,
)

_COMPLAINT = (AUTHORITY, OUTSIDE)
_UNTIL = Variable(
    "until",
    In("The day from which we may close it", "Dagen vi kan avslutte henvendelsen fra"),
    (date(2026, 6, 13),),
)
_DOUBT = Variable("doubt", In("The kind of doubt", "Hva slags tvil"), DOUBTS, code=True)
_REMINDED = (WHY_WE_ASK, ANOTHER_WAY, DAYS_ADDED, NO_ID_COPIES)
_REMINDED_MUST = (
    *(Must("asked_on"), Must("until"), Must("case.reference")),
    *(Must("days_added"), Must("no_id_copies")),
)

WAITING: tuple[StandardLetter, ...] = (
    StandardLetter(
        "clarification",
        "T03",
        "requests_app/mail/clarification",
        In("Clarification", "Presisering"),
        In(
            "Somebody asks what the person wants to see of a large amount of data",
            "Noen spør hva personen vil se av store mengder opplysninger",
        ),
        Approval.STAFF,
        (
            PERSON,
            RECEIVED,
            Variable(
                "outline",
                In("What we may hold, in outline", "Det vi kan ha, i hovedtrekk"),
                (In("Orders and letters since 2015.", "Bestillinger og brev siden 2015."),),
            ),
            Variable(
                "question",
                In("The question", "Spørsmålet"),
                (In("Which years are you interested in?", "Hvilke år er du interessert i?"),),
            ),
            Variable(
                "due_on",
                In("The last day for our answer, where it stays", "Siste dag for svaret vårt, når den står fast"),
                (None, date(2026, 6, 11)),
            ),
            Variable(
                "alarm",
                In(
                    "The day by which the person hears from us, where the time limit stands still",
                    "Dagen personen hører fra oss innen, når fristen står stille",
                ),
                (date(2026, 6, 11), None),
            ),
            LINK,
            *ON_THE_CASE,
        ),
        blocks=(RIGHT_TO_ALL,),
        must=(
            *(Must("received_on"), Must("outline"), Must("question"), Must("link"), Must("case.reference")),
            *(Must("right_to_all"), Must("due_on", "due_on"), Must("alarm", "alarm")),
        ),
    ),
    StandardLetter(
        "identity_reminder",
        "T04",
        "identity/mail/identity_reminder",
        In("Reminder of the identity request", "Påminnelse om å bekrefte identitet"),
        In("Nobody has confirmed after 5 and 12 days", "Ingen har bekreftet etter 5 og 12 dager"),
        Approval.AUTOMATIC,
        (_DOUBT, ASKED_ON, _UNTIL, *ON_THE_CASE),
        blocks=_REMINDED,
        must=(*_REMINDED_MUST, Must("why_we_ask"), Must("another_way")),
    ),
    StandardLetter(
        "identity_link_reminder",
        "T04",
        "identity/mail/identity_link_reminder",
        In("Reminder with a new link to confirm identity", "Påminnelse med ny lenke for å bekrefte identitet"),
        In("Nobody has confirmed after 5 and 12 days", "Ingen har bekreftet etter 5 og 12 dager"),
        Approval.AUTOMATIC,
        (
            _DOUBT,
            ASKED_ON,
            _UNTIL,
            Variable(
                "alone", In("This is the only mail of the reminder", "Dette er den eneste e-posten"), (False, True)
            ),
            LINK,
            *ON_THE_CASE,
        ),
        blocks=_REMINDED,
        must=(*_REMINDED_MUST, Must("link"), Must("why_we_ask", "alone"), Must("another_way", "alone")),
    ),
    StandardLetter(
        "clarification_reminder",
        "T04",
        "requests_app/mail/clarification_reminder",
        In("Reminder of the clarification", "Påminnelse om presisering"),
        In("The question is not answered after 5 and 12 days", "Spørsmålet er ubesvart etter 5 og 12 dager"),
        Approval.AUTOMATIC,
        (PERSON, ASKED_ON, LINK, *ON_THE_CASE),
        blocks=(RIGHT_TO_ALL,),
        must=(Must("asked_on"), Must("right_to_all"), Must("link"), Must("case.reference")),
    ),
    StandardLetter(
        "extension",
        "T05",
        "requests_app/mail/extension",
        In("Extension notice", "Forlengelse av fristen"),
        In("An extension is approved, within the first month", "En forlengelse er godkjent, innen den første måneden"),
        Approval.DECISION_MAKER,
        (
            PERSON,
            RECEIVED,
            RIGHT_ASKED,
            Variable(
                "answer_by", In("The new last day for our answer", "Ny siste dag for svaret"), (date(2026, 8, 12),)
            ),
            Variable("paused", In("We wait for the person, too", "Vi venter også på personen"), (False, True)),
            Variable(
                "reasons",
                In("The kinds of reasons", "Hva slags grunner"),
                (("volume", "dispersed", "redaction", "raw_data", "peak"),),
                code=True,
            ),
            Variable(
                "explanation",
                In("The reasons in this case", "Grunnene i denne saken"),
                (
                    In(
                        "The data lies in three archives, which are searched by hand.",
                        "Opplysningene ligger i tre arkiver, som gjennomsøkes for hånd.",
                    ),
                ),
            ),
            Variable(
                "what_comes",
                In("What comes, and when", "Hva som kommer, og når"),
                (In("Your customer data in June, the rest in August.", "Kundedataene i juni, resten i august."),),
            ),
            BY_MAIL,
            *_COMPLAINT,
            LINK,
            *ON_THE_CASE,
        ),
        blocks=(WHY_LONGER, COMPLAINT),
        must=(
            *(Must("received_on"), Must("answer_by"), Must("why_longer"), Must("explanation"), Must("what_comes")),
            *(Must("complaint_block"), Must("link", "by_mail"), Must("case.reference")),
        ),
    ),
    StandardLetter(
        "still_waiting",
        "T07",
        "requests_app/mail/still_waiting",
        In("Still waiting notice", "Varsel om at vi ikke kan behandle saken ennå"),
        In(
            "The first time limit is up, and we still wait for the person",
            "Den første fristen er ute, og vi venter fortsatt på personen",
        ),
        Approval.AUTOMATIC,
        (
            PERSON,
            RECEIVED,
            RIGHTS_ASKED,
            Variable(
                "identity_asked_on",
                In("When we asked who is writing, if we did", "Når vi spurte hvem som skriver, hvis vi har spurt"),
                (date(2026, 5, 14), None),
            ),
            Variable(
                "clarification_asked_on",
                In("When we asked what the person wants to see", "Når vi spurte hva personen vil se"),
                (None, date(2026, 5, 15)),
            ),
            *_COMPLAINT,
            LINK,
            *ON_THE_CASE,
        ),
        blocks=(COMPLAINT, NO_ID_COPIES, RIGHT_TO_ALL),
        must=(
            *(Must("received_on"), Must("rights"), Must("complaint_block"), Must("link"), Must("case.reference")),
            *(Must("identity_asked_on", "identity_asked_on"), Must("no_id_copies", "identity_asked_on")),
            Must("clarification_asked_on", "clarification_asked_on"),
            Must("right_to_all", "clarification_asked_on"),
        ),
    ),
    StandardLetter(
        "ending_unverified",
        "T17",
        "exports/mail/ending_unverified",
        In("Closed for lack of verification", "Avsluttet uten bekreftet identitet"),
        In("Nobody has confirmed 30 days after we asked", "Ingen har bekreftet 30 dager etter at vi spurte"),
        Approval.SECOND_PERSON,
        (
            PERSON,
            RECEIVED,
            ASKED_ON,
            Variable(
                "reminded_on",
                In("The days on which we wrote again", "Dagene vi skrev igjen"),
                (In(("19 May 2026", "26 May 2026"), ("19. mai 2026", "26. mai 2026")), ()),
                items=("day",),
            ),
            BY_MAIL,
            *_COMPLAINT,
            *ON_THE_CASE,
        ),
        blocks=(COMPLAINT, NO_JUDGMENT, TAKE_UP_AGAIN, NO_ID_COPIES),
        must=(
            *(Must("received_on"), Must("asked_on"), Must("reminded_on", "reminded_on"), Must("complaint_block")),
            *(Must("no_judgment"), Must("take_up_again"), Must("no_id_copies"), Must("case.reference")),
        ),
    ),
    StandardLetter(
        "fee",
        "T20",
        "requests_app/mail/fee",
        In("Fee notice", "Varsel om gebyr"),
        In("A fee is approved, before anything is charged", "Et gebyr er godkjent, før noe kreves inn"),
        Approval.DECISION_MAKER,
        (
            PERSON,
            RECEIVED,
            Variable(
                "kind",
                In("What the fee is for", "Hva gebyret er for"),
                ("further_copy", "excessive"),
                code=True,
            ),
            Variable("amount", In("The amount", "Beløpet"), (In("1,250.50", "1 250,50"),)),
            Variable("currency", In("The currency", "Valutaen"), ("NOK",)),
            Variable(
                "cost_basis",
                In("What the amount is made of", "Hva beløpet består av"),
                (In("Printing and postage of 900 pages.", "Trykk og porto for 900 sider."),),
            ),
            Variable(
                "reasons",
                In("Why we charge", "Hvorfor vi tar betalt"),
                (In("This is the third copy.", "Dette er den tredje kopien."),),
            ),
            Variable(
                "withdraw_by",
                In("The last day to withdraw free of charge", "Siste dag for å trekke kravet gratis"),
                (date(2026, 6, 1),),
            ),
            BY_MAIL,
            *_COMPLAINT,
            LINK,
            *ON_THE_CASE,
        ),
        blocks=(COMPLAINT, MAY_WITHDRAW),
        must=(
            *(
                Must("may_withdraw"),
                Must("received_on"),
                Must("amount"),
                Must("currency"),
                Must("cost_basis"),
                Must("reasons"),
            ),
            *(Must("withdraw_by"), Must("complaint_block"), Must("link", "by_mail"), Must("case.reference")),
        ),
    ),
    StandardLetter(
        "late",
        "T21",
        "requests_app/mail/late",
        In("Late answer", "Beklagelse for sen behandling"),
        In("An answer is overdue, and somebody says why", "Et svar er over fristen, og noen sier hvorfor"),
        Approval.STAFF,
        (
            PERSON,
            RECEIVED,
            RIGHT_ASKED,
            DUE,
            Variable(
                "cause",
                In("Why we are late", "Hvorfor vi er sene"),
                (In("A system was down for two weeks.", "Et system var nede i to uker."),),
            ),
            Variable("new_date", In("The new day for our answer", "Ny dag for svaret"), (date(2026, 6, 25),)),
            *_COMPLAINT,
            LINK,
            *ON_THE_CASE,
        ),
        blocks=(COMPLAINT, APOLOGY),
        must=(
            *(
                Must("apology"),
                Must("received_on"),
                Must("due_on"),
                Must("cause"),
                Must("new_date"),
                Must("complaint_block"),
            ),
            *(Must("link"), Must("case.reference")),
        ),
    ),
    StandardLetter(
        "mandate",
        "T22",
        "requests_app/mail/mandate",
        In("Agent: mandate needed", "Fullmakt mangler"),
        In("Somebody writes for another person without proof", "Noen skriver for en annen uten å vise fullmakt"),
        Approval.STAFF,
        (PERSON, RECEIVED, RIGHTS_ASKED, LINK, *ON_THE_CASE),
        blocks=(NO_ID_COPIES, NOT_TOLD),
        must=(
            *(Must("received_on"), Must("rights"), Must("no_id_copies"), Must("not_told")),
            *(Must("link"), Must("case.reference")),
        ),
    ),
)
