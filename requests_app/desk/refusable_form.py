"""A form that shows a refusal of the service beside the field it is about."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from requests_app.domain.snapshot import Reason
from requests_app.reasons import sentence


class RefusableForm(forms.Form):
    """`field_of` names the field that a code of a reason is about; all others are about the form as a whole."""

    field_of: ClassVar[Mapping[str, str]] = {}

    def refuse(self, reason: Reason) -> None:
        """Show why the service said no."""
        field = self.field_of.get(reason.code)
        self.add_error(field if field in self.fields else None, str(sentence(reason)))
