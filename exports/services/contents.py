"""What answers a request: the full answer to an access request, or a letter; facts first, then the files."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeAlias

from django.utils import translation

from requests_app.domain.enums import Outcome, Right
from requests_app.models import DataSubjectRequest, Decision

from . import answer, letters, letters_portability, package
from .package import PackageFile

_WITHOUT_DATA = (Outcome.REFUSED, Outcome.FORWARDED)

Facts: TypeAlias = answer.Facts | letters.Facts


def facts(dsr: DataSubjectRequest) -> Facts:
    """Collect what the answer says; raises NotReady with what it still waits for."""
    by_letter = dsr.right != Right.ACCESS or Decision.objects.get(dsr=dsr).outcome in _WITHOUT_DATA
    return letters.facts(dsr) if by_letter else answer.facts(dsr)


def text_version(given: Facts) -> int:
    """Return the version of the organisation's own text that the words are from, 0 where it has none."""
    return 0 if isinstance(given, answer.Facts) else given.text_version


def files(given: Facts, *, on: date, now: datetime) -> list[PackageFile]:
    """Return the whole package, dated `on`. Takes seconds; raises NotReady, `pdf.PdfError`."""
    if isinstance(given, answer.Facts):
        documents = answer.documents(given.searches, given.binding)
        return package.files(answer.compose(given, on=on), documents, now=now)
    return package.letter_files(letters.compose(given, on=on), _carried(given, on), now=now)


def _carried(given: letters.Facts, on: date) -> Sequence[PackageFile]:
    if not given.searches:
        return ()
    letter = letters.compose(given, on=on)
    tables = letters_portability.tables(given.searches, letter.language, given.binding)
    with translation.override(letter.language):
        guide = letters_portability.field_guide(tables)
    return list(package.portable_files(letter, tables, guide, answer.documents(given.searches, given.binding)))
