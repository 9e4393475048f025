"""Answers about own data, given on the page behind the link: mailbox and knowledge."""

from identity.domain.enums import Level, Method
from identity.services import knowledge, second_step
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


class Knowledge:
    """Two of three answers right, five tries a day. See `services.knowledge`."""

    method = Method.KNOWLEDGE
    level = Level.L2

    def why_not(self, case: Case) -> Reason | None:
        """Open where the organisation wants it, the systems hold enough, and the link was confirmed."""
        return knowledge.why_not(case) or second_step.why_not(case)


WAY = Knowledge()
