"""What every way to show who asks has in common."""

from typing import Protocol

from identity.domain.enums import Level, Method
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


class VerificationMethod(Protocol):
    """One way to show who asks. A module under `identity.methods` holds one instance, named in `METHODS` there."""

    method: Method
    level: Level

    def why_not(self, case: Case) -> Reason | None:
        """Return why this way is not open for a case now (switched off, nothing on file), or None."""
        ...
