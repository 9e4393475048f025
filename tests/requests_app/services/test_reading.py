"""Reading: what a message says of itself, and whether it joins a case or only points to one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from requests_app import outbox, selectors
from requests_app.domain.enums import Channel, Direction, Intent, Right, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.keyring import ring
from requests_app.mailbox import suggest, threading
from requests_app.mailbox.parsed import ParsedMail
from requests_app.models import AuditEntry, Case, Inquiry, Message, OutboxEvent, Suppression
from requests_app.models.inquiry import SENDER_UNCHECKED, SENDER_UNPROVEN, SIGNED
from requests_app.services import acknowledgements, intake, reading, submissions, triage
from tests import factories
from tests.desk_client import desk_client

from .post import ARRIVED, KARI, STRANGER, arrived, captured, letter, read

pytestmark = pytest.mark.django_db

REPLY = "Det gjelder butikken i Bergen."
CHAT = "Takk for hyggelig møte i går. Vi sees på messen."
FOREIGN_ID = "<kari-1@example.com>"


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture
def case() -> Case:
    """A case of Kari's that began with a mail of hers and has an acknowledgement."""
    inquiry = arrived(letter(Message_ID=FOREIGN_ID))
    case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    acknowledgements.acknowledge(case.pk)
    return case


def address_mark(case: Case) -> dict[str, str]:
    """The reply address of a case, as a recipient."""
    contact = selectors.organisation().rights_contact
    return {"To": threading.make_reply_address(ring().all("mail"), case.uuid.hex, contact)}


def own_id_mark(case: Case) -> dict[str, str]:
    """The Message-ID of a mail of ours, as what is answered."""
    return {"In-Reply-To": case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).message_id}


def foreign_id_mark(case: Case) -> dict[str, str]:
    """The Message-ID of the person's own first mail."""
    return {"References": f"<other@example.org> {FOREIGN_ID}"}


def subject_mark(case: Case) -> dict[str, str]:
    """The reference of a case in the subject."""
    return {"Subject": f"Re: Svar ({case.reference})"}


Mark = Callable[[Case], dict[str, str]]
MARKS: list[Mark] = [address_mark, own_id_mark, foreign_id_mark, subject_mark]
every_mark = pytest.mark.parametrize("mark", MARKS)


def reply(case: Case, mark: Mark, *, sender: str = KARI, text: str = REPLY, **headers: str) -> Inquiry:
    """The inquiry of a mail that carries a mark of a case."""
    return arrived(letter(text, sender=sender, **mark(case), **headers), at=datetime(2026, 7, 3, 9, tzinfo=UTC))


def said(case: Case) -> list[str]:
    """What the person has written after the first mail."""
    return [one.body for one in case.messages.filter(intent=Intent.REPLY.value)]


def only_points(inquiry: Inquiry, case: Case) -> bool:
    """Whether an inquiry waits for a person, with a hint at the case."""
    waits = (inquiry.verdict, inquiry.case_id, inquiry.sorted_at) == (Verdict.UNSORTED, None, None)
    return waits and inquiry.suggested_case == case and not said(case)


RESULTS = "mx1.optimar.example; dmarc={} header.from=example.com"


@pytest.mark.parametrize(
    "results, problems",
    [
        (RESULTS.format("pass"), []),
        (RESULTS.format("fail"), [SENDER_UNPROVEN]),
        (RESULTS.format("none"), [SENDER_UNCHECKED]),
        ("mx1.optimar.example; spf=pass smtp.mailfrom=bounces.example.net", [SENDER_UNCHECKED]),
        ("mx1.optimar.example; spf=softfail smtp.mailfrom=example.com", [SENDER_UNCHECKED]),
        ("mx.example.net; dmarc=pass header.from=example.com", [SENDER_UNCHECKED]),
    ],
)
def test_what_our_own_server_found_of_the_domain_is_kept(results: str, problems: list[str]) -> None:
    factories.organisation(authserv_ids=["mx1.optimar.example"])
    assert arrived(letter(Authentication_Results=results)).problems == problems


def test_a_mail_that_nothing_proves_is_kept_as_such_and_alarms_nobody() -> None:
    factories.organisation(authserv_ids=["mx1.optimar.example"])
    inquiry = arrived(letter())
    assert (inquiry.problems, inquiry.auto_reply_allowed) == ([SENDER_UNCHECKED], True)
    page = desk_client().read(f"/desk/inbox/{inquiry.pk}/")
    assert 'data-color="warning"' not in page
    assert SENDER_UNCHECKED not in page


