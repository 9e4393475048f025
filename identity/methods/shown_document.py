"""An identity document held up in person: looked at, never copied."""

from identity.domain.enums import Level, Method
from identity.services import proof
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


class ShownDocument:
    """A member of staff met the person. Name, issuer, expiry and photo are looked at; the rest stays covered."""

    method = Method.SHOWN_DOCUMENT
    level = Level.L4

    def why_not(self, case: Case) -> Reason | None:
        """Always open where identity may be doubted at all."""
        return proof.why_not(case)


WAY = ShownDocument()
