"""The accounts of the demo: one for each part in the work, with a password that this installation alone knows."""

from dataclasses import dataclass

from identity.models import User
from identity.services import second_factor, staff
from requests_app.domain import tokens
from requests_app.domain.enums import Role
from requests_app.keyring import ring

DOMAIN = "optimar.example"
_PURPOSE = "demo-password"
_LENGTH = 20


@dataclass(frozen=True)
class Part:
    """A part in the work: who has it, and what they may do."""

    name: str
    roles: tuple[Role, ...]

    @property
    def email(self) -> str:
        """The address with which they log in."""
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"


HANDLER = Part("Hanne Dahl", (Role.INTAKE, Role.HANDLER))
AWAY = Part("Jon Vik", (Role.HANDLER,))
APPROVER = Part("Arne Berg", (Role.APPROVER,))
DECISION_MAKER = Part("Astrid Moe", (Role.APPROVER, Role.DECISION_MAKER, Role.ADMINISTRATOR))
SYSTEM_OWNER = Part("Siv Lunde", (Role.SYSTEM_OWNER,))
AUDITOR = Part("Nora Lie", (Role.AUDITOR,))
EVERY = (HANDLER, AWAY, APPROVER, DECISION_MAKER, SYSTEM_OWNER, AUDITOR)


def password(part: Part) -> str:
    """Return the password of an account: derived from the keys of this installation, so nothing has to be kept."""
    return tokens.derive_token(ring(), _PURPOSE, part.email, 1)[:_LENGTH]


def make(part: Part) -> User:
    """Return the account of a part, ready to log in; made once."""
    known = User.objects.filter(email=part.email).first()
    if known is not None:
        return known
    _, url = staff.invite(part.email, part.roles)
    user = staff.accept(url.rpartition("/")[2], name=part.name, password=password(part))
    second_factor.check(user, second_factor.begin(user).current_code())
    return user
