"""The way of the person to the files: link, code, download, and a clear word at every closed door."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from exports.models import Bundle, BundleFile, Download
from exports.portal import code_session
from exports.services import deliver
from identity.models import OneTimeCode
from identity.services import codes
from requests_app.domain import tokens
from requests_app.domain.enums import Intent, Role
from requests_app.keyring import ring
from requests_app.models import Case, DataSubjectRequest, Message
from requests_app.services import intake
from tests import factories
from tests.desk_client import text
from tests.exports import scenes
from tests.exports.house import House, planned

ANSWER = "/s/answer/"
SEND = "/s/answer/code/"


@pytest.fixture
def dsr(house: House) -> DataSubjectRequest:
    """A released answer to somebody who reads English."""
    dsr = scenes.released()
    Case.objects.filter(pk=dsr.case_id).update(language="en")
    return scenes.fresh(dsr)


def browser(dsr: DataSubjectRequest) -> Client:
    """A browser that has opened the status page of a case."""
    client = Client()
    assert client.post(f"/s/{intake.link_token(dsr.case)}").status_code == 302
    return client


def page(client: Client, path: str = ANSWER) -> str:
    """The words of a page, without their markup."""
    response = client.get(path)
    assert response.status_code == 200
    return words(response)


def words(response: HttpResponseBase) -> str:
    """The words of a response, without their markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(response)).split())


def code(case: Case) -> str:
    """The code that was mailed last, as its reader sees it."""
    row = OneTimeCode.objects.filter(case=case).latest("id")
    return tokens.derive_code(ring(), codes.DERIVATION, str(row.uuid), 1, row.key_id)


def let_in(dsr: DataSubjectRequest) -> Client:
    """A browser that has given the right code."""
    client = browser(dsr)
    client.post(SEND)
    assert client.post(ANSWER, {"code": code(dsr.case)}).headers["Location"] == ANSWER
    return client


def file_url(dsr: DataSubjectRequest, media_type: str = "application/pdf") -> str:
    """The address of a file of the newest package."""
    file = scenes.current(dsr).files.get(media_type=media_type)
    return reverse("exports:portal:file", args=[file.pk])


def test_before_the_release_there_is_nothing_to_see(house: House) -> None:
    dsr = scenes.in_review(factories.staff(Role.HANDLER))
    Case.objects.filter(pk=dsr.case_id).update(language="en")
    client = browser(scenes.fresh(dsr))
    assert "Send me a code" not in page(client, "/s/")
    assert "We are still working on it" in page(client)
    client.post(SEND)
    assert not OneTimeCode.objects.exists()
    assert client.get(file_url(dsr)).status_code == 302


def test_from_the_status_page_to_the_saved_file(dsr: DataSubjectRequest) -> None:
    client = browser(dsr)
    status = page(client, "/s/")
    assert "Your answer is ready" in status
    assert "Send me a code" in status
    assert scenes.current(dsr).files.all()[0].name not in status
    assert client.post(SEND).headers["Location"] == ANSWER
    assert "We have sent a code" in page(client)
    spaced = f" {code(dsr.case)[:4]} {code(dsr.case)[4:]} "
    assert client.post(ANSWER, {"code": spaced}).status_code == 302
    assert "5 downloads left" in page(client)
    assert "Download the answer (PDF)" in page(client, "/s/")
    response = client.get(file_url(dsr))
    assert response.content == scenes.PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{dsr.case.reference}-innsyn.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "4 downloads left" in page(client)
    table = client.get(file_url(dsr, "text/csv"))
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert table.headers["Content-Disposition"] == 'attachment; filename="01_x.csv"'


def test_the_code_goes_to_the_address_on_file_and_says_nothing_of_it(dsr: DataSubjectRequest) -> None:
    client = browser(dsr)
    client.post(SEND)
    (mail,) = Message.objects.filter(case=dsr.case, intent=Intent.ONE_TIME_CODE.value)
    assert mail.to_address == "ingrid.solvang@example.com"
    assert "ingrid" not in page(client).lower()


def test_without_an_address_the_answer_to_asking_is_the_same(dsr: DataSubjectRequest) -> None:
    known = browser(dsr)
    known.post(SEND)
    before = page(known)
    Bundle.objects.update(delivery_address="")
    unknown = browser(dsr)
    unknown.post(SEND)
    assert page(unknown) == before
    assert OneTimeCode.objects.count() == 1


def test_a_wrong_code_says_how_many_tries_are_left(dsr: DataSubjectRequest) -> None:
    client = browser(dsr)
    client.post(SEND)
    wrong = str((int(code(dsr.case)) + 1) % 10**8).zfill(8)
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try."):
        response = client.post(ANSWER, {"code": wrong})
        assert response.status_code == 422
        assert f"You have {left}" in words(response)
        assert "<title>Error: " in response.content.decode()
    assert "wrongly too many times" in words(client.post(ANSWER, {"code": wrong}))
    assert client.post(ANSWER, {"code": code(dsr.case)}).status_code == 422
    assert client.get(file_url(dsr)).status_code == 302
    assert not Download.objects.exists()


@pytest.mark.parametrize("given", ["", "abc", "1" * 41, "12 34\0"])
def test_what_is_no_code_gets_a_clear_word(dsr: DataSubjectRequest, given: str) -> None:
    client = browser(dsr)
    client.post(SEND)
    response = client.post(ANSWER, {"code": given})
    assert response.status_code == 422
    assert "code" in words(response)


def test_a_code_works_once(dsr: DataSubjectRequest) -> None:
    let_in(dsr)
    again = browser(dsr)
    assert "does not work any more" in words(again.post(ANSWER, {"code": code(dsr.case)}))
    assert again.get(file_url(dsr)).status_code == 302


