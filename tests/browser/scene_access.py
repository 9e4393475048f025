"""A shielded case, systems with owners, and a link that was sent to one of them."""

from exports.services import ownership
from identity.models import User
from requests_app.domain import tokens
from requests_app.domain.enums import Right
from requests_app.keyring import ring
from requests_app.models import Case, Message
from requests_app.services import shield

from .scene_acts import form, manual


def lay(handler: User, decides: User, owner: User) -> tuple[dict[str, Case], str]:
    """Return the cases, and the link to a task of one of them."""
    shielded = form("Gro Vangsnes", "gro.vangsnes@example.com", Right.ACCESS)
    shield.shield(shielded.pk, [handler.pk, decides.pk], "Hun arbeider her.", actor=decides.as_actor(), user=decides)
    owned = form("Nils Tveit", "nils.tveit@example.com", Right.ACCESS)
    own, linked = manual(owned)[:2]
    actor = decides.as_actor()
    ownership.name_owner(own.system, user_id=owner.pk, email="", actor=actor)
    ownership.name_owner(linked.system, user_id=None, email="drift@leverandor.example", actor=actor)
    link = ownership.send(linked.pk, actor=handler.as_actor())
    mail = Message.objects.get(to_address=link.sent_to)
    (secret,) = mail.secrets.values()
    return {"shielded": shielded, "owned": owned}, tokens.reveal(ring(), tokens.Secret(**secret))
