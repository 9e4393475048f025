"""The registers that the tests read: the policy's own, ours, the trial, and a small one to spoil."""

from functools import cache
from pathlib import Path

from exports.domain import register
from exports.domain.register import Register

ROOT = Path(__file__).resolve().parents[3]
POLICY = ROOT / "tests" / "data" / "processing-register.yaml"
OURS = ROOT / "config" / "register.yaml"
EXAMPLES = ROOT / "config" / "register.trial.yaml"

SMALL = """\
schema: dsr-processing-register/1
controller:
  name: Bakeriet
  legal_entity_name: Bakeriet AS
  org_number: 999888777
  postal_address: Torget 1, 0001 Byen
  rights_contact: post@bakeriet.example
data_categories:
  - {id: contact, label: {en: Contact, nb: Kontakt}, items: [name, {en: address, nb: adresse}]}
systems:
  - {id: shop, name: The shop}
  - {id: mailbox, name: The mailbox}
activities:
  - id: A1
    name: {en: Orders, nb: Bestillinger}
    purposes: [{en: to deliver bread, nb: for å levere brød}]
    data_categories: [contact]
    legal_basis: {en: contract, nb: avtale}
    source_systems: [shop]
    sources: [{en: you yourself, nb: deg selv}]
    recipients: [Budbilen AS]
    transfers: {outside_eea: false}
    retention: {en: five years, nb: fem år}
    automated_decision_art22: false
    derived: {rights: [access, erasure]}
"""


@cache
def policy() -> Register:
    """The register as the privacy policy gives it, in English only."""
    return register.load(POLICY)


@cache
def ours() -> Register:
    """The register that an installation starts with."""
    return register.load(OURS)


@cache
def trial() -> Register:
    """The register of a trial."""
    return register.with_examples(ours(), register.load_examples(EXAMPLES, ours()))


@cache
def small() -> Register:
    """One activity of which everything is known."""
    return register.parse_text(SMALL)


def all_ids(of: Register) -> list[str]:
    """The ids of all activities."""
    return [activity.id for activity in of.activities]