@pytest.mark.parametrize(
    "headers, body, problems",
    [
        ({}, "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM", ["encrypted"]),
        ({"Content_Type": "application/pkcs7-mime"}, "0123", ["encrypted"]),
        ({"Content_Type": "application/pdf"}, "%PDF-1.7", []),
        ({"subject": "Retrieval using the IMAP4 protocol failed for the following message: 7"}, "Hei", ["withheld"]),
    ],
)
def test_what_we_cannot_read_may_be_a_request(headers: dict[str, str], body: str, problems: list[str]) -> None:
    factories.organisation()
    inquiry = arrived(letter(body, **{"subject": "Hei", **headers}))
    assert inquiry.problems == [*problems, SENDER_UNCHECKED]
    assert (inquiry.suggested_rights, inquiry.maybe_request) == ([], True)


def test_what_is_not_read_to_its_end_may_be_a_request() -> None:
    factories.organisation()
    assert read(captured(letter("Hei", subject="Hei"), oversize=True)).maybe_request
    assert not arrived(letter("Kan dere komme på fredag?", subject="Pumpa")).maybe_request


def test_a_signature_that_nobody_checked_is_noted_and_alarms_nobody() -> None:
    factories.organisation(authserv_ids=["mx1.optimar.example"])
    inquiry = arrived(letter("-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nSlett meg"))
    assert inquiry.problems == [SIGNED, SENDER_UNCHECKED]
    page = desk_client().read(f"/desk/inbox/{inquiry.pk}/")
    assert 'data-color="warning"' not in page


@every_mark
def test_a_mail_that_fails_authentication_only_points_to_the_case_of_the_one_it_names(case: Case, mark: Mark) -> None:
    factories.organisation(authserv_ids=["mx1.optimar.example"])
    assert only_points(reply(case, mark, Authentication_Results=RESULTS.format("fail")), case)


@every_mark
def test_a_mail_that_nobody_checked_joins(case: Case, mark: Mark) -> None:
    factories.organisation(authserv_ids=["mx1.optimar.example"])
    assert reply(case, mark, Authentication_Results=RESULTS.format("none")).case == case


@pytest.mark.parametrize("changes", [{"forwarded": True}, {"forwarded_address": "kari.holm@example.com"}])
@every_mark
def test_who_passed_a_wish_on_is_no_participant(case: Case, mark: Mark, changes: dict[str, object]) -> None:
    Inquiry.objects.filter(case=case).update(sender_address="per.strand@example.net", **changes)
    assert only_points(reply(case, mark, sender=STRANGER), case)
    assert reply(case, mark, text="Det er meg.").case == case


def test_a_request_is_described_and_waits_for_a_person() -> None:
    inquiry = arrived(letter("Jeg ber om innsyn i alle opplysninger dere har om meg.", Message_ID="<5@example.com>"))
    assert (inquiry.sender_name, inquiry.sender_address) == ("Kari Holm", "kari.holm@example.com")
    assert (inquiry.subject, inquiry.message_id) == ("Innsyn", "<5@example.com>")
    assert (inquiry.language, inquiry.suggested_rights) == ("nb", ["access"])
    assert (inquiry.auto_reply_allowed, inquiry.auto_reply_reason) == (True, "ok")
    assert (inquiry.verdict, inquiry.case, inquiry.suggested_case) == (Verdict.UNSORTED, None, None)
    assert (inquiry.problems, inquiry.received_at) == ([SENDER_UNCHECKED], ARRIVED)


@pytest.mark.parametrize(
    ("text", "language", "rights"),
    [
        ("Please send me a copy of all the personal data you hold about me.", "en", ["access"]),
        ("Vennligst slett alle opplysninger dere har om meg.", "nb", ["erasure"]),
        ("Hva koster frakt til Tromsø, og når kommer pakken min?", "nb", []),
    ],
)
def test_rights_and_language_are_suggested(text: str, language: str, rights: list[str]) -> None:
    inquiry = arrived(letter(text, subject="Hei"))
    assert (inquiry.language, inquiry.suggested_rights) == (language, rights)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto-Submitted": "auto-replied"}, "auto_submitted"),
        ({"Return-Path": "<>"}, "null_sender"),
        ({"List-Id": "<nytt.example.com>"}, "list"),
        ({"From": "noreply@example.com"}, "local_part"),
        ({"To": "somebody@example.org"}, "not_addressed"),
    ],
)
def test_why_no_machine_may_answer_is_kept(headers: dict[str, str], reason: str) -> None:
    inquiry = arrived(letter(**headers))
    assert (inquiry.auto_reply_allowed, inquiry.auto_reply_reason) == (False, reason)
    assert inquiry.verdict == Verdict.UNSORTED


