"""Who writes a letter, and whereto: the controller as the register or the settings name it, and the person."""

from exports.domain.answer import Organisation
from requests_app import selectors
from requests_app.domain.enums import DeliveryWay
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, Decision
from requests_app.services import complaint_block

from . import answer_register, register
from .answer_problems import NotReady


def sender(language: str) -> Organisation:
    """Return who answers, in the active language, which is `language`.

    An access answer must print the register's items of Art. 15; a letter only has to say who writes, so a register
    that is silent holds no letter up.
    """
    row = selectors.organisation()
    lines = tuple(part.strip() for part in row.postal_address.replace("\n", ",").split(",") if part.strip())
    try:
        _, current = register.current()
        said = answer_register.sender(current, language, missing_ok=True, trial=row.trial)
    except (register.NoRegister, NotReady):
        said = Organisation(name="", postal_address=(), contact_mail="")
    return Organisation(
        name=said.name or row.legal_entity_name or row.name,
        postal_address=said.postal_address or lines,
        contact_mail=said.contact_mail or row.rights_contact,
        dpo_contact=said.dpo_contact or row.dpo,
    )


def address(case: Case, decision: Decision) -> tuple[str, ...]:
    """Return the lines under the name: the postal address of a letter that goes by post, else the e-mail address."""
    if decision.delivery_way == DeliveryWay.POST:
        return tuple(line.strip() for line in case.person_address.splitlines() if line.strip())
    return (case.person_email,) if case.person_email else ()


def authority() -> str:
    """Return the supervisory authority as a letter names it, in the active language.

    Raises NotReady where none is known.
    """
    if named := complaint_block.authority():
        return named
    raise NotReady(Reason("answer_waits_authority"))
