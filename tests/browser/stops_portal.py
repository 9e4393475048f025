"""Every page of the people whose data it is, in each of its states."""

import re
from email import message_from_bytes
from email.policy import default

from tests.flows.people import eventually, text_of

from .stops import Stop, Way, at
from .visit import Visit, code_in

_PERSON = {"name": "Gro Tangen", "email": "gro.tangen@example.com"}
_NUMBER = "Fødselsnummeret mitt er 01010750160."  # nobody's: the last but one test number the tax agency gives


def _step(*pages: str) -> Way:
    """Answer the questions of the form up to the last page named."""

    def go(visit: Visit) -> None:
        visit.open(f"/{visit.language}/request/right/")
        for page in pages:
            _ANSWER[page](visit)
            visit.send()

    return go


def _contact(visit: Visit) -> None:
    visit.fill(email=_PERSON["email"])
    visit.check(f"language={visit.language}")


def _who(visit: Visit) -> None:
    visit.check("requester=self")
    visit.fill(name=_PERSON["name"])


def _for_another(visit: Visit) -> None:
    visit.check("requester=guardian")
    visit.fill(name=_PERSON["name"])


_ANSWER: dict[str, Way] = {
    "right": lambda visit: visit.check("rights=access", "rights=erasure"),
    "unsure": lambda visit: visit.check("rights=not_sure"),
    "who": _who,
    "details": lambda visit: visit.fill(text="Jeg kjøpte reservedeler i 2023.\n\nDet gjelder også nyhetsbrevet."),
    "contact": _contact,
}


def _then(way: Way, *more: Way) -> Way:
    def go(visit: Visit) -> None:
        for one in (way, *more):
            one(visit)

    return go


def _send(visit: Visit) -> None:
    visit.send()


def _write(**values: str) -> Way:
    return lambda visit: visit.fill(**values)


def _case(name: str, *more: Way) -> Way:
    """Open a case by its link; `{nb}` in its name becomes the language."""
    return _then(lambda visit: visit.open_case(name.replace("{nb}", visit.language)), *more)


def _reply(text: str) -> Way:
    def go(visit: Visit) -> None:
        visit.fill(text=text)
        visit.send("form[action='/s/reply/']")

    return go


def _answer(visit: Visit) -> None:
    visit.open("/s/answer/")


def _ask_for_code(visit: Visit) -> None:
    visit.send("form[action='/s/answer/code/']")


def _type_code(visit: Visit, code: str) -> None:
    visit.fill(code=code)
    visit.send("form:has([name=code])")


def _fetch(visit: Visit) -> None:
    """Ask for a code, find it in the mail and give it."""
    before = set(_codes(visit))
    _ask_for_code(visit)
    [new] = eventually(lambda: sorted(set(_codes(visit)) - before), "the mail with the code")
    _type_code(visit, code_in(_codes(visit)[new]))


def _codes(visit: Visit) -> dict[str, str]:
    """The mails that hold a code for the person whose answer is there, by file."""
    found, email = {}, visit.trial.case(f"released_{visit.language}")["email"]
    for path in (visit.trial.installation.var / "sent").glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        if email in str(mail["To"]) and re.search("kode|code", str(mail["Subject"])):
            found[path.name] = text_of(mail)
    return found


def _ask_too_often(visit: Visit) -> None:
    """Ask for codes until there is a pause; it never refuses the answer itself."""
    while visit.page.locator("form[action='/s/answer/code/']").count():
        _ask_for_code(visit)


def _fetch_too_often(visit: Visit) -> None:
    """Fetch the file for programs as often as possible, and once more."""
    file = f"/s/answer/file/{visit.trial.file(f'released_{visit.language}', 'data.json')}/"
    while visit.page.request.get(file).status == 200:
        pass
    visit.open(file)


def _link_of(name: str) -> Way:
    return lambda visit: visit.open(visit.trial.places["identity"][name].removeprefix(visit.trial.url))


def _second_step(page: str = "") -> Way:
    return lambda visit: visit.open(visit.trial.places["second_step"][visit.language] + page)


def _confirm(visit: Visit) -> None:
    _link_of(f"asked_{visit.language}")(visit)
    visit.send()


def _unsubscribe(visit: Visit) -> None:
    visit.open(visit.trial.unsubscribe(visit.language))


def _undo(place: str = "undo") -> Way:
    return lambda visit: visit.open(visit.trial.places[place])