def test_attachments_are_described() -> None:
    part = "--x\r\nContent-Type: {}\r\nContent-Disposition: {}\r\n\r\n{}\r\n"
    body = part.format("text/plain", "inline", "Hei")
    body += part.format("application/pdf", "attachment; filename=a.pdf", "%PDF")
    inquiry = arrived(letter(body + "--x--", Content_Type="multipart/mixed; boundary=x"))
    assert inquiry.attachments == [
        {"name": "a.pdf", "content_type": "application/pdf", "size": 4, "declared": "", "numbers": 0}
    ]


def test_reading_twice_changes_nothing(case: Case) -> None:
    inquiry = reply(case, address_mark)
    before = Inquiry.objects.filter(pk=inquiry.pk).values().get()
    entries = AuditEntry.objects.count()
    read(inquiry)
    assert Inquiry.objects.filter(pk=inquiry.pk).values().get() == before
    assert said(case) == [REPLY]
    assert AuditEntry.objects.count() == entries


def test_what_arrives_at_once_is_read_together_and_tells_the_same(case: Case) -> None:
    mails = [
        letter(),
        letter("Takk for sist!", sender=STRANGER, subject="Hei"),
        letter("Ikke send meg mer reklame.", sender=STRANGER, subject="Reklame"),
        letter(REPLY, **address_mark(case)),
    ]
    inquiries = [captured(mail) for mail in mails]
    outbox.relay()
    assert not OutboxEvent.objects.filter(name="InquiryReceived", attempts=1, done_at__isnull=True).exists()
    together = [_told(inquiry) for inquiry in inquiries]
    assert [one["suggested_rights"] for one in together[:3]] == [["access"], [], ["marketing_objection"]]
    assert together[3]["case_id"] == case.pk
    assert list(Suppression.objects.values_list("inquiry", flat=True)) == [inquiries[2].pk]
    for inquiry in inquiries:
        assert AuditEntry.objects.filter(action="inquiry.read", subject=f"inquiry:{inquiry.pk}").count() == 1

    # Word for word what each says that is read alone.
    again = [captured(mail.replace(b"Hei", b"Hei ", 1) + b"\r\n") for mail in mails[:2]]
    alone = [_told(read(inquiry)) for inquiry in again]
    assert [set(one) for one in alone] == [set(one) for one in together[:2]]
    same = ("sender_address", "suggested_rights", "language", "problems", "auto_reply_reason", "authenticity")
    assert [[one[name] for name in same] for one in alone] == [[one[name] for name in same] for one in together[:2]]


def _told(inquiry: Inquiry) -> dict[str, object]:
    return dict(Inquiry.objects.filter(pk=inquiry.pk).values().get())


def test_many_that_are_read_together_take_no_more_statements_than_a_few() -> None:
    counts = []
    for many in (3, 12):
        payloads = [{"inquiry_id": captured(letter(CHAT, sender=f"k{n}@example.com")).pk} for n in range(many)]
        with CaptureQueriesContext(connection) as statements:
            assert reading.read_inquiries(payloads, lambda: True) == [True] * many
        counts.append(len(statements))
    assert counts == [10, 10]


def test_of_those_that_are_read_together_one_that_cannot_be_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = suggest.of_mail

    def fail_for_one(mail: ParsedMail) -> suggest.Suggestion:
        if mail.subject == "Uleselig":
            raise RuntimeError
        return judge(mail)

    monkeypatch.setattr(suggest, "of_mail", fail_for_one)
    inquiries = [captured(letter(subject=subject)) for subject in ("Innsyn", "Uleselig", "Sletting")]
    outbox.relay()
    assert [bool(_told(one)["parsed_at"]) for one in inquiries] == [True, False, True]
    left = OutboxEvent.objects.get(name="InquiryReceived", done_at__isnull=True)
    assert (left.payload["inquiry_id"], left.error) == (inquiries[1].pk, "RuntimeError")


