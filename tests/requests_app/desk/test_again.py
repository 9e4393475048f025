"""An approval that touches the person's time or money, or closes the question of an answer, takes a second look."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity.desk import recency
from identity.models import User
from identity.services import second_factor
from requests_app.domain.enums import FeeKind, Right, Role
from requests_app.models import Case, Extension, Fee, SentMail
from requests_app.services import fee, outside, sent_mail, triage
from tests import factories
from tests.identity.scenes import signed_in
from tests.requests_app import extensions
from tests.requests_app.services.post import KARI, arrived, letter

pytestmark = pytest.mark.django_db

ASKED = "<kari-1@example.com>"


@pytest.fixture
def decider(client: Client) -> User:
    """A decision-maker who logged in a while ago."""
    user = signed_in(client, factories.staff(Role.DECISION_MAKER))
    session = client.session
    session[recency.KEY] = (timezone.now() - settings.RECENT_FACTOR_AGE - timedelta(seconds=1)).timestamp()
    session.save()
    return user


def press(client: Client, step: str, case: Case, number: int, *, by: User | None = None) -> int:
    """Press a button of the page as it is now, with the code of somebody or without one; return the status."""
    page = reverse(f"requests:desk:{step}", args=[case.reference, number])
    fields = {"version": str(Case.objects.get(pk=case.pk).version)}
    code = {"factor-code": second_factor.begin(by).current_code()} if by else {}
    return client.post(page, fields | code).status_code


def test_an_extension_is_approved_only_with_the_factor(client: Client, decider: User) -> None:
    row = extensions.proposed(factories.dsr())
    assert press(client, "extension-approve", row.dsr.case, row.pk) == 403
    assert Extension.objects.get().approved_by_id is None
    press(client, "extension-approve", row.dsr.case, row.pk, by=decider)
    assert Extension.objects.get().approved_by_id == decider.pk


def test_a_fee_is_approved_only_with_the_factor(client: Client, decider: User) -> None:
    dsr = factories.dsr()
    row = fee.propose(
        dsr.pk, kind=FeeKind.FURTHER_COPY, amount=Decimal("250.50"), cost_basis="Papir og porto.",
        reasons="Tredje kopi.", withdraw_by=fee.today() + timedelta(days=10), actor=factories.staff().as_actor(),
    )  # fmt: skip
    assert press(client, "fee-approve", dsr.case, row.pk) == 403
    assert Fee.objects.get().approved_by_id is None
    press(client, "fee-approve", dsr.case, row.pk, by=decider)
    assert Fee.objects.get().approved_by_id == decider.pk


def test_an_answer_given_outside_is_confirmed_only_with_the_factor(client: Client, decider: User) -> None:
    handler = factories.staff().as_actor()
    case = triage.sort_as_request(arrived(letter(Message_ID=ASKED)).pk, [Right.ACCESS], actor=handler)
    raw = letter("Her er alt.", sender="anne@optimar.no", To=KARI, Subject="Sv: Innsyn", In_Reply_To=ASKED)
    row, _ = sent_mail.record(sent_at=datetime(2026, 7, 2, 8, tzinfo=UTC), raw=raw, oversize=False, size=len(raw))
    sent_mail.read(row.pk)
    outside.count_as_answer(row.pk, actor=handler)
    assert press(client, "outside-confirm", case, row.pk) == 403
    assert SentMail.objects.get().confirmed_at is None
    press(client, "outside-confirm", case, row.pk, by=decider)
    assert SentMail.objects.get().confirmed_by_id == decider.pk
