"""What can go wrong in the domain, as exceptions that carry a reason a person can read."""

from .snapshot import Reason


class DomainError(Exception):
    """Base of the domain's own errors."""


class TransitionDenied(DomainError):
    """An action is not allowed now; `reason` says why and is shown as the tooltip of the button."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


class ActionRefused(DomainError):
    """A service will not do what was asked; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason
