"""The link to the address on file; opened by a button, so that a mail scanner confirms nothing."""

from identity import selectors
from identity.domain.enums import Level, Method
from identity.services import verify
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


class EmailLink:
    """24 hours, once. See `services.verify`."""

    method = Method.EMAIL_LINK
    level = Level.L1

    def why_not(self, case: Case) -> Reason | None:
        """Open where somebody may ask, and a system holds an address to ask at."""
        if reason := verify.why_not_ask(case):
            return reason
        return None if selectors.addresses_on_file(case) else Reason("contact_point_missing")


WAY = EmailLink()
