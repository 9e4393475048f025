"""What an organisation writes in place of the delivered text of a letter."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class LetterTexts(models.QuerySet["LetterText"]):
    """Filters by subject."""

    def of(self, letter: str, language: str) -> "LetterTexts":
        """Every version of a letter in a language, the newest first."""
        return self.filter(letter=letter, language=language)

    def in_force(self, letter: str, language: str) -> "LetterText | None":
        """Return the newest version, None while nobody has changed the delivered text."""
        return self.of(letter, language).first()


class LetterText(models.Model):
    """One version of the text of a letter of `domain.letters`, kept for good: the database refuses to change a row.

    `subject` is empty for what is no mail. With `restored` the delivered text is in force again; the row then keeps its
    words as they were on that day.
    """

    letter = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    version = models.PositiveIntegerField()
    subject = models.TextField(blank=True)
    body = models.TextField()
    restored = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letter_texts")

    objects = LetterTexts.as_manager()

    class Meta:
        ordering = ["letter", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "language", "version"], name="letter_text_version"),
            models.CheckConstraint(name="letter_text_from_1", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.language} {self.version}"
