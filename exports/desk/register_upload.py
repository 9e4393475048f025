"""A whole register from a file: first compared with the one in force, then taken over by the decision-maker.

Between the two steps the text travels with the form and is read anew, so nothing is stored that nobody has decided on.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from exports.domain import register as domain
from exports.models import CUSTOMERS
from exports.services import register as service
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence

from . import register_differences
from .task_panel import language

LARGEST = 256 * 1024
"""Bytes; ten times what a register needs, and read within seconds whatever stands in it."""
MOST_CHARACTERS = 2 * LARGEST
"""Of the text that travels with the form: browsers write each end of a line as two."""
MOST_PROBLEMS = 50


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("The register as a file"),
        help_text=gettext_lazy("YAML, at most 256 kB. You see what would change before anything is stored."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before a byte of it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(_("The file is larger than 256 kB."))
        return file


class TakeOverForm(forms.Form):
    """The text that was compared, why it is taken over, and the version that it was compared with."""

    text = forms.CharField(max_length=MOST_CHARACTERS, strip=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why the register is taken over from the file"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@requires(Permission.EDIT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, key: str = CUSTOMERS) -> HttpResponseBase:
    """Ask for the file, show what it would change, and take it over once that was seen."""
    number, current = _current(key)
    if request.method == "POST" and "text" in request.POST:
        return _take_over(request, key)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: tuple[object, ...] = ()
    if request.method == "POST" and form.is_valid():
        file: UploadedFile = form.cleaned_data["file"]
        data = file.read()
        try:
            given = domain.parse_bytes(data, file=file.name or "")
            service.refuse_shared_ids(key, given, file=file.name or "")
        except domain.RegisterError as error:
            problems = error.problems
        else:
            initial = {"text": data.decode("utf-8-sig"), "version": number}
            return _compare(request, key, number, current, given, TakeOverForm(initial=initial))
    context = {
        "form": form,
        "register_key": key,
        "problems": problems[:MOST_PROBLEMS],
        "more": len(problems) - MOST_PROBLEMS,
    }
    status = 422 if problems or (form.is_bound and form.errors) else 200
    return render(request, "exports/desk/register_file.html", context, status=status)


def _take_over(request: HttpRequest, key: str) -> HttpResponseBase:
    form = TakeOverForm(request.POST)
    try:
        given = domain.parse_text(request.POST["text"][: MOST_CHARACTERS + 1])
    except domain.RegisterError:  # it was read before: somebody has changed the form
        return redirect("exports:desk:register-file", key=key)
    if form.is_valid():
        said = form.cleaned_data
        edit = service.Edit(staff(request).as_actor(), said["reason"], said["version"], key)
        try:
            saved = service.take_over(given, edit)
        except ActionRefused as error:
            form.add_error(None, str(sentence(error.reason)))
        except domain.RegisterError as error:  # another register took an id in the meantime
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved in version %(number)s of the register.") % {"number": saved})
            return redirect("exports:desk:register", key=key)
    number, current = _current(key)
    form.data = request.POST.copy() | {"version": str(number)}  # compared anew with what the register says now
    return _compare(request, key, number, current, given, form)


def _compare(
    request: HttpRequest, key: str, number: int, current: domain.Register, given: domain.Register, form: TakeOverForm
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "form": form,
        "register_key": key,
        "number": number,
        "same": given == current,
        "lines": register_differences.lines(current, given, language()),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "exports/desk/register_compare.html", context, status=status)


def _current(key: str) -> tuple[int, domain.Register]:
    try:
        return service.current(key)
    except service.NoRegister:
        raise Http404 from None
