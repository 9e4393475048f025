"""What each outcome of each right means for the person, and what a ground asks of whoever chooses it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import Outcome, Right
from requests_app.domain.grounds import GROUNDS, Ground

_ALWAYS: dict[Outcome, Promise] = {
    Outcome.PARTLY_FULFILLED: _("Something is left out, or follows later."),
    Outcome.REFUSED: _("Nothing of it is done. The decision-maker releases it."),
    Outcome.NO_DATA: _("Every system was searched, and none holds anything but this case."),
    Outcome.FORWARDED: _(
        "Somebody else decides about this data, and we hold none. Say who, and whether it was sent on."
    ),
    Outcome.WITHDRAWN_BY_REQUESTER: _("The person takes it back. A plain mail confirms it."),
    Outcome.NOT_A_REQUEST: _("It is about something else. A plain mail says so and leaves the door open."),
    Outcome.CLOSED_UNVERIFIED: _("Nobody has shown who asks. A plain mail says so and leaves the door open."),
    Outcome.DUPLICATE: _("The same is asked for in another case, which goes on. A plain mail says so."),
}
_FULFILLED: dict[Right, Promise] = {
    Right.ACCESS: _("The person gets everything we hold."),
    Right.RECTIFICATION: _("Everything that was wrong is corrected."),
    Right.ERASURE: _("Everything is deleted or made anonymous; nothing stays."),
    Right.RESTRICTION: _("All of the data is only stored from now on."),
    Right.PORTABILITY: _("The person gets all that they gave us and all that their use left."),
    Right.OBJECTION: _("The use that the person objects to has ended."),
    Right.AUTOMATED_DECISION: _("A person has reviewed the decision, and the letter says with which result."),
    Right.COMPLAINT: _("The person is right, and it has been put right."),
}
_COMPLAINT: dict[Outcome, Promise] = {
    Outcome.PARTLY_FULFILLED: _("The person is right in part. The findings say in which."),
    Outcome.REFUSED: _("We have looked at the case again, and find that we did right. The decision-maker releases it."),
}


def outcome_help(right: Right) -> dict[str, Promise]:
    """Return a sentence for each outcome, by its value."""
    found = {outcome.value: text for outcome, text in _ALWAYS.items()}
    if right in _FULFILLED:
        found[Outcome.FULFILLED.value] = _FULFILLED[right]
    if right is Right.COMPLAINT:
        found |= {outcome.value: text for outcome, text in _COMPLAINT.items()}
    return found


def ground_help(right: Right) -> dict[str, Promise]:
    """Return what a ground asks for, by its value."""
    asked: dict[Ground, Promise] = {
        Ground.EXCESSIVE: _(
            "Prove it in the reasons: the burden of proof is ours. It does not count that the request takes much work,"
            " that the person is rude, gives no reasons or means to sue us, or that they ask again after a year."
        ),
        Ground.COMPELLING_GROUNDS: _("Weigh them against the person’s interests in the reasons."),
        Ground.RIGHTS_OF_OTHERS: _("Say in the reasons whose rights, and what harm."),
    }
    return {ground.value: asked[ground] for ground in GROUNDS[right] if ground in asked}
