"""Plain sentences that a letter says whoever writes its text: fixed words under a name that has to stand in it."""

from .shape import Block, In


def _sentence(name: str, what: In, words: In) -> Block:
    return Block(name, what, words=words)


NO_ID_COPIES = _sentence(
    "no_id_copies",
    In("That no copy of an identity document is wanted", "At vi ikke vil ha kopi av legitimasjon"),
    In("Do not send us a copy of an identity document.", "Ikke send oss kopi av legitimasjon."),
)
NOTHING_KEPT = _sentence(
    "nothing_kept",
    In("What is kept of a confirmation", "Hva vi tar vare på av en bekreftelse"),
    In(
        "All we keep of the confirmation is when and how it was given.",
        "Av bekreftelsen tar vi bare vare på når og hvordan den ble gitt.",
    ),
)
ANOTHER_WAY = _sentence(
    "another_way",
    In("That there are other ways to confirm", "At det finnes andre måter å bekrefte på"),
    In("Reply to this e-mail, and we will find another way.", "Svar på denne e-posten, så finner vi en annen måte."),
)
DAYS_ADDED = _sentence(
    "days_added",
    In("What waiting for the confirmation does to the time limit", "Hva ventetiden gjør med fristen"),
    In(
        "The days we wait for your confirmation may be added to the time limit we gave you.",
        "Dagene vi venter på bekreftelsen, kan komme i tillegg til fristen vi har oppgitt.",
    ),
)
RIGHT_TO_ALL = _sentence(
    "right_to_all",
    In("That the person may have everything (recital 63)", "At personen kan få alt (fortalepunkt 63)"),
    In(
        "If you want everything, just say so. That is your right.",
        "Vil du ha alt, er det nok å si fra. Det har du rett til.",
    ),
)
LAWFUL_BEFORE_OBJECTION = _sentence(
    "lawful_before",
    In("That earlier use stays lawful", "At tidligere bruk fortsatt er lovlig"),
    In("What we did before you objected remains lawful.", "Det vi gjorde før du sa nei, er fortsatt lovlig."),
)
LAWFUL_BEFORE_WITHDRAWAL = _sentence(
    "lawful_before",
    In("That earlier use stays lawful (Art. 7(3))", "At tidligere bruk fortsatt er lovlig (art. 7 nr. 3)"),
    In(
        "What we did before you withdrew your consent remains lawful.",
        "Det vi gjorde før du trakk samtykket tilbake, er fortsatt lovlig.",
    ),
)
ON_THE_LIST = _sentence(
    "on_the_list",
    In("What stands on the do-not-contact list", "Hva som står på sperrelisten"),
    In(
        "So that we do not write to you again, we have put you on a do-not-contact list. It does not hold your "
        "address, only a code computed from it, from which we cannot read the address. The code is used for nothing "
        "but stopping mailings.",
        "For at vi ikke skal skrive til deg igjen, har vi ført deg opp på en sperreliste. Der står ikke adressen din, "
        "bare en kode som er regnet ut av den, og som vi ikke kan lese adressen ut av. Koden brukes bare til å stanse "
        "utsendelser.",
    ),
)
NO_JUDGMENT = _sentence(
    "no_judgment",
    In("That the right itself was not judged", "At vi ikke har tatt stilling til retten"),
    In(
        "This is no judgment of your right. We have not decided whether you are entitled to what you asked for.",
        "Dette sier ikke noe om retten din. Vi har ikke tatt stilling til om du har krav på det du ba om.",
    ),
)
TAKE_UP_AGAIN = _sentence(
    "take_up_again",
    In("That the case can be taken up again", "At saken kan tas opp igjen"),
    In("You can take the case up again whenever you like.", "Du kan når som helst ta saken opp igjen."),
)
MAY_OBJECT = _sentence(
    "may_object",
    In("The right to object (Art. 21)", "Retten til å protestere (art. 21)"),
    In(
        "You can always object to our use of your data for reasons that arise from your own situation (GDPR "
        "Article 21).",
        "Du kan når som helst protestere mot at vi bruker opplysningene dine, av grunner som har med din egen "
        "situasjon å gjøre (personvernforordningen artikkel 21).",
    ),
)
MAY_WITHDRAW = _sentence(
    "may_withdraw",
    In("That the request can be taken back first", "At kravet kan trekkes først"),
    In(
        "We charge nothing yet. Before we charge, you may withdraw.",
        "Vi tar ikke betalt ennå. Hvis du ikke vil betale, kan du trekke kravet.",
    ),
)
APOLOGY = _sentence(
    "apology",
    In("The apology", "Beklagelsen"),
    In("We are late, and we apologise.", "Svaret vårt er forsinket, og det beklager vi."),
)
NOT_TOLD = _sentence(
    "not_told",
    In("That the person written for was told nothing", "At den det skrives for, ikke har fått vite noe"),
    In(
        "We have not told the person you write for what your request says, and we give nothing out before we have "
        "seen the mandate.",
        "Vi har ikke fortalt den du skriver for, hva som står i henvendelsen, og vi gir ikke ut noe før vi har sett "
        "fullmakten.",
    ),
)
TOLD_BEFORE_LIFTING = _sentence(
    "told_before_lifting",
    In("That the person hears before it is lifted (Art. 18(3))", "At personen får vite det før den oppheves"),
    In("We will write to you before the restriction is lifted.", "Vi skriver til deg før begrensningen oppheves."),
)
COOKIE_ID = _sentence(
    "cookie_id",
    In("What would help us find the data (Art. 11(2))", "Hva som hjelper oss å finne dem (art. 11 nr. 2)"),
    In("If you send your cookie ID we can look again.", "Sender du cookie-ID-en, kan vi lete på nytt."),
)
SEARCH_AGAIN = _sentence(
    "search_again",
    In("That other names and addresses are welcome", "At andre navn og adresser er velkomne"),
    In(
        "You may be registered with another e-mail address, phone number or name. Tell us, and we will search again.",
        "Kanskje er du registrert med en annen e-postadresse, et annet telefonnummer eller et annet navn. Gi oss "
        "beskjed, så søker vi på nytt.",
    ),
)
NOT_WITHOUT_YOU = _sentence(
    "not_without_you",
    In("That nothing is forwarded without consent", "At ingenting videresendes uten samtykke"),
    In(
        "We do not send it on unless you have said yes to it.",
        "Vi sender den ikke videre uten at du har sagt ja til det.",
    ),
)
