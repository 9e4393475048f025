"""One inquiry: what it says, and the one click that says what it is."""

from datetime import date
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from requests_app import selectors
from requests_app.domain.clock import compute_deadline
from requests_app.domain.enums import Channel, Intent, Right, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.labels import CHANNELS, NOT_ACKNOWLEDGED, PROBLEMS, RIGHTS, VERDICTS
from requests_app.mailbox import entry, excise, html, written_dates
from requests_app.models import Case, DeliveryReport, Inquiry
from requests_app.models.inquiry import SENDER_UNCHECKED, SIGNED
from requests_app.permissions import Permission, Staff, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import clock, colleagues, correspondence, intake, retention, triage, unasked
from requests_app.services import unsorted as unsorted_mail
from requests_app.services.reading import LOOKED_AT_FIRST
from requests_app.services.staff_entry import CHANNELS_OF_STAFF
from requests_app.templatetags import ui

from . import authenticity_words, documents, first_guess, hidden, inbox

LONGEST_SHOWN = 100_000  # characters; the rest is in the mail as it came
REFUSED = 409
INVALID = 422
_FIELD_OF_REASON = {"colleague_asks": "email", "receipt_after_arrival": "received_on", "receipt_too_old": "received_on"}


class SortForm(forms.Form):
    """Which rights an inquiry is about, and in which language its case is answered."""

    rights = forms.MultipleChoiceField(
        label=_("Which rights is it about?"),
        choices=[(right.value, RIGHTS[right]) for right in Right],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one right."),
            "invalid_choice": _("There is no such right."),
        },
    )
    language = forms.ChoiceField(
        label=_("We answer in"),
        choices=[("nb", _("Norwegian (Bokmål)")), ("en", _("English"))],
        required=False,
        widget=forms.Select(attrs={"class": "short"}),
    )


class ForwardForm(SortForm):
    """The same for what a colleague passed on: who asks and since when, for the handler to confirm or change."""

    name = forms.CharField(
        label=_("Who asks"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("The name can have at most 200 characters")},
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Write an e-mail address in full, such as name@example.com.")},
    )
    received_on = forms.DateField(
        label=_("When the colleague got it"),
        help_text=_("The clock starts on this day. It can be earlier than the arrival here, never later."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"required": _("Give the day."), "invalid": _("Write the day like this: 2026-12-31.")},
    )

    def clean(self) -> dict[str, Any]:
        """Somebody must be named."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("name") and not given.get("email"):
            self.add_error("name", _("Write who asks: a name or an e-mail address."))
        return given


class ToldForm(ForwardForm):
    """The same for what a colleague wrote in words of their own: nothing is chosen, and nobody proposed."""

    asks = forms.ChoiceField(
        label=_("Who asks?"),
        choices=[
            ("other", _("Somebody else, of whom the colleague tells")),
            ("sender", _("The colleague, about their own data")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who asks."), "invalid_choice": _("Choose who asks.")},
    )

    def clean(self) -> dict[str, Any]:
        """Somebody else has to be named; who is not, is the colleague."""
        return super().clean() if self.cleaned_data.get("asks") == "other" else self.cleaned_data


class ColleagueForm(forms.Form):
    """When what a colleague passed on had reached them, for a handler who puts it on a case."""

    received_on = forms.DateField(
        label=_("When the colleague got it"),
        help_text=_("If that is before the case began, the clock starts on this day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"required": _("Give the day."), "invalid": _("Write the day like this: 2026-12-31.")},
    )


class AttachedForm(SortForm):
    """The same for a mail from outside with another one inside: a person says whose wish it is, nothing is chosen."""

    asks = forms.ChoiceField(
        label=_("Who asks?"),
        choices=[
            ("sender", _("Whoever sent us this mail")),
            ("original", _("Whoever wrote the mail that is attached")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who asks."), "invalid_choice": _("Choose who asks.")},
    )
    received_on = forms.DateField(
        label=_("When the attached mail reached somebody here"),
        help_text=_(
            "Counts only if its writer asks: the clock starts on this day. Empty means the day of arrival here."
        ),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"invalid": _("Write the day like this: 2026-12-31.")},
    )


@require_safe
def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an inquiry; whoever sees cases may read one that belongs to a case."""
    row = _readable(request, pk)
    return _page(request, row, _form(row))


