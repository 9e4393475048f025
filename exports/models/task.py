"""What has to be done in which system for a request."""

from django.conf import settings
from django.db import models

from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.domain.erasure_order import CHANGES
from requests_app.domain.enums import Right
from requests_app.models import DataSubjectRequest
from requests_app.models.fields import choice_field, one_of

from .erasure import ErasurePlan


class SystemTaskQuerySet(models.QuerySet["SystemTask"]):
    """Filters that read like the staff's words."""

    def found_by_hand(self) -> "SystemTaskQuerySet":
        """Searches in which a member of staff, not a connector, found something."""
        return self.filter(action=TaskAction.READ.value, state=TaskState.DONE.value, done_by__isnull=False)


class SystemTask(models.Model):
    """One action in one system. Its result is an encrypted file; the row keeps counts and hashes only.

    What carries out a deletion belongs to its `plan`, and stays with it when another plan follows.
    `round` counts how often the question was put anew; an answer to an older round is not taken any more.
    `fault` is the code of what went wrong last (`exports.connectors.base.Fault`), `error` its technical line,
    `fault_place` the collection or field it is about.
    `begun_at` is written before a system is changed: if the worker dies, a second run that finds nothing left knows
    that the first did the work. `verified_at`: a second look-up proved it. `finishes_on`: by when the vendor says that
    something ordered (`accepted`) is done; `ordered_at`: when it was ordered, once it is done and `done_at` says when.
    `ground` and `kept_until` say why and how long `kept` data stays; where that is a `duty` of the register, the end is
    computed from `newest_on`, the day of its newest document.
    `announced` is what a connector was about to delete, written before the system committed it: collection, measure,
    number of rows, activities.
    `otherwise` counts the rows that a deletion treated otherwise than planned, by measure: what stays refers to them.
    `emptied` says which fields of rows that stay are empty since then, by labels and counts (`services.emptied`).
    `cannot_identify` says of `not_found` that nothing in the system can be tied to the person (Art. 11).
    """

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="tasks")
    plan = models.ForeignKey(ErasurePlan, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    system = models.CharField(max_length=64)
    system_name = models.CharField(max_length=200)
    action = choice_field(TaskAction, default=TaskAction.READ)
    mode = choice_field(TaskMode)
    state = choice_field(TaskState, default=TaskState.OPEN)
    activities = models.JSONField(default=list)
    due_on = models.DateField()
    round = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=32, blank=True)
    error = models.CharField(max_length=300, blank=True)
    fault_place = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=0)
    otherwise = models.JSONField(default=dict)
    announced = models.JSONField(default=list)
    emptied = models.JSONField(default=list)
    truncated = models.BooleanField(default=False)
    cannot_identify = models.BooleanField(default=False)
    result_file = models.CharField(max_length=200, blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True)
    evidence_file = models.CharField(max_length=200, blank=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    evidence_type = models.CharField(max_length=100, blank=True)
    extracted_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    finishes_on = models.DateField(null=True, blank=True)
    ordered_at = models.DateTimeField(null=True, blank=True)
    ground = models.CharField(max_length=32, blank=True)
    kept_until = models.DateField(null=True, blank=True)
    duty = models.CharField(max_length=64, blank=True)
    newest_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="done_tasks"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SystemTaskQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="task_once", fields=["dsr", "system", "action"], condition=models.Q(plan__isnull=True)
            ),
            models.UniqueConstraint(name="task_once_a_plan", fields=["plan", "system", "action"]),
            one_of("task_action", "action", TaskAction),
            one_of("task_mode", "mode", TaskMode),
            one_of("task_state", "state", TaskState),
            models.CheckConstraint(
                name="task_cannot_identify_means_not_found",
                condition=models.Q(cannot_identify=False) | models.Q(state=TaskState.NOT_FOUND.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} in {self.system}: {self.state}"

    @property
    def is_part_of_deletion(self) -> bool:
        """Whether it carries out the plan of a deletion; a restriction can also be asked for by itself."""
        return self.dsr.right == Right.ERASURE and self.action in set(CHANGES)
