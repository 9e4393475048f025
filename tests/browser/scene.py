"""Brings a trial into a state in which every page has something to show, by the product's own services.

Runs inside the installation: `manage.py shell -c "from tests.browser import scene; scene.lay()"`. The clock is set
back for what lies behind us; everything else is real. All people are invented.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from exports.demo.people import INGRID
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.models import Bundle, SystemTask
from exports.services import correction_run, corrections, decide, holdings, tasks
from identity.domain.enums import ContactChannel, DoubtReason
from identity.models import User
from identity.services import accounts, contact_points, delivery, staff, verify
from requests_app import outbox
from requests_app.domain import tokens
from requests_app.domain.enums import Outcome, Requester, Right, Role, Verdict
from requests_app.keyring import ring
from requests_app.models import Case, Inquiry
from requests_app.portal.forms import NOT_SURE
from requests_app.services import at_once, correspondence, drafts, intake, notes, triage, unsubscribe
from tests.browser.trial import MARK, PASSWORD

HANDLER = ("Hanne Dahl", (Role.INTAKE, Role.HANDLER))
APPROVER = ("Astrid Moe", (Role.APPROVER, Role.DECISION_MAKER))
ADMINISTRATOR = ("Ragnhild Berg", (Role.ADMINISTRATOR,))
FORMER = ("Trond Vik", (Role.HANDLER,))
IDLE = ("Siv Lunde", (Role.AUDITOR, Role.DPO))

FOUND = {
    "nb": "Tre e-poster om levering av reservedeler, vedlagt som utskrift i brevet.",
    "en": "Three e-mails about the delivery of spare parts, copied into the letter.",
}
NOTHING = {"nb": "Søkte på navn og e-postadresse.", "en": "Searched for name and e-mail address."}


def lay() -> None:
    """Play everything that happened, oldest first, and print where it can be seen."""
    people = {name: _account(*who) for name, who in _STAFF.items()}
    hanne, astrid = people["handler"], people["approver"]
    accounts.deactivate(people["former"].pk, actor=people["administrator"].as_actor())
    places = _Places()
    with _days_ago(41):
        overdue = _form("Øyvind Ærøy Håkonsen", "øyvind.håkonsen@blåskjell.example", Right.ACCESS)
        over = _form("Márjá Nystø", "marja.nysto@example.com", Right.ACCESS)
    with _days_ago(29):
        held = _form("Åse Bjørnstad", "aase.bjornstad@example.com", Right.ACCESS)
    with _days_ago(24):
        _answered(over, hanne, astrid)
    with _days_ago(13):
        english = "I would like to know what you hold about my orders since 2023."
        released = _form("Fiona Haldane", "fiona.haldane@example.com", Right.ACCESS, language="en", text=english)
    with _days_ago(9):
        fetched = _form("Eli Rønning", "eli.ronning@example.com", Right.ACCESS)
        review = _form("Solveig Nygård", "solveig.nygaard@example.com", Right.ACCESS)
        draft = _form("Jonas Lie-Hansen", "jonas.lie@example.com", Right.ACCESS)
    with _days_ago(6), _website_without("page_events"):
        working = _form("Marit Sætre", "marit.saetre@example.com", Right.ACCESS, text=_WORDS)
    with _days_ago(4):
        _answered(released, hanne, astrid)
        _answered(fetched, hanne, astrid)
        waiting = _form("Kåre O'Brien Fløgstad", "kaare@fjellpost.example", Right.ACCESS, phone="+47 100 00 104")
        asked_nb = _form("Kåre Fløgstad", "kf@fjellpost.example", Right.ACCESS, phone="+47 100 00 104")
        asked_en = _form("Fergus Haldane", "fh@pier.example", Right.ACCESS, phone="+44 7700 900106", language="en")
        several = _form(
            "Per Olav Strand", "per.olav@example.com", Right.ACCESS, Right.ERASURE, Right.MARKETING_OBJECTION
        )
        notes.assign(several.pk, astrid.pk, actor=hanne.as_actor())
    with _days_ago(2):
        unsure = _form("Tone Bakken", "tone.bakken@example.com", text="Dere ringer meg stadig. Hva vet dere om meg?")
        _drafted(review, hanne)
        bundle = Bundle.objects.drafts().get(dsr=review.dsrs.get())
        decide.submit(review.dsrs.get().pk, actor=hanne.as_actor(), bundle=bundle.uuid)
    with _days_ago(1):
        _drafted(held, hanne)
        tasks.reopen(_manual(held)[0].pk, actor=hanne.as_actor())
        _drafted(draft, hanne)
        _worked_on(working, hanne)
    new = _form("Lars Eide", "lars.eide@example.com", Right.ACCESS, requester=Requester.GUARDIAN)
    rectified = _form("Ingrid Solvang", INGRID.email, Right.RECTIFICATION)
    _rectified(rectified, hanne)
    asked = {"waiting": waiting, "asked_nb": asked_nb, "asked_en": asked_en}
    places.found["identity"] = {name: _identity_asked(case, hanne) for name, case in asked.items()}
    places.found["undo"] = tokens.reveal(ring(), at_once.undo_secret(several))
    places.found["unsubscribe"] = {one: unsubscribe.link(f"leser.{one}@example.com", one) for one in ("nb", "en")}
    mailed = _mails(working, hanne)
    places.case(
        overdue=overdue, over=over, held=held, released_nb=fetched, released_en=released, waiting=waiting, review=review
    )
    places.case(draft=draft, working=working, several=several, unsure=unsure, new=new, mailed=mailed)
    places.rectification(rectified)
    places.inquiries()
    places.staff(people)
    places.found["names"] = _names()
    print(MARK + json.dumps(places.found))  # noqa: T201 - what the caller reads


_STAFF = {"handler": HANDLER, "approver": APPROVER, "administrator": ADMINISTRATOR, "former": FORMER, "idle": IDLE}
_WORDS = (
    "Jeg har hatt kontakt med dere på messer siden 2019, og jeg har fått mange e-poster. Hvilke opplysninger har dere"
    " om meg, og hvor har dere dem fra?\n\nJeg vil også vite hvem dere har delt dem med."
)


class _Places:
    """Where everything can be seen, for the browser."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {"cases": {}, "inquiries": {}}

    def case(self, **cases: Case) -> None:
        """Where a case, its requests, tasks and files are."""
        for name, case in cases.items():
            case.refresh_from_db()
            drawn = Bundle.objects.current().filter(dsr__case=case).first()
            self.found["cases"][name] = {
                "reference": case.reference,
                "email": case.person_email,
                "dsr": case.dsrs.order_by("id").values_list("pk", flat=True)[0],
                "link": f"{settings.SITE_URL}/s/{intake.link_token(case)}",
                "tasks": list(
                    SystemTask.objects.filter(dsr__case=case).order_by("id").values("pk", "mode", "state", "action")
                ),
                "files": list(drawn.files.order_by("id").values("pk", "name")) if drawn else [],
            }

    def rectification(self, case: Case) -> None:
        """Where the rows of a rectification are corrected, and what the person confirms."""
        self.case(rectified=case)
        read = SystemTask.objects.get(dsr__case=case, system="website", action=TaskAction.READ.value)
        self.found["row"] = f"/desk/corrections/{read.dsr_id}/rows/{read.pk}/{read.round}/0/"
        link = case.verifications.get(purpose="new_address")
        token = tokens.derive_token(ring(), verify.PURPOSE, str(link.uuid), 1)
        self.found["new_address"] = f"/identity/{token}"

    def inquiries(self) -> None:
        """Where an inquiry is, by its subject line."""
        for inquiry in Inquiry.objects.light().order_by("id"):
            self.found["inquiries"][inquiry.subject or f"without subject {inquiry.pk}"] = inquiry.pk

    def staff(self, people: dict[str, User]) -> None:
        """Who works here, and the links of those who do not yet."""
        self.found["staff"] = {name: {"email": user.email, "pk": user.pk} for name, user in people.items()}
        administrator = people["administrator"].as_actor()
        for language in ("nb", "en"):
            _, url = staff.invite(f"ny.{language}@optimar.example", [Role.HANDLER, Role.APPROVER], actor=administrator)
            self.found[f"invitation_{language}"] = url


