"""Records: they come back from storage as they went, and tell nothing to a log."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain.records import (
    ContactChannel,
    FieldValue,
    Hit,
    Instruction,
    Label,
    Origin,
    Outcome,
    QueryLogEntry,
    ReadResult,
    Record,
    Subject,
    ValueNote,
    Withheld,
)
from exports.domain.records_json import from_json, to_json

# Any text a system may hold, half surrogate pairs and all.
TEXTS = st.text(st.characters(), max_size=20)
LABELS = st.builds(Label, en=TEXTS, nb=TEXTS)
TIMES = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)
FIELDS = st.builds(
    FieldValue,
    name=TEXTS,
    label=LABELS,
    value=st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    category=TEXTS,
    origin=st.none() | st.sampled_from(Origin),
    note=st.none() | st.sampled_from(ValueNote),
    withheld=st.none() | st.sampled_from(Withheld),
)
RECORDS = st.builds(
    Record,
    system=TEXTS,
    collection=TEXTS,
    key=TEXTS,
    label=LABELS,
    fields=st.lists(FIELDS, max_size=4).map(tuple),
    activities=st.lists(TEXTS, max_size=2).map(tuple),
    since=st.none() | TIMES,
)
RESULTS = st.builds(
    ReadResult,
    system=TEXTS,
    outcome=st.sampled_from(Outcome),
    extracted_at=TIMES,
    records=st.lists(RECORDS, max_size=3).map(tuple),
    query_log=st.lists(st.builds(QueryLogEntry, TEXTS, st.integers(0), st.booleans()), max_size=3).map(tuple),
    searched_by=st.lists(TEXTS, max_size=2).map(tuple),
    assumed_zone=TEXTS,
    instruction=st.none() | st.builds(Instruction, LABELS, st.integers(1, 60)),
)
LABEL = Label("Name", "Navn")


@given(RESULTS)
def test_a_result_comes_back_as_it_went(result: ReadResult) -> None:
    text = to_json(result)
    back = from_json(text)
    assert back == result
    assert [type(f.value) for r in back.records for f in r.fields] == [
        type(f.value) for r in result.records for f in r.fields
    ]
    assert to_json(back) == text
    assert text.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"schema": "another/1"}',
        "not json, ola@example.com",
        '{"schema":"datarett-read-result/1","system":"ola@example.com"}',
    ],
)
def test_anything_else_is_refused_without_a_word_of_it(text: str) -> None:
    with pytest.raises(ValueError, match="no result of schema") as caught:
        from_json(text)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "ola@" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("outcome",), "excellent"),
        (("extracted_at",), "2026-01-01T00:00:00"),
        (("extracted_at",), "soon"),
        (("records",), 7),
        (("records", 0, "fields", 0, "value"), [1]),
        (("records", 0, "fields", 0, "value"), float("nan")),
        (("records", 0, "label"), {"en": "x"}),
        (("query_log", 0, "column"), "x"),
    ],
)
def test_a_damaged_result_is_refused(path: tuple[str | int, ...], value: object) -> None:
    record = Record("shop", "people", "1", LABEL, (FieldValue("name", LABEL, "Ola"),))
    log = (QueryLogEntry("people", 1),)
    now = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    whole = ReadResult(system="shop", outcome=Outcome.DONE, extracted_at=now, records=(record,), query_log=log)
    data = json.loads(to_json(whole))
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(ValueError, match="no result of schema"):
        from_json(json.dumps(data))


def test_a_subject_drops_what_finds_nobody() -> None:
    subject = Subject(
        emails=(" ola@example.com", "ola@example.com ", "", "  "),
        phones=("\t",),
        customer_numbers=("K-1",),
        others=(("cookie", " x "), ("cookie", ""), ("", "y"), ("cookie", "x")),
    )
    assert subject.emails == ("ola@example.com",)
    assert (subject.phones, subject.others) == ((), (("cookie", "x"),))
    assert subject.kinds == ("email", "customer_number", "cookie")
    assert subject.values_of("phone_number") == ()
    assert subject.values_of("cookie") == ("x",)
    assert subject.values_of("unheard-of") == ()


def test_nothing_personal_shows() -> None:
    since = datetime(2024, 5, 17, tzinfo=timezone(timedelta(hours=2)))
    secret = "Ola Hemmelig"
    shown = [
        Subject(emails=(secret,), others=(("cookie", secret),)),
        Hit("shop", "people", secret, ContactChannel.EMAIL, secret, since),
        FieldValue("name", LABEL, secret),
        Record("shop", "people", secret, LABEL, (FieldValue("name", LABEL, secret),), since=since),
        ReadResult(
            system="shop",
            outcome=Outcome.DONE,
            extracted_at=since,
            records=(Record("shop", "people", secret, LABEL, (FieldValue("name", LABEL, secret),)),),
        ),
    ]
    for thing in shown:
        assert secret not in repr(thing)
        assert secret not in str(thing)
        assert secret not in f"{thing}"


def test_times_are_kept_in_utc_and_must_have_a_zone() -> None:
    oslo = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    hit = Hit("shop", "people", "1", ContactChannel.EMAIL, "x", oslo)
    assert hit.since is not None
    assert hit.since.isoformat() == "2026-07-01T10:00:00+00:00"
    naive = datetime(2026, 7, 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="no time zone"):
        Hit("shop", "people", "1", ContactChannel.EMAIL, "x", naive)
    with pytest.raises(ValueError, match="no time zone"):
        ReadResult(system="shop", outcome=Outcome.DONE, extracted_at=naive)


@pytest.mark.parametrize("value", [b"x", [1], {"a": 1}, float("inf"), float("nan"), object()])
def test_a_value_must_fit_into_json(value: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        FieldValue("x", LABEL, value)  # type: ignore[arg-type]


def test_labels_speak_two_languages() -> None:
    assert (LABEL.in_language("en"), LABEL.in_language("nb")) == ("Name", "Navn")
    with pytest.raises(ValueError, match="not sv"):
        LABEL.in_language("sv")
