"""The closed sets of identity."""

from enum import StrEnum


class DoubtReason(StrEnum):
    """Why identity is doubted; without one nothing may be asked (Art. 12(6), EDPB 01/2022)."""

    UNKNOWN_ADDRESS = "unknown_address"
    MISMATCH = "mismatch"
    FRAUD_SIGN = "fraud_sign"
    HIGH_HARM_DATA = "high_harm_data"
    ADDRESS_CHANGE = "address_change"


class Level(StrEnum):
    """How sure we are who is asking (the ladder L0-L4)."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


class Method(StrEnum):
    """By what means identity was confirmed."""

    EMAIL_LINK = "email_link"
    ONE_TIME_CODE = "one_time_code"
    SMS_CODE = "sms_code"
    KNOWLEDGE = "knowledge"
    CALL_BACK = "call_back"
    EID = "eid"
    VIDEO_CALL = "video_call"
    SHOWN_DOCUMENT = "shown_document"


BY_STAFF = frozenset({Method.CALL_BACK, Method.VIDEO_CALL, Method.SHOWN_DOCUMENT})
"""The means whose result a member of staff records; all others are used by the person alone."""


class VerificationPurpose(StrEnum):
    """What a link is to show: that the person is who they say, or that an address they want on file is theirs."""

    IDENTITY = "identity"
    NEW_ADDRESS = "new_address"


class VerificationState(StrEnum):
    """How one attempt to confirm identity stands; `expired` also when a newer link took its place."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ContactChannel(StrEnum):
    """Kinds of contact points."""

    EMAIL = "email"
    PHONE = "phone"


class CodeState(StrEnum):
    """What became of a code that was typed in; `none` also for one that was used already."""

    OK = "ok"
    WRONG = "wrong"
    EXPIRED = "expired"
    TOO_MANY = "too_many"
    NONE = "none"


class LinkState(StrEnum):
    """What an identity link is worth; a link that never was ours is `dead` like one that is too old."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DEAD = "dead"


class SessionEnd(StrEnum):
    """Why a session of the staff is over; `ended` by its owner elsewhere, or by an administrator."""

    IDLE = "idle"
    TOO_LONG = "too_long"
    LOGGED_OUT = "logged_out"
    ENDED = "ended"


class OidcPurpose(StrEnum):
    """What somebody goes to an OpenID provider for."""

    EID = "eid"
    LOGIN = "login"
    CONNECT = "connect"


class EidOutcome(StrEnum):
    """How a way to the provider of electronic IDs ended; after `review` and `worn_out` a person looks at it."""

    CONFIRMED = "confirmed"
    REVIEW = "review"
    WORN_OUT = "worn_out"
    FAILED = "failed"


class ApiScope(StrEnum):
    """What a token of the API may do."""

    INQUIRIES_WRITE = "inquiries:write"
    INQUIRIES_READ = "inquiries:read"
    CASES_READ = "cases:read"
    LINKS_WRITE = "unsubscribe-links:write"
    SUPPRESSIONS_CHECK = "suppressions:check"
