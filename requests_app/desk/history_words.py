"""What the audit remembers of a case, in words for its timeline.

The audit holds codes and numbers only; who and what they stand for is looked up here, when somebody looks.
Messages, notes and the clock have rows of their own, so their entries are not told twice.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests_app import labels
from requests_app.models import AuditEntry
from requests_app.templatetags import ui

from . import delivery_words

# Kind of the timeline's line, and its words; the names in the words are those of `_details`.
EVENTS: dict[str, tuple[str, Promise]] = {
    "case.opened": ("system", _("Case opened")),
    "case.entered": ("system", _("Taken down from a call, a letter or a visit")),
    "case.dated_earlier": ("system", _("Received on %(received)s, when a colleague got it")),
    "case.receipt_corrected": ("clock", _("Receipt corrected: received on %(received)s")),
    "case.assigned": ("system", _("Handler: %(after)s")),
    "case.shielded": ("system", _("Shielded: only named readers see the case")),
    "case.readers_changed": ("system", _("The readers of the case were changed")),
    "case.shield_lifted": ("system", _("Not shielded any more")),
    "case.parties_changed": ("system", _("Who of the staff is a party to the case was changed")),
    "case.glass_broken": ("system", _("Opened by emergency access")),
    "case.inquiry_taken_off": ("system", _("A message was taken off the case")),
    "mandate.recorded": ("identity", _("Mandate looked at and recorded")),
    "mandate.taken_back": ("identity", _("The mandate was taken back")),
    "case.document_removed": ("identity", _("Identity document received unasked, removed from a message")),
    "case.link_sent": ("system", _("A new link to the status page was sent")),
    "clarification.answered": ("clock", _("Read as the answer to our question: %(received)s")),
    "clock.recomputed": ("system", _("The settings of the organisation changed: due %(until)s")),
    "clock.rule_changed": ("system", _("The rule or the table of holidays changed: due %(until)s")),
    "marketing.held": ("system", _("Marketing blocked for now")),
    "marketing.blocked": ("system", _("Marketing blocked")),
    "marketing.lifted": ("system", _("Marketing allowed again")),
    "marketing.nobody": ("system", _("Nobody is blocked, with a reason")),
    "marketing.renewed": ("system", _("The person said no to marketing once more")),
    "request.triage": ("system", _("Sorted as %(right)s")),
    "request.start": ("system", _("The search has begun")),
    "request.draft": ("decision", _("Draft begun")),
    "request.submit": ("decision", _("Submitted for approval")),
    "request.send_back": ("decision", _("Sent back")),
    "request.release": ("decision", _("Answer released")),
    "request.confirm": ("decision", _("Taken effect at once and confirmed to the person")),
    "request.close": ("decision", _("Closed: %(outcome)s")),
    "request.reopen": ("decision", _("Reopened")),
    "decision.chosen": ("decision", _("Outcome chosen: %(outcome)s")),
    "decision.overridden": ("decision", _("%(kind)s may follow later, promised by %(until)s")),
    "decision.override_lapsed": ("decision", _("%(kind)s is in place after all: nothing has to follow later")),
    "answer.requested": ("decision", _("The answer package is put together once more")),
    "answer.built": ("decision", _("The answer package is ready to be looked at")),
    "answer.previewed": ("decision", _("Looked at the answer")),
    "answer.way_chosen": ("decision", _("How the answer reaches the person: %(way)s")),
    "answer.to_be_delivered": ("decision", _("The answer is ready to be posted or handed over")),
    "answer.printed": ("decision", _("Fetched a file of the answer, to post it or hand it over")),
    "answer.delivered": ("decision", _("Reached the person %(until)s: %(way)s")),
    "answer.offered": ("decision", _("The answer can be fetched until %(until)s")),
    "answer.withdrawn": ("decision", _("The answer can no longer be fetched")),
    "answer.fetched": ("decision", _("Fetched a file of the answer")),
    "answer.purged": ("decision", _("The files of the answer were deleted")),
    "message.paper": ("system", _("A letter was written, to be posted or handed over")),
    "message.printed": ("system", _("Fetched a message as PDF, to post it")),
    "emergency.used": ("decision", _("The emergency approver acted: too few others were there")),
    "task.link_sent": ("system", _("Sent a link to the owner of the system: %(system)s")),
    "task.link_opened": ("system", _("The owner opened the link: %(system)s")),
    "task.link_withdrawn": ("system", _("The link to the owner was withdrawn: %(system)s")),
    "identity.asked": ("identity", _("Asked about identity")),
    "identity.confirmed": ("identity", _("Identity confirmed")),
    "code.not_sent": ("identity", _("A one-time code could not be sent by SMS")),
    "knowledge.offered": ("identity", _("A system holds something to ask the person about")),
    "knowledge.wrong": ("identity", _("Too few right answers about own data")),
    "identity.review_wanted": ("identity", _("Too many tries: a person has to look at who asks")),
    "identity.not_shown": ("identity", _("The person did not show who they are")),
    "identity.link_expired": ("identity", _("The identity link expired unused")),
    "identity.link_renewed": ("identity", _("A new identity link was sent")),
    "identity.withdrawn": ("identity", _("The question about identity was withdrawn")),
    "identity.new_address_asked": ("identity", _("A link was sent to the new address")),
    "identity.new_address_confirmed": ("identity", _("The new address is confirmed")),
    "identity.old_address_lost": ("identity", _("The old address need not be confirmed: a reason is recorded")),
    "identity.eid_mismatch": ("identity", _("The name of an electronic ID did not match that of the case")),
    "code.sent": ("identity", _("A one-time code was sent")),
    "code.accepted": ("identity", _("The one-time code was right")),
    "code.wrong": ("identity", _("A wrong one-time code was given")),
    "task.answered": ("system", _("%(system)s has answered")),
    "task.failed": ("system", _("%(system)s did not answer")),
    "task.reopened": ("system", _("The answer of %(system)s was taken back")),
    "task.called_off": ("system", _("%(system)s need not be told any more")),
    "task.evidence_seen": ("system", _("Looked at the file of %(system)s")),
    "task.retried": ("system", _("%(system)s is asked again")),
    "erasure.proposed": ("decision", _("A plan of the deletion was made from what was found")),
    "erasure.changed": ("decision", _("The plan of the deletion was changed: %(system)s")),
    "erasure.left_out": ("decision", _("Left out of the deletion: %(system)s")),
    "erasure.included": ("decision", _("Everything that was found is in the plan of the deletion again")),
    "erasure.submitted": ("decision", _("The plan of the deletion was submitted for approval")),
    "erasure.approved": ("decision", _("The deletion was approved")),
    "erasure.cancelled": ("decision", _("The approval of the deletion was taken back")),
    "erasure.begun": ("decision", _("The deletion has begun")),
    "erasure.order_done": ("system", _("%(system)s: what was ordered is carried out")),
    "erasure.order_failed": ("system", _("%(system)s: what was ordered was not carried out")),
    "lifting.proposed": ("decision", _("Proposed to lift the restriction from %(until)s")),
    "lifting.approved": ("decision", _("The lifting of the restriction was approved")),
    "lifting.taken_back": ("decision", _("The lifting of the restriction was taken back")),
    "lifting.told": ("decision", _("Told of the lifting %(until)s: %(way)s")),
    "lifting.begun": ("decision", _("The restriction has ended")),
    "extension.proposed": ("decision", _("Proposed to extend the time until %(until)s")),
    "extension.approved": ("decision", _("The extension of the time was approved")),
    "extension.taken_back": ("decision", _("The extension of the time was taken back")),
    "extension.notice_sent": ("decision", _("The notice of the extension went out on %(until)s")),
    "fee.proposed": ("decision", _("Proposed to ask for a fee")),
    "fee.approved": ("decision", _("The fee was approved")),
    "fee.taken_back": ("decision", _("The fee was taken back")),
    "fee.told": ("decision", _("The person was told of the fee")),
    "advice.recorded": ("decision", _("Advice of the data protection officer on %(advised)s")),
    "complaint.nobody_else": ("decision", _("Answered by whoever handled the matter: nobody else can, with a reason")),
    "register.added": ("system", _("A further register concerns the case; its systems are searched too")),
    "complaint.about_erasure": ("decision", _("The complaint is about the deletion, which waits for it")),
    "complaint.not_about_erasure": ("decision", _("The complaint is not about the deletion, which goes on")),
    "hold.set": ("decision", _("A legal hold was put on the case, to be looked at again by %(until)s")),
    "hold.lifted": ("decision", _("The legal hold was lifted")),
    "late.told": ("decision", _("Told the person that the answer is late and comes by %(until)s")),
    "outside.answer": ("decision", _("Counted as the answer, given outside the system on %(until)s")),
    "outside.confirmed": ("decision", _("Confirmed: answered outside the system on %(until)s")),
    "outside.correspondence": ("decision", _("What was sent outside the system on %(until)s is not the answer")),
    "mandate.asked": ("identity", _("Asked for the mandate")),
    "recipient.told": ("system", _("%(system)s was told")),
    "recipient.not_told": ("system", _("%(system)s is not told, with a reason")),
    "correction.looked": ("system", _("Looked at what the systems hold")),
    "correction.entered": ("system", _("Correction written down for %(system)s")),
    "correction.removed": ("system", _("Correction removed for %(system)s")),
    "correction.ordered": ("system", _("The corrections are carried out")),
    "message.read": ("system", _("The message of the person was marked as read")),
    "message.delayed": ("system", _("A message is late; the mail server goes on trying. %(why)s")),
    "message.sent_again": ("system", _("A message is sent again")),
    "case.forgotten": ("system", _("What was said, and who said it, was deleted when its time was over")),
    "basis.answered": ("decision", _("Basis for the data after the withdrawal: %(basis)s")),
    "message.confirmed_anyway": ("system", _("Confirmation sent although it was held back")),
    "message.acknowledged_anyway": ("system", _("Confirmation sent although it was held back")),
}

# Told in the timeline by rows of their own, or of no use there: in these words for whoever reads the audit itself.
UNTOLD: dict[str, Promise] = {
    "clarification.asked": _("Asked what exactly the person wants"),
    "clock.resumed": _("The question that stops the clock is settled"),
    "clock.suspended": _("A question that stops the clock was put"),
    "contact_point.recorded": _("An address or a number of the person, as a system holds it, was written down"),
    "message.bounced": _("A message came back. %(why)s"),
    "message.dropped": _("A message was not needed any more and was not sent"),
    "message.failed": _("A message could not be sent"),
    "message.queued": _("A message is on its way to the mail server"),
    "message.received": _("The person wrote"),
    "message.sending": _("A message is being handed to the mail server"),
    "message.sent": _("A message left"),
    "message.uncertain": _("The mail server did not say whether it took a message"),
    "message.written": _("A message was sent to the person"),
    "note.added": _("A note was written"),
    "outside.found": _("A mail was found that was sent outside the system"),
    "request.added": _("A further right concerns the case: %(right)s"),
    "task.results_purged": _("What the systems had found was deleted when its time was over"),
    "inquiry.received": _("A message came in"),
    "inquiry.read": _("A message that came in was read by the program"),
    "inquiry.sorted": _("A message that came in was sorted"),
    "inquiry.attached": _("A message that came in was put to a case"),
    "inquiry.taken_off": _("A message that came in was taken off a case"),
    "inquiry.document_held": _("Files of a message were hidden: they look like identity documents"),
    "inquiry.document_freed": _("A hidden file of a message was shown after all"),
    "inquiry.document_removed": _("An identity document was removed from a message"),
    "inquiry.original_opened": _("The original of a message was opened"),
    "inquiry.original_deleted": _("The original of a message was deleted"),
    "inquiry.forgotten": _("A message that came in was deleted when its time was over"),
}


def told(
    entry: AuditEntry, names: Mapping[int, str], right: str = "", systems: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, str] | None:
    """Return kind and words of an entry for the timeline, or None when it is not told there.

    `names` are those of the staff by number, `systems` those of the systems by id; `right` is the code of the
    request it is about.
    """
    if entry.action not in EVENTS:
        return None
    kind, words = EVENTS[entry.action]
    return kind, str(words) % _details(entry, names, right, systems)


def sentence(
    entry: AuditEntry, names: Mapping[int, str], right: str = "", systems: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return the words of an entry, also of one that the timeline tells otherwise: for whoever reads the audit itself.

    What a former version recorded, and this one has no words for, is called by its code.
    """
    if entry.action in UNTOLD:
        return str(UNTOLD[entry.action]) % _details(entry, names, right, systems)
    line = told(entry, names, right, systems)
    return line[1] if line else entry.action


