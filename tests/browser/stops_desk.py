"""Every page of the staff, in each of its states."""

from .stops import Stop, Way, at, case_of
from .visit import Visit, give_password

_HANDLER, _APPROVER, _ADMINISTRATOR = "handler", "approver", "administrator"


def _on(way: Way, form: str, *, by: str = "[type=submit]", **values: str) -> Way:
    """Open a page, fill in the fields of these names and press a button of a form."""

    def go(visit: Visit) -> None:
        way(visit)
        visit.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        for name, value in values.items():
            visit.page.locator(form).locator(f"[name='{name}']").first.fill(value)
        visit.send(form, by=by)

    return go


def _unfolded(way: Way) -> Way:
    """Open a page with everything on it unfolded."""

    def go(visit: Visit) -> None:
        way(visit)
        visit.page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")

    return go


def _inquiry(subject: str) -> Way:
    return lambda visit: visit.open(visit.trial.inquiry(subject))


def _unsort(visit: Visit) -> None:
    """Sort as a request without saying which right."""
    _inquiry("Faktura")(visit)
    visit.page.locator("[name=rights]").evaluate_all("all => all.forEach(one => one.checked = false)")
    visit.send("form[action$='/sort/']", by="[value=request]")


def _task(case: str, **which: str) -> Way:
    return lambda visit: visit.open(visit.trial.task(case, **which))


def _about(path: str, case: str) -> Way:
    return lambda visit: visit.open(path.format(dsr=visit.trial.case(case)["dsr"]))


def _of_identity(case: str) -> Way:
    return lambda visit: visit.open(f"/desk/cases/{visit.trial.case(case)['reference']}/identity/address/")


def _row(visit: Visit) -> None:
    visit.open(visit.trial.places["row"])


def _outcome_refused(visit: Visit) -> None:
    """Choose "in part" without saying why."""
    visit.open(visit.trial.desk("draft"))
    visit.check("outcome=partly_fulfilled")
    visit.send("form[action$='/outcome/']")


def _sent_back_without_a_word(visit: Visit) -> None:
    _unfolded(case_of("review"))(visit)
    visit.send("form[action$='/back/']")


def _search(words: str) -> Way:
    def go(visit: Visit) -> None:
        visit.open("/desk/")
        visit.page.locator("[data-search]").fill(words)
        with visit.page.expect_navigation():
            visit.page.locator("[data-search]").press("Enter")
        visit.watch.clear()
        visit.page.reload()

    return go


def _person(name: str) -> Way:
    return lambda visit: visit.open(f"/desk/staff/{visit.trial.places['staff'][name]['pk']}/")


def _invited(visit: Visit) -> None:
    visit.open("/desk/staff/")
    visit.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    visit.fill(email=f"enda.en.{visit.language}@optimar.example")
    visit.check("roles=handler")
    visit.send("form:has([name=email])")


def _invitation(visit: Visit) -> None:
    visit.open(visit.trial.places[f"invitation_{visit.language}"].removeprefix(visit.trial.url))


def _unequal(visit: Visit) -> None:
    _invitation(visit)
    visit.fill(name="Siv", password="kort", again="kortere")
    visit.send()


def _first_factor(role: str) -> Way:
    return lambda visit: give_password(visit, role)


def _wrong_code(visit: Visit) -> None:
    give_password(visit, "approver")
    visit.fill(code="12")
    visit.send()


