"""Every page of the staff, in each of its states."""

from datetime import date, timedelta

from playwright.sync_api import FilePayload

from tests.architecture.test_direction import ROOT

from .stops import ADMINISTRATOR, APPROVER, HANDLER, Stop, Way, about, at, case_of, on, task_of, unfolded
from .visit import Visit, give_password

PDF = b"%PDF-1.7\nhello\nstartxref\n9\n%%EOF\n"
SOON = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - two days on, so that no zone matters


def _inquiry(subject: str) -> Way:
    return lambda visit: visit.open(visit.trial.inquiry(subject))


def _unsort(visit: Visit) -> None:
    """Sort as a request without saying which right."""
    _inquiry("Faktura")(visit)
    visit.page.locator("[name=rights]").evaluate_all("all => all.forEach(one => one.checked = false)")
    visit.send("form[action$='/sort/']", by="[value=request]")


def _of_identity(case: str, page: str = "address") -> Way:
    return lambda visit: visit.open(f"/desk/cases/{visit.trial.case(case)['reference']}/identity/{page}/")


def _shown_by_halves(visit: Visit) -> None:
    """Record that a document was shown, without saying how."""
    unfolded(case_of("doubted"))(visit)
    visit.send("form[action$='/identity/shown/']")


def _files_chosen(visit: Visit) -> None:
    """A message with a file, looked through."""
    case_of("working")(visit)
    form = visit.page.locator("form[action$='/message/']")
    form.locator("[name=subject]").fill("Svar")
    form.locator("[name=body]").fill("Se vedlegg.")
    pdf = FilePayload(name="En kvittering med et langt navn.pdf", mimeType="application/pdf", buffer=PDF)
    form.locator("[name=upload]").set_input_files(pdf)
    visit.send("form[action$='/message/']")


def _files_kept(visit: Visit) -> None:
    """The form of that message again, with a quotation to choose."""
    _files_chosen(visit)
    visit.send("form[action$='/message/']", by="[name=change]")
    visit.unfold()


def _late(visit: Visit) -> None:
    case = visit.trial.case("overdue")
    visit.open(f"/desk/cases/{case['reference']}/requests/{case['dsr']}/late/")


def _outcome_refused(visit: Visit) -> None:
    """Choose "in part" without saying why."""
    visit.open(visit.trial.desk("draft"))
    visit.check("outcome=partly_fulfilled")
    visit.send("form[action$='/outcome/']")


def _of_clock(case: str, page: str) -> Way:
    def go(visit: Visit) -> None:
        found = visit.trial.case(case)
        visit.open(f"/desk/cases/{found['reference']}/requests/{found['dsr']}/{page}/")

    return go


def _letter(visit: Visit) -> None:
    """Look at the letter before it is sent."""
    _of_clock("working", "clarification")(visit)
    visit.page.locator("[name=large]").check()
    visit.fill(outline="E-post og tilbud.", question="Gjelder det en bestemt tid?")
    visit.send("main form")


def _sent_back_without_a_word(visit: Visit) -> None:
    unfolded(case_of("review"))(visit)
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


def _leaving(name: str) -> Way:
    return lambda visit: visit.open(f"/desk/staff/{visit.trial.places['staff'][name]['pk']}/deactivate/")


_ABSENCE = "form[action$='/absence/']"


def _mails_refused(visit: Visit) -> None:
    """Let something wait for a morning mail that one does not want."""
    visit.open("/desk/account/")
    visit.page.locator("[name=digest]").uncheck()
    visit.check("only_in_digest=replied")
    visit.send("form[action$='/mails/']")


def _invited(visit: Visit) -> None:
    visit.open("/desk/staff/")
    visit.unfold()
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


def _recovery(visit: Visit) -> None:
    give_password(visit, "handler")
    visit.open("/desk/second-factor/recovery/")


def _wrong_code(visit: Visit) -> None:
    give_password(visit, "approver")
    visit.fill(code="12")
    visit.send()


def _register_compared(visit: Visit) -> None:
    """Hand over the shipped register, which a trial has filled with examples."""
    visit.open("/desk/register/file/")
    visit.page.locator("main [name=file]").set_input_files(ROOT / "config" / "register.yaml")
    visit.send()


