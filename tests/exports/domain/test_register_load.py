"""Reading a register: the two files as they are, every mistake with its line, and the way through JSON."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain.register import (
    UNKNOWN,
    Register,
    RegisterError,
    Text,
    Unknown,
    from_json,
    load,
    parse_text,
    same,
    to_json,
)
from exports.domain.register_fields import Kind, Value, all_fields, with_value
from requests_app.domain.enums import Right

from .register_files import POLICY, SMALL, all_ids, ours, policy, small, trial


def problems_of(text: str) -> list[str]:
    """The errors that a file earns."""
    with pytest.raises(RegisterError) as caught:
        parse_text(text, file="r.yaml")
    return [str(problem) for problem in caught.value.problems]


def line_of(fragment: str, text: str) -> int:
    """The number of the first line that holds the fragment."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if fragment in line)


def test_the_policy_loads_as_it_is() -> None:
    register = policy()
    assert all_ids(register) == [f"PA{number:02}" for number in range(1, 12)]
    assert (len(register.data_categories), len(register.systems)) == (8, 12)
    activity = register.activity("PA08")
    assert activity.name == same("Direct marketing and networking")
    assert activity.retention is UNKNOWN
    assert activity.automated_decision_art22 is UNKNOWN
    assert register.activity("PA07").profiling is True
    assert register.activity("PA04").source_systems == ("mailbox", UNKNOWN)
    assert register.activity("PA09").data_categories == (UNKNOWN,)
    objection = register.activity("PA01").rights[-1]
    assert (objection.right, objection.when) == (Right.OBJECTION, same("basis is 6(1)(f)"))
    assert register.controller.response_promise is not None
    assert register.controller.response_promise.days == 30


def test_what_a_policy_admits_to_be_incomplete_is_taken_at_its_word() -> None:
    register = policy()
    incomplete = {
        activity.id: [text.en for text in activity.recipients if isinstance(text, Text) and text.incomplete]
        for activity in register.activities
    }
    assert {key: value for key, value in incomplete.items() if value} == {
        "PA01": ["service providers (unnamed)"],
        "PA04": ["service providers (unnamed)"],
        "PA06": ["with consent: Google Ads, Facebook, Bing, any other advertising providers"],
        "PA07": ["several others possible"],
    }
    retention = register.activity("PA11").retention
    assert isinstance(retention, Text)
    assert retention.incomplete


def test_an_id_that_no_task_could_hold_is_refused() -> None:
    name = "d" * 65
    text = POLICY.read_text(encoding="utf-8").replace("dynamics", name)
    assert f"systems.{name}.id: must have at most 64 characters, not 65" in problems_of(text)[0]


def test_what_is_incomplete_in_norwegian_only_is_so_too() -> None:
    kept = "{en: until somebody says otherwise, nb: ukjent hvor lenge}"
    text = SMALL.replace("{en: five years, nb: fem år}", kept, 1)
    retention = parse_text(text).activities[0].retention
    assert isinstance(retention, Text)
    assert retention.incomplete


def test_ours_says_what_the_policy_says() -> None:
    ours_, policy_ = ours(), policy()
    assert [system.id for system in ours_.systems] == [system.id for system in policy_.systems]
    for mine, theirs in zip(ours_.activities, policy_.activities, strict=True):
        assert mine.id == theirs.id
        assert mine.data_categories == theirs.data_categories
        assert mine.source_systems == theirs.source_systems
        assert [rule.right for rule in mine.rights] == [rule.right for rule in theirs.rights]
        assert [bool(rule.when) for rule in mine.rights] == [bool(rule.when) for rule in theirs.rights]
        assert mine.derived.art11_likely == theirs.derived.art11_likely
        assert mine.profiling == theirs.profiling
    unknown = {path for path, value in flat(ours_) if value == "unknown"}
    assert unknown == {path for path, value in flat(policy_) if value == "unknown"}


def test_ours_speaks_both_languages() -> None:
    """The same wording in both is a name, an address or a number, never a sentence left untranslated."""
    untranslated = {
        value["en"] for _, value in flat(ours()) if isinstance(value, dict) and value.get("en") == value.get("nb")
    }
    assert untranslated == {
        *("Optimar", "info@optimar.no", "Microsoft Dynamics", "HubSpot", "Google Analytics", "Google Ads"),
        *("Google Marketing Platform", "Facebook (Meta)", "Microsoft Bing", "LinkedIn", "Facebook", "inferred"),
        *("Google (Analytics)", "Microsoft (Dynamics)", "personopplysningsloven § 16"),
    }