def test_what_somebody_else_has_read_meanwhile_is_not_read_again_with_others(monkeypatch: pytest.MonkeyPatch) -> None:
    inquiries = [captured(letter(subject=subject)) for subject in ("Innsyn", "Sletting")]
    judge = suggest.of_mail

    def overtaken(mail: ParsedMail) -> suggest.Suggestion:
        Inquiry.objects.filter(pk=inquiries[0].pk).update(parsed_at=ARRIVED, subject="Lest")
        return judge(mail)

    monkeypatch.setattr(suggest, "of_mail", overtaken)
    outbox.relay()
    assert [_told(one)["subject"] for one in inquiries] == ["Lest", "Sletting"]
    assert AuditEntry.objects.filter(action="inquiry.read").count() == 1


def test_what_answers_a_mail_that_is_read_at_the_same_time_joins_the_case_of_that_one(case: Case) -> None:
    first = captured(letter(REPLY, **address_mark(case), Message_ID="<first@example.com>"))
    second = captured(letter("Og i Oslo.", In_Reply_To="<first@example.com>"))
    outbox.relay()
    assert [_told(one)["case_id"] for one in (first, second)] == [case.pk] * 2


def test_what_is_large_is_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_TOGETHER", 1000)
    inquiries = [captured(letter("Hei! " * repeated)) for repeated in (1, 500, 1)]
    payloads = [{"inquiry_id": one.pk} for one in inquiries]
    assert reading.read_inquiries(payloads, lambda: True) == [True, False, True]
    assert reading.read_inquiries(payloads, lambda: True) == [False] * 3
    assert reading.read_inquiries([{"inquiry_id": captured(letter()).pk}], lambda: False) == [False]


def test_what_the_api_handed_in_is_read() -> None:
    content = {
        "name": "Kari Holm",
        "email": "kari.holm@example.com",
        "subject": "Hei",
        "text": "Vennligst slett alle opplysninger dere har om meg.",
        "language": "nb",
        "rights": [],
    }
    guessed = read(submissions.submit("kasse", "1", content).inquiry)
    named = read(submissions.submit("kasse", "2", content | {"rights": ["access"]}).inquiry)
    assert (guessed.suggested_rights, named.suggested_rights) == (["erasure"], ["access"])
    for inquiry in (guessed, named):
        assert (inquiry.sender_name, inquiry.sender_address) == ("Kari Holm", "kari.holm@example.com")
        assert (inquiry.text, inquiry.language, inquiry.verdict) == (content["text"], "nb", Verdict.UNSORTED)


def test_what_came_by_the_form_is_left_as_it_is() -> None:
    case = factories.case()
    inquiry = case.inquiries.get()
    Inquiry.objects.filter(pk=inquiry.pk).update(parsed_at=None)
    before = Inquiry.objects.filter(pk=inquiry.pk).values().get()
    read(inquiry)
    assert Inquiry.objects.filter(pk=inquiry.pk).values().get() == before


@every_mark
def test_a_known_participant_joins_by_any_mark(case: Case, mark: Mark) -> None:
    inquiry = reply(case, mark, Message_ID="<kari-2@example.com>")
    assert (inquiry.case, inquiry.verdict, inquiry.suggested_case) == (case, Verdict.REQUEST, None)
    assert (inquiry.sorted_by, inquiry.sorted_at) == (None, inquiry.parsed_at)
    message = case.messages.get(intent=Intent.REPLY.value)
    assert (message.direction, message.body, message.inquiry) == (Direction.IN, REPLY, inquiry)
    assert (message.created_at, message.message_id) == (inquiry.received_at, "<kari-2@example.com>")
    assert Case.objects.count() == 1


@every_mark
def test_a_stranger_with_the_same_marks_only_points_to_the_case(case: Case, mark: Mark) -> None:
    assert only_points(reply(case, mark, sender=STRANGER), case)


@every_mark
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Content_Type": "multipart/report; report-type=delivery-status; boundary=x"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_robot_never_joins(case: Case, mark: Mark, headers: dict[str, str]) -> None:
    assert only_points(reply(case, mark, **headers), case)


def test_a_reply_by_way_of_a_list_joins(case: Case) -> None:
    assert reply(case, own_id_mark, List_Id="<post.optimar.no>", Precedence="list").case == case


@every_mark
def test_a_closed_case_is_only_pointed_to(case: Case, mark: Mark) -> None:
    Case.objects.filter(pk=case.pk).update(closed_at=ARRIVED)
    assert only_points(reply(case, mark), case)


