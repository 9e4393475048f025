"""By what a person is looked for: never by an address that is only to be written down."""

import pytest

from exports.services import subject
from identity.services import new_address, verify
from requests_app.domain.enums import Right
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def test_who_confirms_a_new_address_hands_over_nothing_of_what_is_held_under_it() -> None:
    case, actor = factories.case(Right.ACCESS, Right.RECTIFICATION, email=scenes.ON_FILE), factories.staff().as_actor()
    scenes.on_file(case)
    new_address.require(case.pk, [(scenes.ON_FILE, "somebody.else@example.com")], actor=actor)
    verify.confirm(scenes.link_token(case.verifications.get(purpose="new_address")))
    assert set(subject.to_read(case).emails) == {scenes.ON_FILE}
    assert "somebody.else@example.com" in subject.to_correct(case).emails
