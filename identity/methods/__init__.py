"""Ways to show who asks, one file each. All end in `services.proof`: the result is kept, the evidence never."""

from identity.domain.enums import Method

from . import call_back, eid, email_link, knowledge, one_time_code, shown_document, sms_code, video_call
from .protocol import VerificationMethod

# From the least to the most that a person is asked for.
METHODS: dict[Method, VerificationMethod] = {
    Method.EMAIL_LINK: email_link.WAY,
    Method.ONE_TIME_CODE: one_time_code.WAY,
    Method.SMS_CODE: sms_code.WAY,
    Method.KNOWLEDGE: knowledge.WAY,
    Method.CALL_BACK: call_back.WAY,
    Method.EID: eid.WAY,
    Method.VIDEO_CALL: video_call.WAY,
    Method.SHOWN_DOCUMENT: shown_document.WAY,
}
