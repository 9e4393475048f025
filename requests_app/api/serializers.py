"""What goes in and out of the API. Nothing that goes out is personal data."""

from datetime import UTC
from typing import Any

from rest_framework import serializers

from requests_app.domain.enums import Right
from requests_app.models import Case, DataSubjectRequest, Inquiry

MAX_TEXT = 100_000


class InquiryIn(serializers.Serializer[dict[str, Any]]):
    """A message somebody hands in for a person."""

    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    email = serializers.EmailField(max_length=320)
    subject = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=MAX_TEXT)
    language = serializers.ChoiceField(choices=["nb", "en"], default="nb")
    rights = serializers.ListField(
        child=serializers.ChoiceField(choices=[right.value for right in Right]), required=False, default=list
    )


class InquiryOut(serializers.ModelSerializer[Inquiry]):
    """Where an inquiry stands; the same fields as `manage.py inquiries --json`."""

    case = serializers.SerializerMethodField()
    received_at = serializers.DateTimeField(default_timezone=UTC, read_only=True)

    class Meta:
        model = Inquiry
        fields = ["id", "sha256", "received_at", "verdict", "case"]
        read_only_fields = fields

    def get_case(self, inquiry: Inquiry) -> str | None:
        """The reference of its case; null while there is none, and where the case is shielded."""
        case = inquiry.case
        return case.reference if case is not None and case.shielded_at is None else None


class RequestOut(serializers.ModelSerializer[DataSubjectRequest]):
    """One request of a case."""

    deadline = serializers.DateField(source="effective_due", allow_null=True)
    outcome = serializers.SerializerMethodField()

    class Meta:
        model = DataSubjectRequest
        fields = ["id", "right", "stage", "outcome", "deadline"]
        read_only_fields = fields

    def get_outcome(self, dsr: DataSubjectRequest) -> str | None:
        """The code of the outcome; null while there is none."""
        return dsr.outcome or None


class CaseOut(serializers.ModelSerializer[Case]):
    """A case without names and addresses."""

    requests = RequestOut(source="dsrs", many=True)
    due = serializers.DateField(source="due_on", allow_null=True)
    received_at = serializers.DateTimeField(default_timezone=UTC, read_only=True)

    class Meta:
        model = Case
        fields = ["reference", "received_at", "language", "channel", "due", "requests"]
        read_only_fields = fields
