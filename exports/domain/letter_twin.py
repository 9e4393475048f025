"""The machine-readable twin of a letter: what it says, as one JSON."""

from .bundle import stable_json
from .letter import Letter, Section


def to_json(letter: Letter) -> bytes:
    """Return the whole letter as JSON, the same bytes for the same letter; dates ISO."""
    sender = letter.organisation
    return stable_json(
        {
            "schema": letter.schema,
            "letter": letter.kind.value,
            "language": letter.language,
            "reference": letter.reference,
            "trial_data": letter.trial,
            "controller": {
                "name": sender.name,
                "postal_address": list(sender.postal_address),
                "contact": sender.contact_mail,
                "data_protection_officer": sender.dpo_contact,
            },
            "recipient": {"name": letter.recipient_name, "address": list(letter.recipient_address)},
            "right": letter.right.value,
            "outcome": letter.outcome.value,
            "received_on": letter.received_on.isoformat(),
            "answered_on": letter.answered_on.isoformat(),
            "title": letter.title,
            "answer": list(letter.opening),
            "grounds": list(letter.grounds),
            "reasoning": letter.reasoning,
            "missing": [{"what": part.what, "due_on": part.due_on.isoformat()} for part in letter.missing],
            "sections": [_section(section) for section in letter.sections],
            "signed_by": list(letter.signed_by),
        }
    )


def _section(section: Section) -> dict[str, object]:
    return {
        "heading": section.heading,
        "text": list(section.paragraphs),
        "columns": list(section.columns),
        "rows": [list(line.cells) for line in section.lines],
    }
