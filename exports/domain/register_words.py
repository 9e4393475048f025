"""The standing sentences of an access answer in both languages, to the person in plain words."""

from typing import Final

from requests_app.domain.enums import Right

from .register_values import Text

HEADINGS: Final = {
    "purposes": Text("Why we use the data", "Hvorfor vi bruker opplysningene"),
    "legal_basis": Text("Legal basis", "Behandlingsgrunnlag"),
    "categories": Text("What kinds of data", "Hva slags opplysninger"),
    "sources": Text("Where the data comes from", "Hvor opplysningene kommer fra"),
    "recipients": Text("Who receives the data", "Hvem som får opplysningene"),
    "transfers": Text("Transfer out of the EEA", "Overføring ut av EØS"),
    "safeguards": Text("Safeguards for the transfer", "Garantier ved overføringen"),
    "retention": Text("How long we keep the data", "Hvor lenge vi lagrer opplysningene"),
    "automated": Text("Automated decisions and profiling", "Automatiserte avgjørelser og profilering"),
    "rights": Text("What you can ask for", "Hva du kan kreve"),
}
ARTICLES: Final = {
    "purposes": "15(1)(a)",
    "legal_basis": "6",
    "categories": "15(1)(b)",
    "sources": "15(1)(g)",
    "recipients": "15(1)(c)",
    "transfers": "15(2)",
    "safeguards": "15(2)",
    "retention": "15(1)(d)",
    "automated": "15(1)(h)",
    "rights": "15(1)(e)",
}
RIGHTS: Final = {
    Right.ACCESS: Text("to see the data and get a copy of it", "å få se opplysningene og en kopi av dem"),
    Right.RECTIFICATION: Text("to have wrong data corrected", "å få rettet opplysninger som er feil"),
    Right.ERASURE: Text("to have the data deleted", "å få slettet opplysningene"),
    Right.CONSENT_WITHDRAWAL: Text(
        "to withdraw your consent at any time", "å trekke samtykket ditt tilbake når du vil"
    ),
    Right.RESTRICTION: Text("to have our use of the data restricted", "å få begrenset hvordan vi bruker opplysningene"),
    Right.PORTABILITY: Text(
        "to get the data in a machine-readable form, so that you can take it elsewhere",
        "å få opplysningene i maskinlesbar form, slik at du kan ta dem med deg til andre",
    ),
    Right.OBJECTION: Text("to object to our use of the data", "å protestere mot at vi bruker opplysningene"),
    Right.MARKETING_OBJECTION: Text(
        "to object to direct marketing, which we then stop",
        "å protestere mot direkte markedsføring, som vi da stanser",
    ),
    Right.AUTOMATED_DECISION: Text(
        "to have an automated decision reviewed by a person",
        "å få en automatisert avgjørelse vurdert av et menneske",
    ),
    Right.COMPLAINT: Text("to complain", "å klage"),
}
IF: Final = Text("if", "hvis")
HOW_TO_WITHDRAW: Final = Text("How to withdraw your consent", "Slik trekker du samtykket tilbake")
HOW_TO_DECLINE: Final = Text("How to say no", "Slik sier du nei")

NO_TRANSFER: Final = Text("The data is not transferred out of the EEA.", "Opplysningene overføres ikke ut av EØS.")
SOME_TRANSFER: Final = Text("The data is transferred out of the EEA.", "Opplysningene overføres ut av EØS.")
NO_SAFEGUARDS: Final = Text(
    "Not applicable, because the data is not transferred out of the EEA.",
    "Ikke aktuelt, fordi opplysningene ikke overføres ut av EØS.",
)
COPY_OF_SAFEGUARDS: Final = Text("You can ask for a copy of the safeguards at", "Du kan be om en kopi av garantiene på")
NO_DECISION: Final = Text(
    "No decision that has legal effects for you, or affects you in a similarly significant way, "
    "is made solely by automated means.",
    "Ingen avgjørelse som har rettsvirkning for deg, eller som på lignende måte påvirker deg i betydelig "
    "grad, treffes utelukkende automatisk.",
)
SOME_DECISION: Final = Text(
    "Decisions that have legal effects for you, or affect you in a similarly significant way, "
    "are made solely by automated means.",
    "Avgjørelser som har rettsvirkning for deg, eller som på lignende måte påvirker deg i betydelig grad, "
    "treffes utelukkende automatisk.",
)
PROFILING: Final = Text(
    "The data is used for profiling: your interests and characteristics are estimated automatically.",
    "Opplysningene brukes til profilering: Interessene og kjennetegnene dine blir anslått automatisk.",
)
NO_PROFILING: Final = Text("The data is not used for profiling.", "Opplysningene brukes ikke til profilering.")
