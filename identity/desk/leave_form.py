"""What is chosen when somebody leaves: who gets the cases and each system, and what becomes of a machine's token."""

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
from requests_app.desk import systems as system_names
from requests_app.domain.enums import Role
from requests_app.services import roster

REVOKE, KEEP = "revoke", "keep"
NOBODY = "nobody"


@dataclass(frozen=True)
class TokenFields:
    """A token with its two fields."""

    token: ApiToken
    fate: BoundField
    why: BoundField


class LeaveForm(forms.Form):
    """One handler for all open cases, one owner for each system, and two fields for each token that the person made."""

    handler = forms.TypedChoiceField(
        label=_("Who gets the open cases"),
        help_text=_("Gets a mail for each. Single cases can be given to others afterwards."),
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(
        self, user: User, tokens: Sequence[ApiToken], systems: Sequence[str], data: QueryDict | None = None
    ) -> None:
        super().__init__(data, auto_id="leave-%s")
        self.tokens, self.systems = tokens, systems
        field = self.fields["handler"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        today = roster.today()
        others = [member for member in selectors.handlers() if member.pk != user.pk]
        people = ((member.pk, absence_words.named(member, today)) for member in others)
        field.choices = [("", _("Nobody: back to the queue")), *people]
        self._ask_for_systems(user)
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

    def _ask_for_systems(self, user: User) -> None:
        """One field for each system, without a choice made beforehand: nobody loses their owner unseen."""
        names = system_names.names()
        able = [(str(one.pk), one.name) for one in selectors.staff_with(Role.SYSTEM_OWNER) if one.pk != user.pk]
        for system in sorted(self.systems, key=lambda one: names.get(one, one)):
            self.fields[f"system-{system}"] = forms.ChoiceField(
                label=_("Who takes over %(system)s") % {"system": names.get(system, system)},
                help_text=_("Of those who have the role of a system owner."),
                choices=[("", _("Choose")), (NOBODY, _("Nobody: the handlers do its tasks")), *able],
                error_messages=dict.fromkeys(("required", "invalid_choice"), _("Say who takes it over.")),
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

    def system_fields(self) -> Iterator[BoundField]:
        """The field of each system."""
        return (self[name] for name in self.fields if name.startswith("system-"))

    def handover(self) -> Handover:
        """What was chosen."""
        given = self.cleaned_data
        chosen = {system: given[f"system-{system}"] for system in self.systems}
        kept = [token.pk for token in self.tokens if given[f"token-{token.pk}"] == KEEP]
        return Handover(
            given["handler"],
            {pk: given[f"why-{pk}"] for pk in kept},
            {system: None if heir == NOBODY else int(heir) for system, heir in chosen.items()},
        )
