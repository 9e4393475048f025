"""A call to a number on file, in which the person answers questions about own data."""

from identity.domain.enums import Level, Method
from identity.services import call_back
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


class CallBack:
    """Recorded by a member of staff, who sees how many answers were right and never which ones are expected."""

    method = Method.CALL_BACK
    level = Level.L2

    def why_not(self, case: Case) -> Reason | None:
        """Open where the organisation wants it, the systems hold enough, and one of them a number."""
        return call_back.why_not(case)


WAY = CallBack()
