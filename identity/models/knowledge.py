"""What people may be asked about their own data: expected answers as keyed hashes, and tries. Given answers never."""

from django.db import models

from identity.domain.enums import Method
from identity.domain.knowledge import OwnData
from requests_app.models import Case
from requests_app.models.fields import choice_field, one_of


class ExpectedAnswer(models.Model):
    """One answer that a system holds, as a hash under the key `key_id`; it goes when the verification ends."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="expected_answers")
    question = choice_field(OwnData)
    system = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    offered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="expected_answer_once", fields=["case", "question", "system", "digest"]),
            one_of("expected_answer_question", "question", OwnData),
        ]

    def __str__(self) -> str:
        return f"{self.question} in {self.system}"


class KnowledgeTry(models.Model):
    """One try to answer, written down before anything is compared."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="knowledge_tries")
    method = choice_field(Method)
    tried_at = models.DateTimeField()

    class Meta:
        constraints = [one_of("knowledge_try_method", "method", Method)]
        indexes = [models.Index(fields=["case", "tried_at"], name="knowledge_try_by_case")]

    def __str__(self) -> str:
        return f"try {self.pk}"
