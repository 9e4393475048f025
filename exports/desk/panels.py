"""The panels that this app puts on the case page (`config.wiring.CASE_PANELS`)."""

from .task_panel import tasks

__all__ = ["tasks"]
