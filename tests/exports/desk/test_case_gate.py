"""Every address of the desk that names a case, in every app: who looks is kept, and what is hidden is not there."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import get_resolver
from django.utils import timezone

from identity.models import User
from requests_app.domain.enums import Role
from requests_app.models import Case, Look, Message
from requests_app.selectors import CaseView
from requests_app.services import complaints, digest, looks, reminders, shield, staff_news
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.shielding import MAIL, MARKER, Scene, addresses, patterns, scene

ALL = (Role.DECISION_MAKER, Role.ADMINISTRATOR, Role.HANDLER)

pytestmark = pytest.mark.usefixtures("house")


def test_every_address_of_the_desk_that_names_a_case_is_known_to_the_gate() -> None:
    unknown = [address.route for address in addresses(scene(factories.staff())) if not address.url]
    assert unknown == []


def test_every_page_that_shows_something_of_a_case_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "AGAIN", timedelta())  # so that each page has to write
    desk = desk_client(*ALL)
    place, shown, unkept = scene(desk.user), set(), []
    for address in addresses(place):
        before = Look.objects.count()
        if desk.get(address.url).status_code == 200:
            shown.add(address.name)
            new = Look.objects.order_by("pk")[before:]
            if [(look.case_id, look.user_id) for look in new] != [(place.case.pk, desk.user.pk)]:
                unkept.append(address.name)
    assert unkept == []
    assert shown >= {
        "requests:desk:case", "requests:desk:inquiry", "requests:desk:raw", "requests:desk:attachment",
        "exports:desk:task", "exports:desk:erasure", "exports:desk:erasure-line",
    }  # fmt: skip


@pytest.fixture
def reader() -> DeskClient:
    return desk_client(*ALL)


@pytest.fixture
def other() -> DeskClient:
    """Somebody who may do everything that a role allows, and is no reader."""
    return desk_client(*(role for role in Role if role is not Role.SYSTEM_OWNER))


def hide_by_shield(place: Scene, reader: User, _other: User) -> None:
    shield.shield(place.case.pk, [reader.pk], "x", actor=reader.as_actor(), user=reader)


def hide_by_party(place: Scene, reader: User, other: User) -> None:
    shield.set_parties(place.case.pk, [other.pk], "x", actor=reader.as_actor(), user=reader)


def hide_by_address(place: Scene, _reader: User, other: User) -> None:
    Case.objects.filter(pk=place.case.pk).update(person_email=other.email)


Hide = Callable[[Scene, User, User], None]
HIDING = pytest.mark.parametrize("hide", [hide_by_shield, hide_by_party, hide_by_address])


@HIDING
def test_what_is_hidden_is_not_there_at_any_address(hide: Hide, reader: DeskClient, other: DeskClient) -> None:
    place = scene(reader.user)
    hide(place, reader.user, other.user)
    there = []
    for address in addresses(place):
        for answer in (other.get(address.url), other.post(address.url)):
            if answer.status_code != 404 or MARKER in text(answer):
                there.append((address.name, answer.status_code))
    assert there == []
    assert not Look.objects.exists()


def test_a_hidden_case_answers_like_a_reference_that_nobody_has(reader: DeskClient, other: DeskClient) -> None:
    place = scene(reader.user)
    hide_by_shield(place, reader.user, other.user)
    hidden = other.get(f"/desk/cases/{place.case.reference}/")
    nobodys = other.get("/desk/cases/DR-2026-999999-38/")
    assert bare(text(hidden)) == bare(text(nobodys))


def test_who_sees_no_cases_is_told_the_same_of_all(reader: DeskClient) -> None:
    place, administrator = scene(reader.user), desk_client(Role.ADMINISTRATOR)
    for url in (f"/desk/cases/{place.case.reference}/", "/desk/cases/DR-2026-999999-38/"):
        assert administrator.get(url).status_code == 403
    hide_by_shield(place, reader.user, administrator.user)
    assert administrator.get(f"/desk/cases/{place.case.reference}/").status_code == 403


@HIDING
def test_no_page_tells_of_what_is_hidden_by_word_or_number(hide: Hide, reader: DeskClient, other: DeskClient) -> None:
    factories.case()
    before = dict(lists(other))
    place = scene(reader.user)
    seen = dict(lists(other))
    assert {url for url in seen if seen[url] != before[url]} >= {"/desk/", "/desk/inbox/?view=request"}
    hide(place, reader.user, other.user)
    after = dict(lists(other))
    assert [url for url in after if after[url] != before[url]] == []
    for words in (MARKER, MAIL, place.case.reference):
        assert not found(other, words, place), words


def test_readers_find_what_is_hidden_from_others(reader: DeskClient, other: DeskClient) -> None:
    place = scene(reader.user)
    hide_by_shield(place, reader.user, other.user)
    assert MARKER in reader.read("/desk/")
    assert MARKER in reader.read(f"/desk/cases/{place.case.reference}/")
    assert MARKER in reader.read("/desk/inbox/?view=request")
    assert all(found(reader, words, place) for words in (MARKER, MAIL, place.case.reference))


def test_no_mail_to_the_staff_tells_others_of_a_shielded_case(reader: DeskClient, other: DeskClient) -> None:
    place = scene(reader.user)
    Case.objects.filter(pk=place.case.pk).update(unread_since=timezone.now(), assignee=reader.user.pk)
    hide_by_shield(place, reader.user, other.user)
    place.case.dsrs.update(
        effective_due=timezone.localdate() - timedelta(days=2), next_milestone_on=timezone.localdate()
    )
    User.objects.update(date_joined=timezone.now() - timedelta(days=9), wants_digest=True)
    staff_news.tell_replied(place.numbers["message_id"])
    staff_news.tell_bounced(place.numbers["message_id"], 1)
    staff_news.tell_assigned(place.case.pk, reader.user.pk, 1)
    complaints.tell_officer(place.numbers["complaint_id"])
    reminders.sweep()
    digest.sweep()
    told = Message.objects.filter(intent="reminder", body__contains=place.case.reference)
    told |= Message.objects.filter(intent="reminder", subject__contains=place.case.reference)
    assert told.count() >= 3
    assert set(told.values_list("to_address", flat=True)) == {reader.user.email}


def lists(desk: DeskClient) -> Iterator[tuple[str, str]]:
    """Yield every page of the desk whose address names nothing, and every view of the two lists."""
    plain = [f"/{route}" for _, route, one in patterns(get_resolver().url_patterns, "", "") if is_plain(route, one)]
    views = [f"/desk/?view={view.value}" for view in CaseView]
    views += [f"/desk/inbox/?view={verdict}" for verdict in ("unsorted", "request", "not_a_request", "spam")]
    for url in [*plain, *views]:
        answer = desk.get(url)
        if answer.status_code == 200:
            yield url, bare(text(answer))


def is_plain(route: str, pattern: object) -> bool:
    """Whether a page names nothing; those of passkeys hold a new number each time."""
    return route.startswith("desk/") and "<" not in route and "logout" not in route and "passkey" not in route


def found(desk: DeskClient, words: str, place: Scene) -> bool:
    """Tell whether the search leads to the case."""
    answer = desk.post("/desk/search/", {"q": words})
    if place.case.reference in answer.headers["Location"]:
        return True
    page = desk.read(answer.headers["Location"])
    return f"/desk/cases/{place.case.reference}/" in page


def bare(page: str) -> str:
    """Return a page without what differs each time it is drawn."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    page = re.sub(r'value="[0-9a-f]{8}-[0-9a-f-]{27}"|value="[0-9a-f]{32}"|nonce="[^"]*"', "", page)
    page = re.sub(r"DR-2026-[0-9]{6}-[0-9]{2}", "DR", page) if "999999" in page else page
    return re.sub(r"\b\d\d:\d\d(:\d\d)?\b", "", page)
