"""The code by mail that opens an answer: it shows control of the address the answer was released to."""

from identity.domain.enums import Level, Method
from identity.services import codes, delivery
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


class OneTimeCode:
    """Eight digits, 15 minutes, five tries, once. See `services.codes`."""

    method = Method.ONE_TIME_CODE
    level = Level.L1

    def why_not(self, case: Case) -> Reason | None:
        """Open where the answer has somewhere to go and codes do not pause."""
        if delivery.address_for(case) is None:
            return Reason("code_no_address")
        return codes.why_paused(case)


WAY = OneTimeCode()
