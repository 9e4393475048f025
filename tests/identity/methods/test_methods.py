"""Every way to show who asks says when it is open, and why not."""

import pytest

from identity.domain.enums import BY_STAFF, DoubtReason, Level, Method
from identity.methods import METHODS
from identity.services import codes, proof, verify
from requests_app.domain.enums import Right
from requests_app.models import Case
from requests_app.reasons import SENTENCES
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def code_of(case: Case, method: Method) -> str:
    reason = METHODS[method].why_not(case)
    if reason:
        assert reason.code in SENTENCES
    return reason.code if reason else ""


def test_each_stands_under_its_own_name() -> None:
    assert all(way.method is method for method, way in METHODS.items())
    assert all(METHODS[method].level >= Level.L2 for method in BY_STAFF & set(METHODS))


def test_a_link_needs_an_address_on_file() -> None:
    case = factories.case()
    assert code_of(case, Method.EMAIL_LINK) == "contact_point_missing"
    scenes.on_file(case)
    assert code_of(case, Method.EMAIL_LINK) == ""


@pytest.mark.parametrize("method", [Method.VIDEO_CALL, Method.SHOWN_DOCUMENT])
def test_a_document_is_shown_where_identity_may_be_doubted(method: Method) -> None:
    assert code_of(factories.case(), method) == ""
    assert code_of(factories.case(Right.MARKETING_OBJECTION), method) == "identity_never_asked"


def test_a_code_by_mail_needs_an_address_and_no_pause() -> None:
    row = scenes.doubted()
    assert code_of(row.case, Method.ONE_TIME_CODE) == "code_no_address"
    verify.confirm(scenes.link_token(row))
    assert code_of(row.case, Method.ONE_TIME_CODE) == ""
    for _ in range(5):
        codes.send(row.case, "download", scenes.ON_FILE)
    assert code_of(row.case, Method.ONE_TIME_CODE) == "code_pause"


def test_what_was_shown_leaves_nothing_open_but_the_way_stays() -> None:
    case, actor = factories.case(), factories.staff().as_actor()
    proof.shown(case.pk, Method.VIDEO_CALL, Level.L4, actor=actor, doubt=DoubtReason.MISMATCH)
    assert code_of(case, Method.VIDEO_CALL) == ""