def test_a_mark_that_was_tampered_with_counts_for_nothing(case: Case) -> None:
    forged = own_id_mark(case)["In-Reply-To"].replace("<dr.", "<dr.0")
    to = address_mark(case)["To"].replace("+sak-", "+sak-0")
    inquiry = arrived(letter(REPLY, To=to, In_Reply_To=forged))
    assert (inquiry.case, inquiry.suggested_case) == (None, None)


def test_a_mistyped_reference_counts_for_nothing(case: Case) -> None:
    wrong = f"{case.reference[:-1]}{(int(case.reference[-1]) + 1) % 10}"
    inquiry = arrived(letter(REPLY, Subject=f"Re: {wrong}"))
    assert (inquiry.case, inquiry.suggested_case) == (None, None)


def test_only_the_new_words_are_shown_and_all_are_kept(case: Case) -> None:
    quoted = f"{REPLY}\r\n\r\n> Hei, Kari Holm\r\n> Vi mottok henvendelsen din."
    inquiry = reply(case, own_id_mark, text=quoted)
    assert said(case) == [REPLY]
    assert "> Vi mottok" in inquiry.text


def test_a_reply_to_the_persons_own_reply_joins(case: Case) -> None:
    reply(case, address_mark, Message_ID="<kari-2@example.com>")
    later = arrived(letter("Og butikken i Oslo.", In_Reply_To="<kari-2@example.com>"))
    assert later.case == case


def test_a_stranger_put_on_the_case_once_does_not_join_it_by_themselves(case: Case) -> None:
    stranger = reply(case, own_id_mark, sender=STRANGER)
    triage.attach(stranger.pk, case.pk, actor=factories.staff().as_actor(), confirmed=True)
    later = reply(case, own_id_mark, sender=STRANGER, text="En gang til.")
    assert (later.case, later.suggested_case) == (None, case)


