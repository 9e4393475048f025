"""What a deletion did otherwise than planned, in words: rows that cannot go because data that stays refers to them."""

from collections.abc import Callable, Mapping

from django.utils.translation import ngettext

from exports.domain.enums import Measure


def sentences(rows: Mapping[str, int]) -> list[str]:
    """Return a sentence for each measure, in the active language; `rows` by measure (`SystemTask.otherwise`)."""
    return [_WORDS[measure](rows[measure]) % {"n": rows[measure]} for measure in _WORDS if rows.get(measure)]


_WORDS: dict[str, Callable[[int], str]] = {
    Measure.ANONYMISE: lambda n: ngettext(
        "%(n)d row was made anonymous instead of deleted, because data that has to stay refers to it.",
        "%(n)d rows were made anonymous instead of deleted, because data that has to stay refers to them.",
        n,
    ),
    Measure.RESTRICT: lambda n: ngettext(
        "%(n)d row is only stored instead of deleted, because data that has to stay refers to it.",
        "%(n)d rows are only stored instead of deleted, because data that has to stay refers to them.",
        n,
    ),
    Measure.KEEP: lambda n: ngettext(
        "%(n)d row stays instead of being deleted, because data that has to stay refers to it.",
        "%(n)d rows stay instead of being deleted, because data that has to stay refers to them.",
        n,
    ),
}
