"""Composition root: the only package that knows all three apps."""

from .celery import app as celery_app

__all__ = ["celery_app"]
