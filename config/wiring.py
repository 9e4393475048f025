"""The whole flow on one screen: which event wakes which services, in the order of time.

Handlers are named, not imported, so that this page can be read without loading the house. A handler takes the
fields of its event; it may run twice and must not mind.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OUTBOX_HANDLERS: dict[str, tuple[str, ...]] = {
    # staff
    "StaffJoined": ("config.run_file.forget_invitation",),
    # settings
    "OrganisationChanged": ("exports.services.requirements.review_open_requests",),
    "DatesOutdated": ("requests_app.services.organisation_dates.recompute",),
    # mailboxes
    "AlarmRaised": ("requests_app.services.alarm.post",),
    # intake
    "InquiryReceived": ("requests_app.services.reading.read_inquiry",),
    "SentMailFound": ("requests_app.services.sent_mail.read",),
    "CaseOpened": (
        "requests_app.services.acknowledgements.acknowledge",
        "requests_app.services.sent_mail.look_again",
    ),
    "DeadlineMoved": ("requests_app.services.new_day.tell",),
    "LinkWanted": ("requests_app.services.portal_access.send_links",),
    # triage
    "RequestNamed": ("requests_app.services.acknowledgements.acknowledge_request",),
    "RequestTriaged": ("exports.services.plan.locate_and_plan", "requests_app.services.complaints.tell_officer"),
    "CaseAssigned": ("requests_app.services.staff_news.tell_assigned",),
    "ReceiptCorrected": ("exports.services.bundle.review",),
    # identity
    "SmsWanted": ("identity.services.sms.deliver",),
    "IdentityConfirmed": ("exports.services.asking.search_anew",),
    "MandateChanged": ("identity.services.delivery.review_case",),
    # fulfilment
    "RequestStarted": ("requests_app.services.at_once.confirm",),
    "TaskOpened": ("exports.services.collect.run_task",),
    "OwnTaskWaits": ("exports.services.owner_mail.tell",),
    "RegisterAdded": ("exports.services.plan.locate_and_plan",),
    "SearchFinished": ("exports.services.erasure_proposal.propose",),
    "ErasureDue": ("exports.services.erasure_run.begin",),
    "ErasureDone": ("exports.services.erasure_suppression.confirm",),
    "BlockLifted": ("exports.services.taken_back.follow",),
    # decision
    "DecisionDrafted": ("exports.services.bundle.build",),
    "BundleRequested": ("exports.services.bundle.build",),
    "RegisterChanged": ("exports.services.plan.ask_new_systems", "exports.services.requirements.review_open_requests"),
    # delivery
    "RequestConfirmed": (),
    "RequestReleased": ("exports.services.deliver.announce", "requests_app.services.provisional.lift_unmeant"),
    "MessageQueued": ("requests_app.services.sending.send",),
    "MessageSent": ("requests_app.services.closure.close_answered", "requests_app.services.extension.note_sent"),
    "MessageFailed": ("requests_app.services.staff_news.tell_bounced",),
    "PersonWrote": ("requests_app.services.staff_news.tell_replied",),
    "OrderDone": ("exports.services.orders.tell_person",),
    # closure
    "RequestClosed": (),
    "RequestReopened": (
        "exports.services.plan.locate_and_plan",
        "requests_app.services.at_once.confirm",
        "requests_app.services.provisional.block_again",
    ),
}

# Panels of the case page, from top to bottom: functions (HttpRequest, Case) -> HTML, each served by its own app.
CASE_PANELS: tuple[str, ...] = (
    "requests_app.desk.late.panel",
    "requests_app.desk.outside.panel",
    "identity.desk.review.panel",
    "exports.desk.panels.unverified",
    "exports.desk.panels.decision",
    "requests_app.desk.basis.panel",
    "exports.desk.panels.erasure",
    "exports.desk.panels.corrections",
    "exports.desk.panels.lifting",
    "requests_app.desk.extension_panel.panel",
    "requests_app.desk.fee_panel.panel",
    "exports.desk.panels.tasks",
)
# … at its foot, folded: what can be done and seldom is …
CASE_FOOT_PANELS: tuple[str, ...] = (
    "requests_app.desk.extension_panel.folded",
    "requests_app.desk.fee_panel.folded",
)
# … and those beside them.
CASE_SIDE_PANELS: tuple[str, ...] = (
    "requests_app.desk.shield.panel",
    "requests_app.desk.waiting.panel",
    "identity.desk.panels.identity",
    "requests_app.desk.mandate.panel",
    "requests_app.desk.marketing.panel",
    "requests_app.desk.looks_panel.panel",
)

# What an address of the desk names, by the name of its part, as it is looked up from the case. The gate to cases
# (`requests_app.desk.gate`) goes by it.
DESK_ADDRESSES: dict[str, str] = {
    "reference": "reference",
    "case_id": "pk",
    "dsr_id": "dsrs",
    "complaint_id": "dsrs",
    "task_id": "dsrs__tasks",
    "link_id": "dsrs__tasks__links",
    "plan_id": "dsrs__erasure_plans",
    "line_id": "dsrs__erasure_plans__lines",
    "lifting_id": "dsrs__liftings",
    "file_id": "dsrs__bundles__files",
    "message_id": "messages",
}
# What a page of the desk shows that is not the case, or the inquiry, itself (`requests_app.domain.enums.LookedAt`).
DESK_LOOKS: dict[str, str] = {
    "requests:desk:raw": "original",
    "requests:desk:evidence": "evidence",
    "requests:desk:attachment": "attachment",
    "requests:desk:outside-raw": "original",
    "exports:desk:task": "task",
    "exports:desk:task-evidence": "evidence",
    "exports:desk:own-task": "task",
    "exports:desk:erasure": "plan",
    "exports:desk:erasure-earlier": "plan",
    "exports:desk:erasure-line": "plan",
    "exports:desk:erasure-task": "task",
    "exports:desk:corrections": "corrections",
    "exports:desk:correction-row": "corrections",
    "exports:desk:answer-file": "answer",
    "exports:desk:message-post": "letter",
}

# What the systems are called, by id, in the language of whoever reads.
SYSTEM_NAMES = "exports.desk.task_panel.system_names"

# The page that prints a mail of a case for the post.
MESSAGE_AS_PDF = "exports:desk:message-post"

# The brake on what strangers write: (door, META of the request, client of the API or "") -> how long to wait.
WRITE_BRAKE = "identity.services.strangers.slow_down"

# What may be posted only soon after the second factor was shown (`settings.RECENT_FACTOR_AGE`), by the names of the
# pages: an answer goes out, data is deleted or used again, the person's time or money is touched, a proof is no longer
# asked for, somebody's rights or ways in change. Tokens of the API and keys are changed on the machine alone, and the
# API approves nothing.
RECENT_FACTOR: tuple[str, ...] = (
    # answers
    "exports:desk:answer-release",
    "exports:desk:answer-offer",
    "requests:desk:outside-confirm",
    # deletions, and their opposite
    "exports:desk:erasure-approve",
    "exports:desk:lifting-approve",
    # longer, or for money
    "requests:desk:extension-approve",
    "requests:desk:fee-approve",
    # an answer goes without something that was required
    "identity:old-address-lost",
    "exports:desk:answer-override",
    # other people's access
    "identity:staff",
    "identity:staff-roles",
    "identity:staff-deactivate",
    "identity:staff-reactivate",
    "identity:staff-renew",
    "identity:staff-sessions-end",
    "identity:staff-withdraw",
    "identity:emergency-approver",
    "exports:desk:system-owners",
    # one's own ways in
    "identity:passkey-new",
    "identity:passkey-remove",
    "identity:app",
    "identity:app-remove",
    "identity:recovery-codes",
    "identity:sso-connect",
    "identity:sso-disconnect",
)
# Which systems are told of a request that takes effect at once, and by when.
SYSTEMS_TOLD = "exports.selectors.systems_told"

# When somebody leaves: the systems that they own (user), and what ends or changes hands of them (user, who takes each
# over, actor).
SYSTEMS_OWNED = "exports.services.leavers.owned"
SYSTEMS_HANDED_OVER = "exports.services.leavers.hand_over"

# For the morning mail: how many tasks wait for people in the cases of these members of staff (as its
# reader sees them), and the requests in
# which something else than the answer waits for this one's approval.
OPEN_TASKS = "exports.selectors.count_open_tasks"
TO_APPROVE = "exports.selectors.plans_to_approve"

# The menu of the desk: words, page, the permission that shows it, and what is counted beside it, for its reader.
DESK_NAV: tuple[tuple[Promise, str, str, str], ...] = (
    (_("Cases"), "requests:desk:queue", "view_cases", ""),
    (_("Inbox"), "requests:desk:inbox", "sort", "requests_app.selectors.count_unsorted"),
    (_("My tasks"), "exports:desk:own-tasks", "work_own_tasks", ""),
    (_("Audit"), "exports:desk:masked", "view_masked", ""),
    (_("Register"), "exports:desk:register", "view_register", ""),
    (_("Letters"), "requests:desk:letters", "view_cases", ""),
    (_("Organisation"), "requests:desk:organisation", "view_register", ""),
    (_("Emergency approver"), "identity:emergency-approver", "name_emergency", ""),
    (_("Staff"), "identity:staff", "manage_staff", ""),
)
DESK_USER_LINKS: tuple[tuple[Promise, str], ...] = ((_("My account"), "identity:account"),)
DESK_LOGOUT = "identity:logout"

# What the person sees on the status page below the course of the case.
PORTAL_PANELS: tuple[str, ...] = ("identity.portal.panels.question", "exports.portal.panels.answer")
