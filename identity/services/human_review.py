"""What guessing ends in: a pause and a person who looks, never a closed door (domain rule: no refusal by lock-out).

The case shows it for as long as the pause lasts, and whoever has the case gets a mail.
"""

from requests_app import audit
from requests_app.domain.enums import StaffNotice
from requests_app.domain.snapshot import PERSON
from requests_app.models import Case
from requests_app.services import staff_notice

TEMPLATE = "identity/mail/codes_paused"


def ask_for(case: Case, *, cause: str, key: str) -> None:
    """Tell whoever has the case that a person has to look. Needs a transaction; the same `key` tells once."""
    staff_notice.tell_of_case(StaffNotice.TO_DO, case, TEMPLATE, {}, key=f"human-review:{key}")
    audit.record("identity.review_wanted", f"case:{case.pk}", PERSON, cause=cause)
