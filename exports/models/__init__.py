"""One subject a file; no workflow in models."""

from .bundle import Bundle, BundleFile, Download
from .complaint_scope import ComplaintScope
from .concerned_register import ConcernedRegister
from .erasure import ErasureLine, ErasurePlan
from .lifting import Lifting
from .ownership import SystemOwner, TaskLink
from .rectification import Correction
from .register import CUSTOMERS, RegisterSetUp, RegisterVersion
from .task import SystemTask

__all__ = [
    "CUSTOMERS",
    "Bundle",
    "BundleFile",
    "ComplaintScope",
    "ConcernedRegister",
    "Correction",
    "Download",
    "ErasureLine",
    "ErasurePlan",
    "Lifting",
    "RegisterSetUp",
    "RegisterVersion",
    "SystemOwner",
    "SystemTask",
    "TaskLink",
]