def flat(register: Register) -> list[tuple[str, object]]:
    """Every value of the JSON with its path, each text as one, lists of parts opened by id."""

    def walk(path: str, data: object) -> list[tuple[str, object]]:
        if isinstance(data, dict) and "en" not in data:
            return [leaf for key, part in data.items() for leaf in walk(f"{path}.{key}", part)]
        if isinstance(data, list):
            names = [part.get("id", "") if isinstance(part, dict) else "" for part in data]
            return [leaf for name, part in zip(names, data, strict=True) for leaf in walk(f"{path}.{name}", part)]
        return [(path, data)]

    data = to_json(register)
    return [leaf for key in ("controller", "data_categories", "systems", "activities") for leaf in walk(key, data[key])]


SPOILT = [
    ("id: shop,", "id: shop, nmae: x,", "systems.shop.nmae: is no key of this place (did you mean name?)"),
    ("    retention: {en: five", "    retenton: {en: five", "activities.A1.retenton: is no key of this place (did you"),
    (
        "source_systems: [shop]",
        "source_systems: [shpo]",
        'no system has the id "shpo" (did you mean shop?)',
    ),
    (
        "data_categories: [contact]",
        "data_categories: [contacts]",
        'no data category has the id "contacts" (did',
    ),
    (
        "[access, erasure]",
        "[access, erazure]",
        'no right has the code "erazure" (did you mean erasure?)',
    ),
    ("[access, erasure]", "[{when: never}]", "derived.rights: lacks the key right"),
    ("[access, erasure]", "[{right: access, when: unknown}]", "derived.rights.when: must be known, or be left out"),
    ("[access, erasure]", "{}", "derived.rights: must be a list, not a mapping"),
    ("outside_eea: false", "outside_eea: [NO]", "transfers.outside_eea: must be a text, or {en: …, nb: …}, not a list"),
    ("{en: five years, nb: fem år}", "{en: five years}", "A1.retention: lacks the key nb"),
    ("{en: five years, nb: fem år}", "{en: unknown, nb: ukjent}", "A1.retention: says nothing: the whole value must"),
    ("{en: five years, nb: fem år}", "no", "A1.retention: must be a text, or {en: …, nb: …}, not yes or no (no)"),
    ("{en: five years, nb: fem år}", "", "A1.retention: must be a text, or {en: …, nb: …}, not empty"),
    ("sources: [{en: you yourself, nb: deg selv}]", "sources: []", "A1.sources: is an empty list: write unknown"),
    ("sources: [{en: you yourself, nb: deg selv}]", "sources: you", "A1.sources: must be a list, not a text"),
    ("id: mailbox, name", "id: shop, name", "systems.shop: the id stands twice (first on line 11)"),
    ("source_systems: [shop]", "source_systems: [shop, shop]", 'A1.source_systems: names "shop" twice'),
    ("  - id: A1", "  - id: A.1", 'activities.A.1.id: must be letters, digits, _ and -, not "A.1"'),
    ("    name: {en: Orders", "    retention: soon\n    name: {en: Orders", "retention: stands twice (first on line"),
    ("register/1", "register/2", 'schema: must be "dsr-processing-register/1", not "dsr-processing-register/2"'),
    ("  rights_contact: post@bakeriet.example\n", "", "controller: lacks the key rights_contact"),
]


@pytest.mark.parametrize("good, bad, message", SPOILT)
def test_a_mistake_is_named_with_its_line(good: str, bad: str, message: str) -> None:
    text = SMALL.replace(good, bad, 1)
    assert text != SMALL
    found = problems_of(text)
    assert len(found) == 1
    assert message in found[0]
    place = found[0].split(" ")[0]
    number = int(place.removeprefix("r.yaml:").rstrip(":"))
    assert 1 <= number <= len(text.splitlines())


def test_the_line_is_the_one_of_the_mistake() -> None:
    text = SMALL.replace("[access, erasure]", "[access, erazure]")
    assert problems_of(text)[0].startswith(f"r.yaml:{line_of('erazure', text)}: activities.A1.derived.rights:")


