"""Which page is for whom: every address of the house and what opens it. Read for docs/roles.md and by the walking test.

The roles come from `requests_app.permissions.TABLE` alone; here stands what each address asks for. An address that is
not named here fails the test, so that nobody adds a page without saying for whom it is. A page opens to whoever holds
one of its permissions; what is done on it may ask for more, and then says so in words instead of with a refusal: the
steps of a request have a table of their own (docs/lifecycle.md).
"""

from collections.abc import Mapping
from enum import StrEnum

from django.urls import URLPattern, URLResolver

from requests_app.permissions import Permission


class Door(StrEnum):
    """What opens an address that no permission guards."""

    ANYBODY = "anybody"
    LINK = "whoever has the link"
    PASSWORD = "whoever gave the password"  # noqa: S105 - a description, no secret
    STAFF = "every account, with both factors"
    TOKEN = "a token with the scope of the method"  # noqa: S105 - a description, no secret
    THIS_MACHINE = "whoever sits at a machine that sends no mail"


Need = Door | tuple[Permission, ...]

_SEE = (Permission.VIEW_CASES,)
_SORT = (Permission.SORT,)
_WRITE = (Permission.WRITE,)
_IDENTITY = (Permission.ASK_IDENTITY,)
_CLOCK = (Permission.KEEP_CLOCK,)
_WORK = (Permission.WORK_TASKS,)
_DECIDE = (Permission.DECIDE,)
_RELEASE = (Permission.RELEASE,)
_OVERRIDE = (Permission.OVERRIDE,)
_EXTEND = (Permission.EXTEND,)
_ADVISE = (Permission.ADVISE,)
_REGISTER = (Permission.VIEW_REGISTER,)
_EDIT_REGISTER = (Permission.EDIT_REGISTER,)
_TEXTS = (Permission.EDIT_TEXTS,)
_STAFF = (Permission.MANAGE_STAFF,)
_EMERGENCY = (Permission.NAME_EMERGENCY,)

