"""The pages on which somebody asks what exactly the person wants to see, and says when the answer came."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence
from requests_app.services import clarification, clock
from requests_app.services.wording import Unresolved
from requests_app.templatetags.ui import long_day

from . import case_page, form_again
from .case_forms import AnsweredForm
from .clock_words import too_late
from .text_errors import text_errors

LONGEST = 4_000


class QuestionForm(forms.Form):
    """What the letter says; `version` guards against news, `key` against a double click."""

    outline = forms.CharField(
        label=gettext_lazy("What we may hold, in outline"),
        help_text=gettext_lazy(
            "Kinds of data and periods, in general words and no data of the person: it goes by e-mail, and must not "
            "tell a stranger whether we know the person."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(gettext_lazy("Say in outline what we may hold.")),
    )
    question = forms.CharField(
        label=gettext_lazy("Our question"),
        help_text=gettext_lazy("What would help to find what the person is looking for?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(gettext_lazy("Write the question.")),
    )
    large = forms.BooleanField(
        label=gettext_lazy("We process a large amount of data about this person"),
        help_text=gettext_lazy("Only then may we ask before we answer (recital 63)."),
        error_messages={
            "required": gettext_lazy("Ask only where we hold a large amount of data, and confirm that this is so.")
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    @classmethod
    def blank(cls, case: Case) -> "QuestionForm":
        """Return an empty form for a case as it is now."""
        return cls(initial={"version": case.version, "key": uuid4().hex})

    def asked(self) -> clarification.Question:
        """Return the question of a valid form."""
        return clarification.Question(self.cleaned_data["outline"], self.cleaned_data["question"])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_CLOCK)
def ask(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write the question, look at the letter once more, and send it."""
    dsr = _of_case(reference, pk)
    if request.method != "POST":
        return _page(request, dsr, QuestionForm.blank(dsr.case))
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, dsr, form, code=case_page.INVALID)
    if "change" in request.POST:
        return _page(request, dsr, form)
    if "send" not in request.POST and clarification.why_not_ask(dsr) is None:
        return _check(request, dsr, form)
    given = form.cleaned_data
    try:
        clarification.ask(
            dsr.pk,
            form.asked(),
            large=given["large"],
            actor=staff(request).as_actor(),
            key=given["key"],
            version=given["version"],
        )
    except ActionRefused as refused:
        return _refused(request, dsr, form, refused)
    messages.success(request, _("The question is on its way."))
    return redirect("requests:desk:case", reference)


@require_POST
@requires(Permission.KEEP_CLOCK)
def answered(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """End the wait: with a message of the person, or on a day that somebody names."""
    dsr, actor = _of_case(reference, pk), staff(request).as_actor()
    reply = _message(request)
    form = AnsweredForm(request.POST)
    try:
        if reply is not None:
            clarification.answered_by(dsr.pk, reply, actor=actor)
        elif form.is_valid():
            clarification.answered_on(dsr.pk, form.cleaned_data["answered_on"], actor=actor)
        else:
            return _not_answered(request, dsr, form)
    except ActionRefused as refused:
        if reply is None:
            form.add_error("answered_on", sentence(refused.reason))
            return _not_answered(request, dsr, form)
        messages.error(request, sentence(refused.reason))
    else:
        messages.success(request, _recorded(dsr))
    return redirect("requests:desk:case", reference)


def _of_case(reference: str, pk: int) -> DataSubjectRequest:
    return get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=pk, case__reference=reference)


def _message(request: HttpRequest) -> int | None:
    """The message that is said to be the answer; None where a day is named instead. 0 stands for what is none."""
    value = request.POST.get("message", "")
    if not value:
        return None
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def _recorded(before: DataSubjectRequest) -> str:
    """What follows from the answer; `before`: the request while it waited."""
    due = DataSubjectRequest.objects.get(pk=before.pk).effective_due
    if due == before.effective_due:
        return _("The answer is recorded.")
    words = _("The answer is recorded, and the due date is now %(due)s. Tell the person if we named another day.")
    if before.case.person_email:
        words = _(
            "The answer is recorded, and the due date is now %(due)s. If we named another day, the person gets a"
            " letter."
        )
    return words % {"due": long_day(due)}


def _not_answered(request: HttpRequest, dsr: DataSubjectRequest, form: AnsweredForm) -> HttpResponse:
    title, button = _("When did the answer come?"), _("Record the answer")
    return form_again.show(request, dsr.case, form, title=title, button=button, anchor=f"clock-{dsr.pk}")


def _check(request: HttpRequest, dsr: DataSubjectRequest, form: QuestionForm) -> HttpResponse:
    """Show the letter as the person will get it."""
    link = _("[the personal link to the status page]")
    try:
        letter = clarification.preview(dsr, form.asked(), link=link)
    except Unresolved as error:
        form.add_error(None, str(error))
        return _page(request, dsr, form, code=case_page.INVALID)
    context = {"case": dsr.case, "dsr": dsr, "form": form, "letter": letter, "late": _late(dsr)}
    return render(request, "requests_app/desk/clarification_check.html", context)


def _refused(request: HttpRequest, dsr: DataSubjectRequest, form: QuestionForm, refused: ActionRefused) -> HttpResponse:
    """Show the form as it was filled in, on top of the case as it is now; whoever still means it sends it again."""
    case = Case.objects.get(pk=dsr.case_id)
    data = request.POST.copy()
    data["version"] = str(case.version)
    fresh = QuestionForm(data)
    fresh.add_error(None, sentence(refused.reason))
    changed = refused.reason.code == "case_changed"
    news = case_page.news_since(case, form.cleaned_data["version"]) if changed else []
    return _page(request, dsr, fresh, code=case_page.REFUSED, news=news)


def _page(
    request: HttpRequest, dsr: DataSubjectRequest, form: QuestionForm, *, code: int = 200, news: list[str] | None = None
) -> HttpResponse:
    reason = clarification.why_not_ask(dsr)
    context: dict[str, Any] = {
        "case": dsr.case,
        "form": form,
        "news": news or [],
        "why_not": sentence(reason) if reason else "",
        "late": "" if reason else _late(dsr),
        "latest": None if reason else clarification.stops(dsr).latest_ask,
        "alarm": clock.derive(dsr).unsuspended_due,
    }
    return render(request, "requests_app/desk/clarification.html", context, status=code)


def _late(dsr: DataSubjectRequest) -> str:
    """Why a question asked now would not stop the clock; empty when it would."""
    return too_late(clarification.stops(dsr))