@require_POST
@requires(Permission.SORT)
def sort(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what an inquiry is, then go on to the next one (or back to the list it was sorted from)."""
    row = get_object_or_404(Inquiry.objects.light(), pk=pk)
    wanted = request.POST.get("verdict", "")
    if wanted not in set(Verdict):
        messages.error(request, gettext("Choose what the inquiry is."))
        return redirect("requests:desk:inquiry", pk)
    if wanted == Verdict.REQUEST:
        return _sort_as_request(request, row)
    try:
        triage.sort_as_other(pk, Verdict(wanted), actor=staff(request).as_actor())
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
        return redirect("requests:desk:inquiry", pk)
    _confirm(request, row, VERDICTS[wanted])
    return redirect("requests:desk:inquiry", pk) if wanted == Verdict.UNSORTED else _onwards(request, row)


@require_POST
@requires(Permission.SORT)
def attach(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put an inquiry on a case that exists, as a message of its person."""
    row = get_object_or_404(Inquiry.objects.light(), pk=pk)
    visible = Case.objects.visible_to(staff(request))
    case = get_object_or_404(visible, reference=request.POST.get("case", "").replace("\0", ""))
    confirmed = "confirmed" in request.POST
    form = ColleagueForm(request.POST) if confirmed and row.forwarded else None
    if form and not form.is_valid():
        return _attach_page(request, row, case, form, code=INVALID)
    day = form.cleaned_data["received_on"] if form else None
    began = case.received_at
    try:
        case = triage.attach(pk, case.pk, actor=staff(request).as_actor(), confirmed=confirmed, received_on=day)
    except ActionRefused as refused:
        if refused.reason.code == "sender_differs":
            return _attach_page(request, row, case, ColleagueForm(initial={"received_on": _proposed_day(row)}))
        if form and refused.reason.code in _FIELD_OF_REASON:
            form.add_error("received_on", str(sentence(refused.reason)))
            return _attach_page(request, row, case, form, code=INVALID)
        messages.error(request, sentence(refused.reason))
        return redirect("requests:desk:inquiry", pk)
    messages.success(request, format_html(gettext("Put on the case {}."), _case_link(case)))
    if case.received_at < began:
        day = clock.calendar().local_date(case.received_at)
        messages.info(request, gettext("The deadline now counts from %(day)s.") % {"day": ui.long_day(day)})
    return _onwards(request, row)


def _attach_page(
    request: HttpRequest, row: Inquiry, case: Case, form: ColleagueForm, *, code: int = 200
) -> HttpResponse:
    context = {"inquiry": row, "case": case, "form": form if row.forwarded else None}
    return render(request, "requests_app/desk/inquiry_attach.html", context, status=code)


@require_POST
@requires(Permission.SORT)
def take_off(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take an inquiry off the case it was put on by mistake."""
    get_object_or_404(Inquiry.objects.light(), pk=pk)
    try:
        case = triage.take_off(pk, actor=staff(request).as_actor())
        messages.success(
            request, format_html(gettext("Taken off the case {}. It is unsorted again."), _case_link(case))
        )
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    return redirect("requests:desk:inquiry", pk)


@require_safe
@csp_replace({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]  # knows no view with arguments
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out an inquiry as it came, without what is hidden in it: a file to keep, never a page of ours."""
    row = _readable(request, pk)
    if row.forgotten_at:
        raise Http404
    places = list(row.held_files.hidden().values_list("position", flat=True))
    today = clock.calendar().local_date(timezone.now())
    try:
        return _as_file(row, hidden.copy_of(row, places, today))
    except excise.CannotCutError:
        messages.error(
            request, gettext("What is hidden cannot be left out of this mail. It can only be saved as it came.")
        )
        return redirect("requests:desk:inquiry", pk)


@require_POST
@requires(Permission.SORT)
@csp_replace({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]  # knows no view with arguments
def whole(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out an inquiry with all that is hidden in it, and write down who took it."""
    row = _readable(request, pk)
    if row.forgotten_at:
        raise Http404
    unasked.note_opened(row.pk, actor=staff(request).as_actor())
    return _as_file(row, bytes(row.raw))


def _as_file(row: Inquiry, content: bytes) -> HttpResponse:
    by_machine = row.channel in (Channel.FORM, Channel.API)
    kind, ending = ("application/octet-stream", "json") if by_machine else ("message/rfc822", "eml")
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="inquiry-{row.pk}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@csp_replace({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]  # knows no view with arguments
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the scan or picture that came with a call, a letter or a visit, by itself."""
    row = _readable(request, pk)
    found = entry.evidence_of(bytes(row.raw)) if row.channel in CHANNELS_OF_STAFF and not row.forgotten_at else None
    if found is None:
        raise Http404
    kind, content = found
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="evidence-{row.pk}.{kind.rpartition("/")[2]}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _readable(request: HttpRequest, pk: int) -> Inquiry:
    """Return an inquiry that this person may read; 403 before 404, so that numbers tell nothing."""
    user = staff(request)
    if not may(user, Permission.SORT) and not may(user, Permission.VIEW_CASES):
        raise PermissionDenied
    row = get_object_or_404(Inquiry.objects.defer("raw").select_related("case", "suggested_case", "sorted_by"), pk=pk)
    if row.case is None and not may(user, Permission.SORT):
        raise PermissionDenied
    return row


def _form(row: Inquiry) -> SortForm:
    known = [code for code in row.suggested_rights if code in set(Right)]
    initial: dict[str, Any] = {"rights": known, "language": triage.answer_language(row.language)}
    if row.attached_original:
        # Its date says when it reached the one who attached it, and a stranger wrote it: no day to begin a clock on.
        return AttachedForm(initial=initial, auto_id="sort-%s")
    if colleagues.may_ask_for_another(row, selectors.organisation()):
        return ToldForm(initial=initial | {"received_on": _proposed_day(row)}, auto_id="sort-%s")
    if not row.forwarded:
        return SortForm(initial=initial, auto_id="sort-%s")
    initial |= {"name": row.forwarded_name, "email": row.forwarded_address}
    initial["received_on"] = _proposed_day(row)
    return ForwardForm(initial=initial, auto_id="sort-%s")


def _proposed_day(row: Inquiry) -> date:
    return row.forwarded_on or clock.rule().calendar.local_date(row.received_at)


def _sort_as_request(request: HttpRequest, row: Inquiry) -> HttpResponseBase:
    form = type(_form(row))(request.POST, auto_id="sort-%s")
    if row.parsed_at is None:
        form.add_error(None, gettext("This inquiry has not been read yet. Load the page again in a moment."))
    case = _sorted(request, row, form) if form.is_valid() else None
    if case is None:
        whole = get_object_or_404(Inquiry.objects.defer("raw"), pk=row.pk)
        return _page(request, whole, form, code=INVALID)
    messages.success(request, format_html(gettext("Sorted as a request: {}."), _case_link(case)))
    return _onwards(request, row)


def _sorted(request: HttpRequest, row: Inquiry, form: SortForm) -> Case | None:
    """Make the case of a valid form; None when the service refuses, which the form then says."""
    given = form.cleaned_data
    confirmed: dict[str, Any] = {}
    if isinstance(form, ForwardForm) and given.get("asks") != "sender":
        who = intake.Person(name=given["name"], email=given["email"])
        confirmed = {"who": who, "received_on": given["received_on"]}
    elif isinstance(form, AttachedForm) and given["asks"] == "original":
        who = intake.Person(name=row.forwarded_name, email=row.forwarded_address)
        confirmed = {"who": who, "received_on": given["received_on"]}
    rights = [Right(code) for code in given["rights"]]
    actor, language = staff(request).as_actor(), given["language"] or None
    try:
        return triage.sort_as_request(row.pk, rights, actor=actor, language=language, **confirmed)
    except ActionRefused as refused:
        form.add_error(_FIELD_OF_REASON.get(refused.reason.code), str(sentence(refused.reason)))
        return None


def _page(request: HttpRequest, row: Inquiry, form: SortForm, *, code: int = 200) -> HttpResponse:
    user, rule = staff(request), clock.rule()
    today = rule.calendar.local_date(timezone.now())
    received_at = triage.receipt_of(row, row.forwarded_on if row.forwarded else None)
    deadline = compute_deadline(received_at, calendar=rule.calendar, policy_days=rule.policy_days)
    unsorted = row.verdict == Verdict.UNSORTED
    stays = triage.why_stays(row.case, row) if row.case else None
    noticed = documents.of(row)  # while the numbers can still be counted
    hidden.without_numbers_in(row)
    context: dict[str, Any] = {
        "inquiry": row,
        "views": inbox.views(Verdict(row.verdict), user),
        "form": form,
        "told": isinstance(form, ToldForm),
        "may_sort": may(staff(request), Permission.SORT),
        "age": inbox.age(row, rule.calendar, today) if unsorted else None,
        "due_on": deadline.effective_due,
        "channel": CHANNELS[row.channel],
        "verdict": VERDICTS[row.verdict],
        "spoken": inbox.language_in_words(row.language),
        "suggested": inbox.rights_in_words(row.suggested_rights),
        "guess": first_guess.of(row),
        "problems": [PROBLEMS.get(one, one) for one in row.problems if one not in (SENDER_UNCHECKED, SIGNED)],
        "signed": SIGNED in row.problems,
        "twins": selectors.same_message_id(row, user),
        "silence": NOT_ACKNOWLEDGED.get(row.auto_reply_reason, "") if _gets_no_answer(row) else "",
        "held_back": NOT_ACKNOWLEDGED[brake] if (brake := unsorted_mail.why_held_back(row)) else "",
        "report": DeliveryReport.objects.select_related("message__case").filter(inquiry=row).first(),
        "authentic": authenticity_words.told(row),
        "by_staff": row.channel in CHANNELS_OF_STAFF,
        "receipt": row.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).order_by("id").first(),
        "documents": noticed,
        "kept_until": retention.kept_until(row),
        "subject": first_guess.marked(row, "subject", row.subject),
        "text": first_guess.marked(row, "text", row.text[:LONGEST_SHOWN]),
        "inside": first_guess.marked(row, "inside", row.forwarded_text[:LONGEST_SHOWN]),
        "cut": max(len(row.text), len(row.forwarded_text)) > LONGEST_SHOWN,
        "safe_html": mark_safe(html.safe(row.html)) if row.html else "",  # noqa: S308 - cleaned in this very line
        "candidates": _candidates(row, user),
        "foreign": bool(row.case and not correspondence.wrote_it(row.case, row)),
        "stays": sentence(stays) if stays else "",
        "forwarded_from": row.forwarded_name or row.forwarded_address,
        "forwarded_when": _written_on(row),
    }
    return render(request, "requests_app/desk/inquiry.html", context, status=code)


def _written_on(row: Inquiry) -> str:
    """When the mail inside was written: as we write it where its date is one of RFC 5322, else in its own words."""
    found = written_dates.moment(row.forwarded_date)
    return row.forwarded_date if found is None or found.tzinfo is None else ui.moment(found)


def _gets_no_answer(row: Inquiry) -> bool:
    if row.channel != Channel.MAIL or row.parsed_at is None:
        return False
    return not row.auto_reply_allowed or (row.auto_reply_reason in LOOKED_AT_FIRST and row.verdict == Verdict.UNSORTED)


def _candidates(row: Inquiry, user: Staff) -> list[Case]:
    """The cases an unsorted inquiry may belong to: the suggested one first, then open ones of whoever may ask."""
    if row.case_id is not None:
        return []
    suggested = [row.suggested_case] if row.suggested_case else []
    asks = [row.forwarded_address] if row.forwarded else [row.sender_address]
    asks += [row.forwarded_address] if row.attached_original else []
    found = [case for address in asks for case in selectors.cases_of(address, user=user)]
    others = [case for case in found if case.pk != row.suggested_case_id]
    return suggested + others


def _confirm(request: HttpRequest, row: Inquiry, words: object) -> None:
    link = format_html(
        '<a class="ds-link" href="{}">{}</a>', reverse("requests:desk:inquiry", args=[row.pk]), gettext("Open it again")
    )
    messages.success(request, format_html(gettext("Inquiry {} is sorted: {}. {}"), row.pk, words, link))


def _case_link(case: Case) -> str:
    url = reverse("requests:desk:case", args=[case.reference])
    return format_html('<a class="ds-link" href="{}">{}</a>', url, case.reference)


def _onwards(request: HttpRequest, row: Inquiry) -> HttpResponse:
    """Go on where the sorting was done: back to the list, or to the next unsorted inquiry."""
    following = None if request.POST.get("from") == "list" else selectors.next_unsorted(after=row, user=staff(request))
    return redirect("requests:desk:inquiry", following) if following else redirect("requests:desk:inbox")
