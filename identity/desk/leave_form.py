"""What is chosen when somebody leaves: who gets the cases, and what becomes of each token of a machine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from identity.models import ApiToken, User
from identity.services.leaving import Handover
from requests_app import selectors
from requests_app.desk import absence_words
from requests_app.services import roster

REVOKE, KEEP = "revoke", "keep"


@dataclass(frozen=True)
class TokenFields:
    """A token with its two fields."""

    token: ApiToken
    fate: BoundField
    why: BoundField


class LeaveForm(forms.Form):
    """One handler for all open cases, and two fields for each token that the person made."""

    handler = forms.TypedChoiceField(
        label=_("Who gets the open cases"),
        help_text=_("Gets a mail for each. Single cases can be given to others afterwards."),
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, user: User, tokens: Sequence[ApiToken], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="leave-%s")
        self.tokens = tokens
        field = self.fields["handler"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        today = roster.today()
        others = [member for member in selectors.handlers() if member.pk != user.pk]
        people = ((member.pk, absence_words.named(member, today)) for member in others)
        field.choices = [("", _("Nobody: back to the queue")), *people]
        for token in tokens:
            self.fields[f"token-{token.pk}"] = forms.ChoiceField(
                label=token.name,
                choices=[(REVOKE, _("Stops working at once")), (KEEP, _("Goes on working"))],
                initial=REVOKE,
                widget=forms.RadioSelect,
                error_messages={"required": _("Say what becomes of it.")},
            )
            self.fields[f"why-{token.pk}"] = forms.CharField(
                label=_("Why it goes on working"),
                help_text=_("Which machine needs it, and who looks after it from now on."),
                max_length=200,
                required=False,
            )

    def clean(self) -> dict[str, object]:
        """A token stays only for a reason."""
        data = super().clean() or {}
        for token in self.tokens:
            if data.get(f"token-{token.pk}") == KEEP and not str(data.get(f"why-{token.pk}", "")).strip():
                self.add_error(f"why-{token.pk}", _("Give the reason why it goes on working."))
        return data

    def token_fields(self) -> Iterator[TokenFields]:
        """Each token with its fields."""
        for token in self.tokens:
            yield TokenFields(token, self[f"token-{token.pk}"], self[f"why-{token.pk}"])

    def handover(self) -> Handover:
        """What was chosen."""
        given = self.cleaned_data
        kept = [token.pk for token in self.tokens if given[f"token-{token.pk}"] == KEEP]
        return Handover(given["handler"], {pk: given[f"why-{pk}"] for pk in kept})
