"""One subject a file; no workflow in models."""

from .access import ApiToken, LoginThrottle, StaffInvitation
from .second_factor import SecondFactor
from .session import StaffSession
from .user import StaffRole, User
from .verification import ContactPoint, FoundByHand, OneTimeCode, Verification

__all__ = [
    "ApiToken",
    "ContactPoint",
    "FoundByHand",
    "LoginThrottle",
    "OneTimeCode",
    "SecondFactor",
    "StaffInvitation",
    "StaffRole",
    "StaffSession",
    "User",
    "Verification",
]
