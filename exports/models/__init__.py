"""One subject a file; no workflow in models."""

from .bundle import Bundle, BundleFile, Download
from .register import RegisterVersion
from .task import SystemTask

__all__ = ["Bundle", "BundleFile", "Download", "RegisterVersion", "SystemTask"]
