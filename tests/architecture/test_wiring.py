"""Every event is wired, every handler takes exactly the fields of its event, every panel takes what panels take."""

import inspect
from dataclasses import fields

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils.module_loading import import_string

from config.celery import app
from config.checks import all_events, events_are_wired

EVENTS = {event.__name__: event for event in all_events()}


def test_the_checks_find_nothing() -> None:
    assert events_are_wired() == []


def test_the_checks_find_what_is_missing() -> None:
    with override_settings(OUTBOX_HANDLERS={"InquiryReceived": ("requests_app.services.nowhere.at_all",)}):
        problems = {problem.id for problem in events_are_wired()}
    assert problems == {"config.E001", "config.E002"}


@pytest.mark.parametrize(
    "name,handler", [(name, handler) for name, handlers in settings.OUTBOX_HANDLERS.items() for handler in handlers]
)
def test_handlers_take_the_fields_of_their_event(name: str, handler: str) -> None:
    taken = list(inspect.signature(import_string(handler)).parameters)
    assert taken == [field.name for field in fields(EVENTS[name])]


def test_the_timetable_names_tasks_that_the_worker_knows() -> None:
    app.loader.import_default_modules()
    named = {str(line["task"]) for line in app.conf.beat_schedule.values()}
    assert named <= set(app.tasks)


def test_events_carry_identifiers_only() -> None:
    for event in EVENTS.values():
        assert {field.type for field in fields(event)} <= {int, "int", list[int]}, event.__name__
