"""The steps of what one person proposes for a request and another approves, and of which the person is told.

An extension, a fee and the lifting of a restriction go the same way: proposed with words, approved or taken back, told
by mail or by hand. Each step is a POST that leads back to the card on the page of the case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.domain.errors import ActionRefused
from requests_app.models import DataSubjectRequest
from requests_app.permissions import Permission, may, staff

from . import case_step, form_again
from .proposal_forms import ProposalForm, ToldForm


class Proposed(Protocol):
    """A row of something proposed."""

    pk: int
    dsr: DataSubjectRequest


class Service(Protocol):
    """What does the steps; each raises ActionRefused."""

    @property
    def propose(self) -> Callable[..., object]:
        """Propose it for a request, with what its form asks for."""

    @property
    def approve(self) -> Callable[..., object]:
        """Approve a row."""

    @property
    def take_back(self) -> Callable[..., object]:
        """Take a row back."""

    @property
    def told(self) -> Callable[..., object]:
        """Record how and when the person was told."""


@dataclass(frozen=True)
class Words:
    """What the steps are called, and what is said once they are taken."""

    title: Promise
    proposed: Promise
    approved: Promise
    taken_back: Promise


@dataclass(frozen=True)
class Steps:
    """The steps of one kind of proposal; `approving` is what its second person must be allowed."""

    service: Service
    propose_form: type[ProposalForm]
    told_form: type[ToldForm]
    anchor: Callable[[DataSubjectRequest], str]
    approving: Permission
    words: Words

    def propose(self, request: HttpRequest, dsr: DataSubjectRequest) -> HttpResponse:
        """Propose it; what cannot be taken is shown again with its words."""
        form, actor = self.propose_form(dsr, request.POST), staff(request).as_actor()
        return self._filled(
            request, dsr, form, lambda given: self.service.propose(dsr.pk, actor=actor, **given),
            said=str(self.words.proposed), title=str(self.words.title), button=_("Propose it"),
        )  # fmt: skip

    def approve(self, request: HttpRequest, row: Proposed) -> HttpResponse:
        """Approve it as the second person."""
        return self._pressed(request, row, self.service.approve, self.words.approved)

    def take_back(self, request: HttpRequest, row: Proposed, *, said: Promise | None = None) -> HttpResponse:
        """Take it back, and say `said`: whoever may propose or approve may also stop. Raises PermissionDenied."""
        user = staff(request)
        if not (may(user, Permission.DECIDE) or may(user, self.approving)):
            raise PermissionDenied
        return self._pressed(request, row, self.service.take_back, said or self.words.taken_back)

    def told(self, request: HttpRequest, row: Proposed) -> HttpResponse:
        """Record that the person was told by hand; what cannot be taken is shown again."""
        form, actor = self.told_form(row.dsr, request.POST), staff(request).as_actor()
        return self._filled(
            request, row.dsr, form, lambda given: self.service.told(row.pk, actor=actor, **given),
            said=_("Recorded."), title=_("Tell the person"), button=_("Save"),
        )  # fmt: skip

    def _pressed(self, request: HttpRequest, row: Proposed, act: Callable[..., object], said: Promise) -> HttpResponse:
        actor, version = staff(request).as_actor(), case_step.version(request)
        return case_step.attempt(
            request, row.dsr.case, self.anchor(row.dsr), lambda: act(row.pk, actor=actor, version=version), str(said)
        )

    def _filled(
        self,
        request: HttpRequest,
        dsr: DataSubjectRequest,
        form: ProposalForm,
        act: Callable[[dict[str, Any]], object],
        *,
        said: str,
        title: str,
        button: str,
    ) -> HttpResponse:
        anchor = self.anchor(dsr)
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except ActionRefused as refused:
                form.refuse(refused.reason)
            else:
                return case_step.done(request, dsr.case, anchor, said)
        return form_again.show(request, dsr.case, form, title=title, button=button, anchor=anchor)
