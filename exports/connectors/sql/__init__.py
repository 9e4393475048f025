"""SQL databases, read by a dataset file."""

from .connector import SqlConnector

__all__ = ["SqlConnector"]
