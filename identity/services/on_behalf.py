"""Somebody asks for another person: the answer goes to that person, unless a mandate says otherwise."""

from collections.abc import Collection

from identity.models.user import normal_address
from requests_app.models import Case
from requests_app.services import mandate_record


def address(case: Case, confirmed: str, on_file: Collection[str]) -> tuple[str | None, str]:
    """Return the address to which the code of an answer goes, or None with the code of the reason.

    `confirmed` is the one from which a question about identity was answered, `on_file` are those that systems hold;
    the address of whoever writes is none of the person's.
    """
    writes_from = normal_address(case.person_email)
    if mandate_record.goes_to_agent(case):
        return (writes_from, "") if writes_from else (None, "delivery_no_address")
    if confirmed and normal_address(confirmed) != writes_from:
        return confirmed, ""
    known_as = normal_address(case.concerned_known_as)
    if known_as in on_file and known_as != writes_from:
        return known_as, ""
    return None, "delivery_to_the_person"
