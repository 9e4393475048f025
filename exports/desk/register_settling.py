"""The form by which the decision-maker settles a contradiction of the register: which reading holds, and why."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from exports import labels
from exports.domain import register as domain
from exports.labels import WORDINGS
from exports.models import CUSTOMERS
from exports.services import register as service
from requests_app import selectors
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence

from . import register_page
from .register_forms import LONGEST, plain
from .task_panel import language


class SettleForm(forms.Form):
    """Which reading holds, in both languages, and why; `version` is the one the reader saw."""

    nb = forms.CharField(
        label=gettext_lazy("Which reading holds, in Norwegian"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "nb"}),
    )
    en = forms.CharField(
        label=gettext_lazy("Which reading holds, in English"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why this reading holds"),
        help_text=gettext_lazy("Stays beside this version of the register: who looked at it, and what it rests on."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Make one text of the two wordings."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["holds"] = domain.Text(en=plain(cleaned["en"]), nb=plain(cleaned["nb"]))
            except domain.BadWording as error:
                raise ValidationError(str(WORDINGS[error.code])) from None
        return cleaned


@requires(Permission.EDIT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, part: str, key: str = CUSTOMERS) -> HttpResponseBase:
    """Settle the contradiction of a part (`systems.hubspot`) in a new version; it stays in the version before."""
    try:
        number, current = service.current(key)
    except service.NoRegister:
        raise Http404 from None
    parts = register_page.parts(key, current, language(), trial=selectors.organisation().trial)
    disputed = next((one for one in parts if one.anchor == part and one.conflict), None)
    if disputed is None and request.method == "POST":  # a colleague was faster
        messages.error(request, str(labels.FILL_ERRORS["no_conflict"]))
        return redirect("exports:desk:register", key=key)
    if disputed is None:
        raise Http404
    form = SettleForm(request.POST or None, initial={"version": number})
    if request.method == "POST" and form.is_valid() and (saved := _save(request, form, part, key)):
        messages.success(request, _("Saved in version %(number)s of the register.") % {"number": saved})
        return redirect("exports:desk:register", key=key)
    context = {"form": form, "part": disputed, "number": number, "register_key": key}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "exports/desk/register_settle.html", context, status=status)


def _save(request: HttpRequest, form: SettleForm, part: str, key: str) -> int | None:
    """Save a valid form; None after saying in it why not."""
    said = form.cleaned_data
    edit = service.Edit(staff(request).as_actor(), said["reason"], said["version"], key)
    try:
        return service.settle(part, said["holds"], edit)
    except ActionRefused as error:
        form.add_error(None, str(sentence(error.reason)))
        # What was typed stays; the next try is made on what the register says now.
        form.data = request.POST.copy() | {"version": str(service.current(key)[0])}
    except domain.FillError as error:
        form.add_error(None, str(labels.FILL_ERRORS[error.code]))
    return None