FORM = (
    Stop("start", at("/{nb}/")),
    Stop("right", _step()),
    Stop("right-error", _then(_step(), _send), status=400),
    Stop("who", _step("right")),
    Stop("who-error", _then(_step("right"), _send), status=400),
    Stop("who-another", _then(_step("right"), _for_another, _send), status=400),
    Stop("details", _step("right", "who")),
    Stop("details-needed", _then(_step("unsure", "who"), _send), status=400),
    Stop("details-too-long", _then(_step("right", "who"), _write(text="x" * 20_001), _send), status=400),
    Stop("details-number", _then(_step("right", "who"), _write(text=_NUMBER), _send), status=400),
    Stop("contact", _step("right", "who", "details")),
    Stop("contact-error", _then(_step("right", "who", "details"), _write(email="gro"), _send), status=400),
    Stop("check", _step("right", "who", "details", "contact")),
    Stop("change", _then(_step("right", "who", "details", "contact"), at("/{nb}/request/who/?change=1"))),
    Stop("received", _then(_step("right", "who", "details", "contact"), _send)),
    Stop("expired", at("/{nb}/request/received/"), status=410),
)
LINKS = (
    Stop("link-needed", at("/s/link/")),
    Stop("link-needed-error", _then(at("/s/link/"), _send), status=400),
    Stop("link-sent", _then(at("/s/link/"), _write(email="nobody@example.com"), _send)),
    Stop("open", lambda visit: visit.open(visit.trial.case("new")["link"].removeprefix(visit.trial.url))),
    Stop("open-dead", _then(at(f"/s/{'x' * 32}"), _send), status=410),
    Stop("identity", _link_of("waiting")),
    Stop("identity-new-address", lambda visit: visit.open(visit.trial.places["new_address"])),
    Stop("identity-confirmed", _confirm),
    Stop("identity-second-step", _second_step()),
    Stop("identity-questions", _second_step("/questions")),
    Stop("identity-questions-error", _then(_second_step("/questions"), _send), status=422),
    Stop("identity-sms", _second_step("/sms")),
    Stop("identity-sms-sent", _then(_second_step("/sms"), _send)),
    Stop("identity-dead", at(f"/identity/{'x' * 32}"), status=410),
    Stop("identity-new-link", _then(at(f"/identity/{'x' * 32}"), _send)),
)
MARKETING = (
    Stop("unsubscribe", _unsubscribe),
    Stop("unsubscribed", _then(_unsubscribe, _send)),
    Stop("unsubscribed-again", _then(_unsubscribe, _send, _unsubscribe, _send)),
    Stop("unsubscribe-broken", _then(at(f"/u/{'x' * 60}"), _send), status=410),
    Stop("undo", _undo()),
    Stop("undo-stays", _then(_undo("undo_stays"), _send)),
    Stop("undone", _then(_undo(), _send)),
    Stop("undo-expired", _undo("undo_expired"), status=410),
    Stop("undo-broken", _then(at(f"/undo/{'x' * 60}"), _send), status=410),
)
STATUS = (
    Stop("status-new", _case("new")),
    Stop("status-working", _case("working")),
    Stop("status-waiting", _case("waiting")),
    Stop("status-unsure", _case("unsure")),
    Stop("status-several", _case("several")),
    Stop("status-overdue", _case("overdue")),
    Stop("status-review", _case("review")),
    Stop("status-released", _case("released_{nb}")),
    Stop("status-over", _case("over")),
    Stop("status-error", _case("new", _reply("")), status=400),
    Stop("status-written", _case("new", _reply("Jeg glemte å si at det haster."))),
)
ANSWER = (
    Stop("answer", _case("released_{nb}", _answer)),
    Stop("answer-asked", _case("released_{nb}", _answer, _ask_for_code)),
    Stop("answer-wrong", _case("released_{nb}", _answer, lambda visit: _type_code(visit, "1234")), status=422),
    Stop("answer-files", _case("released_{nb}", _answer, _fetch)),
    Stop("answer-none-left", _case("released_{nb}", _answer, _fetch, _fetch_too_often), status=410),
    Stop("answer-paused", _case("released_{nb}", _answer, _ask_too_often)),
    Stop("answer-over", _case("over", _answer)),
    Stop("answer-none", _case("new", _answer)),
)
SENT = (
    Stop("eid-failed", at("/identity/eid/result")),
    Stop("sent", at("/_sent/")),
    Stop("sent-mail", _then(at("/_sent/"), lambda visit: visit.page.locator("table a").first.click())),
)
STOPS = (*FORM, *LINKS, *MARKETING, *STATUS, *ANSWER, *SENT)
