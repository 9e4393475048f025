"""The panels that this app puts on the case page (`config.wiring.CASE_PANELS`)."""

from .decision_panel import decision
from .task_panel import tasks

__all__ = ["decision", "tasks"]
