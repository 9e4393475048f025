"""A text that somebody wrote who is no programmer: what it may say, and how it is told what is wrong."""

import pytest

from requests_app.domain.letters import LETTERS
from requests_app.domain.letters.language import LONGEST, Fault, faults

ACKNOWLEDGEMENT, ORDERS = LETTERS["acknowledgement"], LETTERS["orders_done"]


@pytest.mark.parametrize(
    "text",
    [
        "Hei {{ case.person_name }}",
        "{{case.reference|lower}} {{ organisation.name|capfirst }}",
        "Senest {{ due_on|date:'j. F Y \\k\\l. H.i' }}.",
        "{{ rights|join:', ' }} {{ rights|join:\" og \"|upper }}",
        "{% for right in rights %}- {{ right }}\n{% endfor %}",
        "{% if rights %}a{% elif not stopped and erasure or privacy_url == 'x' %}b{% else %}c{% endif %}",
        "{% if a_day %}{% endif %}".replace("a_day", "due_on"),
        "{# til oss selv #}Hei",
    ],
)
def test_what_is_declared_can_be_written(text: str) -> None:
    assert faults(text, ACKNOWLEDGEMENT, "body") == []


def test_a_list_of_several_things_each_is_gone_through_with_their_names() -> None:
    assert faults("{% for system, day in orders %}{{ system }} {{ day|date:'j. F' }}{% endfor %}", ORDERS, "body") == []
    assert faults("{% for one in orders %}{{ one }}{% endfor %}", ORDERS, "body") == [
        Fault("loop_names", 1, "for system, day in orders")
    ]
    assert faults("{{ orders|join:', ' }}", ORDERS, "body") == [Fault("only_loop", 1, "orders")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Hei\n{{ nobody }}", Fault("unknown_name", 2, "nobody")),
        ("{{ settings }}", Fault("unknown_name", 1, "settings")),
        ("{{ case.person_email }}", Fault("unknown_name", 1, "case.person_email")),
        ("{{ case.messages.all }}", Fault("unknown_name", 1, "case.messages.all")),
        ("{{ case.reference.__class__ }}", Fault("unreadable", 1, "case.reference.__class__")),
        ("{{ due_on.year }}", Fault("unknown_name", 1, "due_on.year")),
        ("{% if organisation.pk %}x{% endif %}", Fault("unknown_name", 1, "organisation.pk")),
        ("{{ case }}", Fault("unknown_name", 1, "case")),
        ('{% include "base.html" %}', Fault("tag", 1, "include")),
        ("{% load i18n %}", Fault("tag", 1, "load")),
        ("{% debug %}", Fault("tag", 1, "debug")),
        ("{% autoescape off %}", Fault("tag", 1, "autoescape")),
        ("{% now 'Y' %}", Fault("tag", 1, "now")),
        ("{{ link|safe }}", Fault("filter", 1, "safe")),
        ("{{ link|date:'Y' }}", Fault("filter", 1, "date")),
        ("{{ due_on|date }}", Fault("filter", 1, "date")),
        ("{{ link|lower:link }}", Fault("unreadable", 1, "link|lower:link")),
        ('{{ "x" }}', Fault("unreadable", 1, '"x"')),
        ("{{ secret:link }}", Fault("unreadable", 1, "secret:link")),
        ("{{ erasure }}", Fault("only_condition", 1, "erasure")),
        ("{{ rights }}", Fault("only_loop", 1, "rights")),
        ("a\nb\n{% if erasure %}c", Fault("not_closed", 3, "if")),
        ("{% for right in rights %}x", Fault("not_closed", 1, "for")),
        ("{% endif %}", Fault("not_open", 1, "endif")),
        ("{% if erasure %}{% else %}{% else %}{% endif %}", Fault("not_open", 1, "else")),
        ("{% if erasure %}{% else %}{% elif stopped %}{% endif %}", Fault("not_open", 1, "elif")),
        ("{% if erasure %}{% endif now %}", Fault("unreadable", 1, "endif now")),
        ("{% if %}x{% endif %}", Fault("unreadable", 1, "if ")),
        ("{% if erasure and %}x{% endif %}", Fault("unreadable", 1, "if erasure and")),
        ("{% if erasure|length %}x{% endif %}", Fault("unreadable", 1, "erasure|length")),
        ("{% for x in case.messages %}{% endfor %}", Fault("no_list", 1, "case.messages")),
        ("{% for right in rights reversed %}{% endfor %}", Fault("unreadable", 1, "for right in rights reversed")),
        ("Hei {{ case.reference", Fault("half", 1, "{{")),
        ("Hei\ncase.reference }}", Fault("half", 2, "}}")),
        ("{{ case\n.reference }}", Fault("half", 1, "{{")),
        ("Hei {# aldri slutt", Fault("half", 1, "{#")),
        ("Hei\x00", Fault("unstorable", 1)),
        ("Hei\nKari\ud800", Fault("unstorable", 2)),
        ("   \n ", Fault("empty")),
        ("x" * 1_000_000, Fault("too_long", what=str(LONGEST["body"]))),
    ],
)
def test_everything_else_is_named_with_its_line(text: str, fault: Fault) -> None:
    assert fault in faults(text, ACKNOWLEDGEMENT, "body")


def test_a_passage_cannot_switch_the_reading_off() -> None:
    codes = [fault.code for fault in faults("{% verbatim %}{{ nobody }}{% endverbatim %}", ACKNOWLEDGEMENT, "body")]
    assert codes == ["tag", "unknown_name", "tag"]


def test_loops_do_not_multiply() -> None:
    inner = "{% for right in rights %}x{% endfor %}"
    found = faults(f"{{% for right in rights %}}{inner}{{% endfor %}}", ACKNOWLEDGEMENT, "body")
    assert found == [Fault("loop_in_loop", 1)]


def test_the_item_of_a_loop_is_unknown_behind_it() -> None:
    text = "{% for right in rights %}x{% endfor %}{{ right }}"
    assert faults(text, ACKNOWLEDGEMENT, "body") == [Fault("unknown_name", 1, "right")]


def test_all_faults_are_told_at_once_from_the_top() -> None:
    assert [fault.line for fault in faults("{{ a }}\n{% b %}\n{{ c", ACKNOWLEDGEMENT, "body")] == [1, 2, 3]


def test_a_subject_is_shorter() -> None:
    assert faults("x" * 301, ACKNOWLEDGEMENT, "subject") == [Fault("too_long", what="300")]
