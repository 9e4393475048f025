"""The secret link and the page behind it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from requests_app import outbox
from requests_app.domain.enums import Direction, Intent
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, Inquiry, Message
from requests_app.services import clarification, correspondence, intake, triage
from tests import factories
from tests.requests_app.extensions import RECEIVED, approved, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return factories.case()


def link(case: Case) -> str:
    """The path that mails carry."""
    return f"/s/{intake.link_token(case)}"


def opened(client: Client, case: Case) -> Client:
    """A browser that opened the case."""
    assert client.post(link(case)).status_code == 302
    return client


def test_following_the_link_does_nothing_until_the_button_is_pressed(client: Client, case: Case) -> None:
    page = client.get(link(case))
    assert page.status_code == 200
    assert case.reference not in page.content.decode()
    assert client.get("/s/").headers["Location"] == "/s/link/"


def test_the_button_opens_the_case_and_the_token_leaves_the_address(client: Client, case: Case) -> None:
    answer = client.post(link(case))
    assert answer.headers["Location"] == "/s/"
    page = client.get("/s/")
    assert case.reference in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"


def test_unknown_and_known_links_look_the_same_before_the_button(client: Client, case: Case) -> None:
    unknown = "/s/" + "A" * 32

    def body(path: str) -> str:
        html = client.get(path).content.decode()
        start = html.index('name="csrfmiddlewaretoken"')
        return html[:start] + html[start + 120 :]

    assert len(body(link(case))) == len(body(unknown))
    assert client.post(unknown).status_code == 410


@pytest.mark.parametrize("spoil", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: t.swapcase()])
def test_an_altered_link_opens_nothing(client: Client, case: Case, spoil: object) -> None:
    token = spoil(intake.link_token(case))  # type: ignore[operator]
    assert client.post(f"/s/{token}").status_code == 410
    assert client.get("/s/").status_code == 302


def test_an_expired_link_offers_a_new_one(client: Client, case: Case) -> None:
    with travel(case.link_expires_at + timedelta(seconds=1), tick=False):
        page = client.post(link(case))
        assert page.status_code == 410
        assert 'action="/s/link/"' in page.content.decode()


def test_a_new_link_is_mailed_to_the_address_of_the_case_only(client: Client, case: Case) -> None:
    known = client.post("/s/link/", {"email": case.person_email.upper()})
    unknown = client.post("/s/link/", {"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert len(known.content) == len(unknown.content)
    outbox.relay()
    sent = Message.objects.filter(intent=Intent.STATUS_LINK)
    assert [m.to_address for m in sent] == [case.person_email]


def test_asking_for_a_link_takes_as_many_steps_for_a_stranger(client: Client, case: Case) -> None:
    def steps(email: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            client.post("/s/link/", {"email": email})
        return [query["sql"].split()[0] for query in queries]

    assert steps("nobody@example.com") == steps(case.person_email)
    assert not Message.objects.filter(intent=Intent.STATUS_LINK).exists()


def test_renewing_again_and_again_does_not_flood_a_mailbox(client: Client, case: Case) -> None:
    for _ in range(10):
        client.post("/s/link/", {"email": case.person_email})
    outbox.relay()
    assert Message.objects.filter(intent=Intent.STATUS_LINK).count() == 3


def test_a_renewed_expired_link_makes_the_old_one_worthless(client: Client, case: Case) -> None:
    old = link(case)
    with travel(case.link_expires_at + timedelta(seconds=1), tick=False):
        client.post("/s/link/", {"email": case.person_email})
        outbox.relay()
        case.refresh_from_db()
        assert client.post(old).status_code == 410
        assert client.post(link(case)).status_code == 302


def test_the_person_writes_and_reads_answers(client: Client, case: Case) -> None:
    browser = opened(client, case)
    browser.post("/s/reply/", {"text": "Gjelder også nyhetsbrevet, æøå"})
    actor = factories.staff().as_actor()
    correspondence.write_to_person(case.pk, subject="Spørsmål", body="Hvilket år?", actor=actor)
    page = browser.get("/s/").content.decode()
    assert "Gjelder også nyhetsbrevet, æøå" in page
    assert "Hvilket år?" in page
    assert Message.objects.get(intent=Intent.REPLY).direction == Direction.IN


def test_the_question_what_is_wanted_is_read_and_answered_on_the_page(client: Client, case: Case) -> None:
    dsr, question = case.dsrs.get(), clarification.Question("Tilbud siden 2011.", "Hvilket år gjelder det?")
    clarification.ask(dsr.pk, question, large=True, actor=factories.staff().as_actor(), key="a")
    browser = opened(client, case)
    page = browser.get("/s/").content.decode()
    assert "Hvilket år gjelder det?" in page
    assert "Vil du ha alt, er det nok å si fra." in page
    assert "secret:" not in page
    browser.post("/s/reply/", {"text": "Alt, takk."})
    assert [reply.body for reply in clarification.replies(dsr)] == ["Alt, takk."]


def test_a_message_on_a_closed_case_lands_where_somebody_looks(client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    for _ in range(2):
        assert opened(client, case).post("/s/reply/", {"text": "Jeg vil klage på svaret"}).status_code == 302
    waiting = list(Inquiry.objects.unsorted())
    assert [(row.text, row.suggested_case, row.sender_address) for row in waiting] == [
        ("Jeg vil klage på svaret", case, case.person_email)
    ] * 2
    assert not Message.objects.filter(intent=Intent.REPLY).exists()
    handler = factories.staff().as_actor()
    with pytest.raises(ActionRefused) as refused:  # on a closed case nobody would see it
        triage.attach(waiting[0].pk, case.pk, actor=handler)
    assert refused.value.reason.code == "attach_case_closed"
    Case.objects.filter(pk=case.pk).update(closed_at=None)
    triage.attach(waiting[0].pk, case.pk, actor=handler)
    assert case.messages.get(intent=Intent.REPLY).body == "Jeg vil klage på svaret"


def test_a_message_on_a_closed_case_still_shows_to_whoever_wrote_it(client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    page = opened(client, case).post("/s/reply/", {"text": "Jeg vil klage på svaret"}, follow=True).content.decode()
    assert page.count("Jeg vil klage på svaret") == 1
    Case.objects.filter(pk=case.pk).update(closed_at=None)  # opened again for it
    triage.attach(Inquiry.objects.unsorted().get().pk, case.pk, actor=factories.staff().as_actor())
    assert client.get("/s/").content.decode().count("Jeg vil klage på svaret") == 1


@pytest.mark.parametrize("closed", [False, True])
def test_a_double_click_is_one_message(client: Client, case: Case, closed: bool) -> None:
    if closed:
        Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    page = opened(client, case).get("/s/").content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert key
    for _ in range(2):
        client.post("/s/reply/", {"text": "En gang", "key": key[1]})
    kept = Inquiry.objects.unsorted() if closed else case.messages.filter(intent=Intent.REPLY)
    assert kept.count() == 1
    assert key[1] not in client.get("/s/").content.decode()


def test_the_mail_of_somebody_else_on_the_case_is_not_shown_to_the_person(client: Client, case: Case) -> None:
    actor = factories.staff().as_actor()
    foreign = factories.inquiry("Hemmelig om Kari", sender_address="per.strand@example.net")
    triage.attach(foreign.pk, case.pk, actor=actor, confirmed=True)
    own = factories.inquiry("Fra min egen adresse", sender_address=case.person_email.upper())
    triage.attach(own.pk, case.pk, actor=actor)
    page = opened(client, case).get("/s/").content.decode()
    assert "Hemmelig om Kari" not in page
    assert "Fra min egen adresse" in page
    assert case.inquiries.order_by("id").first().text in page  # type: ignore[union-attr]


@pytest.mark.parametrize("bad", ["", "   ", "x\x00y", "x" * 20_001])
def test_bad_messages_get_an_error_and_change_nothing(client: Client, case: Case, bad: str) -> None:
    assert opened(client, case).post("/s/reply/", {"text": bad}).status_code == 400
    assert not Message.objects.filter(intent=Intent.REPLY).exists()


def test_a_visit_ends_after_two_idle_hours_and_by_the_button(client: Client, case: Case) -> None:
    browser = opened(client, case)
    with travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        assert browser.get("/s/").status_code == 302
    opened(browser, case).post("/s/leave/")
    assert browser.get("/s/").status_code == 302


def test_one_browser_sees_one_case(client: Client, case: Case) -> None:
    other = factories.case()
    browser = opened(opened(client, case), other)
    page = browser.get("/s/").content.decode()
    assert other.reference in page
    assert case.reference not in page


def test_internal_notes_never_show(client: Client, case: Case) -> None:
    from requests_app.models import Note

    Note.objects.create(case=case, author=factories.staff(), text="intern vurdering", created_at=timezone.now())
    assert "intern vurdering" not in opened(client, case).get("/s/").content.decode()


def test_neither_title_nor_address_holds_personal_data(client: Client, case: Case) -> None:
    html = opened(client, case).get("/s/").content.decode()
    title = html[html.index("<title>") : html.index("</title>")]
    assert case.person_name not in title
    assert case.person_email not in title


def test_an_extended_time_is_one_day_and_no_promise_that_has_passed(client: Client) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(at(9, 20), tick=False):
        approved(dsr)
        while outbox.relay():
            pass
        opened(client, dsr.case)
        page = client.get("/s/").content.decode()
    assert "1. desember 2026" in page
    assert "1. oktober 2026" not in page


def test_the_letters_are_there_to_be_read_again_without_their_secrets(client: Client) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(at(9, 20), tick=False):
        approved(dsr)
        opened(client, dsr.case)
        page = client.get("/s/").content.decode()
    assert "Vi trenger mer tid" in page
    assert "Datatilsynet, Postboks 458 Sentrum" in page
    assert "{{secret" not in page


def test_the_confirmation_of_receipt_is_there_too_without_its_link(client: Client, case: Case) -> None:
    Message.objects.create(
        case=case, direction=Direction.OUT.value, intent=Intent.ACKNOWLEDGEMENT.value, state="queued", language="nb",
        subject="Vi har mottatt henvendelsen din", body="Angre her: {{secret:undo}}", key="ack",
        created_at=timezone.now(),
    )  # fmt: skip
    page = opened(client, case).get("/s/").content.decode()
    assert "Vi har mottatt henvendelsen din" in page
    assert "secret:" not in page


def test_links_and_codes_of_a_moment_are_no_letters(client: Client, case: Case) -> None:
    for number, intent in enumerate((Intent.STATUS_LINK, Intent.ONE_TIME_CODE, Intent.IDENTITY_REQUEST)):
        Message.objects.create(
            case=case, direction=Direction.OUT.value, intent=intent.value, state="queued", language="nb",
            subject="Koden", body="Her er {{secret:code}}.", key=f"moment:{number}", created_at=timezone.now(),
        )  # fmt: skip
    assert "Koden" not in opened(client, case).get("/s/").content.decode()


def test_a_letter_that_was_no_longer_needed_was_not_written_to_the_person(client: Client, case: Case) -> None:
    for state in ("queued", "dropped"):
        Message.objects.create(
            case=case, direction=Direction.OUT.value, intent=Intent.STILL_WAITING.value, state=state, language="nb",
            subject=f"Vi venter ({state})", body="Fortsatt.", key=f"waits:{state}", created_at=timezone.now(),
        )  # fmt: skip
    page = opened(client, case).get("/s/").content.decode()
    assert ("Vi venter (queued)" in page, "Vi venter (dropped)" in page) == (True, False)
