"""What the timetable tidies up."""

from django.contrib.sessions.backends.db import SessionStore

from . import attempts, knowledge, staff_sessions, throttle, verify


def sweep() -> int:
    """Mark links that ran out, drop sessions, tries and expected answers that no longer matter; return the links."""
    SessionStore.clear_expired()
    throttle.forget_old()
    staff_sessions.forget_old()
    attempts.forget_old()
    knowledge.forget_old()
    return verify.expire()
