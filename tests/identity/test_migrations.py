"""What earlier versions left behind is taken up."""

from importlib import import_module

import pytest
from django.apps import apps

from identity.domain.enums import ContactChannel, Level, Method
from identity.models import ContactPoint, Verification
from identity.services import contact_points
from requests_app.domain.enums import Requester
from requests_app.models import Case
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

what_proofs = import_module("identity.migrations.0012_what_proofs_are_about")


def test_what_was_found_without_a_number_was_found_under_the_address() -> None:
    alone, numbered = factories.case(), factories.case(email="per@example.com")
    Case.objects.filter(pk=numbered.pk).update(person_phone="90000000")
    for case in (alone, numbered):
        contact_points.record(case, ContactChannel.PHONE, "+4791111111", "website", None)
    what_proofs.tell_what_is_certain(apps, None)
    assert ContactPoint.objects.get(case=alone).found_by == [alone.person_email]
    assert ContactPoint.objects.get(case=numbered).found_by == []


def test_what_the_staff_saw_of_a_person_stands_under_no_agents_address_any_more() -> None:
    own, agents = factories.case(), factories.case(email="advokat@example.com")
    Case.objects.filter(pk=agents.pk).update(requester=Requester.REPRESENTATIVE.value)
    rows = [scenes.shown(case, Level.L4, case.person_email) for case in (own, agents)]
    Verification.objects.update(method=Method.SHOWN_DOCUMENT.value)
    what_proofs.take_agents_addresses_back(apps, None)
    for row in rows:
        row.refresh_from_db()
    assert [row.sent_to for row in rows] == [own.person_email, ""]