def test_a_code_is_too_old_after_a_quarter_of_an_hour(dsr: DataSubjectRequest) -> None:
    client = browser(dsr)
    client.post(SEND)
    with travel(timezone.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert "too old" in words(client.post(ANSWER, {"code": code(dsr.case)}))


def test_after_a_right_code_the_door_is_open_for_a_quarter_of_an_hour(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    with travel(timezone.now() + timedelta(minutes=14), tick=False):
        assert client.get(file_url(dsr)).status_code == 200
    with travel(timezone.now() + timedelta(minutes=16), tick=False):
        response = client.get(file_url(dsr))
        assert (response.status_code, response.headers["Location"]) == (302, ANSWER)
        assert "Ask for a code" in page(client)
    assert Download.objects.count() == 1


def test_many_codes_bring_a_pause_that_refuses_nothing(dsr: DataSubjectRequest) -> None:
    client = browser(dsr)
    for _ in range(codes.CODES_BEFORE_PAUSE):
        client.post(SEND)
    client.post(SEND)
    shown = page(client)
    assert "You keep your right to the answer" in shown
    assert "info@optimar.no" in shown
    assert OneTimeCode.objects.count() == codes.CODES_BEFORE_PAUSE
    assert client.post(ANSWER, {"code": code(dsr.case)}).status_code == 302


def test_the_sixth_download_is_refused_with_the_way_on(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    for _ in range(5):
        assert client.get(file_url(dsr)).status_code == 200
    response = client.get(file_url(dsr))
    assert response.status_code == 410
    assert "make it available again" in words(response)
    assert Download.objects.count() == 5
    assert file_url(dsr) not in client.get(ANSWER).content.decode()


def test_an_answer_that_is_over_says_so_and_offers_a_way(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    scenes.expire(scenes.current(dsr))
    response = client.get(file_url(dsr))
    assert response.status_code == 410
    assert "time to fetch the answer is over" in words(response)
    shown = page(client)
    assert "make it available again" in shown
    assert "Send me a code" not in shown
    assert client.post(SEND).headers["Location"] == ANSWER
    assert OneTimeCode.objects.count() == 1


def test_an_answer_that_was_deleted_says_so(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    Bundle.objects.update(purged_at=timezone.now())
    assert "We have deleted our copy" in words(client.get(file_url(dsr)))
    assert "We deleted our copy of the answer on" in page(client)


def test_nobody_gets_a_file_of_another_case(dsr: DataSubjectRequest, house: House) -> None:
    other = planned("other@example.com")
    stranger = browser(other)
    session = stranger.session
    session["portal_answer_code"] = {
        "case": str(other.case.uuid),
        "sent_to": tokens.digest(""),
        "until": (timezone.now() + timedelta(hours=1)).timestamp(),
    }
    session.save()
    assert stranger.get(file_url(dsr)).status_code == 404
    session["portal_answer_code"]["case"] = str(dsr.case.uuid)
    session.save()
    assert stranger.get(file_url(dsr)).status_code == 302
    assert not Download.objects.exists()


def test_a_code_for_one_case_opens_no_other(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    other = planned("other@example.com")
    assert client.post(f"/s/{intake.link_token(other.case)}").status_code == 302
    assert client.get(file_url(dsr)).status_code == 302
    assert not Download.objects.exists()


def test_leaving_the_case_forgets_the_code_for_whoever_comes_next(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    client.post("/s/leave/")
    assert client.post(f"/s/{intake.link_token(dsr.case)}").status_code == 302
    assert client.get(file_url(dsr)).headers["Location"] == ANSWER
    assert not Download.objects.exists()


def test_whoever_comes_without_the_link_learns_nothing(dsr: DataSubjectRequest) -> None:
    scanner = Client()
    missing = reverse("exports:portal:file", args=[BundleFile.objects.latest("id").pk + 1000])
    for path in (ANSWER, file_url(dsr), missing):
        response = scanner.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, "/s/link/")
    assert scanner.post(SEND).headers["Location"] == "/s/link/"
    assert not OneTimeCode.objects.exists()
    assert not Download.objects.exists()


def test_a_head_request_counts_nothing(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    assert client.head(file_url(dsr)).status_code == 405
    assert not Download.objects.exists()


def test_a_new_offer_is_shown_in_place_of_the_old(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    old = file_url(dsr)
    scenes.expire(scenes.current(dsr))
    deliver.offer_again(dsr.pk, actor=factories.staff(Role.APPROVER).as_actor())
    assert client.get(old).status_code == 404
    assert client.get(file_url(dsr)).status_code == 200


def test_the_pages_speak_norwegian_too(dsr: DataSubjectRequest) -> None:
    Case.objects.filter(pk=dsr.case_id).update(language="nb")
    client = browser(scenes.fresh(dsr))
    assert client.get(ANSWER).headers["Content-Language"] == "nb"


def test_no_address_of_these_pages_holds_anything_personal(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    assert re.findall(r'href="(/s/[^"]*)"', client.get(ANSWER).content.decode())
    for path in re.findall(r'(?:href|action)="(/s/[^"]*)"', client.get(ANSWER).content.decode()):
        assert re.fullmatch(r"/s/(answer/(code/|file/\d+/)?)?", path)


def test_a_code_for_one_address_opens_nothing_that_was_released_to_another(dsr: DataSubjectRequest) -> None:
    client = let_in(dsr)
    assert "download" in page(client).lower()
    session = client.session
    session[code_session._KEY]["sent_to"] = "ingrid@work.example"  # the code went there, for an earlier release
    session.save()
    assert client.get(file_url(dsr)).status_code == 302
    assert not Download.objects.exists()
