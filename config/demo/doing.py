"""What people do in the demo, in the words of the pages: ask, search, decide, release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from exports.domain.by_hand import CHANGING
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.models import Bundle, SystemTask
from exports.services import decide, deliver, erasure, erasure_by_hand, tasks
from identity.models import User
from requests_app.domain.enums import BasisAnswer, Channel, Outcome, Requester, Right
from requests_app.domain.grounds import Ground
from requests_app.models import Case, DataSubjectRequest
from requests_app.portal.forms import NOT_SURE
from requests_app.services import basis, drafts, intake, notes, staff_entry

from .past import effects

NOTHING = {"nb": "Søkte på navn og e-postadresse.", "en": "Searched for name and e-mail address."}
FOUND = {
    "nb": "Tre e-poster om levering av reservedeler, vedlagt som utskrift i brevet.",
    "en": "Three e-mails about the delivery of spare parts, copied into the letter.",
}
DONE = {"nb": "Gjort i systemet, søkte på nytt etterpå.", "en": "Done in the system, searched again afterwards."}


@dataclass(frozen=True)
class Team:
    """Who works here; `away` is the one who is on holiday."""

    handler: User
    away: User
    approver: User
    decision_maker: User
    system_owner: User


def form(name: str, email: str, *rights: Right, text: str = "", language: str = "nb", phone: str = "") -> Case:
    """Fill in the public form about oneself and send it."""
    draft = drafts.start()
    drafts.answer(draft, "right", {"rights": [right.value for right in rights] or [NOT_SURE]})
    drafts.answer(draft, "who", {"requester": Requester.SELF.value, "name": name})
    drafts.answer(draft, "details", {"text": text})
    drafts.answer(draft, "contact", {"email": email, "phone": phone, "language": language})
    case = drafts.submit(draft)
    effects()
    return case


def taken_down(team: Team, channel: Channel, person: intake.Person, right: Right, text: str, *, days: int) -> Case:
    """Write down a call, a letter or a visit of some days ago."""
    entry = staff_entry.Entry(
        channel=channel, received_at=timezone.now() - timedelta(days=days), person=person, rights=[right], text=text,
        language="nb", taken_by=team.handler.name,
    )  # fmt: skip
    case = staff_entry.enter(entry, key=uuid4(), user=team.handler)
    effects()
    return case


def search(case: Case, team: Team, *, found_by_hand: bool = False) -> DataSubjectRequest:
    """Answer every search of the only request of a case, and take the case; in one system something may be found."""
    dsr = case.dsrs.order_by("id").get()
    notes.assign(case.pk, team.handler.pk, actor=team.handler.as_actor())
    by_hand = list(by_hand_of(dsr, TaskAction.READ))
    for task in by_hand:
        found = found_by_hand and task.pk == by_hand[-1].pk
        tasks.complete(
            task.pk, state=TaskState.DONE if found else TaskState.NOT_FOUND, actor=team.handler.as_actor(),
            note=(FOUND if found else NOTHING)[case.language], contact=case.person_email if found else "",
        )  # fmt: skip
    effects()
    dsr.refresh_from_db()
    return dsr


def by_hand_of(dsr: DataSubjectRequest, *actions: TaskAction) -> Sequence[SystemTask]:
    """Return the tasks of a request that wait for a person."""
    wanted = [action.value for action in actions]
    open_ones = dsr.tasks.filter(mode=TaskMode.MANUAL.value, state=TaskState.OPEN.value, action__in=wanted)
    return list(open_ones.order_by("id"))


def change_by_hand(dsr: DataSubjectRequest, team: Team) -> None:
    """Do in each system what a person has to change there."""
    for task in by_hand_of(dsr, *CHANGING, TaskAction.WITHDRAW):
        tasks.complete(
            task.pk, state=TaskState.DONE, note=DONE[dsr.case.language], actor=team.handler.as_actor(),
        )  # fmt: skip
    effects()


def keep_by_another_basis(dsr: DataSubjectRequest, team: Team, words: str) -> None:
    """Say, after a withdrawal of consent, by which other basis the data is kept."""
    given = BasisAnswer.REMAINS
    basis.answer(dsr.pk, given, words, actor=team.handler.as_actor(), user=team.handler)
    effects()


def tell_recipients(dsr: DataSubjectRequest, team: Team) -> None:
    """Tell everybody who received the data."""
    for task in by_hand_of(dsr, TaskAction.NOTIFY):
        tasks.complete(
            task.pk, state=TaskState.DONE, note=DONE[dsr.case.language], told_on=timezone.localdate(),
            actor=team.handler.as_actor(),
        )  # fmt: skip
    effects()


def draft(dsr: DataSubjectRequest, team: Team, outcome: Outcome, words: str = "", *grounds: Ground) -> None:
    """Draft the answer with its outcome, and have its package put together."""
    notes.assign(dsr.case_id, team.handler.pk, actor=team.handler.as_actor())
    decide.begin(dsr.pk, actor=team.handler.as_actor())
    decide.choose(dsr.pk, outcome, words, grounds=grounds, actor=team.handler.as_actor())
    effects()


def submit(dsr: DataSubjectRequest, team: Team) -> None:
    """Hand the draft over for approval."""
    decide.submit(dsr.pk, actor=team.handler.as_actor(), bundle=_drawn(dsr))


def release(dsr: DataSubjectRequest, team: Team) -> None:
    """Submit and release the answer; whoever decides releases refusals, too."""
    submit(dsr, team)
    decide.release(dsr.pk, actor=team.decision_maker.as_actor(), bundle=_drawn(dsr))
    effects()


def fetch(dsr: DataSubjectRequest) -> None:
    """Fetch the whole answer, as the person does."""
    for bundle in deliver.offered(dsr.case):
        for one in deliver.files_of(bundle):
            deliver.fetch(dsr.case, one.file.pk)
    effects()


def approve_deletion(dsr: DataSubjectRequest, team: Team) -> None:
    """Submit the plan of a deletion and approve it."""
    erasure.submit(dsr.pk, actor=team.handler.as_actor())
    erasure.approve(dsr.pk, actor=team.approver.as_actor())


def delete_by_hand(dsr: DataSubjectRequest, team: Team) -> None:
    """Say of each system that no connector deletes in that it is done, and looked at again."""
    for task in by_hand_of(dsr, *CHANGING):
        answer = erasure_by_hand.Answer(state=TaskState.DONE, note=DONE[dsr.case.language], looked_again=True)
        erasure_by_hand.complete(task.pk, answer, actor=team.handler.as_actor())
    effects()


def _drawn(dsr: DataSubjectRequest) -> UUID:
    return Bundle.objects.drafts().get(dsr=dsr).uuid
