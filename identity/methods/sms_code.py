"""A code by SMS to a phone on file, after the link: mailbox and phone."""

from identity.domain.enums import Level, Method
from identity.services import second_step, sms
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


class SmsCode:
    """Eight digits, 15 minutes, five tries, once. See `services.sms`."""

    method = Method.SMS_CODE
    level = Level.L2

    def why_not(self, case: Case) -> Reason | None:
        """Open where a gateway is set up, a system holds a number, codes do not pause, and the link was confirmed."""
        return sms.why_not(case) or second_step.why_not(case)


WAY = SmsCode()
