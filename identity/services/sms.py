"""A code by SMS to a phone on file: owed by the outbox, tried again while it works, and never after that.

The code is derived when the message leaves; no row, task or log holds it or the number it goes to in clear but the
row of the code, which keeps the number as it keeps an address of mail.
"""

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from identity.models import OneTimeCode
from identity.selectors import SMS_PURPOSE
from requests_app import audit, outbox
from requests_app.domain import events, suppression
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Reason
from requests_app.models import Case
from requests_app.selectors import organisation
from requests_app.services import rows

from . import call_back, codes, sms_gateway

log = structlog.get_logger(__name__)

_NORWAY, _NORWEGIAN_MOBILE = "47", ("4", "9")


def number_of(case: Case) -> str:
    """Return the phone on file that a code goes to, as +47…, or nothing: the first that can get one."""
    country = organisation().country
    forms = (form for point in call_back.phones(case) for form in suppression.phone_forms(point.value, country))
    return next((f"+{form}" for form in forms if _can_be_mobile(form)), "")


def why_not(case: Case) -> Reason | None:
    """Return why no code goes by SMS now, or None."""
    if not settings.SMS_URL:
        return Reason("sms_off")
    return codes.why_paused(case) if number_of(case) else Reason("identity_no_phone")


def send(case: Case) -> None:
    """Send a new code to the phone on file; those before it are dead. Raises ActionRefused where `why_not` says why."""
    with transaction.atomic():
        case = rows.lock_case(case.pk)
        if reason := why_not(case):
            raise ActionRefused(reason)
        row = codes.new(case, SMS_PURPOSE, number_of(case))
        codes.sent(row)
        outbox.publish(events.SmsWanted(row.pk), key=f"sms:{row.uuid}")


def check(case: Case, given: str) -> codes.CodeResult:
    """Compare what somebody typed with the newest code that went to the phone on file."""
    return codes.check(case, SMS_PURPOSE, given, number_of(case))


@outbox.outside_transaction
def deliver(code_id: int) -> None:
    """Hand one code to the gateway. Raises `outbox.Later` when it may take it later.

    A code that is used, too old or not the newest any more is not sent. Killed after the gateway took it, the same
    message goes there again under the same key.
    """
    row = OneTimeCode.objects.select_related("case").filter(pk=code_id).first()
    if row is None or not _is_awaited(row):
        log.info("sms_not_awaited", code=code_id)
        return
    try:
        sms_gateway.post(settings.SMS_URL, settings.SMS_TOKEN, _text(row))
    except sms_gateway.GatewayError as error:
        if error.permanent:
            return _not_sent(row, str(error))
        raise outbox.Later(f"SMS: {error}", error.wait) from None


def _is_awaited(row: OneTimeCode) -> bool:
    newer = OneTimeCode.objects.filter(case=row.case, purpose=SMS_PURPOSE, pk__gt=row.pk)
    return row.used_at is None and row.expires_at > timezone.now() and not newer.exists()


def _text(row: OneTimeCode) -> sms_gateway.Text:
    """The message; its last line lets phones offer the code on our pages and on no other (origin-bound codes)."""
    code = codes.reveal(row)
    with translation.override(row.case.language):
        words = _("%(code)s is your code. It works for %(minutes)d minutes. Never tell it to anybody.") % {
            "code": code, "minutes": codes.LIFETIME.seconds // 60,
        }  # fmt: skip
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    return sms_gateway.Text(str(row.uuid), row.sent_to, f"{words}\n\n@{host} #{code}")


def _not_sent(row: OneTimeCode, fault: str) -> None:
    log.error("sms_refused", code=row.pk, fault=fault)
    with transaction.atomic():
        audit.record("code.not_sent", f"case:{row.case_id}", SYSTEM, code=row.pk, fault=fault)


def _can_be_mobile(form: str) -> bool:
    """Tell whether a number can get an SMS: in Norway those with eight digits that begin with 4 or 9."""
    if not form.startswith(_NORWAY):
        return True
    return len(form) == len(_NORWAY) + 8 and form[len(_NORWAY) :].startswith(_NORWEGIAN_MOBILE)
