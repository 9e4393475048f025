"""What each right asks of the systems, before anybody has decided anything."""

from requests_app.domain.enums import Right

from .enums import TaskAction

PLANNED: dict[Right, TaskAction] = {
    Right.ACCESS: TaskAction.READ,
    Right.PORTABILITY: TaskAction.READ,
    # What is wrong, or is to go, has to be found first; correcting and deleting are planned from what was found.
    Right.RECTIFICATION: TaskAction.READ,
    Right.ERASURE: TaskAction.READ,
    Right.RESTRICTION: TaskAction.RESTRICT,
    # While an objection is weighed the data is only stored (Art. 18(1)(d)).
    Right.OBJECTION: TaskAction.RESTRICT,
    Right.CONSENT_WITHDRAWAL: TaskAction.WITHDRAW,
    Right.MARKETING_OBJECTION: TaskAction.WITHDRAW,
}
"""The first task in every system that the right concerns; the rights that are not here need no system."""

WORKING_DAYS: dict[TaskAction, int] = {TaskAction.WITHDRAW: 3}
"""Working days after receipt by which a task is due, where it is not the ten of a search: marketing stops at once."""
