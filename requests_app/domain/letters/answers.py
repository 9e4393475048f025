"""The letters that answer a right, as PDF: released by two persons, refused by the decision-maker."""

from .sentences import COOKIE_ID, NOT_WITHOUT_YOU, SEARCH_AGAIN, TOLD_BEFORE_LIFTING
from .shape import Approval, Block, In, Must, StandardLetter, Variable
from .variables import RIGHT_CODES, WHAT_WAS_ASKED

_COMMON = (
    Variable(
        "received_on",
        In("The day we received it", "Dagen vi mottok henvendelsen"),
        (In("12 May 2026", "12. mai 2026"),),
    ),
    Variable("organisation", In("What the organisation is called", "Hva virksomheten heter"), ("Optimar AS",)),
    Variable(
        "contact", In("The address for such questions", "Adressen for slike spørsmål"), ("personvern@optimar.example",)
    ),
    Variable("reference", In("The case number", "Saksnummeret"), ("DR-2026-000418-52",)),
)
_DONE = Variable("done", In("We did it in our own systems", "Vi gjorde det i egne systemer"), (True, False))
_ORDERED = Variable("ordered", In("It was ordered from a vendor", "Det er bestilt hos en leverandør"), (False, True))
_MISSING = Variable("missing", In("A part follows later", "En del følger senere"), (False, True))
_UNIDENTIFIED = Variable(
    "unidentified",
    In("In a system we cannot see whom data is about", "I et system ser vi ikke hvem opplysninger gjelder"),
    (False, True),
)
_COMPLAINT = In("The way to complain is printed below the text.", "Hvordan man klager, trykkes under teksten.")
_GROUND = In(
    "The ground in the law, the reasons and the way to complain are printed below the text.",
    "Hjemmelen, begrunnelsen og hvordan man klager, trykkes under teksten.",
)
_TABLES = In(
    "What was done where and when is printed below the text.", "Hva som er gjort hvor og når, trykkes under teksten."
)


def _answer(
    key: str, number: str, name: In, trigger: In, rights: tuple[str, ...], *more: Variable, beside: In | None = None,
    approval: Approval = Approval.SECOND_PERSON, must: tuple[Must, ...] = (), sentence: Block | None = None,
) -> StandardLetter:  # fmt: skip
    right = Variable("right", In("Which right was asked for", "Hvilken rettighet det gjelder"), rights, code=True)
    said = (sentence,) if sentence else ()
    return StandardLetter(
        key, number, f"exports/letters/{key}", name, trigger, approval, (right, *_COMMON, *more),
        blocks=(WHAT_WAS_ASKED, *said), must=(Must("what_was_asked"), *(Must(one.name) for one in said), *must),
        beside=beside,
    )  # fmt: skip