PAGES: Mapping[str, Need] = {
    "healthz": Door.ANYBODY,
    "requests:language": Door.ANYBODY,
    # People who ask for their data.
    **dict.fromkeys(
        [f"requests:portal:{name}" for name in ("root", "start", "check", "send", "received", "step", "link-needed")],
        Door.ANYBODY,
    ),
    **dict.fromkeys(
        [f"requests:portal:{name}" for name in ("status", "reply", "leave", "open", "unsubscribe", "undo")], Door.LINK
    ),
    **dict.fromkeys(["exports:portal:answer", "exports:portal:send-code", "exports:portal:file"], Door.LINK),
    **dict.fromkeys(["identity:confirm", "identity:new-link", "identity:invite"], Door.LINK),
    **dict.fromkeys([f"identity:{name}" for name in ("questions", "sms", "sms-send", "eid-from-link")], Door.LINK),
    **dict.fromkeys(["identity:eid-from-status", "identity:eid-return", "identity:eid-result"], Door.LINK),
    **dict.fromkeys(["sent:list", "sent:mail"], Door.THIS_MACHINE),
    # Machines.
    "api:schema": Door.ANYBODY,
    **dict.fromkeys(
        [f"api:{name}" for name in ("inquiries", "inquiry", "cases", "case", "suppression-check", "unsubscribe-links")],
        Door.TOKEN,
    ),
    # One's own account.
    **dict.fromkeys(["identity:login", "identity:sso", "identity:sso-return"], Door.ANYBODY),
    **dict.fromkeys(["identity:second-factor", "identity:first-passkey", "identity:recovery"], Door.PASSWORD),
    "identity:logout": Door.PASSWORD,
    **dict.fromkeys(["identity:account", "identity:account-absence", "identity:account-mails"], Door.STAFF),
    **dict.fromkeys(["identity:session-end", "identity:sessions-end-others", "identity:recovery-codes"], Door.STAFF),
    **dict.fromkeys(
        [f"identity:{name}" for name in ("passkey-new", "passkey-remove", "app", "app-remove")], Door.STAFF
    ),
    **dict.fromkeys(["identity:sso-connect", "identity:sso-disconnect"], Door.STAFF),
    # Accounts of others.
    "identity:staff": _STAFF,
    **dict.fromkeys(
        [f"identity:staff-{what}" for what in ("person", "roles", "absence", "deactivate", "reactivate", "renew")],
        _STAFF,
    ),
    **dict.fromkeys(["identity:staff-withdraw", "identity:staff-sessions-end"], _STAFF),
    **dict.fromkeys(["identity:emergency-approver", "identity:emergency-approver-back"], _EMERGENCY),
    # Who is asking.
    **dict.fromkeys(["identity:ask", "identity:withdraw", "identity:address"], _IDENTITY),
    **dict.fromkeys(["identity:call-back", "identity:shown"], _IDENTITY),
    "identity:old-address-lost": _OVERRIDE,
    **dict.fromkeys([f"requests:desk:mandate{name}" for name in ("", "-record", "-back")], _IDENTITY),
    **dict.fromkeys([f"requests:desk:{name}" for name in ("shield", "shield-lift", "parties")], (Permission.SHIELD,)),
    # What comes in. Whoever sees cases may read what belongs to one.
    "requests:desk:queue": Door.STAFF,  # leads everybody to what they may see
    "requests:desk:search": _SEE,
    **dict.fromkeys(
        [f"requests:desk:{name}" for name in ("inbox", "entry", "sort", "attach", "take-off")]
        + [f"requests:desk:{name}" for name in ("document", "document-free", "raw-whole", "original-deleted")],
        _SORT,
    ),
    **dict.fromkeys([f"requests:desk:{name}" for name in ("inquiry", "raw", "evidence")], _SORT + _SEE),
    # The case.
    **dict.fromkeys([f"requests:desk:{name}" for name in ("case", "attachment", "act", "outside-raw")], _SEE),
    "requests:desk:emergency": _SEE,  # into a case that is shielded, for a reason and an hour
    "exports:desk:message-post": _SEE,
    **dict.fromkeys([f"requests:desk:{name}" for name in ("message", "note", "acknowledge", "read", "again")], _WRITE),
    "requests:desk:assign": (Permission.ASSIGN,),
    **dict.fromkeys(["requests:desk:add-right", "requests:desk:set-right", "requests:desk:marketing-block"], _SORT),
    **dict.fromkeys(
        [f"requests:desk:{name}" for name in ("marketing-lift", "marketing-nobody", "basis", "late")]
        + ["requests:desk:outside-answer", "requests:desk:outside-other"],
        _DECIDE,
    ),
    "requests:desk:outside-confirm": _RELEASE,
    "requests:desk:advice": _ADVISE,
    **dict.fromkeys([f"requests:desk:{name}" for name in ("receipt", "clarification", "answered")], _CLOCK),
    **dict.fromkeys(["requests:desk:extend", "requests:desk:fee"], _DECIDE),
    **dict.fromkeys(["requests:desk:extension-approve", "requests:desk:fee-approve"], _EXTEND),
    **dict.fromkeys(["requests:desk:extension-told", "requests:desk:fee-told"], _DECIDE),
    # Whoever proposed it or would approve it takes it back.
    **dict.fromkeys(["requests:desk:extension-back", "requests:desk:fee-back"], _DECIDE + _EXTEND),
    # Owners of systems: with an account, and by a link for one task.
    **dict.fromkeys(["exports:desk:own-tasks", "exports:desk:own-task"], (Permission.WORK_OWN_TASKS,)),
    "exports:desk:system-owners": _EDIT_REGISTER,
    **dict.fromkeys(["exports:desk:task-link", "exports:desk:task-link-withdraw"], _WORK),
    **dict.fromkeys(["exports:task:open", "exports:task:task", "exports:task:leave"], Door.LINK),
    # The cases without the persons.
    **dict.fromkeys(["exports:desk:masked", "exports:desk:masked-case"], (Permission.VIEW_MASKED,)),
    # Work in the systems.
    "exports:desk:case-register": _WORK,
    **dict.fromkeys([f"exports:desk:{name}" for name in ("task", "task-retry", "task-reopen")], _WORK),
    "exports:desk:task-evidence": _WORK + _DECIDE + _RELEASE,
    **dict.fromkeys(["exports:desk:erasure-task", "exports:desk:erasure-order"], _WORK),
    **dict.fromkeys(
        [f"exports:desk:{name}" for name in ("corrections", "correction-row", "corrections-by-hand")]
        + ["exports:desk:correction-remove"],
        _WORK,
    ),
    # What is decided by one person and released by another.
    **dict.fromkeys(["exports:desk:erasure", "exports:desk:erasure-earlier"], _SEE),
    **dict.fromkeys(
        [f"exports:desk:erasure-{name}" for name in ("line", "include", "submit", "hold", "lift")], _DECIDE
    ),
    "exports:desk:erasure-approve": _RELEASE,
    "exports:desk:erasure-cancel": _DECIDE + _RELEASE,
    "exports:desk:complaint-scope": _DECIDE,
    "exports:desk:corrections-carry-out": _DECIDE,
    "exports:desk:unverified-propose": _DECIDE,
    **dict.fromkeys(["exports:desk:lifting-propose", "exports:desk:lifting-told"], _DECIDE),
    "exports:desk:lifting-approve": _RELEASE,
    "exports:desk:lifting-back": _DECIDE + _RELEASE,
    **dict.fromkeys(
        [f"exports:desk:answer-{name}" for name in ("draft", "outcome", "submit", "build")]
        + [f"exports:desk:answer-{name}" for name in ("way", "delivered", "told", "tell", "nothing-new")],
        _DECIDE,
    ),
    **dict.fromkeys([f"exports:desk:answer-{name}" for name in ("release", "offer", "withdraw")], _RELEASE),
    "exports:desk:answer-back": _SEE,  # the table of steps says who: docs/lifecycle.md
    "exports:desk:answer-override": _OVERRIDE,
    "exports:desk:answer-file": _DECIDE + _RELEASE,
    # The register, the letters, the organisation.
    **dict.fromkeys(
        [f"exports:desk:register{name}" for name in ("", "-versions", "-version", "-changes", "-download")], _REGISTER
    ),
    **dict.fromkeys(
        [f"exports:desk:register-{name}" for name in ("fill", "settle", "file", "begin", "setup", "setup-again")]
        + ["exports:desk:register-question"],
        _EDIT_REGISTER,
    ),
    **dict.fromkeys(["requests:desk:letters", "requests:desk:letter"], _SEE),
    **dict.fromkeys(["requests:desk:letter-edit", "requests:desk:letter-restore"], _TEXTS),
    "requests:desk:organisation": _REGISTER,
    "requests:desk:organisation-edit": (Permission.EDIT_ORGANISATION,),
}  # fmt: skip


def addresses(patterns: list[URLPattern | URLResolver], names: str = "", route: str = "") -> list[tuple[str, str]]:
    """Return every address below these patterns: its full name, and its route with the placeholders in it."""
    found: list[tuple[str, str]] = []
    for one in patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, f"{names}{one.namespace}:" if one.namespace else names, here)
        else:
            found.append((f"{names}{one.name or here}", here))
    return found
