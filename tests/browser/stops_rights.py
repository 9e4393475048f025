"""The pages on which data is corrected, deleted, restricted and spoken of, in each of their states."""

from .stops import APPROVER, HANDLER, Stop, Way, about, case_of, line_of, on, row_of, task_of, unfolded
from .visit import Visit

_NOTE = "main form:has([name=note])"


def _plan(case: str) -> Way:
    return about("/desk/erasures/{dsr}/", case)


def _meanwhile(way: Way, form: str, **values: str) -> Way:
    """Fill in a form, and send it when a colleague has changed the case meanwhile."""

    def go(visit: Visit) -> None:
        way(visit)
        visit.unfold()
        visit.page.locator(f"{form} [name=version]").evaluate("one => one.value = '0'")
        for name, value in values.items():
            visit.page.locator(form).locator(f"[name='{name}']").first.fill(value)
        visit.send(form)

    return go


CORRECTIONS = (
    Stop("corrections", about("/desk/corrections/{dsr}/", "rectified"), HANDLER),
    Stop("corrections-new", about("/desk/corrections/{dsr}/", "uncorrected"), HANDLER),
    Stop("corrections-nothing", about("/desk/corrections/{dsr}/", "nothing_held"), HANDLER),
    Stop("corrections-failed", about("/desk/corrections/{dsr}/", "correction_failed"), HANDLER),
    Stop("corrections-error",
         on(about("/desk/corrections/{dsr}/", "rectified"), "form[action$='/by-hand/']", name="Stilling"),
         HANDLER, status=422),
    Stop("corrections-changed",
         _meanwhile(about("/desk/corrections/{dsr}/", "uncorrected"), "form[action$='/by-hand/']",
                    name="Stilling", wrong="Innkjøper", right="Innkjøpssjef"), HANDLER, status=422),
    Stop("correction-row", row_of("rectified"), HANDLER),
    Stop("correction-row-new", row_of("uncorrected"), HANDLER),
    Stop("correction-row-changed", _meanwhile(row_of("uncorrected"), "main form", value_3="Kåre"), HANDLER, status=422),
    Stop("case-rectified", unfolded(case_of("rectified")), HANDLER),
    Stop("case-rectified-approver", unfolded(case_of("rectified")), APPROVER),
    Stop("case-uncorrected", case_of("uncorrected"), HANDLER),
    Stop("case-correction-failed", case_of("correction_failed"), HANDLER),
)  # fmt: skip
ERASURES = (
    *(Stop(f"erasure-{name}", _plan(f"erasure_{name}"), HANDLER)
      for name in ("searching", "nothing", "proposed", "submitted", "held", "approved", "begun", "failed", "done")),
    *(Stop(f"erasure-{name}-approver", unfolded(_plan(f"erasure_{name}")), APPROVER)
      for name in ("submitted", "held", "approved")),
    Stop("case-erasure-complained", case_of("erasure_complained"), HANDLER),
    Stop("erasure-hold-error", on(_plan("erasure_proposed"), "form[action$='/hold/']"), HANDLER, status=422),
    Stop("erasure-hold-past",
         on(_plan("erasure_proposed"), "form[action$='/hold/']", reason="Varslet krav", review_on="2020-01-01"),
         HANDLER, status=422),
    Stop("erasure-line", line_of("erasure_proposed", "delete"), HANDLER),
    Stop("erasure-line-kept", line_of("erasure_proposed", "keep"), HANDLER),
    Stop("erasure-line-late", line_of("erasure_done", "keep"), HANDLER),
    Stop("erasure-line-error", on(line_of("erasure_proposed", "delete"), "main form", check="measure=anonymise"),
         HANDLER, status=422),
    Stop("erasure-line-ground", on(line_of("erasure_proposed", "delete"), "main form", check="measure=keep"),
         HANDLER, status=422),
    Stop("erasure-line-changed",
         _meanwhile(line_of("erasure_proposed", "delete"), "main form", reason="Kontoen er stengt."), HANDLER,
         status=422),
    *(Stop(f"case-erasure-{name}", case_of(f"erasure_{name}"), HANDLER)
      for name in ("searching", "nothing", "proposed", "submitted", "approved", "begun", "failed", "done")),
    Stop("case-erasure-approved-approver", case_of("erasure_approved"), APPROVER),
    Stop("erasure-task", task_of("erasure_begun", action="erase"), HANDLER),
    Stop("erasure-task-error", on(task_of("erasure_begun", action="erase"), "main form", check="outcome=done"),
         HANDLER, status=422),
    Stop("erasure-task-none", on(task_of("erasure_begun", action="erase"), "main form"), HANDLER, status=422),
    *(Stop(f"erasure-task-{state}", task_of("erasure_done", action="erase", state=state), HANDLER)
      for state in ("done", "accepted", "kept")),
    Stop("erasure-order-error", on(task_of("erasure_done", action="erase", state="accepted"), "#order form"), HANDLER,
         status=422),
    Stop("erasure-task-masked", task_of("erasure_done", action="anonymise", mode="automatic", state="done"), HANDLER),
    Stop("erasure-task-empty", task_of("erasure_done", action="erase", mode="automatic", state="not_found"), HANDLER),
    Stop("erasure-task-failed", unfolded(task_of("erasure_failed", action="erase", mode="automatic", state="failed")),
         HANDLER),
)  # fmt: skip
TASKS = (
    Stop("task-change", task_of("correction_failed", action="rectify"), HANDLER),
    Stop("task-change-error", on(task_of("correction_failed", action="rectify"), _NOTE), HANDLER, status=422),
    Stop("task-change-done", task_of("rectified", action="rectify", state="done"), HANDLER),
    Stop("task-change-automatic", task_of("rectified", action="rectify", mode="automatic", state="done"), HANDLER),
    Stop("task-change-failed",
         unfolded(task_of("correction_failed", action="rectify", mode="automatic", state="failed")), HANDLER),
    Stop("task-restrict", task_of("restricted", action="restrict"), HANDLER),
    Stop("task-restrict-error", on(task_of("restricted", action="restrict"), _NOTE, check="outcome=kept"), HANDLER,
         status=422),
    Stop("task-restrict-done", task_of("restricted", action="restrict", state="done"), HANDLER),
    Stop("task-restrict-kept", task_of("restricted", action="restrict", state="kept"), HANDLER),
    Stop("task-restrict-ordered", task_of("restricted", action="restrict", state="accepted"), HANDLER),
    Stop("task-withdraw", task_of("withdrawn", action="withdraw"), HANDLER),
    Stop("task-withdraw-error", on(task_of("withdrawn", action="withdraw"), _NOTE, check="outcome=done"), HANDLER,
         status=422),
    Stop("task-notice", unfolded(task_of("rectified", action="notify")), HANDLER),
    Stop("task-notice-error", on(task_of("rectified", action="notify"), _NOTE), HANDLER, status=422),
    Stop("task-notice-untold", on(task_of("rectified", action="notify"), _NOTE, check="outcome=kept"), HANDLER,
         status=422),
)  # fmt: skip
ANSWERS = (
    *(Stop(f"case-{name}", case_of(name), HANDLER)
      for name in ("restricted", "portable", "objected", "automated", "complained", "withdrawn", "told_by_phone",
                   "posted")),
    Stop("case-lifting", unfolded(case_of("restricted_answered")), HANDLER),
    Stop("case-lifting-proposed", unfolded(case_of("lifting_proposed")), APPROVER),
    Stop("lifting-error", on(case_of("restricted_answered"), "form[action$='/propose/']", lifted_on="2020-01-01"),
         HANDLER, status=422),
    Stop("case-extension", unfolded(case_of("automated")), HANDLER),
    Stop("extension-error",
         on(case_of("automated"), "form[action$='/extension/propose/']", check="reasons=short_handed"), HANDLER,
         status=422),
    Stop("case-extension-proposed", unfolded(case_of("extension_proposed")), APPROVER),
    Stop("case-extended", unfolded(case_of("extended")), HANDLER),
    Stop("case-extension-posted", unfolded(case_of("extension_by_hand")), HANDLER),
    Stop("extension-told-error", on(case_of("extension_by_hand"), "form[action*='/extensions/'][action$='/told/']",
                                    on="2020-01-01"), HANDLER, status=422),
    Stop("advice-error", on(case_of("automated"), "form[action$='/advice/extension/']"), HANDLER, status=422),
    Stop("case-by-letter", unfolded(case_of("by_letter")), HANDLER),
    Stop("case-ended", unfolded(case_of("ended")), APPROVER),
    Stop("way-error", on(case_of("by_letter"), "form[action$='/way/']", check="way=post", address=""), HANDLER,
         status=422),
    Stop("delivered-error", on(case_of("posted"), "form[action$='/delivered/']", on="2020-01-01"), HANDLER,
         status=422),
    Stop("basis-error", on(case_of("withdrawn"), "form[action$='/basis/']"), HANDLER, status=422),
    Stop("told-error", on(case_of("told_by_phone"), "form[action$='/told/']"), HANDLER, status=422),
    Stop("outcome-ground-missing",
         on(case_of("objected"), "form[action$='/outcome/']", check="outcome=partly_fulfilled", reasoning=""),
         HANDLER, status=422),
    Stop("case-add-right-error", on(case_of("several"), "form[action$='/requests/']"), HANDLER, status=422),
)  # fmt: skip
FEES = (
    Stop("outside", unfolded(case_of("outside")), HANDLER),
    Stop("outside-approver", unfolded(case_of("outside_answer")), APPROVER),
    Stop("outside-answer", case_of("outside_answer"), HANDLER),
    Stop("fee-proposed", case_of("fee_proposed"), HANDLER),
    Stop("fee-proposed-approver", unfolded(case_of("fee_proposed")), APPROVER),
    Stop("fee-told", unfolded(case_of("fee_told")), HANDLER),
    Stop("fee-to-post", unfolded(case_of("fee_to_post")), HANDLER),
    Stop("fee-posted", unfolded(case_of("fee_posted")), HANDLER),
    Stop("fee-taken-back", unfolded(case_of("fee_taken_back")), HANDLER),
    Stop("fee-error", on(case_of("new"), "form[action$='/fee/propose/']", amount="mye"), HANDLER, status=422),
    Stop("fee-told-error", on(case_of("fee_to_post"), "form[action*='/fees/'][action$='/told/']", on="2020-01-01"),
         HANDLER, status=422),
)  # fmt: skip
STOPS = (*CORRECTIONS, *ERASURES, *TASKS, *ANSWERS, *FEES)