ANSWERS: tuple[StandardLetter, ...] = (
    _answer(
        "rectified",
        "T09a",
        In("Corrected", "Rettet"),
        In("A correction is done or ordered", "En retting er utført eller bestilt"),
        ("rectification",),
        _DONE,
        _ORDERED,
        beside=_TABLES,
    ),
    _answer(
        "restricted",
        "T09b",
        In("Restricted", "Begrenset"),
        In("A restriction is done or ordered", "En begrensning er utført eller bestilt"),
        ("restriction",),
        _DONE,
        _ORDERED,
        beside=_TABLES,
        sentence=TOLD_BEFORE_LIFTING,
    ),
    _answer(
        "portability",
        "T09c",
        In("Data to take along", "Opplysninger å ta med"),
        In("The files are ready", "Filene er klare"),
        ("portability",),
        beside=_TABLES,
    ),
    _answer(
        "objection_upheld",
        "T09d",
        In("Objection upheld", "Protest tatt til følge"),
        In("We agree with an objection", "Vi er enige i en protest"),
        ("objection",),
        _DONE,
        _ORDERED,
        beside=_TABLES,
    ),
    _answer(
        "human_review",
        "T09e",
        In("Human review", "Manuell vurdering"),
        In("A person has reviewed an automated decision", "Et menneske har vurdert en automatisert avgjørelse"),
        ("automated_decision",),
        beside=In("What was found is printed below the text.", "Hva vi kom fram til, trykkes under teksten."),
    ),
    _answer(
        "first_part",
        "T06",
        In("Partial answer, more to come", "Delsvar"),
        In("A part is ready, and the rest has a day", "En del er klar, og resten har fått en dag"),
        RIGHT_CODES,
        beside=In(
            "What was done, what follows and when, and the way to complain are printed below the text.",
            "Hva som er gjort, hva som kommer og når, og hvordan man klager, trykkes under teksten.",
        ),
    ),
    _answer(
        "partly",
        "T10",
        In("Partial fulfilment", "Delvis oppfylt"),
        In("A part of it is kept or withheld", "Noe beholdes eller holdes tilbake"),
        RIGHT_CODES,
        _MISSING,
        _UNIDENTIFIED,
        beside=_GROUND,
    ),
    _answer(
        "refused",
        "T11",
        In("Refusal", "Avslag"),
        In("The request is refused as a whole", "Kravet avslås i sin helhet"),
        RIGHT_CODES,
        beside=_GROUND,
        approval=Approval.DECISION_MAKER,
    ),
    _answer(
        "cannot_identify",
        "T12",
        In("Cannot identify (Art. 11)", "Kan ikke identifisere (art. 11)"),
        In(
            "The data carries no name, only such things as a cookie ID",
            "Opplysningene har ikke noe navn, bare slikt som en cookie-ID",
        ),
        RIGHT_CODES,
        Variable(
            "cookie_page",
            In(
                "Where one turns cookies off, if there is such a page",
                "Der man slår av informasjonskapsler, hvis siden finnes",
            ),
            ("https://optimar.example/cookies", ""),
        ),
        beside=_GROUND,
        must=(Must("cookie_page", "cookie_page"),),
        sentence=COOKIE_ID,
    ),
    _answer(
        "no_data",
        "T13",
        In("No data found", "Ingen opplysninger funnet"),
        In("Every search came back empty", "Alle søk var uten treff"),
        RIGHT_CODES,
        _UNIDENTIFIED,
        beside=In(
            "The searches and the way to complain are printed below the text.",
            "Søkene og hvordan man klager, trykkes under teksten.",
        ),
        sentence=SEARCH_AGAIN,
    ),
    _answer(
        "deleted",
        "T14",
        In("Deletion certificate", "Slettebekreftelse"),
        In("A deletion is verified or ordered", "En sletting er kontrollert eller bestilt"),
        ("erasure",),
        _DONE,
        _ORDERED,
        beside=_TABLES,
    ),
    _answer(
        "not_controller",
        "T18",
        In("Forwarded / not controller", "Videresendt eller ikke behandlingsansvarlig"),
        In("Somebody else decides about the data", "En annen bestemmer over opplysningene"),
        RIGHT_CODES,
        beside=In(
            "Who decides, whether it was forwarded, the searches and the way to complain are printed below the text.",
            "Hvem som bestemmer, om kravet er sendt videre, søkene og hvordan man klager, trykkes under teksten.",
        ),
        sentence=NOT_WITHOUT_YOU,
    ),
    _answer(
        "complaint",
        "T23",
        In("Complaint answer", "Svar på klage"),
        In("Somebody else has looked at the case again", "En annen har vurdert saken på nytt"),
        ("complaint",),
        Variable(
            "outcome",
            In("How it ended", "Hvordan det gikk"),
            ("fulfilled", "partly_fulfilled", "refused"),
            code=True,
        ),
        beside=_COMPLAINT,
    ),
    StandardLetter(
        "child_deleted",
        "T24",
        "exports/letters/child_deleted",
        In("Guardian / minor", "Foresatt eller mindreårig"),
        In("A parent's request to delete is carried out", "Foreldre har bedt om sletting, og det er gjort"),
        Approval.SECOND_PERSON,
        (
            *_COMMON,
            Variable("concerned", In("The name of the child, if given", "Navnet på barnet, hvis oppgitt"), ("Ola", "")),
            _DONE,
            _ORDERED,
        ),
        must=(Must("received_on"), Must("concerned", "concerned")),
        beside=_TABLES,
    ),
)
