"""Brings a trial into a state in which every page has something to show, by the product's own services.

Runs inside the installation: `manage.py shell -c "from tests.browser import scene; scene.lay()"`. The clock is set
back for what lies behind us; everything else is real. All people are invented.
"""

import json
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from exports.models import Bundle
from exports.services import decide, register, tasks
from identity.domain.enums import ContactChannel, DoubtReason
from identity.models import User
from identity.services import absence, accounts, contact_points, delivery, question_reminders, staff, verify
from requests_app.domain import tokens
from requests_app.domain.enums import Requester, Right, Role
from requests_app.domain.letters import LANGUAGES, LETTERS
from requests_app.keyring import ring
from requests_app.models import Case
from requests_app.services import correspondence, letter_texts, notes, still_waiting, undo_link, unsubscribe
from tests.browser.trial import MARK, PASSWORD

from . import (
    scene_access,
    scene_clock,
    scene_corrections,
    scene_erasure,
    scene_fees,
    scene_mailbox,
    scene_outside,
    scene_proofs,
    scene_returned,
    scene_rights,
)
from .scene_acts import answer_by_hand, answered, days_ago, drafted, effects, form, manual, website_without
from .scene_places import Places, names

HANDLER = ("Hanne Dahl", (Role.INTAKE, Role.HANDLER))
APPROVER = ("Astrid Moe", (Role.APPROVER, Role.DECISION_MAKER))
ADMINISTRATOR = ("Ragnhild Berg", (Role.ADMINISTRATOR,))
FORMER = ("Trond Vik", (Role.HANDLER,))
IDLE = ("Siv Lunde", (Role.AUDITOR, Role.DPO))
AUDITOR = ("Ada Aune", (Role.AUDITOR,))
OWNER = ("Odd Sande", (Role.SYSTEM_OWNER,))


def lay() -> None:
    """Play everything that happened, oldest first, and print where it can be seen."""
    people = {name: _account(*who) for name, who in _STAFF.items()}
    hanne, astrid = people["handler"], people["approver"]
    accounts.deactivate(people["former"].pk, actor=people["administrator"].as_actor())
    places = Places()
    register.load(settings.BASE_DIR / "config" / "registers" / "employer.yaml", key="employees")
    with days_ago(41):
        overdue = form("Øyvind Ærøy Håkonsen", "øyvind.håkonsen@blåskjell.example", Right.ACCESS)
        over = form("Márjá Nystø", "marja.nysto@example.com", Right.ACCESS)
    silent = _silent(hanne)
    with days_ago(29):
        held = form("Åse Bjørnstad", "aase.bjornstad@example.com", Right.ACCESS)
    with days_ago(24):
        answered(over, hanne, astrid)
    with days_ago(13):
        english = "I would like to know what you hold about my orders since 2023."
        released = form("Fiona Haldane", "fiona.haldane@example.com", Right.ACCESS, language="en", text=english)
    with days_ago(9):
        fetched = form("Eli Rønning", "eli.ronning@example.com", Right.ACCESS)
        review = form("Solveig Nygård", "solveig.nygaard@example.com", Right.ACCESS)
        draft = form("Jonas Lie-Hansen", "jonas.lie@example.com", Right.ACCESS)
    with days_ago(6), website_without("page_events"):
        working = form("Marit Sætre", "marit.saetre@example.com", Right.ACCESS, text=_WORDS)
    with days_ago(4):
        answered(released, hanne, astrid)
        answered(fetched, hanne, astrid)
        waiting = form("Kåre O'Brien Fløgstad", "kaare@fjellpost.example", Right.ACCESS, phone="+47 100 00 104")
        asked_nb = form("Kåre Fløgstad", "kf@fjellpost.example", Right.ACCESS, phone="+47 100 00 104")
        asked_en = form("Fergus Haldane", "fh@pier.example", Right.ACCESS, phone="+44 7700 900106", language="en")
        several = form(
            "Per Olav Strand", "per.olav@example.com", Right.ACCESS, Right.ERASURE, Right.MARKETING_OBJECTION
        )
        notes.assign(several.pk, astrid.pk, actor=hanne.as_actor())
    with days_ago(2):
        unsure = form("Tone Bakken", "tone.bakken@example.com", text="Dere ringer meg stadig. Hva vet dere om meg?")
        drafted(review, hanne)
        bundle = Bundle.objects.drafts().get(dsr=review.dsrs.get())
        decide.submit(review.dsrs.get().pk, actor=hanne.as_actor(), bundle=bundle.uuid)
    with days_ago(1):
        drafted(held, hanne)
        tasks.reopen(manual(held)[0].pk, actor=hanne.as_actor())
        drafted(draft, hanne)
        _worked_on(working, hanne)
    _own_text(astrid)
    new = form("Lars Eide", "lars.eide@example.com", Right.ACCESS, requester=Requester.GUARDIAN)
    agent = form("Advokat Norheim", "norheim@advokat.example", Right.ACCESS, requester=Requester.REPRESENTATIVE)
    narrowed = scene_clock.lay(hanne)
    rights = scene_rights.lay(hanne, astrid)
    fees = scene_fees.lay(hanne, astrid)
    by_hand = scene_outside.lay(hanne)
    rectified = scene_corrections.lay(hanne)
    erased = scene_erasure.lay(hanne, astrid)
    asked = {"waiting": waiting, "asked_nb": asked_nb, "asked_en": asked_en}
    places.found["identity"] = {name: _identity_asked(case, hanne) for name, case in asked.items()}
    # The link as it is mailed now, one that was overtaken, and one whose time is over.
    for place, age in (("undo", 0), ("undo_stays", 20), ("undo_expired", 40)):
        mailed_at = timezone.now() - timedelta(days=age)
        places.found[place] = tokens.reveal(ring(), undo_link.secret(several, mailed_at))
    places.found["unsubscribe"] = {one: unsubscribe.link(f"leser.{one}@example.com", one) for one in ("nb", "en")}
    doubted, places.found["second_step"] = scene_proofs.lay(hanne)
    guarded, places.found["task_link"] = scene_access.lay(hanne, astrid, people["owner"])
    places.case(doubted=doubted, **guarded)
    returned = scene_returned.lay(hanne)
    mailed = scene_mailbox.lay(working, hanne)
    places.case(
        overdue=overdue, over=over, held=held, released_nb=fetched, released_en=released, waiting=waiting, review=review
    )
    places.case(draft=draft, working=working, several=several, unsure=unsure, new=new, mailed=mailed)
    places.case(silent=silent, agent=agent, narrowed=narrowed, **rights, **fees, **by_hand, **erased, **returned)
    places.rectifications(**rectified)
    places.erasures(**erased)
    places.inquiries()
    places.staff(people)
    today = timezone.localdate()
    absence.change(astrid.pk, today, today + timedelta(days=9), hanne.pk, actor=astrid.as_actor())
    places.found["names"] = names()
    print(MARK + json.dumps(places.found))  # noqa: T201 - what the caller reads