LOGIN = (
    Stop("login", at("/desk/login/")),
    Stop("login-ended", at("/desk/login/?ended=idle&unsaved=1")),
    Stop("login-error", on(at("/desk/login/"), "main form", email="siv@optimar.example", password="nei")),
    Stop("second-factor", _first_factor("handler")),
    Stop("second-factor-error", _wrong_code),
    Stop("second-factor-first", _first_factor("idle")),
    Stop("recovery", _recovery),
    Stop("invitation", _invitation),
    Stop("invitation-error", _unequal),
    Stop("invitation-dead", at(f"/desk/invite/{'x' * 32}"), status=410),
)
VIEWS = ("mine", "unassigned", "due", "overdue", "identity", "approve", "open", "closed")
QUEUE = (
    *(Stop(f"queue-{view}", at(f"/desk/?view={view}"), HANDLER) for view in VIEWS),
    Stop("queue-filtered", at("/desk/?view=open&right=access&channel=form"), HANDLER),
    Stop("queue-nothing", at("/desk/?view=open&right=complaint"), HANDLER),
    Stop("search", _search("example.com"), HANDLER),
    Stop("search-nothing", _search("Zeppelin"), HANDLER),
    Stop("search-lost", at("/desk/?find=gone"), HANDLER),
    *(Stop(f"inbox-{view}", at(f"/desk/inbox/?view={view}"), HANDLER)
      for view in ("unsorted", "not_a_request", "spam", "request")),
    Stop("inquiry", unfolded(_inquiry("Slett meg")), HANDLER),
    Stop("inquiry-suggested", _inquiry("Utlandet"), HANDLER),
    Stop("inquiry-attach", on(_inquiry("Utlandet"), "form[action$='/attach/']"), HANDLER),
    Stop("inquiry-forward", unfolded(_inquiry("VS: Hva")), HANDLER),
    Stop("inquiry-forward-colleague",
         on(_inquiry("VS: Hva"), "form[action$='/sort/']", by="[value=request]", email="ola.selger@optimar.no",
            received_on="2020-01-01"), HANDLER, status=422),
    Stop("inquiry-attached", unfolded(_inquiry("Kom til oss")), HANDLER),
    Stop("inquiry-attached-nobody",
         on(_inquiry("Kom til oss"), "form[action$='/sort/']", by="[value=request]"), HANDLER, status=422),
    Stop("inquiry-document", unfolded(_inquiry("Feil telefon")), HANDLER),
    Stop("inquiry-document-check",
         on(_inquiry("Feil telefon"), "form[action$='/documents/']"), HANDLER),
    Stop("inquiry-forged", _inquiry("Kontoen min"), HANDLER),
    Stop("inquiry-report", _inquiry("Undelivered"), HANDLER),
    Stop("inquiry-document-removed", _inquiry("Reklame"), HANDLER),
    Stop("inquiry-unreadable", _inquiry("without subject"), HANDLER),
    Stop("inquiry-doubtful", _inquiry("Sikkert brev"), HANDLER),
    Stop("inquiry-sorted", _inquiry("Innsyn i egne"), HANDLER),
    Stop("inquiry-other", _inquiry("Tilbud"), HANDLER),
    Stop("entry", at("/desk/inbox/new/"), HANDLER),
    Stop("entry-error", on(at("/desk/inbox/new/"), "main form", received_on="2020-01-01"), HANDLER, status=422),
    Stop("inquiry-error", _unsort, HANDLER, status=422),
)  # fmt: skip
CASES = ("new", "working", "waiting", "held", "draft", "review", "released_en", "over", "several", "unsure", "overdue")
CASE = (
    *(Stop(f"case-{name}", case_of(name), HANDLER) for name in (*CASES, "mailed")),
    Stop("case-unfolded", unfolded(case_of("working")), HANDLER),
    Stop("case-unfolded-waiting", unfolded(case_of("waiting")), HANDLER),
    Stop("case-review-approver", unfolded(case_of("review")), APPROVER),
    Stop("case-released-approver", case_of("released_nb"), APPROVER),
    Stop("case-held-approver", case_of("held"), APPROVER),
    Stop("case-silent", unfolded(case_of("silent")), HANDLER),
    Stop("case-agent", unfolded(case_of("agent")), HANDLER),
    Stop("late", _late, HANDLER),
    Stop("late-error", on(_late, "main form", new_date="2020-01-01"), HANDLER, status=422),
    Stop("late-letter", on(_late, "main form", cause="Et system var nede.", new_date=SOON), HANDLER),
    Stop("case-bounced", unfolded(case_of("bounced")), HANDLER),
    Stop("case-messages", case_of("working", "?show=messages"), HANDLER),
    Stop("case-message-error", on(case_of("working"), "form[action$='/message/']"), HANDLER, status=422),
    Stop("case-message-check",
         on(case_of("working"), "form[action$='/message/']", subject="Svar", body="Takk.\n\nVi ser på det."),
         HANDLER),
    Stop("case-message-quoted", unfolded(case_of("mailed", "?quote=0#write")), HANDLER),
    Stop("case-message-files", _files_chosen, HANDLER),
    Stop("case-message-files-kept", _files_kept, HANDLER),
    Stop("case-note-error", on(case_of("working"), "form[action$='/note/']"), HANDLER, status=422),
    Stop("case-right-error", on(case_of("unsure"), "form[action$='/right/']"), HANDLER, status=422),
    Stop("outcome-error", _outcome_refused, HANDLER, status=422),
    Stop("send-back-error", _sent_back_without_a_word, APPROVER, status=422),
    Stop("override", about("/desk/answers/{dsr}/override/systems/", "held"), APPROVER),
    Stop("override-error", on(about("/desk/answers/{dsr}/override/systems/", "held"), "main form", missing=""),
         APPROVER, status=422),
    Stop("address", _of_identity("working"), HANDLER),
    Stop("address-error", on(_of_identity("working"), "main form"), HANDLER),
    Stop("identity-ways", unfolded(case_of("doubted")), HANDLER),
    Stop("identity-shown-error", _shown_by_halves, HANDLER, status=422),
    Stop("call-back", _of_identity("doubted", "call"), HANDLER),
    Stop("call-back-error", on(_of_identity("doubted", "call"), "main form"), HANDLER, status=422),
    Stop("call-back-not-open", _of_identity("working", "call"), HANDLER),
)  # fmt: skip
CLOCK = (
    Stop("clock", unfolded(case_of("narrowed")), HANDLER),
    Stop("receipt", _of_clock("working", "receipt"), HANDLER),
    Stop("receipt-corrected", _of_clock("narrowed", "receipt"), HANDLER),
    Stop("receipt-error", on(_of_clock("working", "receipt"), "main form", received_on="2019-01-01"), HANDLER,
         status=422),
    Stop("clarification", _of_clock("working", "clarification"), HANDLER),
    Stop("clarification-late", _of_clock("draft", "clarification"), HANDLER),
    Stop("clarification-barred", _of_clock("narrowed", "clarification"), HANDLER),
    Stop("clarification-error", on(_of_clock("working", "clarification"), "main form"), HANDLER, status=422),
    Stop("clarification-check", _letter, HANDLER),
    Stop("answered-error", on(case_of("narrowed"), "form:has([name=answered_on])", answered_on="2019-01-01"), HANDLER,
         status=422),
)  # fmt: skip
WORK = (
    Stop("task-open", task_of("working"), HANDLER),
    Stop("task-error", on(task_of("working"), "main form:has([name=note])", contact="ingen"), HANDLER, status=422),
    Stop("task-failed", unfolded(task_of("working", mode="automatic", state="failed")), HANDLER),
    Stop("task-not-found", task_of("working", state="not_found"), HANDLER),
    Stop("task-done", task_of("overdue", mode="automatic", state="done"), HANDLER),
    Stop("task-on-behalf", task_of("new"), HANDLER),
    Stop("task-barred", task_of("review", state="done"), HANDLER),
    Stop("register", at("/desk/register/"), APPROVER),
    Stop("register-reader", at("/desk/register/"), HANDLER),
    Stop("register-employees", at("/desk/register/of/employees/"), APPROVER),
    Stop("register-missing", at("/desk/register/?only=missing"), APPROVER),
    Stop("organisation", at("/desk/organisation/"), ADMINISTRATOR),
    Stop("organisation-reader", at("/desk/organisation/"), HANDLER),
    Stop("organisation-edit", at("/desk/organisation/edit/"), ADMINISTRATOR),
    Stop("organisation-effect",
         on(at("/desk/organisation/edit/"), "main form", policy_days="21", reason="Vedtak 4/26"), ADMINISTRATOR),
    Stop("organisation-error",
         on(at("/desk/organisation/edit/"), "main form", name="", time_zone="Oslo", reason="Vedtak 4/26"),
         ADMINISTRATOR, status=422),
    Stop("register-versions", at("/desk/register/versions/"), HANDLER),
    Stop("register-version", at("/desk/register/versions/1/"), HANDLER),
    Stop("register-changes", at("/desk/register/versions/2/changes/"), HANDLER),
    Stop("setup-text", at("/desk/register/set-up/"), APPROVER),
    Stop("setup-error", on(at("/desk/register/set-up/controller.org_number/"), "main form", nb="1", en=""),
         APPROVER, status=422),
    Stop("setup-choice", at("/desk/register/set-up/controller.dpo/"), APPROVER),
    Stop("setup-several", at("/desk/register/set-up/no_transfer/"), APPROVER),
    Stop("setup-page", at("/desk/register/set-up/privacy_page/"), APPROVER),
    Stop("register-file", at("/desk/register/file/"), APPROVER),
    Stop("register-file-error", on(at("/desk/register/file/"), "main form"), APPROVER, status=422),
    Stop("register-compared", _register_compared, APPROVER),
    Stop("settle", at("/desk/register/contradictions/systems.hubspot/"), APPROVER),
    Stop("settle-error", on(at("/desk/register/contradictions/systems.hubspot/"), "main form", nb="Begge", en=""),
         APPROVER, status=422),
    Stop("fill-text", at("/desk/register/fields/activities.PA03.retention/"), APPROVER),
    Stop("fill-list", at("/desk/register/fields/activities.PA01.recipients/"), APPROVER),
    Stop("fill-error", on(at("/desk/register/fields/activities.PA03.retention/"), "main form", nb="Ett år", en=""),
         APPROVER, status=422),
)  # fmt: skip
LETTERS = (
    Stop("letters", at("/desk/letters/"), APPROVER),
    Stop("letter", at("/desk/letters/acknowledgement/{nb}/"), APPROVER),
    Stop("letter-reader", at("/desk/letters/refused/nb/"), HANDLER),
    Stop("letter-lists", at("/desk/letters/digest/{nb}/"), APPROVER),
    Stop("letter-own", unfolded(at("/desk/letters/ending_duplicate/{nb}/")), APPROVER),
    Stop("letter-edit", at("/desk/letters/restriction_lifted/{nb}/edit/"), APPROVER),
    Stop("letter-preview", unfolded(on(at("/desk/letters/restriction_lifted/nb/edit/"), "main form",
                                       by="[value=preview]", reason="Kortere", subject="{{ case.reference }}")),
         APPROVER),
    Stop("letter-edit-error", on(at("/desk/letters/answer_ready/nb/edit/"), "main form", by="[value=save]", reason="",
                                 subject="{% load x %}", body="Hei\n{{ nobody }}\n{% if link"), APPROVER, status=422),
    Stop("letter-restore-error", on(at("/desk/letters/ending_duplicate/en/"), "main form[action$='/restore/']"),
         APPROVER, status=422),
)  # fmt: skip
PEOPLE = (
    Stop("account", at("/desk/account/"), HANDLER),
    *(Stop(f"account-{page}", at(f"/desk/account/{page}/"), HANDLER) for page in ("passkeys", "app", "recovery-codes")),
    Stop(
        "account-absence-refused",
        on(at("/desk/account/"), _ABSENCE, away_from="2026-12-24", away_until="2026-12-23"),
        HANDLER,
        status=422,
    ),
    Stop("account-mails-refused", _mails_refused, HANDLER, status=422),
    Stop("staff", unfolded(at("/desk/staff/")), ADMINISTRATOR),
    Stop("staff-error", on(at("/desk/staff/"), "main form:has([name=email])", email="siv"), ADMINISTRATOR),
    Stop("staff-invited", _invited, ADMINISTRATOR),
    Stop("person", _person("handler"), ADMINISTRATOR),
    Stop(
        "person-absence-refused", on(_person("handler"), _ABSENCE, away_until="2026-12-23"), ADMINISTRATOR, status=422
    ),
    Stop("person-self", _person("administrator"), ADMINISTRATOR),
    Stop("person-leaves", _leaving("handler"), ADMINISTRATOR),
    Stop("person-leaves-systems", _leaving("owner"), ADMINISTRATOR),
    Stop("person-leaves-error", on(_leaving("owner"), "main form"), ADMINISTRATOR, status=422),
    Stop("person-leaves-not", _leaving("administrator"), ADMINISTRATOR),
    Stop("person-former", _person("former"), ADMINISTRATOR),
)
STOPS = (*LOGIN, *QUEUE, *CASE, *CLOCK, *WORK, *LETTERS, *PEOPLE)
