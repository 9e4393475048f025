"""A form of the case page that was refused, on a page of its own, so that nothing typed is lost."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from requests_app.models import Case

INVALID = 422


def show(
    request: HttpRequest, case: Case, form: forms.Form, *, title: str, button: str, anchor: str = ""
) -> HttpResponse:
    """Show a bound form with what was wrong. It is sent where it was sent before; `anchor` is where it stands.

    Whoever was told that the case has changed, and saves once more, means the case as it is now.
    """
    if "version" in form.fields:
        given = request.POST.copy()
        given["version"] = str(Case.objects.values_list("version", flat=True).get(pk=case.pk))
        form.data = given
    back = reverse("requests:desk:case", args=[case.reference])
    context = {
        "form": form,
        "title": title,
        "button": button,
        "case": case,
        "case_url": f"{back}#{anchor}" if anchor else back,
    }
    return render(request, "requests_app/desk/form_again.html", context, status=INVALID)
