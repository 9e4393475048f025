"""Invented answers, in both languages, as small or as large as a test wants them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from exports.domain.answer import (
    AccessAnswer,
    ActivityInfo,
    Cell,
    Collection,
    Column,
    ColumnKind,
    Layout,
    Organisation,
    SearchOutcome,
    SystemData,
)
from requests_app.domain.enums import Outcome

CUT_OFF = datetime(2026, 5, 21, 8, 14, tzinfo=UTC)

ORGANISATION = Organisation(
    name="Nordlys Handel AS",
    postal_address=("Sjøgata 14", "8006 Bodø"),
    contact_mail="personvern@nordlys.example",
    place="Bodø",
)

AUTHORITY = {
    "nb": "Datatilsynet, Postboks 458 Sentrum, 0105 Oslo, www.datatilsynet.no",
    "en": (
        "the Norwegian Data Protection Authority (Datatilsynet), Postboks 458 Sentrum, 0105 Oslo, www.datatilsynet.no"
    ),
}


def an_answer(language: str = "nb", *, rows: int = 60, outcome: Outcome = Outcome.FULFILLED) -> AccessAnswer:
    """Return an answer with two activities, four systems and `rows` rows of history in the first."""
    nb = language == "nb"
    systems = _systems(nb, rows)
    return AccessAnswer(
        language=language,
        organisation=ORGANISATION,
        reference="DR-2026-000418-52",
        received_on=date(2026, 5, 12),
        answered_on=date(2026, 5, 22),
        cut_off=CUT_OFF,
        due_on=date(2026, 6, 11),
        outcome=outcome,
        authority=AUTHORITY[language],
        recipient_name="Kåre Bjørnstjerne Ødegård",
        recipient_address=("kare.odegard@example.no",),
        activities=_activities(nb),
        systems=systems,
    )


def without_data(language: str = "nb") -> AccessAnswer:
    """Return the answer to somebody nobody knows."""
    empty = tuple(
        replace(system, outcome=SearchOutcome.NOTHING_FOUND, collections=(), activity_ids=())
        for system in an_answer(language, rows=0).systems
    )
    return replace(an_answer(language), outcome=Outcome.NO_DATA, activities=(), systems=empty)


def with_cells(*cells: Cell, kind: ColumnKind = ColumnKind.TEXT, layout: Layout = Layout.TABLE) -> AccessAnswer:
    """Return an answer whose only data is one column with these cells."""
    collection = Collection("Notater", (Column("note", "Notat", kind),), tuple((cell,) for cell in cells), layout)
    answer = an_answer(rows=0)
    system = replace(answer.systems[0], collections=(collection,))
    return replace(answer, systems=(system,))


def _activities(nb: bool) -> tuple[ActivityInfo, ...]:
    marketing = ActivityInfo(
        id="marketing",
        name="Markedsføring på e-post" if nb else "E-mail marketing",
        purposes=(
            ("Sende deg nyhetsbrev og tilbud du har sagt ja til", "Se hvilke e-poster som blir åpnet")
            if nb
            else ("Send you the newsletters and offers you agreed to", "See which e-mails are opened")
        ),
        categories=(
            ("Navn, e-postadresse og telefonnummer", "Firma", "E-poster du har fått, åpnet og klikket i")
            if nb
            else ("Name, e-mail address and phone number", "Company", "E-mails you received, opened and clicked")
        ),
        legal_basis=("Samtykke, personvernforordningen artikkel 6 nr. 1 a" if nb else "Consent, GDPR Article 6(1)(a)"),
        recipients=("HubSpot Ireland Ltd.", "Fjordpost Utsendelse AS"),
        retention="Til du trekker samtykket, høyst 24 måneder etter siste kontakt"
        if nb
        else "Until you withdraw your consent, at most 24 months after the last contact",
        sources=("Deg selv, i skjemaet på nettsiden",) if nb else ("Yourself, in the form on the website",),
        transfers="USA, til underleverandører av HubSpot" if nb else "USA, to sub-processors of HubSpot",
        safeguards=(
            "EUs standardavtale (SCC). Du får en kopi når du skriver til oss."
            if nb
            else "Standard contractual clauses (SCC). You get a copy by writing to us."
        ),
        automated_decisions=(
            "Ingen avgjørelser blir tatt automatisk. Vi grupperer mottakere etter hva de har klikket på."
            if nb
            else "No decision is made by automation. We group recipients by what they clicked."
        ),
        rights=(
            ("Retting", "Sletting", "Begrensning", "Trekke samtykket", "Dataportabilitet")
            if nb
            else ("Correction", "Erasure", "Restriction", "Withdrawal of consent", "Data portability")
        ),
    )
    support = replace(
        marketing,
        id="support",
        name="Kundeservice" if nb else "Customer service",
        purposes=("Svare på spørsmål og løse saker",) if nb else ("Answer questions and solve cases",),
        categories=("Det du har skrevet til oss",) if nb else ("What you wrote to us",),
        legal_basis=(
            "Berettiget interesse, personvernforordningen artikkel 6 nr. 1 f"
            if nb
            else "Legitimate interest, GDPR Article 6(1)(f)"
        ),
        recipients=("Microsoft Ireland Operations Ltd.",),
        retention="3 år etter at saken er avsluttet" if nb else "3 years after the case is closed",
        sources=("Deg selv",) if nb else ("Yourself",),
        transfers="Ingen" if nb else "None",
        safeguards="",
        automated_decisions="Ingen" if nb else "None",
        rights=("Retting", "Sletting", "Protest") if nb else ("Correction", "Erasure", "Objection"),
    )
    return marketing, support


def _systems(nb: bool, rows: int) -> tuple[SystemData, ...]:
    searched = CUT_OFF - timedelta(minutes=11)
    by_mail = "Søk på e-postadressen din" if nb else "Searched by your e-mail address"
    return (
        SystemData(
            id="crm",
            name="HubSpot",
            outcome=SearchOutcome.FOUND,
            how_searched=by_mail,
            searched_at=searched,
            activity_ids=("marketing",),
            collections=(contact(nb), events(nb, rows)),
        ),
        SystemData(
            id="support",
            name="Kundeservice" if nb else "Customer service desk",
            outcome=SearchOutcome.FOUND,
            how_searched=by_mail,
            searched_at=searched,
            activity_ids=("support", "marketing"),
            collections=(tickets(nb),),
        ),
        SystemData(
            id="analytics",
            name="Google Analytics",
            outcome=SearchOutcome.CANNOT_IDENTIFY,
            how_searched="Ikke mulig å slå opp" if nb else "No look-up is possible",
            searched_at=searched,
            note=(
                "Systemet kjenner bare cookie-ID-er. Sender du cookie-ID-en din, kan vi lete på nytt."
                if nb
                else "The system knows cookie IDs only. If you send yours, we can look again."
            ),
        ),
        SystemData(
            id="invoices",
            name="Fakturasystemet" if nb else "Invoicing",
            outcome=SearchOutcome.NOTHING_FOUND,
            how_searched="Søk på navn og e-postadresse" if nb else "Searched by name and e-mail address",
            searched_at=searched,
        ),
    )


def contact(nb: bool) -> Collection:
    """Return one record of key and value, with an empty field."""
    labels = (
        ("Navn", "E-post", "Mobil", "Firma", "Adresse", "Språk", "Faks", "Nyhetsbrev", "Sist endret")
        if nb
        else ("Name", "E-mail", "Mobile", "Company", "Address", "Language", "Fax", "Newsletter", "Last changed")
    )
    keys = ("name", "email", "mobile", "company", "address", "language", "fax", "newsletter", "changed_at")
    kinds = {"changed_at": ColumnKind.TIME, "mobile": ColumnKind.CODE}
    values: tuple[Cell, ...] = (
        "Kåre Bjørnstjerne Ødegård",
        "kare.odegard@example.no",
        "+47 912 34 567",
        "Ŋuovžžer & Šáŧŧen Žirku AS",
        "Øvre Slottsgate 14 B, 0157 Oslo",
        "Norsk bokmål" if nb else "Norwegian bokmål",
        "",
        True,
        datetime(2026, 5, 18, 7, 14, 33, tzinfo=UTC),
    )
    columns = tuple(
        Column(key, label, kinds.get(key, ColumnKind.TEXT)) for key, label in zip(keys, labels, strict=True)
    )
    return Collection("Kontaktkort" if nb else "Contact card", columns, (values,), Layout.RECORDS)


def events(nb: bool, rows: int) -> Collection:
    """Return a history of so many rows, newest first."""
    labels = (
        ("Tidspunkt", "Hendelse", "Detaljer", "IP-adresse", "Referanse")
        if nb
        else ("Time", "Event", "Details", "IP address", "Reference")
    )
    kinds = (ColumnKind.TIME, ColumnKind.TEXT, ColumnKind.TEXT, ColumnKind.CODE, ColumnKind.CODE)
    columns = tuple(
        Column(key, label, kind)
        for key, label, kind in zip(("at", "event", "details", "ip", "id"), labels, kinds, strict=True)
    )
    what = (
        (
            ("E-post sendt", "Kampanjen «Vårsalg»"),
            ("E-post åpnet", "Kampanjen «Vårsalg», lenken «Se tilbudet»"),
            ("Skjema sendt", "«Ring meg», svar ønsket på e-post fordi telefonen ofte er opptatt om dagen"),
            ("Samtykke gitt", "Nyhetsbrev, nettsiden"),
        )
        if nb
        else (
            ("E-mail sent", "Campaign “Spring sale”"),
            ("E-mail opened", "Campaign “Spring sale”, link “See the offer”"),
            ("Form sent", "“Call me”, an answer by e-mail is preferred as the phone is often engaged by day"),
            ("Consent given", "Newsletter, website"),
        )
    )
    return Collection(
        "Hendelser" if nb else "Events",
        columns,
        tuple(
            (
                CUT_OFF - timedelta(days=1 + 31 * i // 12, minutes=17 * i),
                *what[(i * 7 // 3) % 4],
                f"192.0.2.{i % 250}",
                f"evt-{10_000_000 - i}",
            )
            for i in range(rows)
        ),
    )


def tickets(nb: bool) -> Collection:
    """Return three longer texts: plain, with lines, in Arabic with an emoji."""
    columns = (
        Column("at", "Tidspunkt" if nb else "Time", ColumnKind.TIME),
        Column("subject", "Emne" if nb else "Subject"),
        Column("text", "Tekst" if nb else "Text"),
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        ("2026-03-02T09:30:00+01:00", "Feil adresse" if nb else "Wrong address", "Jeg har flyttet.\n\nHilsen Kåre 😀"),
        ("2025-11-20T14:02:00+01:00", "Garanti" if nb else "Warranty", "Gjelder Šiŋŋa-ovnen, serie ŦŽ-7781."),
        ("2024-08-09T11:45:00+02:00", "شكرا", "شكرا جزيلا على المساعدة"),
    )
    return Collection("Saker" if nb else "Cases", columns, rows)
