"""Page-shaped reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.contrib.auth import get_user_model
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from requests_app.domain.delivery import DEAD_STATUSES
from requests_app.domain.enums import (
    Channel,
    Direction,
    Intent,
    MessageState,
    Requester,
    Role,
    Stage,
    SuspensionKind,
    Verdict,
)
from requests_app.domain.outcomes import AT_ONCE
from requests_app.models import (
    AuditEntry,
    Case,
    DataSubjectRequest,
    DeliveryReport,
    DigestSent,
    Extension,
    Fee,
    HeldNotice,
    Inquiry,
    Message,
    Organisation,
    OutboxEvent,
    SentMail,
    Suspension,
)
from requests_app.models.case import CaseQuerySet, Viewer
from requests_app.models.inquiry import InquiryQuerySet
from requests_app.permissions import TABLE, Permission, Staff

M = TypeVar("M", bound=Model)

MOST_COUNTED = 1000
WEEK = timedelta(days=7)
MOST_TWINS = 10
OPENING = 400  # characters of a text that a list shows
UNSENT = (MessageState.FAILED.value, MessageState.BOUNCED.value, MessageState.UNCERTAIN.value)
NO_MAIL = (MessageState.PAPER.value, MessageState.DROPPED.value)  # these reach nobody by mail
WAITS_TOO_LONG = timedelta(hours=1)  # a mail that has not left by then is shown: the mail system may be away for days
# What raises the version of a case (`services.collision`), as the audit calls it.
TOUCHING = (
    "message.received", "message.written", "note.added", "case.assigned", "decision.chosen", "decision.overridden",
    "answer.offered", "answer.withdrawn", "answer.way_chosen", "answer.delivered", "case.inquiry_taken_off",
    "case.receipt_corrected", "clarification.asked", "clarification.answered",
    "erasure.changed", "erasure.left_out", "erasure.included", "erasure.submitted", "erasure.approved",
    "erasure.cancelled", "hold.set", "hold.lifted", "lifting.proposed", "lifting.approved", "lifting.taken_back",
    "lifting.told", "complaint.about_erasure", "complaint.not_about_erasure", "extension.proposed",
    "extension.approved", "extension.taken_back", "extension.notice_sent", "advice.recorded", "fee.proposed",
    "fee.approved", "fee.taken_back", "fee.told", "late.told", "mandate.asked",
    "outside.answer", "outside.confirmed", "outside.correspondence",
    "case.shielded", "case.readers_changed", "case.shield_lifted", "case.parties_changed",
)  # fmt: skip


class CaseView(StrEnum):
    """The saved views of the queue."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    DUE = "due"
    OVERDUE = "overdue"
    IDENTITY = "identity"
    APPROVE = "approve"
    UNREAD = "unread"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Order:
    """By what a list is sorted: two columns that together tell any two rows apart."""

    column: str
    descending: bool = False


BY_DUE_DATE = Order("due_on")
LATEST_CLOSED = Order("closed_at", descending=True)
LATEST_RECEIVED = Order("received_at", descending=True)
OLDEST_RECEIVED = Order("received_at")


@dataclass(frozen=True)
class Page(Generic[M]):
    """A stretch of a list, and whether there is more on either side."""

    rows: Sequence[M]
    earlier: bool
    later: bool


def organisation() -> Organisation:
    """Return the controller of this installation; raises Organisation.DoesNotExist before set-up."""
    return Organisation.objects.get(pk=1)


def staff_with(*roles: Role) -> list[Staff]:
    """Return the active members of staff who hold one of `roles`, the longest here first.

    The emergency approver is none of them: they are outside the team, get no cases, and count for nothing.
    """
    users = get_user_model().objects.filter(
        is_active=True, emergency=False, role_rows__role__in=[role.value for role in roles]
    )
    return list(users.distinct().order_by("pk"))


def staff_who_may(permission: Permission) -> list[Staff]:
    """Return the active members of staff whom a role allows this, the longest here first."""
    return staff_with(*(role for role, allowed in TABLE.items() if permission in allowed))


def handlers() -> list[Staff]:
    """Return everybody who may have a case: active, and allowed to see cases."""
    return staff_who_may(Permission.VIEW_CASES)


def active_staff() -> list[Staff]:
    """Return every active member of staff with their roles, the longest here first."""
    return list(get_user_model().objects.filter(is_active=True).prefetch_related("role_rows").order_by("pk"))


