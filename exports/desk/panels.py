"""The panels that this app puts on the case page (`config.wiring.CASE_PANELS`)."""

from .correction_panel import corrections
from .decision_panel import decision
from .erasure_panel import erasure
from .lifting_panel import lifting
from .task_panel import tasks
from .unverified_panel import panel as unverified

__all__ = ["corrections", "decision", "erasure", "lifting", "tasks", "unverified"]