def test_the_address_that_opened_the_case_takes_part_although_the_case_has_another(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(person_email="kari@example.org")
    assert reply(case, own_id_mark).case == case


@every_mark
def test_a_mail_that_names_several_senders_only_points_to_the_case(case: Case, mark: Mark) -> None:
    assert only_points(reply(case, mark, sender=f"{KARI}, {STRANGER}"), case)


def test_whoever_used_the_message_id_of_a_person_before_does_not_draw_their_answers_to_another_case() -> None:
    copied = {"Message_ID": FOREIGN_ID}
    actor = factories.staff().as_actor()
    triage.sort_as_request(arrived(letter(sender=STRANGER, **copied)).pk, [Right.ACCESS], actor=actor)
    case = triage.sort_as_request(arrived(letter("Hei igjen", **copied)).pk, [Right.ERASURE], actor=actor)
    assert reply(case, foreign_id_mark).case == case


def test_a_domain_with_letters_of_ours_is_the_same_in_the_code_of_mail_programs(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(person_email="kari@blåbær.example")
    assert reply(case, own_id_mark, sender="Kari <Kari@xn--blbr-roah.example>").case == case


def test_another_address_is_put_on_the_case_only_when_somebody_confirms_it(case: Case) -> None:
    inquiry = reply(case, subject_mark, sender=STRANGER)
    with pytest.raises(ActionRefused) as refused:
        triage.attach(inquiry.pk, case.pk, actor=factories.staff().as_actor())
    assert refused.value.reason.code == "sender_differs"
    assert only_points(inquiry, case)


def test_what_is_taken_off_a_case_is_unsorted_again_and_gone_from_the_case(case: Case) -> None:
    actor = factories.staff().as_actor()
    inquiry = reply(case, subject_mark, sender=STRANGER)
    triage.attach(inquiry.pk, case.pk, actor=actor, confirmed=True)
    assert triage.take_off(inquiry.pk, actor=actor) == case
    inquiry.refresh_from_db()
    case.refresh_from_db()
    assert (inquiry.case, inquiry.suggested_case, inquiry.verdict) == (None, None, Verdict.UNSORTED)
    assert (inquiry.sorted_by, inquiry.sorted_at) == (None, None)
    assert (said(case), case.unread_since) == ([], None)
    taken = AuditEntry.objects.get(action="inquiry.taken_off")
    assert (taken.subject, taken.details) == (f"inquiry:{inquiry.pk}", {"case": case.reference})
    with pytest.raises(ActionRefused) as refused:
        triage.take_off(inquiry.pk, actor=actor)
    assert refused.value.reason.code == "on_no_case"


def test_what_the_person_wrote_since_stays_unread_when_a_mail_is_taken_off(case: Case) -> None:
    actor = factories.staff().as_actor()
    foreign = reply(case, subject_mark, sender=STRANGER)
    triage.attach(foreign.pk, case.pk, actor=actor, confirmed=True)
    later = arrived(letter("Og i Oslo?", **own_id_mark(case)), at=datetime(2026, 7, 4, 9, tzinfo=UTC))
    triage.take_off(foreign.pk, actor=actor)
    case.refresh_from_db()
    assert case.unread_since == later.received_at


def test_what_a_case_rests_on_is_not_taken_off(case: Case) -> None:
    actor = factories.staff().as_actor()
    opening = case.inquiries.get()
    asked = reply(case, own_id_mark)
    triage.add_right(case.pk, Right.ERASURE, asked_in=asked.messages.get().pk, actor=actor)
    for inquiry, why in ((opening, "inquiry_opened_case"), (asked, "inquiry_counts")):
        with pytest.raises(ActionRefused) as refused:
            triage.take_off(inquiry.pk, actor=actor)
        assert refused.value.reason.code == why
        assert case.messages.filter(inquiry=inquiry).exists()


def test_attaching_puts_the_words_on_the_case_on_their_day(case: Case) -> None:
    actor = factories.staff().as_actor()
    inquiry = reply(case, subject_mark, sender=STRANGER)
    assert triage.attach(inquiry.pk, case.pk, actor=actor, confirmed=True) == case
    inquiry.refresh_from_db()
    assert (inquiry.case, inquiry.verdict, inquiry.sorted_by_id) == (case, Verdict.REQUEST, actor.user_id)
    message = case.messages.get(intent=Intent.REPLY.value)
    assert (message.inquiry, message.created_at) == (inquiry, inquiry.received_at)
    assert message.body.strip() == REPLY
    assert AuditEntry.objects.filter(action="inquiry.attached", details__case=case.reference).count() == 1
    with pytest.raises(ActionRefused) as refused:
        triage.attach(inquiry.pk, case.pk, actor=actor)
    assert refused.value.reason.code == "already_a_case"
    assert len(said(case)) == 1


def test_what_nobody_has_read_yet_cannot_be_attached(case: Case) -> None:
    inquiry = captured(letter(REPLY))
    with pytest.raises(ActionRefused) as refused:
        triage.attach(inquiry.pk, case.pk, actor=factories.staff().as_actor())
    assert refused.value.reason.code == "inquiry_unread"


def test_a_case_without_an_address_is_joined_by_nobody() -> None:
    nameless, _ = intake.record_inquiry(channel=Channel.PHONE, received_at=ARRIVED, raw=b"call")
    with transaction.atomic():
        case = intake.open_case(nameless, [Right.ACCESS], intake.Person(), language="nb", scope="")
    inquiry = arrived(letter(REPLY, sender="Uten adresse", Subject=f"Re: {case.reference}"))
    assert (inquiry.sender_address, inquiry.case, inquiry.suggested_case) == ("", None, case)


def test_no_words_of_the_person_in_the_audit(case: Case) -> None:
    reply(case, address_mark)
    kept = str([*AuditEntry.objects.values_list("actor", "action", "subject", "details")])
    assert "kari" not in kept.lower()
    assert "Bergen" not in kept
    assert Message.objects.filter(case=case, body=REPLY).exists()


def test_where_the_sentences_stand_that_speak_for_it_is_kept_with_the_inquiry() -> None:
    inquiry = arrived(letter("Hei!\r\n\r\nVil dere slette kontoen min?\r\n\r\nKari", subject="Spørsmål"))
    assert (inquiry.request_probability or 0) > 0.5
    spoken = {
        inquiry.text[one["start"] : one["end"]]: one["rights"] for one in inquiry.passages if one["part"] == "text"
    }
    assert spoken["Vil dere slette kontoen min?"] == ["erasure"]


def test_an_inquiry_by_the_api_is_judged_too_but_says_itself_what_it_is_about() -> None:
    content = {"subject": "Slett meg", "text": "Slett kontoen min.", "name": "", "email": "kari.holm@example.com"}
    raw = json.dumps({"content": content | {"language": "en", "rights": ["access"]}}).encode()
    row, _ = intake.record_inquiry(channel=Channel.API, received_at=ARRIVED, raw=raw)
    inquiry = read(row)
    assert (inquiry.suggested_rights, inquiry.language) == (["access"], "en")
    assert inquiry.request_probability is not None
    assert inquiry.passages
