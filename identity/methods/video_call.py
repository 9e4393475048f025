"""An identity document held up in a video call: looked at, nothing recorded."""

from identity.domain.enums import Level, Method
from identity.services import proof
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


class VideoCall:
    """As in person: name, issuer, expiry and photo are looked at; the rest stays covered."""

    method = Method.VIDEO_CALL
    level = Level.L4

    def why_not(self, case: Case) -> Reason | None:
        """Always open where identity may be doubted at all."""
        return proof.why_not(case)


WAY = VideoCall()