_STAFF = {
    "handler": HANDLER, "approver": APPROVER, "administrator": ADMINISTRATOR, "former": FORMER, "idle": IDLE,
    "auditor": AUDITOR, "owner": OWNER,
}  # fmt: skip
_WORDS = (
    "Jeg har hatt kontakt med dere på messer siden 2019, og jeg har fått mange e-poster. Hvilke opplysninger har dere"
    " om meg, og hvor har dere dem fra?\n\nJeg vil også vite hvem dere har delt dem med."
)


def _account(name: str, roles: tuple[Role, ...]) -> User:
    email = f"{name.lower().replace(' ', '.')}@optimar.example"
    _, url = staff.invite(email, roles)
    return staff.accept(url.rpartition("/")[2], name=name, password=PASSWORD)


def _own_text(by: User) -> None:
    """An own text for a letter that no other page waits for."""
    letter = LETTERS["ending_duplicate"]
    for language in LANGUAGES:
        given = letter_texts.in_force(letter, language)
        body = f"{given.body}\n\n{{{{ organisation.rights_contact }}}}"
        letter_texts.save(
            letter, language, given.subject, body, expected=0, reason="Adressen til slutt", actor=by.as_actor()
        )


def _worked_on(case: Case, hanne: User) -> None:
    """Some tasks done, some open, one failed; a question, an answer and a note."""
    actor = hanne.as_actor()
    notes.assign(case.pk, hanne.pk, actor=actor)
    by_hand = manual(case)
    answer_by_hand(case, hanne, *by_hand[:3])
    question = "Gjelder det også messer i utlandet? Da spør vi kollegene våre i Tromsø og Aberdeen."
    correspondence.write_to_person(case.pk, subject="Et spørsmål til henvendelsen din", body=question, actor=actor)
    notes.add_note(
        case.pk, "Ringte kollegaen i Ålesund: listene fra messen ligger i postkassen.", actor=actor, user=hanne
    )
    effects()


def _silent(hanne: User) -> Case:
    """Somebody who was asked who they are, was reminded, was told that we wait, and never answered."""
    with days_ago(35):
        case = form("Silje Tangen", "silje.tangen@example.com", Right.ACCESS)
    with days_ago(34):
        _identity_asked(case, hanne)
    for day in (29, 22):
        with days_ago(day):
            question_reminders.sweep()
    with days_ago(5):
        still_waiting.sweep()
    return case


def _identity_asked(case: Case, hanne: User) -> str:
    """Ask at the address that the website holds; return the link."""
    contact_points.record(
        case, ContactChannel.EMAIL, "post@example.com", "dynamics", timezone.now(), actor=hanne.as_actor()
    )
    delivery.review(case)
    point = case.contact_points.filter(channel=ContactChannel.EMAIL.value).order_by("id")[0]
    asked = verify.ask(case.pk, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=hanne.as_actor())
    effects()
    token = tokens.derive_token(ring(), verify.PURPOSE, str(asked.uuid), 1)
    return f"{settings.SITE_URL}/identity/{token}"
