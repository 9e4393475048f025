"""What everything in a register is called in both languages, for whoever compares two versions of it."""

from typing import Final

from .register_fields import NoSuchField, field_at
from .register_model import Register
from .register_values import Text

_WORDS: Final = {
    "name": Text("the name", "navnet"),
    "source_document": Text("the document behind the register", "dokumentet som protokollen bygger på"),
    "backup_days": Text("days until a backup is gone", "dager til en sikkerhetskopi er borte"),
    "open_questions_for_controller": Text("open questions", "åpne spørsmål"),
    "general_contact": Text("the general contact", "den generelle kontakten"),
    "country": Text("the country", "landet"),
    "supervisory_authority": Text("the supervisory authority", "tilsynsmyndigheten"),
    "response_promise.wording": Text("the promise about time", "løftet om svartid"),
    "response_promise.days": Text("the days promised", "dagene som er lovet"),
    "identity_promise": Text("what the policy says about identity", "det erklæringen sier om identitet"),
    "retention_general": Text("what the policy says about retention", "det erklæringen sier om lagringstid"),
    "transfers_general": Text("what the policy says about transfers", "det erklæringen sier om overføring"),
    "age_limit": Text("the age limit", "aldersgrensen"),
    "rights_listed_in_policy": Text("the rights that the policy lists", "rettighetene som erklæringen lister opp"),
    "note": Text("the note", "merknaden"),
    "seed_conflict": Text("the contradiction", "motsigelsen"),
    "conflict_settled": Text("how the contradiction was settled", "hvordan motsigelsen ble avklart"),
    "category_mapping": Text("how the kinds of data were found", "hvordan typene opplysninger ble funnet"),
    "transfers.seed": Text("what the policy says about this transfer", "det erklæringen sier om denne overføringen"),
    "derived.rights": Text("the rights that apply", "rettighetene som gjelder"),
    "derived.legal_basis": Text("the legal basis by law", "behandlingsgrunnlaget etter loven"),
    "derived.retention_proposal": Text("the proposed retention", "den foreslåtte lagringstiden"),
    "derived.art11_likely": Text(
        "whether the person can often not be recognised", "om personen ofte ikke kan gjenkjennes"
    ),
    "derived.cookie_rule": Text("the rule on cookies", "regelen om informasjonskapsler"),
    "derived.identifier_needed": Text("what a search needs", "hva et søk trenger"),
    "derived.inform_on_withdrawal": Text("whom to tell of a withdrawal", "hvem som får vite at samtykket er trukket"),
    "derived.notify": Text("whom to tell", "hvem som skal få vite det"),
    "derived.possible_exceptions": Text("possible exceptions", "mulige unntak"),
    "ground": Text("the ground for keeping", "grunnlaget for å beholde"),
    "months": Text("the months", "antall måneder"),
    "counted_from": Text("from when the months count", "når månedene regnes fra"),
    "why": Text("why it is kept", "hvorfor det beholdes"),
    "year_ends_in": Text("the last month of the financial year", "siste måned i regnskapsåret"),
}
_WITHOUT_PART = ("source_document", "backup_days", "open_questions_for_controller", "name")


def word_for(register: Register, path: str) -> Text:
    """Return what is called by a path that one of two versions holds; KeyError for a path that cannot be."""
    try:
        return field_at(register, path).label
    except NoSuchField:
        return _WORDS[path.split(".", part_length(path))[-1]]


def part_length(path: str) -> int:
    """Return how many segments of a path name the part (the controller, one activity); the rest names the field."""
    head = path.partition(".")[0]
    return 0 if head in _WITHOUT_PART else 1 if head == "controller" else 2
