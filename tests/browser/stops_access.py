"""Who may see what: shielded cases, emergency access, auditors, owners of systems, mandates, one's own ways in."""

from .stops import ADMINISTRATOR, APPROVER, AUDITOR, HANDLER, OWNER, Stop, Way, at, case_of, on, unfolded
from .visit import Visit


def _masked(visit: Visit) -> None:
    visit.open(f"/desk/audit/{visit.trial.case('released_nb')['reference']}/")


def _own_task(visit: Visit) -> None:
    visit.open("/desk/own/")
    with visit.page.expect_navigation():
        visit.page.locator("main a[href*='/desk/own/']").first.click()


def _link(visit: Visit) -> None:
    visit.open(visit.trial.places["task_link"])


def _by_link(visit: Visit) -> None:
    _link(visit)
    visit.send()


def _nothing_answered(visit: Visit) -> None:
    _by_link(visit)
    visit.send("main form:has([type=submit]) >> nth=0")


def _case_form(case: str, ending: str) -> Way:
    """Press the button of a form of a case without filling anything in."""
    return on(case_of(case), f"form[action$='{ending}']")


STOPS = (
    Stop("shielded", unfolded(case_of("shielded")), HANDLER),
    Stop("shield-error", _case_form("new", "/shield/"), HANDLER, status=422),
    Stop("parties-error", _case_form("new", "/parties/"), HANDLER, status=422),
    Stop("emergency", at("/desk/emergency/"), APPROVER),
    Stop("emergency-error", on(at("/desk/emergency/"), "main form", reference="DR-2026", reason="x"), APPROVER, 422),
    Stop("emergency-approver", at("/desk/emergency-approver/"), APPROVER),
    Stop("emergency-approver-error", on(at("/desk/emergency-approver/"), "main form", email="nina"), APPROVER, 422),
    Stop("mandate", unfolded(case_of("agent")), HANDLER),
    Stop("mandate-error", _case_form("agent", "/mandate/record/"), HANDLER, status=422),
    Stop("masked", at("/desk/audit/"), AUDITOR),
    Stop("masked-case", unfolded(_masked), AUDITOR),
    Stop("own-tasks", at("/desk/own/"), OWNER),
    Stop("own-task", _own_task, OWNER),
    Stop("owners", at("/desk/owners/"), APPROVER),
    Stop("task-link", _link),
    Stop("task-by-link", _by_link),
    Stop("task-by-link-error", _nothing_answered, status=422),
    Stop("task-link-dead", at("/task/" + "x" * 32), status=410),
    Stop("passkeys", at("/desk/account/passkeys/"), ADMINISTRATOR),
    Stop("app", at("/desk/account/app/"), ADMINISTRATOR),
    Stop("recovery-codes", at("/desk/account/recovery-codes/"), ADMINISTRATOR),
)
