"""One subject a file; no workflow in models."""

from .access import ApiToken, LoginThrottle, StaffInvitation
from .knowledge import ExpectedAnswer, KnowledgeTry
from .recovery import RecoveryCode, RecoveryCodes
from .second_factor import SecondFactor
from .session import StaffSession
from .sign_on import OidcAttempt, SingleSignOn
from .user import StaffRole, User
from .verification import ContactPoint, FoundByHand, OneTimeCode, Verification

__all__ = [
    "ApiToken",
    "ContactPoint",
    "ExpectedAnswer",
    "FoundByHand",
    "KnowledgeTry",
    "LoginThrottle",
    "OidcAttempt",
    "OneTimeCode",
    "RecoveryCode",
    "RecoveryCodes",
    "SecondFactor",
    "SingleSignOn",
    "StaffInvitation",
    "StaffRole",
    "StaffSession",
    "User",
    "Verification",
]
