"""Who owns a system, and the links by which an owner without an account answers one task.

A link is single in what it opens: one task, in one round, until it is answered, at most fourteen days. Nothing of the
person of a case stands in the mail that carries it.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from exports.domain.enums import SILENT, TaskMode, TaskState
from exports.models import SystemOwner, SystemTask, TaskLink
from identity.models import User
from identity.models.user import normal_address
from requests_app import audit
from requests_app.domain import tokens
from requests_app.domain.enums import ActorKind, LookedAt, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.keyring import ring
from requests_app.models import Case, CaseParty
from requests_app.permissions import Staff
from requests_app.services import clock, colleagues, correspondence, looks
from requests_app.services.rows import lock_request

from . import tasks

PURPOSE = "task-link"
LIFETIME = timedelta(days=14)
MAIL = "exports/mail/task_link"


def name_owner(system: str, *, user_id: int | None, email: str, actor: Actor) -> None:
    """Say who owns a system: an account with the role, an address, or nobody. Open links to another address end.

    Raises ActionRefused for both at once, an account without the role, no address, that of a mailbox of ours that many
    read, or that of an account: whoever has one shows two factors instead of a link.
    """
    address = normal_address(email)
    with transaction.atomic():
        if user_id is not None:  # it is not closed while it gets a system
            list(User.objects.select_for_update(no_key=True).filter(pk=user_id))
        if reason := _why_not(user_id, address):
            raise ActionRefused(reason)
        note([system], end(set_owner(system, user_id, address)), actor)


def set_owner(system: str, user_id: int | None, address: str = "") -> QuerySet[TaskLink]:
    """Write down who owns a system and say nothing of it yet; return the open links to its other owners."""
    if user_id is None and not address:
        SystemOwner.objects.filter(system=system).delete()
    else:
        SystemOwner.objects.update_or_create(system=system, defaults={"user_id": user_id, "email": address})
    return TaskLink.objects.open_at(timezone.now()).filter(task__system=system).exclude(sent_to=address)


def end(links: QuerySet[TaskLink]) -> list[TaskLink]:
    """Make links worthless and say nothing of it yet; return them."""
    living = TaskLink.objects.select_for_update(of=("self",), no_key=True).filter(withdrawn_at=None, answered_at=None)
    found = list(living.filter(pk__in=links.values("pk")).select_related("task").order_by("task__dsr_id", "id"))
    TaskLink.objects.filter(pk__in=[link.pk for link in found]).update(withdrawn_at=timezone.now())
    return found


def note(systems: Iterable[str], links: Iterable[TaskLink], actor: Actor) -> None:
    """Tell the audit of systems whose owner was set and of links that ended, in their transaction, after its locks."""
    for link in links:
        _note_end(link, actor)
    owners = dict(SystemOwner.objects.values_list("system", "user"))
    for system in systems:
        audit.record(
            "system.owner_named", f"system:{system}", actor, user=owners.get(system),
            by_address=system in owners and owners[system] is None,
        )  # fmt: skip


def why_unfit(user_id: int) -> Reason | None:
    """Return why an account cannot own a system, or None."""
    able = User.objects.filter(pk=user_id, is_active=True, role_rows__role=Role.SYSTEM_OWNER.value)
    return None if able.exists() else Reason("owner_unfit")


def owner_of(system: str) -> SystemOwner | None:
    """Return who owns a system, or None."""
    return SystemOwner.objects.select_related("user").filter(system=system).first()


def owns_any(user: Staff) -> bool:
    """Tell whether somebody is named as the owner of a system."""
    return SystemOwner.objects.filter(user_id=user.pk).exists()


def own_tasks(user: Staff) -> QuerySet[SystemTask]:
    """Return what waits for somebody's answer in the systems they own, the most urgent first.

    What is hidden from them is not there; whoever reads such a case sends them a link to its task, or does it.
    """
    owned = SystemOwner.objects.filter(user_id=user.pk).values("system")
    return (
        SystemTask.objects.select_related("dsr__case", "plan")
        .filter(
            dsr__case__in=Case.objects.visible_to(user),
            system__in=owned,
            mode=TaskMode.MANUAL.value,
            state=TaskState.OPEN.value,
        )
        .order_by("due_on", "id")
    )


def why_not_send(task: SystemTask) -> Reason | None:
    """Return why no link can be sent for a task now, or None."""
    if TaskState(task.state) not in SILENT or task.mode != TaskMode.MANUAL:
        return Reason("task_answered")
    owner = owner_of(task.system)
    if owner is None or not owner.email:
        return Reason("owner_without_address")
    if colleagues.is_shared(owner.email):
        return Reason("shared_mailbox")
    if _is_person_of(task.dsr.case, owner.email):
        return Reason("owner_is_party")
    if User.objects.filter(email=owner.email).exists():  # came to work here since
        return Reason("owner_has_account")
    return tasks.refusal(task)


def send(task_id: int, *, actor: Actor, after: int | None = None) -> TaskLink:
    """Send the owner of a system a link to one task; an earlier one stops working. Raises ActionRefused.

    `after` is the newest link that whoever presses has seen, 0 for none: where a newer one works, that one was sent
    already, and no second mail goes out.
    """
    if actor.user_id is None:
        raise ActionRefused(Reason("staff_only"))
    with transaction.atomic():
        task = tasks.lock(task_id)
        if after is not None and (sent := _alive().filter(task=task, pk__gt=after).order_by("pk").last()):
            return sent
        owner = owner_of(task.system)
        if (reason := why_not_send(task)) or owner is None:
            raise ActionRefused(reason or Reason("owner_without_address"))
        now, keys = timezone.now(), ring()
        for earlier in TaskLink.objects.filter(task=task, withdrawn_at=None, answered_at=None):
            _end(earlier, actor)
        link = TaskLink(
            task=task, round=task.round, sent_to=owner.email, sent_by_id=actor.user_id, key_id=keys.active,
            created_at=now, expires_at=now + LIFETIME,
        )  # fmt: skip
        link.token_digest = tokens.digest(token_of(link))
        link.save()
        until = clock.calendar().local_date(link.expires_at)
        correspondence.notify_staff(
            owner.email, settings.LANGUAGE_CODE, MAIL, {"until": until}, key=f"task-link:{link.pk}",
            secrets={"task_link": tokens.Secret("/task/{}", PURPOSE, str(link.uuid), 1, link.key_id)},
        )  # fmt: skip
        audit.record("task.link_sent", f"dsr:{task.dsr_id}", actor, task=task.pk, system=task.system, link=link.pk)
        return link


def withdraw(link_id: int, *, actor: Actor) -> None:
    """Make a link worthless, with every browser that opened it."""
    with transaction.atomic():
        lock_request(TaskLink.objects.values_list("task__dsr_id", flat=True).get(pk=link_id))
        link = TaskLink.objects.select_related("task").get(pk=link_id)
        if link.withdrawn_at is None and link.answered_at is None:
            _end(link, actor)


def find(token: str) -> TaskLink | None:
    """Return the link behind a token while it works; looking it up changes nothing."""
    return _alive().filter(token_digest=tokens.digest(token)).first()


def alive(uuid: str) -> TaskLink | None:
    """Return the link that a browser opened, while it works."""
    return _alive().filter(uuid=uuid).first()


def opened(link: TaskLink) -> None:
    """Write down that somebody pressed the button behind the link; the first time tells."""
    with transaction.atomic():
        lock_request(link.task.dsr_id)
        first = TaskLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=timezone.now())
        if first:
            audit.record(
                "task.link_opened", f"dsr:{link.task.dsr_id}", actor_of(link), task=link.task_id,
                system=link.task.system, link=link.pk,
            )  # fmt: skip


def looked(link: TaskLink) -> None:
    """Keep that the owner saw the task of a link: it shows the person of a case like any page of the desk."""
    looks.keep([looks.Opened(LookedAt.TASK, link.task.dsr.case_id)], link.sent_by_id, by_link=link.pk)


def use(link: TaskLink) -> None:
    """Spend the link on an answer, in the transaction of that answer. Raises ActionRefused when it works no more."""
    lock_request(link.task.dsr_id)
    spent = _alive().filter(pk=link.pk)
    if not spent.exists():
        raise ActionRefused(Reason("task_link_over"))
    TaskLink.objects.filter(pk=link.pk).update(answered_at=timezone.now())


def actor_of(link: TaskLink) -> Actor:
    """Return the owner as one who acts: no account, no roles; the sender of the link stands for them."""
    return Actor(ActorKind.OWNER, link.sent_by_id)


def token_of(link: TaskLink) -> str:
    """Return the token of a link; the row only knows its hash."""
    return tokens.derive_token(ring(), PURPOSE, str(link.uuid), 1, link.key_id)


def _alive() -> QuerySet[TaskLink]:
    """Links of which all still holds: the owner, the question, and that whoever sent it works here, and on the case.

    An address that has an account by now, be it a closed one, opens nothing by a link; nor does that of the person. A
    sender who is a party to the case by now stands for nobody: another one has to send it.
    """
    owner = SystemOwner.objects.filter(system=OuterRef("task__system"), email=OuterRef("sent_to"))
    account = User.objects.filter(email=OuterRef("sent_to"))
    party = CaseParty.objects.filter(case=OuterRef("task__dsr__case"), user=OuterRef("sent_by"))
    return (
        TaskLink.objects.open_at(timezone.now())
        .alias(person=Lower("task__dsr__case__person_email"), concerned=Lower("task__dsr__case__concerned_known_as"))
        .alias(sender=Lower("sent_by__email"))
        .filter(Exists(owner), ~Exists(account), ~Exists(party), round=F("task__round"), sent_by__is_active=True)
        .exclude(Q(person__in=[F("sent_to"), F("sender")]) | Q(concerned__in=[F("sent_to"), F("sender")]))
        .select_related("task__dsr__case", "task__plan")
    )


def _is_person_of(case: Case, address: str) -> bool:
    """Whether a case is about, or comes from, whoever reads at this address: they do not work on it."""
    return address.casefold() in {case.person_email.casefold(), case.concerned_known_as.casefold()}


def _end(link: TaskLink, actor: Actor) -> None:
    TaskLink.objects.filter(pk=link.pk).update(withdrawn_at=timezone.now())
    _note_end(link, actor)


def _note_end(link: TaskLink, actor: Actor) -> None:
    task = link.task
    audit.record("task.link_withdrawn", f"dsr:{task.dsr_id}", actor, task=task.pk, system=task.system, link=link.pk)


def _why_not(user_id: int | None, address: str) -> Reason | None:
    if user_id is not None and address:
        return Reason("owner_is_one")
    if user_id is not None:
        return why_unfit(user_id)
    if not address:
        return None
    try:
        validate_email(address)
    except ValidationError:
        return Reason("bad_address")
    if colleagues.is_shared(address):
        return Reason("shared_mailbox")
    return Reason("owner_has_account") if User.objects.filter(email=address).exists() else None
