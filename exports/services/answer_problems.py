"""Why an answer cannot be put together yet, as a reason that staff can read."""

from requests_app.domain.snapshot import Reason


class NotReady(Exception):
    """The answer waits for something else; `reason` says for what."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason

    @property
    def stored(self) -> str:
        """The reason as a requirement keeps it: `code`, or `code:id,id`."""
        ids = self.reason.params.get("ids", "")
        return f"{self.reason.code}:{ids}" if ids else self.reason.code
