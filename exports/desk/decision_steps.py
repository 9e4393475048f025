"""What the steps of the decision panel share: finding the request, going back to it, showing a refused form again."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from requests_app.desk import form_again
from requests_app.models import DataSubjectRequest


def find(dsr_id: int) -> DataSubjectRequest:
    """Return a request with its case; 404 for one that does not exist."""
    return get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=dsr_id)


def url(dsr: DataSubjectRequest) -> str:
    """Return the place of a request's panel on the page of its case."""
    return f"{reverse('requests:desk:case', args=[dsr.case.reference])}#decision-{dsr.pk}"


def back(dsr: DataSubjectRequest) -> HttpResponse:
    """Lead back to the panel."""
    return redirect(url(dsr))


def done(request: HttpRequest, dsr: DataSubjectRequest, said: str) -> HttpResponse:
    """Say that a step was taken, and lead back to the panel."""
    messages.success(request, said)
    return back(dsr)


def again(request: HttpRequest, dsr: DataSubjectRequest, form: forms.Form, title: str, button: str) -> HttpResponse:
    """Show a form that was refused on a page of its own, so that nothing typed is lost."""
    return form_again.show(request, dsr.case, form, title=title, button=button, anchor=f"decision-{dsr.pk}")
