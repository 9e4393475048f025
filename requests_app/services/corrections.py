"""What staff sort otherwise than the triage guessed, as texts to train it on: only where the organisation wants that.

Nothing is kept while the setting is off. What is kept is masked, and deleted after the time that other mail is kept, or
when the setting is switched off.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Channel, Right
from requests_app.mailbox import language, masking, suggest
from requests_app.models import Correction, Inquiry

_HEAD = re.compile(r"(?m)^(?:== )+")  # what a text begins with in a file of several


def keep(inquiry: Inquiry, decided: Sequence[Right]) -> None:
    """Keep a mail that was guessed otherwise, or of which the model was not sure; one row, the latest word.

    `decided`: no right stands for "not a request". Belongs into the transaction that sorts, ahead of its audit entries.
    """
    if inquiry.channel != Channel.MAIL or inquiry.request_probability is None:
        return
    if not selectors.organisation().keeps_corrections:
        return
    unsure = inquiry.maybe_request and not inquiry.suggested_rights
    if not unsure and {right.value for right in decided} == set(inquiry.suggested_rights):
        drop(inquiry)
        return
    Correction.objects.update_or_create(
        inquiry=inquiry,
        defaults={
            "kept_at": timezone.now(),
            "language": inquiry.language or language.OTHER,
            "probability": inquiry.request_probability,
            "said": inquiry.suggested_rights,
            "decided": [right.value for right in Right if right in decided],
            **_masked(inquiry),
        },
    )


def drop(inquiry: Inquiry) -> None:
    """Forget what was kept of a mail: it is not sorted any more, or nobody said which rights it is about."""
    Correction.objects.filter(inquiry=inquiry).delete()


def forget_all() -> None:
    """Forget everything."""
    Correction.objects.all().delete()


def forget_old(before: datetime) -> int:
    """Forget what was kept before a moment, and return how much that was.

    Everything, where the setting is off: somebody may have sorted a mail in the very moment of switching it off.
    """
    kept = Q() if not selectors.organisation().keeps_corrections else Q(kept_at__lt=before)
    return Correction.objects.filter(kept).delete()[0]


def as_training_texts() -> dict[str, list[str]]:
    """Return everything in the form of `training/texts`: the texts of each file, by its name (a family and language).

    They are one family: nobody knows which of them are alike, and no two alike may be trained and measured on. Those of
    shielded cases stay here: whoever trains is none of their readers.
    """
    texts: dict[str, list[str]] = {}
    for row in Correction.objects.filter(inquiry__in=Inquiry.objects.unshielded()).order_by("pk").iterator():
        texts.setdefault(f"corrections.{row.language}.txt", []).append("".join(_lines(row)))
    return texts


def _lines(row: Correction) -> Iterator[str]:
    yield f"== rights: {'; '.join(row.decided) or 'none'}\n"
    yield f"subject: {' '.join(row.subject.split())}\n\n"
    yield _HEAD.sub("", row.text) + "\n"


def _masked(inquiry: Inquiry) -> dict[str, str]:
    """The words that were judged, as far as the model reads, without what tells who wrote them."""
    known = (inquiry.sender_name, inquiry.sender_address, inquiry.forwarded_name, inquiry.forwarded_address)
    own = suggest.own_words(inquiry.subject, inquiry.words)
    subject, text = (masking.masked(one, known, inquiry.language).strip() for one in (inquiry.subject, own))
    return {"subject": subject, "text": text} if text else {"subject": "", "text": subject or masking.GONE}
