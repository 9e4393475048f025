"""Deadline badges, dates and the organisation's texts, in both languages."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from requests_app.templatetags.ui import day, deadline, localised, long_day, moment, stage_color, web_address

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("due", "level", "text"),
    [
        (date(2026, 11, 20), "overdue", "2 days overdue"),
        (date(2026, 11, 21), "overdue", "1 day overdue"),
        (date(2026, 11, 22), "red", "Due today"),
        (date(2026, 11, 23), "red", "1 day left"),
        (date(2026, 11, 25), "red", "3 days left"),
        (date(2026, 11, 26), "yellow", "4 days left"),
        (date(2026, 11, 29), "yellow", "7 days left"),
        (date(2026, 11, 30), "neutral", "8 days left"),
    ],
)
def test_badge_says_how_many_days_and_how_urgent(due: date, level: str, text: str) -> None:
    with translation.override("en"):
        badge = deadline(due, TODAY)
    assert (badge.level, badge.text) == (level, text)


def test_paused_and_answered_go_before_days() -> None:
    overdue = date(2026, 11, 1)
    assert deadline(overdue, TODAY, paused=True).level == "paused"
    assert deadline(overdue, TODAY, paused=True, done=True).level == "done"


def test_badge_counts_from_the_day_in_the_installations_zone() -> None:
    half_past_midnight_in_oslo = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    with time_machine.travel(half_past_midnight_in_oslo, tick=False), translation.override("en"):
        page = Template("{% load ui %}{% deadline_badge due %}").render(Context({"due": TODAY}))
    assert "Due today" in page
    assert 'datetime="2026-11-22"' in page


def test_badge_without_a_deadline_says_so() -> None:
    with translation.override("en"):
        assert "No deadline" in Template("{% load ui %}{% deadline_badge due %}").render(Context({"due": None}))


@pytest.mark.parametrize(
    ("language", "short", "long", "clock"),
    [
        ("nb", "02.12.2026", "2. desember 2026", "03.12.2026 kl. 00.05"),
        ("en", "2 Dec 2026", "2 December 2026", "3 Dec 2026, 00:05"),
    ],
)
def test_dates_as_the_language_writes_them(language: str, short: str, long: str, clock: str) -> None:
    value = date(2026, 12, 2)
    with translation.override(language):
        assert (day(value), long_day(value)) == (short, long)
        assert moment(datetime(2026, 12, 2, 23, 5, tzinfo=UTC)) == clock
        assert day(None) == ""


def test_text_of_the_organisation_in_the_language_of_the_page() -> None:
    pair = {"nb": "Datatilsynet", "en": "the Norwegian Data Protection Authority"}
    with translation.override("nb"):
        assert localised(pair) == "Datatilsynet"
    with translation.override("en"):
        assert localised(pair) == "the Norwegian Data Protection Authority"
        assert localised({"nb": "Bare norsk"}) == "Bare norsk"
    assert (localised({}), localised(None), localised("Optimar")) == ("", "", "Optimar")


def test_links_have_a_scheme() -> None:
    assert web_address("www.example.com") == "https://www.example.com"
    assert web_address("http://example.com/a") == "http://example.com/a"
    assert web_address({}) == ""


def test_unknown_stage_is_neutral() -> None:
    assert (stage_color("released"), stage_color("no such stage")) == ("success", "neutral")


def test_panel_keeps_markup_of_the_page_and_escapes_values() -> None:
    template = Template("{% load ui %}{% panel title=title panel_id='p' %}<b>{{ value }}</b>{% endpanel %}")
    page = template.render(Context({"title": "<i>", "value": "<script>"}))
    assert "<b>&lt;script&gt;</b>" in page
    assert "&lt;i&gt;" in page
    assert 'aria-labelledby="p-heading"' in page


def test_note_never_looks_like_a_message() -> None:
    item = {"when": datetime(2026, 12, 2, tzinfo=UTC), "who": "Hege", "title": "Message", "text": "Hush"}
    with translation.override("en"):
        note, message = (
            render_to_string("components/timeline.html", {"items": [{**item, "kind": kind}]})
            for kind in ("note", "message_out")
        )
    assert "Never sent to the person" in note
    assert "Never sent to the person" not in message