def who(entry: AuditEntry, names: Mapping[int, str], person: str) -> str:
    """Return who an entry is about: the name of a member of staff, the person, or the machine."""
    kind, _colon, number = entry.actor.partition(":")
    if kind == "user" and number.isdigit():
        return names.get(int(number), gettext("a former colleague"))
    if kind == "owner":
        return gettext("The owner of the system, by a link")
    return person if kind == "person" else "Datarett"


def _details(entry: AuditEntry, names: Mapping[int, str], right: str, systems: Mapping[str, str]) -> dict[str, str]:
    given = entry.details
    after, until, system = given.get("after"), str(given.get("until") or ""), str(given.get("system", ""))
    received = str(given.get("received_on") or "")
    return {
        "after": names.get(after, "") if isinstance(after, int) else gettext("nobody"),
        "right": str(labels.right_label(right)),
        "outcome": str(labels.OUTCOMES.get(str(given.get("outcome", "")), "")),
        "kind": str(labels.REQUIREMENTS.get(str(given.get("kind", "")), "")),
        "until": ui.long_day(date.fromisoformat(until)) if until else "",
        "received": ui.long_day(date.fromisoformat(received)) if received else "",
        "system": systems.get(system, system),
        "advised": str(labels.ADVICE_SUBJECTS.get(str(given.get("about", "")), "")),
        "basis": str(labels.BASIS_ANSWERS.get(str(given.get("basis", "")), "")),
        "why": delivery_words.why(str(given.get("status", ""))),
        "way": str(labels.DELIVERY_WAYS.get(str(given.get("way", "")), "")),
    }