LOGIN = (
    Stop("login", at("/desk/login/")),
    Stop("login-error", _on(at("/desk/login/"), "main form", email="siv@optimar.example", password="nei")),
    Stop("second-factor", _first_factor("handler")),
    Stop("second-factor-error", _wrong_code),
    Stop("second-factor-first", _first_factor("idle")),
    Stop("invitation", _invitation),
    Stop("invitation-error", _unequal),
    Stop("invitation-dead", at(f"/desk/invite/{'x' * 32}"), status=410),
)
VIEWS = ("mine", "unassigned", "due", "overdue", "identity", "approve", "open", "closed")
QUEUE = (
    *(Stop(f"queue-{view}", at(f"/desk/?view={view}"), _HANDLER) for view in VIEWS),
    Stop("queue-filtered", at("/desk/?view=open&right=access&channel=form"), _HANDLER),
    Stop("queue-nothing", at("/desk/?view=open&right=complaint"), _HANDLER),
    Stop("search", _search("example.com"), _HANDLER),
    Stop("search-nothing", _search("Zeppelin"), _HANDLER),
    Stop("search-lost", at("/desk/?find=gone"), _HANDLER),
    *(Stop(f"inbox-{view}", at(f"/desk/inbox/?view={view}"), _HANDLER)
      for view in ("unsorted", "not_a_request", "spam", "request")),
    Stop("inquiry", _unfolded(_inquiry("Slett meg")), _HANDLER),
    Stop("inquiry-suggested", _inquiry("Utlandet"), _HANDLER),
    Stop("inquiry-attach", _on(_inquiry("Utlandet"), "form[action$='/attach/']"), _HANDLER),
    Stop("inquiry-unreadable", _inquiry("without subject"), _HANDLER),
    Stop("inquiry-sorted", _inquiry("Innsyn i egne"), _HANDLER),
    Stop("inquiry-other", _inquiry("Tilbud"), _HANDLER),
    Stop("entry", at("/desk/inbox/new/"), _HANDLER),
    Stop("entry-error", _on(at("/desk/inbox/new/"), "main form", received_on="2020-01-01"), _HANDLER, status=422),
    Stop("inquiry-error", _unsort, _HANDLER, status=422),
)  # fmt: skip
CASES = ("new", "working", "waiting", "held", "draft", "review", "released_en", "over", "several", "unsure", "overdue")
CASE = (
    *(Stop(f"case-{name}", case_of(name), _HANDLER) for name in (*CASES, "mailed")),
    Stop("case-unfolded", _unfolded(case_of("working")), _HANDLER),
    Stop("case-unfolded-waiting", _unfolded(case_of("waiting")), _HANDLER),
    Stop("case-review-approver", _unfolded(case_of("review")), _APPROVER),
    Stop("case-released-approver", case_of("released_nb"), _APPROVER),
    Stop("case-held-approver", case_of("held"), _APPROVER),
    Stop("case-messages", case_of("working", "?show=messages"), _HANDLER),
    Stop("case-message-error", _on(case_of("working"), "form[action$='/message/']"), _HANDLER, status=422),
    Stop("case-message-check",
         _on(case_of("working"), "form[action$='/message/']", subject="Svar", body="Takk.\n\nVi ser på det."),
         _HANDLER),
    Stop("case-note-error", _on(case_of("working"), "form[action$='/note/']"), _HANDLER, status=422),
    Stop("case-right-error", _on(case_of("unsure"), "form[action$='/right/']"), _HANDLER, status=422),
    Stop("outcome-error", _outcome_refused, _HANDLER, status=422),
    Stop("send-back-error", _sent_back_without_a_word, _APPROVER, status=422),
    Stop("override", _about("/desk/answers/{dsr}/override/systems/", "held"), _APPROVER),
    Stop("override-error", _on(_about("/desk/answers/{dsr}/override/systems/", "held"), "main form", missing=""),
         _APPROVER, status=422),
    Stop("address", _of_identity("working"), _HANDLER),
    Stop("address-error", _on(_of_identity("working"), "main form"), _HANDLER),
)  # fmt: skip
WORK = (
    Stop("task-open", _task("working"), _HANDLER),
    Stop("task-error", _on(_task("working"), "main form:has([name=note])", contact="ingen"), _HANDLER, status=422),
    Stop("task-failed", _unfolded(_task("working", mode="automatic", state="failed")), _HANDLER),
    Stop("task-not-found", _task("working", state="not_found"), _HANDLER),
    Stop("task-done", _task("overdue", mode="automatic", state="done"), _HANDLER),
    Stop("task-on-behalf", _task("new"), _HANDLER),
    Stop("task-barred", _task("review", state="done"), _HANDLER),
    Stop("corrections", _about("/desk/corrections/{dsr}/", "rectified"), _HANDLER),
    Stop("corrections-error",
         _on(_about("/desk/corrections/{dsr}/", "rectified"), "form[action$='/by-hand/']", name="Stilling"),
         _HANDLER, status=422),
    Stop("correction-row", _row, _HANDLER),
    Stop("case-rectified", _unfolded(case_of("rectified")), _HANDLER),
    Stop("case-rectified-approver", _unfolded(case_of("rectified")), _APPROVER),
    Stop("task-change", _task("rectified", action="rectify"), _HANDLER),
    Stop("task-change-error", _on(_task("rectified", action="rectify"), "main form:has([name=note])"), _HANDLER,
         status=422),
    Stop("task-change-done", _task("rectified", action="rectify", state="done"), _HANDLER),
    Stop("task-notice", _unfolded(_task("rectified", action="notify")), _HANDLER),
    Stop("task-notice-error", _on(_task("rectified", action="notify"), "main form:has([name=note])"), _HANDLER,
         status=422),
    Stop("register", at("/desk/register/"), _APPROVER),
    Stop("register-reader", at("/desk/register/"), _HANDLER),
    Stop("register-missing", at("/desk/register/?only=missing"), _APPROVER),
    Stop("fill-text", at("/desk/register/fields/activities.PA03.retention/"), _APPROVER),
    Stop("fill-list", at("/desk/register/fields/activities.PA01.recipients/"), _APPROVER),
    Stop("fill-error", _on(at("/desk/register/fields/activities.PA03.retention/"), "main form", nb="Ett år", en=""),
         _APPROVER, status=422),
)  # fmt: skip
PEOPLE = (
    Stop("account", at("/desk/account/"), _HANDLER),
    Stop("staff", _unfolded(at("/desk/staff/")), _ADMINISTRATOR),
    Stop("staff-error", _on(at("/desk/staff/"), "main form:has([name=email])", email="siv"), _ADMINISTRATOR),
    Stop("staff-invited", _invited, _ADMINISTRATOR),
    Stop("person", _person("handler"), _ADMINISTRATOR),
    Stop("person-self", _person("administrator"), _ADMINISTRATOR),
    Stop("person-former", _person("former"), _ADMINISTRATOR),
)
STOPS = (*LOGIN, *QUEUE, *CASE, *WORK, *PEOPLE)
