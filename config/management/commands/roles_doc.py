"""`manage.py roles_doc`: docs/roles.md, drawn from the table of roles and the table of pages."""

from collections.abc import Iterable, Iterator

from config.roles import PAGES, Door, Need
from requests_app.domain.enums import Role
from requests_app.management.drawn_page import DrawnPage
from requests_app.permissions import TABLE, Permission

MEANING: dict[Permission, str] = {
    Permission.VIEW_CASES: "read cases, and what came in for them",
    Permission.VIEW_MASKED: "read cases without the persons in them",
    Permission.SORT: "read and sort what comes in",
    Permission.WRITE: "write to people, and notes",
    Permission.ASSIGN: "give a case to a handler",
    Permission.ASK_IDENTITY: "ask who somebody is",
    Permission.KEEP_CLOCK: "ask what is meant, correct the receipt",
    Permission.WORK_TASKS: "search and change systems",
    Permission.WORK_OWN_TASKS: "answer the tasks of one's own systems",
    Permission.DECIDE: "prepare answers, deletions, extensions, fees",
    Permission.RELEASE: "release what somebody else prepared",
    Permission.OVERRIDE: "let an answer go with a part missing",
    Permission.EXTEND: "approve extensions and fees",
    Permission.SHIELD: "leave a case to named readers, and say whom of the staff it is about",
    Permission.SEE_LOOKS: "see who has looked at a case",
    Permission.ADVISE: "record the advice of the data protection officer",
    Permission.VIEW_REGISTER: "read the register and the settings of the organisation",
    Permission.EDIT_REGISTER: "fill in the register",
    Permission.EDIT_TEXTS: "write the letters",
    Permission.EDIT_ORGANISATION: "change the settings of the organisation",
    Permission.NAME_EMERGENCY: "name the one approver outside the team, by a link that goes to them alone",
    Permission.MANAGE_STAFF: "give and take away accounts and roles",
}


class Command(DrawnPage):
    """Write the page, or print it."""

    help = "Write docs/roles.md from the tables of roles and pages."
    name = "roles"

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        return lines()


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield "# Who may do what"
    yield ""
    yield "Drawn from `requests_app/permissions.py` and `config/roles.py` by `manage.py roles_doc`; do not edit."
    yield "`tests/config/test_roles.py` calls every address below as every role, as somebody who is not logged in, as"
    yield "somebody without the second factor, and with every token of the API. Whoever has several roles may do what"
    yield "any of them may. Steps of a request have a table of their own, [lifecycle.md](lifecycle.md); nobody approves"
    yield "what they prepared, whatever their roles, and the database refuses it too."
    yield ""
    yield _line(["", *(role.value.replace("_", " ") for role in Role)])
    yield _line(["---", *(":-:" for _ in Role)])
    for permission in Permission:
        yield _line([MEANING[permission], *("●" if permission in TABLE[role] else "" for role in Role)])
    yield ""
    yield "## Every address"
    yield ""
    yield _line(["address", "opens to", "of the roles"])
    yield _line(["---"] * 3)
    for name, need in PAGES.items():
        yield _line([f"`{name}`", _words(need), ", ".join(_roles(need))])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(need: Need) -> str:
    return need.value if isinstance(need, Door) else " or ".join(MEANING[one] for one in need)


def _roles(need: Need) -> list[str]:
    if isinstance(need, Door):
        return []
    return [role.value.replace("_", " ") for role in Role if TABLE[role].intersection(need)]
