"""The other rights of the scene: restricted, objected to, complained of, moved, withdrawn, and each way to answer."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from exports.domain.enums import TaskAction, TaskState
from exports.models import Bundle
from exports.services import by_hand, decide, lifting, tasks
from identity.domain.enums import DoubtReason, Level, Method
from identity.models import User
from identity.services import proof
from requests_app.domain.enums import AdviceSubject, Channel, DeliveryWay, ExtensionReason, Outcome, Right
from requests_app.domain.grounds import Ground
from requests_app.models import Case, Organisation
from requests_app.services import advice, extension, intake, staff_entry

from .scene_acts import answer_by_hand, answered, drafted, effects, form, manual

_ADDRESS = "Nordre Vei 7\n6270 Brattvåg"
_WEIGHED = (
    "Vi har veid det du skrev mot vår interesse av å varsle om farlige deler. Varslene gjelder sikkerheten til dem som"
    " bruker maskinene, og de inneholder ingen reklame."
)
_MANY = "Vi må gå gjennom omtrent 4000 meldinger i elleve postkasser, og sladde det som handler om andre."
_FIRST = "Du får oversikten over systemene om to uker, og resten innen den nye fristen."
_LOOKED_INTO = "Du fikk nyhetsbrevet to ganger etter at du hadde sagt nei. Det var en feil hos oss, og den er rettet."


def lay(hanne: User, astrid: User) -> dict[str, Case]:
    """Play the requests, and return them by name."""
    found = {
        "restricted": _restricted(hanne),
        "restricted_answered": _restricted_answered("Vilde Sand", hanne, astrid),
        "lifting_proposed": _lifting_proposed("Jon Eide", hanne, astrid),
        "portable": _draft("Nils Aukrust", Right.PORTABILITY, hanne),
        "objected": _draft(
            "Randi Holte", Right.OBJECTION, hanne, Outcome.REFUSED, _WEIGHED, (Ground.COMPELLING_GROUNDS,)
        ),
        "automated": form("Oda Krogh", "oda.krogh@example.com", Right.AUTOMATED_DECISION),
        "complained": _draft("Terje Moen", Right.COMPLAINT, hanne, Outcome.FULFILLED, _LOOKED_INTO),
        "ended": _ended(hanne),
        "withdrawn": form("Silje Dahl", "silje.dahl@example.com", Right.CONSENT_WITHDRAWAL, Right.MARKETING_OBJECTION),
        "told_by_phone": _entered(
            intake.Person(name="Arvid Lone", phone="100 00 111"), Channel.PHONE, Right.MARKETING_OBJECTION, hanne
        ),
        "by_letter": _by_letter("Borghild Aas", hanne),
    }
    found |= _extensions(hanne, astrid)
    found["posted"] = _posted(hanne, astrid)
    return found


def _restricted(hanne: User) -> Case:
    """One system is done, so recipients are to be told; one cannot, one was ordered, the others wait."""
    case = form("Lise Rustad", "lise.rustad@example.com", Right.RESTRICTION)
    actor, orders = hanne.as_actor(), manual(case, TaskAction.RESTRICT)
    in_a_month = (timezone.localtime() + timedelta(days=30)).date()
    tasks.complete(orders[0].pk, state=TaskState.DONE, note="Låste kortet, ingen andre kan åpne det.", actor=actor)
    tasks.complete(
        orders[1].pk, state=TaskState.KEPT, ground=Ground.NO_GROUND_TO_RESTRICT.value, note="Står bare navnet.",
        actor=actor,
    )  # fmt: skip
    tasks.complete(orders[2].pk, state=TaskState.ACCEPTED, finishes_on=in_a_month, note="", actor=actor)
    effects()
    return case


def _restricted_answered(name: str, hanne: User, astrid: User) -> Case:
    """One system only stores the data, the person has the answer, and the recipients are still to be told."""
    case = form(name, f"{name.lower().replace(' ', '.')}@example.com", Right.RESTRICTION)
    for number, task in enumerate(manual(case, TaskAction.RESTRICT)):
        state = TaskState.NOT_FOUND if number else TaskState.DONE
        tasks.complete(task.pk, state=state, note="Låste kortet og søkte på nytt.", actor=hanne.as_actor())
    effects()
    answered(case, hanne, astrid)
    return case


def _lifting_proposed(name: str, hanne: User, astrid: User) -> Case:
    """Somebody proposes that the restriction ends, and somebody else is to look at it."""
    case = _restricted_answered(name, hanne, astrid)
    why = "Du har bekreftet at adressen stemmer nå, og det var derfor opplysningene var begrenset."
    lifting.propose(case.dsrs.get().pk, reason=why, lifted_on=lifting.earliest(), actor=hanne.as_actor())
    return case


def _extensions(hanne: User, astrid: User) -> dict[str, Case]:
    """One waits for the decision-maker, of one the person was told by mail, one is to be posted."""
    found = {
        "extension_proposed": form("Guri Nes", "guri.nes@example.com", Right.PORTABILITY),
        "extended": form("Petter Vik", "petter.vik@example.com", Right.OBJECTION),
        "extension_by_hand": _entered(
            intake.Person(name="Helga Strand", phone="100 00 113"), Channel.PHONE, Right.OBJECTION, hanne
        ),
    }
    for name, case in found.items():
        dsr = case.dsrs.get()
        row = extension.propose(
            dsr.pk, reasons=[ExtensionReason.VOLUME, ExtensionReason.DISPERSED], explanation=_MANY, what_comes=_FIRST,
            actor=hanne.as_actor(),
        )  # fmt: skip
        if name != "extension_proposed":
            extension.approve(row.pk, actor=astrid.as_actor())
    Organisation.objects.update(dpo="Siri Vern, personvernombud@optimar.example")
    advice.record(
        found["extension_proposed"].dsrs.get().pk, AdviceSubject.EXTENSION, "Grunnen holder.", actor=hanne.as_actor()
    )
    effects()
    return found


def _draft(
    name: str,
    right: Right,
    hanne: User,
    outcome: Outcome = Outcome.FULFILLED,
    words: str = "",
    grounds: tuple[Ground, ...] = (),
) -> Case:
    case = form(name, f"{name.lower().replace(' ', '.')}@example.com", right)
    for task in manual(case, TaskAction.RESTRICT):
        tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="", actor=hanne.as_actor())
    effects()
    drafted(case, hanne, outcome, words, grounds)
    return case


def _ended(hanne: User) -> Case:
    """Taken back by the person: told by a plain mail, and nothing is put together."""
    case = form("Eirik Solli", "eirik.solli@example.com", Right.ERASURE)
    dsr = case.dsrs.get()
    decide.begin(dsr.pk, actor=hanne.as_actor())
    decide.choose(dsr.pk, Outcome.WITHDRAWN_BY_REQUESTER, "", actor=hanne.as_actor())
    decide.submit(dsr.pk, actor=hanne.as_actor(), bundle=None)
    effects()
    return case


def _entered(person: intake.Person, channel: Channel, right: Right, hanne: User) -> Case:
    """Somebody who works here wrote it down, two days after it reached us."""
    entry = staff_entry.Entry(
        channel=channel,
        received_at=timezone.now() - timedelta(days=2),
        person=person,
        rights=[right],
        text="Vil vite hva vi har lagret, og vil ikke ha flere brev fra oss.",
        language="nb",
        taken_by="Hanne Dahl",
    )
    case = staff_entry.enter(entry, key=uuid4(), user=hanne)
    effects()
    return case


def _by_letter(name: str, hanne: User) -> Case:
    """A draft for somebody without an e-mail address, on its way to the post."""
    case = _entered(intake.Person(name=name, address=_ADDRESS), Channel.LETTER, Right.ACCESS, hanne)
    answer_by_hand(case, hanne, *manual(case))
    dsr, actor = case.dsrs.get(), hanne.as_actor()
    website = dsr.tasks.get(state=TaskState.FAILED.value)  # it knows nobody by a postal address
    tasks.complete(website.pk, state=TaskState.NOT_FOUND, note="Søkte på navnet.", actor=actor)
    decide.begin(dsr.pk, actor=actor)
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=actor)
    by_hand.choose(dsr.pk, DeliveryWay.POST, _ADDRESS, actor=actor)
    effects()
    return case


def _posted(hanne: User, astrid: User) -> Case:
    """Released to the post: somebody prints it and records the day."""
    case = _by_letter("Torleif Hauge", hanne)
    actor = hanne.as_actor()
    proof.shown(case.pk, Method.SHOWN_DOCUMENT, Level.L4, actor=actor, doubt=DoubtReason.UNKNOWN_ADDRESS)
    effects()
    dsr, bundle = case.dsrs.get(), Bundle.objects.drafts().get(dsr__case=case).uuid
    decide.submit(dsr.pk, actor=actor, bundle=bundle)
    decide.release(dsr.pk, actor=astrid.as_actor(), bundle=bundle)
    effects()
    return case
