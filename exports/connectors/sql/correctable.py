"""Which fields of a database a person may have corrected (GDPR Art. 16)."""

from exports.connectors.dataset import Collection, Dataset, Field

from .results import public_name


def correctable(dataset: Dataset, collection: str) -> frozenset[str]:
    """The public names of the fields that are the person's own: neither kept back nor what rows are told by."""
    for one in dataset.collections:
        if public_name(dataset, one) == collection:
            return frozenset(_name(one, field) for field in one.fields if _is_own(field))
    return frozenset()


def _is_own(field: Field) -> bool:
    is_personal = any(c == "user" or c.startswith("user.") for c in field.categories)
    fixed = field.primary_key or field.references or field.read_only or field.withheld
    return (is_personal or field.identity is not None) and not fixed


def _name(collection: Collection, field: Field) -> str:
    return f"field_{collection.fields.index(field) + 1}" if field.redact_name else field.name