def _account(name: str, roles: tuple[Role, ...]) -> User:
    email = f"{name.lower().replace(' ', '.')}@optimar.example"
    _, url = staff.invite(email, roles)
    return staff.accept(url.rpartition("/")[2], name=name, password=PASSWORD)


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    """Let it be noon so many days ago; what the outbox owes then is done then."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon - timedelta(days=days), tick=True):
        yield
        _effects()


def _effects() -> None:
    while outbox.relay(limit=1000):
        pass


def _form(
    name: str,
    email: str,
    *rights: Right,
    text: str = "",
    phone: str = "",
    language: str = "nb",
    requester: Requester = Requester.SELF,
) -> Case:
    """Fill in the public form and send it."""
    draft = drafts.start()
    drafts.answer(draft, "right", {"rights": [right.value for right in rights] or [NOT_SURE]})
    drafts.answer(draft, "who", {"requester": requester.value, "name": name})
    drafts.answer(draft, "details", {"text": text})
    drafts.answer(draft, "contact", {"email": email, "phone": phone, "language": language})
    case = drafts.submit(draft)
    _effects()
    return case


def _manual(case: Case) -> list[SystemTask]:
    return list(SystemTask.objects.filter(dsr__case=case, mode=TaskMode.MANUAL.value).order_by("id"))


def _answer_by_hand(case: Case, hanne: User, *chosen: SystemTask) -> None:
    """Something was found in the system that comes last, nothing in the others."""
    last = _manual(case)[-1].pk
    for task in chosen:
        found = task.pk == last
        state, words = (TaskState.DONE, FOUND) if found else (TaskState.NOT_FOUND, NOTHING)
        contact = case.person_email if found else ""  # found under the address that the request came from
        tasks.complete(task.pk, state=state, note=words[case.language], actor=hanne.as_actor(), contact=contact)


def _drafted(case: Case, hanne: User) -> None:
    """Search everywhere, draft the answer and have its package put together."""
    notes.assign(case.pk, hanne.pk, actor=hanne.as_actor())
    _answer_by_hand(case, hanne, *_manual(case))
    dsr = case.dsrs.get()
    decide.begin(dsr.pk, actor=hanne.as_actor())
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=hanne.as_actor())
    _effects()


def _answered(case: Case, hanne: User, astrid: User) -> None:
    """Draft, submit, release and send; the case is closed then."""
    _drafted(case, hanne)
    dsr = case.dsrs.get()
    bundle = Bundle.objects.drafts().get(dsr=dsr).uuid
    decide.submit(dsr.pk, actor=hanne.as_actor(), bundle=bundle)
    decide.release(dsr.pk, actor=astrid.as_actor(), bundle=bundle)
    _effects()


def _worked_on(case: Case, hanne: User) -> None:
    """Some tasks done, some open, one failed; a question, an answer and a note."""
    actor = hanne.as_actor()
    notes.assign(case.pk, hanne.pk, actor=actor)
    by_hand = _manual(case)
    _answer_by_hand(case, hanne, *by_hand[:3])
    question = "Gjelder det også messer i utlandet? Da spør vi kollegene våre i Tromsø og Aberdeen."
    correspondence.write_to_person(case.pk, subject="Et spørsmål til henvendelsen din", body=question, actor=actor)
    notes.add_note(
        case.pk, "Ringte kollegaen i Ålesund: listene fra messen ligger i postkassen.", actor=actor, user=hanne
    )
    _effects()


def _rectified(case: Case, hanne: User) -> None:
    """Two systems are corrected, one of them is done; an address waits for the person."""
    dsr, actor = case.dsrs.get(), hanne.as_actor()
    _answer_by_hand(case, hanne, *_manual(case))
    system = _manual(case)[-1].system
    corrections.enter_by_hand(dsr.pk, system, "Stilling", "Innkjøper", "Innkjøpssjef", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    done = SystemTask.objects.get(dsr=dsr, system=system, action=TaskAction.RECTIFY.value)
    tasks.complete(done.pk, state=TaskState.DONE, note="Søkte på nytt, nå står det Innkjøpssjef.", actor=actor)
    places = list(holdings.places(holdings.of_request(dsr)))
    text = next(p for p in places if isinstance(p.value.value, str) and "email" not in p.value.category)
    corrections.enter(dsr.pk, [text.wanted("Ingrid Solvang Berg")], actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    email = next(p for p in places if p.value.category.startswith("user.contact.email") and p.value.value)
    corrections.enter(dsr.pk, [email.wanted("ingrid.berg@example.com")], actor=actor)
    _effects()


def _identity_asked(case: Case, hanne: User) -> str:
    """Ask at the address that the website holds; return the link."""
    contact_points.record(
        case, ContactChannel.EMAIL, "post@example.com", "dynamics", timezone.now(), actor=hanne.as_actor()
    )
    delivery.review(case)
    point = case.contact_points.filter(channel=ContactChannel.EMAIL.value).order_by("id")[0]
    asked = verify.ask(case.pk, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=hanne.as_actor())
    _effects()
    token = tokens.derive_token(ring(), verify.PURPOSE, str(asked.uuid), 1)
    return f"{settings.SITE_URL}/identity/{token}"


@contextmanager
def _website_without(table: str) -> Iterator[None]:
    """Let the website's database be another than the one described, so that its task fails."""
    database = settings.VAR / "trial" / "website.sqlite3"
    with closing(sqlite3.connect(database, isolation_level=None)) as website:
        website.execute(f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        with closing(sqlite3.connect(database, isolation_level=None)) as website:
            website.execute(f"ALTER TABLE away RENAME TO {table}")


def _mails(working: Case, hanne: User) -> Case:
    """What lies in the mailbox, unsorted but for two; return the case that one of them became."""
    folder = settings.VAR / "mailbox"
    letters = [_mail(*letter, days_ago=number) for number, letter in enumerate(_LETTERS)]
    letters[0].add_alternative("<p>Hei, kan dere <b>slette</b> alt dere har om meg?</p>", subtype="html")
    letters[0].add_attachment(b"%PDF-1.4 nothing in it", maintype="application", subtype="pdf", filename="avtale.pdf")
    letters.append(_mail("Marit Sætre <ms@arbeid.example>", f"Utlandet {working.reference}", "Ja, også i utlandet."))
    for number, letter in enumerate(letters):
        (folder / f"letter{number}.eml").write_bytes(letter.as_bytes(policy=SMTP))
    (folder / "broken.eml").write_bytes(b"\x00\x01\x02 this is no mail at all \xff\xfe" * 40)
    call_command("ingest", once=True, verbosity=0)
    _effects()
    triage.sort_as_other(_subject(_OFFER).pk, Verdict.NOT_A_REQUEST, actor=hanne.as_actor())
    case = triage.sort_as_request(_subject(_ACCESS).pk, [Right.ACCESS], actor=hanne.as_actor())
    _effects()
    return case


_OFFER = "Tilbud på pallejekker"
_ACCESS = "Innsyn i egne opplysninger"
_LETTERS = (
    ("Siri Holmen <siri.holmen@example.com>", "Slett meg", "Hei, kan dere slette alt dere har om meg?\n\nSiri Holmen"),
    (
        "Bjørn Aas <bjorn.aas@example.com>",
        _ACCESS,
        "Hei!\n\nJeg ber om innsyn etter personvernforordningen artikkel 15.\n\nVennlig hilsen\nBjørn Aas",
    ),
    ("Kontoret <post@leverandor.example>", _OFFER, "Hei, vedlagt vårt tilbud på pallejekker."),
    ("Messekontoret <post@messe.example>", "Bli med på høstmessen", "Hei, standene for høstmessen legges ut nå."),
    ("Regnskap <regnskap@kunde.example>", "Faktura 10442", "Hei, kan dere sende fakturaen på nytt?"),
    ("Live Berge <live.berge@example.com>", "Reklame", "Slutt å sende meg reklame, takk. Hilsen Live Berge"),
    (
        "Ola Dahle <ola.dahle@example.com>",
        "Feil telefonnummer",
        "Dere har feil telefonnummer på meg. Kan dere rette det?",
    ),
)


def _subject(words: str) -> Inquiry:
    return Inquiry.objects.light().get(subject=words)


def _mail(sender: str, subject: str, text: str, *, days_ago: int = 0) -> EmailMessage:
    at = format_datetime(timezone.localtime() - timedelta(days=days_ago, minutes=5))
    mail = EmailMessage(policy=SMTP)
    mail["Received"] = f"from mail.example.com by mx1.optimar.no with ESMTPS id 4scene; {at}"
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, "info@optimar.no", subject, at
    mail["Message-ID"] = make_msgid(domain="mail.example.com")
    mail.set_content(text)
    return mail


def _names() -> list[str]:
    """Every address and every longer part of a name that must not stand in an address or a title."""
    people = [*Case.objects.values_list("person_name", "person_email")]
    people += Inquiry.objects.values_list("sender_name", "sender_address")
    words = {word for name, email in people for word in (email, *name.split()) if len(word) > 3}
    return sorted(words - {"Kontoret", "Regnskap", "Messekontoret"})
