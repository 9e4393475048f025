"""The timeline: everything that happened, once, by whom, the latest first."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app import audit
from requests_app.desk import delivery_state, history_words, timeline
from requests_app.domain.enums import Action, Right, SuspensionKind
from requests_app.domain.snapshot import PERSON, SYSTEM, Actor
from requests_app.models import AuditEntry, Case, Message, Suspension
from requests_app.services import acknowledgements, clock, correspondence, lifecycle, notes
from tests import factories
from tests.desk_client import desk_client


@pytest.fixture
def busy() -> Case:
    """A case on which a little of everything happened."""
    case = factories.case(received_at=timezone.now() - timedelta(days=3))
    hege = factories.staff(name="Hege Brekke")
    notes.assign(case.pk, hege.pk, actor=hege.as_actor())
    lifecycle.advance(case.dsrs.get().pk, Action.START, hege.as_actor())
    clock.suspend(case.dsrs.get(), SuspensionKind.IDENTITY, "mismatch", hege.as_actor())
    clock.resume(case.dsrs.get(), SuspensionKind.IDENTITY, PERSON)
    acknowledgements.acknowledge(case.pk)
    correspondence.write_to_person(case.pk, subject="Hei", body="Hvilken butikk?", actor=hege.as_actor())
    correspondence.receive(case, subject="Re: Hei", body="Ålesund", at=timezone.now())
    notes.add_note(case.pk, "Ring henne", actor=hege.as_actor(), user=hege)
    return case


def titles(case: Case, show: str = "all") -> list[str]:
    """The headings of a timeline."""
    return [entry.title for entry in timeline.entries(case, show)]


def test_everything_is_there_once_and_the_latest_comes_first(busy: Case) -> None:
    found = timeline.entries(busy)
    assert [entry.when for entry in found] == sorted((entry.when for entry in found), reverse=True)
    told = titles(busy)
    assert len(told) == len(set(told)) == 11
    assert told[-1].startswith("Inquiry: ")
    for words in ("The search has begun", "Handler: Hege Brekke", "The clock runs again", "Internal note"):
        assert words in told


def test_each_filter_shows_its_kind_and_together_they_show_all(busy: Case) -> None:
    messages, own_notes, steps = (timeline.entries(busy, show) for show in ("messages", "notes", "system"))
    assert {entry.kind for entry in messages} == {"message_in", "message_out"}
    assert {entry.kind for entry in own_notes} == {"note"}
    assert {entry.kind for entry in steps} == {"clock", "system"}
    assert len(messages) + len(own_notes) + len(steps) == len(timeline.entries(busy))


def test_the_page_filters_by_address_and_marks_the_choice(busy: Case) -> None:
    browser = desk_client()
    page = browser.read(f"/desk/cases/{busy.reference}/?show=notes")
    assert re.findall(r'<li data-kind="(\w+)"', page) == ["note"]
    assert re.search(r'href="\?show=notes#timeline" aria-current="true"', page)
    assert len(re.findall("<li data-kind=", browser.read(f"/desk/cases/{busy.reference}/?show=%00"))) == 11


def test_who_did_it(busy: Case) -> None:
    who = {entry.title: entry.who for entry in timeline.entries(busy)}
    assert who["The search has begun"] == "Hege Brekke"
    assert who["Reply: Re: Hei"] == "Kari Holm"
    assert who["Case opened"] == "Datarett"
    audit.record("code.accepted", f"case:{busy.pk}", PERSON)
    audit.record("code.wrong", f"case:{busy.pk}", Actor(SYSTEM.kind, 999_999))
    assert titles(busy)[:2] == ["A wrong one-time code was given", "The one-time code was right"]


def test_a_colleague_who_left_keeps_their_name_and_nobody_is_made_up(busy: Case) -> None:
    entry = AuditEntry(actor="user:424242", action="request.start", details={})
    assert history_words.who(entry, {}, "Kari") == "a former colleague"


def test_one_question_to_the_person_is_told_once_for_all_requests() -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE)
    for dsr in case.dsrs.all():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    Suspension.objects.update(asked_at=timezone.now())
    assert sum("The clock stands still" in title for title in titles(case)) == 1


def test_with_several_requests_each_step_says_which() -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE)
    lifecycle.advance(case.dsrs.get(right="erasure").pk, Action.START, SYSTEM)
    assert "Erasure: The search has begun" in titles(case)


def test_secrets_never_appear(busy: Case) -> None:
    page = desk_client().read(f"/desk/cases/{busy.reference}/")
    assert "{{secret" not in page
    assert "/s/" not in page
    assert "[personal link or code, only in the mail itself]" in page


def test_our_own_letters_are_folded_and_what_people_wrote_is_not(busy: Case) -> None:
    folded = {entry.title.partition(":")[0]: entry.folded for entry in timeline.entries(busy, "messages")}
    assert folded == {"Acknowledgement": True, "Message": False, "Reply": False, "Inquiry": False}


def test_each_state_of_delivery_has_its_words(busy: Case) -> None:
    for state, words in delivery_state.DELIVERY.items():
        Message.objects.filter(case=busy, intent="staff_message").update(state=state.value, sent_at=timezone.now())
        entry = next(entry for entry in timeline.entries(busy, "messages") if entry.title.startswith("Message: "))
        assert entry.state == str(words) % {"to": "kari.holm@example.com"}
        assert bool(entry.alarm) == bool(entry.again) == (state in delivery_state.UNSENT)


def test_a_very_long_message_is_cut_and_leads_to_the_whole(busy: Case) -> None:
    correspondence.receive(busy, subject="Lang", body="æ" * 1_000_000, at=timezone.now(), inquiry=busy.inquiries.get())
    entry = next(entry for entry in timeline.entries(busy) if entry.title == "Reply: Lang")
    assert len(entry.text) < timeline.LONGEST_SHOWN + 100
    assert entry.text.endswith("[The rest is not shown here.]")
    assert entry.files[0].url.startswith("/desk/inbox/")


def test_what_people_write_is_shown_as_text(busy: Case) -> None:
    correspondence.receive(busy, subject="<i>", body="<script>alert(1)</script>", at=timezone.now())
    page = desk_client().read(f"/desk/cases/{busy.reference}/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
