"""Situations that several tests of identity begin with."""

from datetime import UTC, datetime
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from identity.desk import recency
from identity.domain.enums import ContactChannel, DoubtReason, Level, Method, VerificationState
from identity.models import ContactPoint, User, Verification
from identity.services import contact_points, second_factor, staff_sessions, verify
from requests_app.domain import tokens
from requests_app.domain.enums import Right
from requests_app.keyring import ring
from requests_app.models import Case, Message
from tests import factories

ON_FILE = "kari.holm@work.example"
SINCE = datetime(2024, 3, 3, tzinfo=UTC)


def on_file(case: Case, value: str = ON_FILE, system: str = "website") -> ContactPoint:
    """Return a contact point that a system holds."""
    return contact_points.record(case, ContactChannel.EMAIL, value, system, SINCE, found_by=case.person_email)


def doubted(*rights: Right, handler: User | None = None) -> Verification:
    """Return the open question of a case whose address on file differs from the one in the request."""
    case = factories.case(*rights)
    point = on_file(case)
    actor = (handler or factories.staff()).as_actor()
    return verify.ask(case.pk, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=actor)


def shown(case: Case, level: Level, sent_to: str = "") -> Verification:
    """Return how the person showed who they are at a level, by a method that needs no mailbox unless one is given."""
    now = timezone.now()
    return Verification.objects.create(
        case=case, method=Method.EMAIL_LINK.value, level=level.value, doubt_reason=DoubtReason.MISMATCH.value,
        state=VerificationState.CONFIRMED.value, sent_to=sent_to, asked_by=factories.staff(), asked_at=now,
        token_digest=uuid4().hex, expires_at=now, concluded_at=now,
    )  # fmt: skip


def revealed(message: Message) -> dict[str, str]:
    """Return the secrets of a mail as the one who gets it reads them."""
    return {name: tokens.reveal(ring(), tokens.Secret(**how)) for name, how in message.secrets.items()}


def link_token(row: Verification) -> str:
    """Return the token in the link that was mailed for a question."""
    message = Message.objects.get(key=f"identity-link:{row.uuid}")
    return revealed(message)["link"].rpartition("/")[2]


def enrolled(user: User) -> User:
    """Give an account a confirmed second factor; return the account."""
    factor = second_factor.begin(user)
    factor.confirmed = True
    factor.save()
    return user


def signed_in(client: Client, user: User) -> User:
    """Give a test client the session of somebody who showed both factors just now; return the account."""
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = enrolled(user).second_factor.persistent_id
    staff_sessions.begin(session, user, user_agent="", verified=True)
    session[recency.KEY] = timezone.now().timestamp()
    session.save()
    return user
