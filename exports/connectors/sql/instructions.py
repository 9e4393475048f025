"""What a person does where a database cannot be searched, or has no place for a mark."""

from collections.abc import Iterable

from exports.connectors.base import SEARCH_COMPLETE
from exports.connectors.dataset import Dataset
from exports.domain.records import Instruction, Label

from .plan import Plan

_KIND_IN_WORDS = {
    "email": ("e-mail address", "e-postadresse"),
    "phone": ("phone number", "telefonnummer"),
    "phone_number": ("phone number", "telefonnummer"),
    "customer_number": ("customer number", "kundenummer"),
}


def cannot_search(dataset: Dataset, plan: Plan) -> Instruction:
    """Return what to do about a person of whom we know nothing that this database knows."""
    kinds = dict.fromkeys(_KIND_IN_WORDS.get(s.identity, (s.identity, s.identity)) for s in plan.starts)
    en, nb = (", ".join(words) for words in zip(*kinds, strict=True)) if kinds else ("", "")
    return Instruction(
        Label(
            en=f"{dataset.label.en} can only be searched by: {en}. The case holds none of these."
            " Find one in the other systems or ask the person, then run the search again.",
            nb=f"{dataset.label.nb} kan bare gjennomsøkes med: {nb}. Saken inneholder ingen av delene."
            " Finn en opplysning i de andre systemene eller spør personen, og kjør søket på nytt.",
        ),
        due_working_days=SEARCH_COMPLETE,
    )


def cannot_mark(dataset: Dataset, names: Iterable[str]) -> Instruction:
    """Return what to do about rows that have no place for a mark."""
    labels = [dataset.collection(name).label for name in names]
    return Instruction(
        Label(
            en=f"{dataset.label.en} holds data about the person without a mark for restriction:"
            f" {', '.join(label.en for label in labels)}. Take it out of use by hand, and note how and when.",
            nb=f"{dataset.label.nb} har opplysninger om personen uten merke for begrensning:"
            f" {', '.join(label.nb for label in labels)}. Ta dem ut av bruk for hånd, og noter hvordan og når.",
        ),
        due_working_days=SEARCH_COMPLETE,
    )