def without_digest(day: date, *, since: datetime) -> list[int]:
    """Return the active accounts, older than `since`, whose morning mail of a day nobody has seen to yet.

    Who does not want one is among them only while something waits for it that was put off before.
    """
    held = HeldNotice.objects.filter(user=OuterRef("pk"), told_on__isnull=True)
    seen = DigestSent.objects.filter(user=OuterRef("pk"), day=day)
    users = get_user_model().objects.filter(is_active=True, date_joined__lte=since).exclude(Exists(seen))
    return list(users.filter(Q(wants_digest=True) | Q(Exists(held))).order_by("pk").values_list("pk", flat=True))


def unsent() -> Q:
    """The messages of ours that have not reached anybody: refused, back, perhaps gone, or waiting for over an hour."""
    waiting = Q(state__in=[MessageState.QUEUED.value, MessageState.SENDING.value])
    waiting &= Q(direction=Direction.OUT.value, queued_at__lt=timezone.now() - WAITS_TOO_LONG)
    return waiting | Q(state__in=UNSENT)


def next_tries(message_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when the sending of messages that wait is tried next, by number."""
    wanted = list(message_ids)
    if not wanted:
        return {}
    owed = OutboxEvent.objects.filter(name="MessageQueued", done_at__isnull=True, payload__message_id__in=wanted)
    return {payload["message_id"]: at for payload, at in owed.order_by("-run_at").values_list("payload", "run_at")}


def comes_back(address: str) -> bool:
    """Tell whether a mail to an address came back since there is no such address, and nobody has sent it again."""
    reports = DeliveryReport.objects.filter(came_back=True, status__in=DEAD_STATUSES)
    return reports.filter(message__state=MessageState.BOUNCED.value, message__to_address__iexact=address).exists()


def proposed_to_decide(*, by_others_than: int | None = None) -> Q:
    """Return the condition of requests in which an extension or a fee waits for the decision-maker."""
    waiting = [
        model.objects.living().filter(dsr=OuterRef("pk"), approved_at__isnull=True).exclude(proposed_by=by_others_than)
        for model in (Extension, Fee)
    ]
    return Q(Exists(waiting[0])) | Q(Exists(waiting[1]))


def cases_in(view: CaseView, *, user_id: int, today: date) -> CaseQuerySet:
    """Return the cases of a view, unsorted, whoever may see them. "Due" is whatever falls due within a week from today.

    "Held" is where something has taken effect at once, and the person was not told of it by mail.
    """
    if view is CaseView.CLOSED:
        return Case.objects.filter(closed_at__isnull=False)
    requests = DataSubjectRequest.objects.open().filter(case=OuterRef("pk"))
    asked = Suspension.objects.filter(
        dsr__case=OuterRef("pk"), dsr__closed_at__isnull=True, answered_at__isnull=True,
        kind=SuspensionKind.IDENTITY.value,
    )  # fmt: skip
    confirmed = Message.objects.filter(case=OuterRef("pk"), intent=Intent.ACKNOWLEDGEMENT.value)
    confirmed = confirmed.exclude(unsent())
    at_once = [right.value for right in AT_ONCE]
    beyond = DataSubjectRequest.objects.filter(case=OuterRef("pk")).exclude(right__in=at_once)
    held = requests.filter(stage=Stage.IN_PROGRESS.value, right__in=at_once)
    late = requests.filter(effective_due__lt=today).exclude(waits_and_was_told())
    proposed = requests.filter(proposed_to_decide(), closed_at__isnull=True)
    outside = SentMail.objects.to_confirm().filter(message__case=OuterRef("pk"))
    conditions: dict[CaseView, Q] = {
        CaseView.MINE: Q(assignee=user_id),
        CaseView.UNASSIGNED: Q(assignee__isnull=True),
        CaseView.DUE: Q(due_on__gte=today, due_on__lte=today + WEEK),
        CaseView.OVERDUE: Q(due_on__lt=today) & Q(Exists(late)),
        CaseView.IDENTITY: Q(Exists(asked)),
        CaseView.UNREAD: Q(unread_since__isnull=False),
        # Where all that is asked for takes effect at once, no receipt is owed: its own letter says it all.
        CaseView.UNCONFIRMED: ~Q(person_email="")
        & ~Q(Exists(confirmed))
        & (~Q(requester=Requester.SELF.value) | Q(Exists(beyond))),
        CaseView.HELD: Q(Exists(held)),
        CaseView.APPROVE: Q(Exists(requests.filter(stage=Stage.IN_REVIEW.value)))
        | Q(Exists(proposed))
        | Q(Exists(outside)),
        CaseView.OPEN: Q(),
    }
    return Case.objects.open().filter(conditions[view])


def notices_of_waiting(dsr: DataSubjectRequest) -> QuerySet[Message]:
    """Return the notices that we still wait (T07) written while a request waited, whether they left or not."""
    return _notices("created_at", dsr.pk).filter(case=dsr.case_id)


def waits_and_was_told() -> Q:
    """Of a request: its clock stands, and the person was told so in time. It is not late, however long it takes."""
    still = Suspension.objects.filter(dsr=OuterRef("pk"), answered_at__isnull=True)
    return Q(Exists(still)) & Q(told_that_we_wait())


def told_that_we_wait() -> Exists:
    """Of a request: a notice that we still wait left while the request waited, and before its alarm was over."""
    left = _notices("sent_at", OuterRef(OuterRef("pk"))).filter(case=OuterRef("case"), state=MessageState.SENT.value)
    return Exists(left.filter(sent_at__lt=OuterRef("effective_due_end_utc")))


def _notices(moment: str, dsr: Any) -> QuerySet[Message]:
    """The notices whose `moment` (a column) falls into a time in which the request `dsr` (its number) waited."""
    waited = Suspension.objects.filter(dsr=dsr, asked_at__lte=OuterRef(moment))
    waited = waited.filter(Q(answered_at__isnull=True) | Q(answered_at__gte=OuterRef(moment)))
    notices = Message.objects.filter(Exists(waited), intent=Intent.STILL_WAITING.value)
    return notices.exclude(state=MessageState.DROPPED.value)


def narrowed(cases: QuerySet[Case], *, right: str, stage: str, assignee: str, channel: str) -> QuerySet[Case]:
    """Return the cases that fit; an empty value leaves its question open. `assignee` is a number, or "none"."""
    requests = DataSubjectRequest.objects.filter(case=OuterRef("pk"))
    if right:
        cases = cases.filter(Exists(requests.filter(right=right)))
    if stage:
        cases = cases.filter(Exists(requests.filter(stage=stage)))
    if assignee:
        cases = cases.filter(assignee=None if assignee == "none" else int(assignee))
    return cases.filter(channel=channel) if channel else cases


def cases_about(text: str) -> CaseQuerySet:
    """Return the cases, open or closed, whose reference, person or subject lines hold a text."""
    # SQLite knows capitals of A to Z only; without the variants nobody there would find Åse by "åse".
    variants = {text, text.lower(), text.upper(), text.title()}
    written = Message.objects.filter(case=OuterRef("pk"))
    found = Q(reference__icontains=text)
    for one in variants:
        found |= Q(person_name__icontains=one) | Q(person_email__icontains=one)
        found |= Q(Exists(written.filter(subject__icontains=one)))
    return Case.objects.filter(found)


def for_queue(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Load with the cases what a row of the queue shows, in a fixed number of queries."""
    waiting = Message.objects.filter(unsent(), case=OuterRef("pk"))
    return (
        cases.select_related("assignee__deputy")
        .annotate(has_unsent=Exists(waiting))
        .prefetch_related(Prefetch("dsrs", requests_with_waits()))
    )


def requests_with_waits() -> QuerySet[DataSubjectRequest]:
    """Return requests, oldest first, with their suspensions, and `told` where the person knows that we still wait."""
    return (
        DataSubjectRequest.objects.annotate(told=told_that_we_wait())
        .order_by("id")
        .prefetch_related("suspensions", "extensions")
    )


def page(
    rows: QuerySet[M], order: Order, *, size: int, after: tuple[object, int] | None, before: tuple[object, int] | None
) -> Page[M]:
    """Return the `size` rows after (or before) the one with these values of the sorting columns.

    By key, not by number: rows that come or go meanwhile neither hide nor repeat others.
    """
    backwards = before is not None
    descending = order.descending != backwards
    mark = before if backwards else after
    if mark is not None:
        way = "lt" if descending else "gt"
        value, pk = mark
        beyond = Q(**{f"{order.column}__{way}": value}) | Q(**{order.column: value, f"pk__{way}": pk})
        rows = rows.filter(beyond)
    sign = "-" if descending else ""
    found = list(rows.order_by(f"{sign}{order.column}", f"{sign}pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        return Page(found[::-1], earlier=more, later=True)
    return Page(found, earlier=after is not None, later=more)


def counted(rows: QuerySet[M]) -> int:
    """Count rows, but no further than one above MOST_COUNTED: nobody reads more exactly, and it costs."""
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()


def count_in_words(number: int) -> str:
    """Return a number of `counted` as it is shown."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def count_unsorted(user: Viewer | None = None) -> int:
    """Return how many inquiries that somebody may see wait for a verdict, as `counted`; None: all of them."""
    waiting = Inquiry.objects.unsorted()
    return counted(waiting if user is None else waiting.visible_to(user))


def count_sent_elsewhere() -> int:
    """Return how many mails are kept that somebody here sent by hand and that belong to no case, as `counted`."""
    return counted(SentMail.objects.untied())


def same_message_id(inquiry: Inquiry, user: Viewer) -> list[int]:
    """Return the ids of other inquiries that bear the same Message-ID, which no two mails should; the oldest first."""
    if not inquiry.message_id:
        return []
    others = Inquiry.objects.visible_to(user).filter(message_id=inquiry.message_id).exclude(pk=inquiry.pk)
    return list(others.order_by("id").values_list("pk", flat=True)[:MOST_TWINS])


def oldest_unread(before: datetime) -> datetime | None:
    """Return when the oldest mail was captured that nobody has read since, of those captured before a moment."""
    unread = Inquiry.objects.filter(channel=Channel.MAIL.value, parsed_at__isnull=True, ingested_at__lt=before)
    return unread.order_by("ingested_at").values_list("ingested_at", flat=True).first()


def asked_in(dsr: DataSubjectRequest) -> Inquiry | None:
    """Return the message that a request came with: the last one received until then.

    What had reached somebody here before, or was found to have come on another day, is dated so on the case only.
    """
    said = Q(messages__direction=Direction.IN.value, messages__created_at__lte=dsr.received_at)
    return dsr.case.inquiries.light().filter(said).order_by("-messages__created_at", "-id").first()


def inbox(verdict: Verdict) -> InquiryQuerySet:
    """Return the inquiries with a verdict for a list: the opening of the text only (`opening`), no raw bytes."""
    rows = Inquiry.objects.unsorted() if verdict is Verdict.UNSORTED else Inquiry.objects.filter(verdict=verdict.value)
    return (
        rows.defer("raw", "html", "text", "forwarded_text")
        .annotate(opening=Substr("text", 1, OPENING))
        .select_related("suggested_case", "case", "sorted_by")
    )


def next_unsorted(after: Inquiry | None = None, *, user: Viewer | None = None) -> int | None:
    """Return the number of the unsorted inquiry that comes next after this one, or of the oldest; None: all done.

    Of those that `user` may see, if one is given.
    """
    waiting = Inquiry.objects.unsorted()
    if user is not None:
        waiting = waiting.visible_to(user)
    if after is not None:
        beyond = Q(received_at__gt=after.received_at) | Q(received_at=after.received_at, pk__gt=after.pk)
        following = waiting.filter(beyond).values_list("pk", flat=True).first()
        if following is not None:
            return following
    return waiting.values_list("pk", flat=True).first()


def cases_of(address: str, *, user: Viewer | None = None, most: int = 3) -> list[Case]:
    """Return the open cases of an address, the latest first; of those that `user` may see, if one is given."""
    if not address:
        return []
    cases = Case.objects.open() if user is None else Case.objects.open().visible_to(user)
    return list(cases.filter(person_email__iexact=address).order_by("-received_at")[:most])


def cases_of_person(case: Case) -> QuerySet[Case]:
    """Return every case of whoever a case is about, as far as address or number tell: who asks twice has two."""
    same = Q(pk=case.pk)
    if case.person_email:
        same |= Q(person_email__iexact=case.person_email)
    if case.person_phone:
        same |= Q(person_phone=case.person_phone)
    return Case.objects.filter(same)


def history(case: Case) -> QuerySet[AuditEntry]:
    """Return what the audit says about a case and its requests, the latest first."""
    subjects = [f"case:{case.pk}", *(f"dsr:{pk}" for pk in case.dsrs.values_list("pk", flat=True))]
    return AuditEntry.objects.filter(subject__in=subjects).order_by("-number")


def whole_history(case: Case) -> QuerySet[AuditEntry]:
    """Return what the audit says about a case, its requests and the messages that came in for it, the latest first."""
    messages = [f"inquiry:{pk}" for pk in case.inquiries.values_list("pk", flat=True)]
    return (history(case) | AuditEntry.objects.filter(subject__in=messages)).order_by("-number")


def changes_since(case: Case, version: int) -> list[AuditEntry]:
    """Return what people did to a case since it had this version, the latest first."""
    by_people = history(case).exclude(actor="system")
    touching = by_people.filter(Q(action__in=TOUCHING) | Q(action__startswith="request.")).exclude(
        action="request.added"
    )
    return list(touching[: max(0, case.version - version)])