def test_all_mistakes_are_told_at_once_and_in_the_order_of_the_file() -> None:
    text = SMALL.replace("[shop]", "[shpo]").replace("[contact]", "[kontakt]").replace("Bakeriet AS", '""')
    found = problems_of(text)
    assert [problem.split(": ")[1] for problem in found] == [
        "controller.legal_entity_name",
        "activities.A1.data_categories",
        "activities.A1.source_systems",
    ]


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "r.yaml: the file is empty"),
        ("[a, b]", "r.yaml:1: must be a mapping (key: value), not a list"),
        ("a: [", "r.yaml:1: no valid YAML"),
        ("a: 1\nb: \x07", "r.yaml:2: no valid YAML: character U+0007 is not allowed"),
        ("a: &x {b: c}\nd: *x", "r.yaml:1: aliases (*name) are not supported"),
        ("a: &x [*x]", "r.yaml:1: aliases (*name) are not supported"),
        ("[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_no_register_at_all(text: str, message: str) -> None:
    assert message in "\n".join(problems_of(text))


def test_a_file_that_is_away_or_not_utf8_says_so(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"away\.yaml: the file cannot be read: No such file"):
        load(tmp_path / "away.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("schema: x\nname: Bokmål\n".encode("latin-1"))
    with pytest.raises(RegisterError, match=r"latin\.yaml:2: the file is not UTF-8"):
        load(latin)


@pytest.mark.parametrize("register", [policy, ours, trial, small], ids=["policy", "ours", "trial", "small"])
def test_a_version_survives_the_database(register: object) -> None:
    assert callable(register)
    before = register()
    stored = json.loads(json.dumps(to_json(before), sort_keys=True))
    assert from_json(stored) == before
    assert to_json(from_json(stored)) == to_json(before)


PRINTABLE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40)
WORDS = PRINTABLE.filter(lambda word: word.strip() == word and word.lower() not in ("unknown", "ukjent"))
TEXTS = st.builds(Text, WORDS, WORDS, incomplete=st.booleans(), example=st.booleans())


@given(data=st.data())
def test_any_value_of_any_field_survives_the_database(data: st.DataObject) -> None:
    register = ours()
    for path, field in data.draw(st.lists(st.sampled_from(list(all_fields(register))), max_size=3)):
        register = with_value(register, path, data.draw(value_of_kind(field.kind)))
    assert from_json(json.loads(json.dumps(to_json(register)))) == register


def value_of_kind(kind: Kind) -> st.SearchStrategy[Value]:
    """Any value that a field of this kind may hold."""
    text: st.SearchStrategy[Value] = TEXTS | st.just(UNKNOWN)
    if kind is Kind.TEXT:
        return text
    if kind in (Kind.ANSWER, Kind.YES_NO):
        return st.one_of(text, st.booleans())
    ids = [part.id for part in (ours().systems if kind is Kind.SYSTEMS else ours().data_categories)]
    several: st.SearchStrategy[list[str | Text | Unknown]] = {
        Kind.LIST: st.lists(TEXTS | st.just(UNKNOWN), min_size=1),
        Kind.SYSTEMS: st.lists(st.sampled_from(ids), min_size=1, unique=True),
        Kind.CATEGORIES: st.lists(TEXTS | st.sampled_from(ids), min_size=1),
    }[kind]  # type: ignore[assignment]  # lists of the members that the kind allows
    return several.map(tuple)


def test_stored_data_that_is_no_register_is_refused() -> None:
    data = to_json(small())
    with pytest.raises(RegisterError, match=r"version 7: lacks the key controller"):
        from_json({key: value for key, value in data.items() if key != "controller"}, name="version 7")


@pytest.mark.parametrize("bad", ["", "  ", "Unknown", "ukjent ", "x" * 2001, "bell \x07", "\ud800"])
def test_a_text_must_say_something_printable(bad: str) -> None:
    with pytest.raises(ValueError, match=r"empty|says nothing|longer|cannot be printed"):
        Text(en="good", nb=bad)


def test_a_text_speaks_two_languages() -> None:
    text = Text(en="five years", nb="fem år")
    assert (text.in_language("en"), text.in_language("nb")) == ("five years", "fem år")
    with pytest.raises(ValueError, match="not sv"):
        text.in_language("sv")
