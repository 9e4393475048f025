"""The settings of the organisation: ours, what may be left open, and every mistake with its line."""

from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from requests_app.domain.organisation import (
    Localised,
    OrganisationError,
    OrganisationSettings,
    load,
)

FILE = Path(__file__).resolve().parents[3] / "config" / "organisation.yaml"


def text() -> str:
    """The file that an installation starts with."""
    return FILE.read_text(encoding="utf-8")


def loaded(content: str) -> OrganisationSettings:
    """The settings of a file `o.yaml` with this content."""
    with TemporaryDirectory() as folder, chdir(folder):
        Path("o.yaml").write_text(content, encoding="utf-8")
        return load(Path("o.yaml"))


def spoilt(good: str, bad: str) -> list[str]:
    """The errors after one change of the file."""
    assert good in text()
    with pytest.raises(OrganisationError) as caught:
        loaded(text().replace(good, bad, 1))
    return [str(problem) for problem in caught.value.problems]


def changed(good: str, other: str) -> OrganisationSettings:
    """The settings after one change of the file."""
    assert good in text()
    return loaded(text().replace(good, other, 1))


def test_ours() -> None:
    settings = load(FILE)
    assert (settings.name, settings.country, settings.time_zone) == ("Optimar", "NO", "Europe/Oslo")
    assert (settings.policy_days, settings.languages) == (30, ("nb", "en"))
    assert settings.rights_contact == settings.from_address == "info@optimar.no"
    assert settings.own_addresses == ("info@optimar.no",)
    assert settings.own_domains == ("optimar.no",)
    assert settings.own_mail_hosts == settings.authserv_ids == ("mx1.optimar.no",)
    unknown = (settings.legal_entity_name, settings.org_number, settings.postal_address)
    assert {*unknown, settings.privacy_page, settings.cookie_page, settings.dpo} == {None}
    assert settings.supervisory_authority.postal_address == "Postboks 458 Sentrum, 0105 Oslo"
    assert settings.supervisory_authority.name.in_language("nb") == "Datatilsynet"


@pytest.mark.parametrize("written", ["NO", '"NO"', "'NO'"])
def test_norway_is_a_country_and_no_denial(written: str) -> None:
    assert changed('country: "NO"', f"country: {written}").country == "NO"


def test_addresses_are_compared_in_lower_case() -> None:
    assert changed("own_addresses: [info@", "own_addresses: [Info@").own_addresses == ("info@optimar.no",)


def test_a_page_may_differ_by_language() -> None:
    settings = changed(
        "privacy_page: unknown", "privacy_page: {nb: https://optimar.example/nb, en: https://optimar.example/en}"
    )
    assert settings.privacy_page == Localised(nb="https://optimar.example/nb", en="https://optimar.example/en")
    with pytest.raises(ValueError, match="sv"):
        settings.privacy_page.in_language("sv")
    assert changed("cookie_page: unknown", "cookie_page:").cookie_page is None


@pytest.mark.parametrize(
    "good, bad, message",
    [
        ("policy_days: 30", "policy_days: thirty", "policy_days: must be a whole number from 1 to 90, not thirty"),
        ("policy_days: 30", "policy_days: 0", "policy_days: must be a whole number from 1 to 90, not 0"),
        ("policy_days: 30", "policy_day: 30", "policy_day: is no key of this place (did you mean policy_days?)"),
        ("time_zone: Europe/Oslo", "time_zone: Europe/Olso", 'no time zone is called "Europe/Olso"'),
        ("time_zone: Europe/Oslo", "time_zone: ../../etc", 'no time zone is called "../../etc"'),
        ('country: "NO"', "country: Norway", 'country: must be a country code of two capital letters, not "Norway"'),
        ('country: "NO"', "country: US", "country: has no table of holidays here, so no date can be computed"),
        ("languages: [nb, en]", "languages: [nb, no]", 'languages: must be nb or en, not "no"'),
        ("languages: [nb, en]", "languages: []", "languages: must not be empty"),
        ("languages: [nb, en]", "languages: nb", "languages: must be a list, not a text"),
        ("languages: [nb, en]", "languages: [nb, nb]", 'languages: names "nb" twice'),
        ("from_address: info@optimar.no", "from_address: info", 'must be an e-mail address, not "info"'),
        (
            "from_address: info@optimar.no",
            "from_address: a@b.example",
            "is neither in own_addresses nor in own_d",
        ),
        ("own_addresses: [info@", "own_addresses: [post@", "rights_contact: info@optimar.no must also stand in own"),
        ("own_domains: [optimar.no]", "own_domains: [optimar]", 'must be a domain (like example.com), not "optimar"'),
        ("own_mail_hosts: [mx1.", "own_mail_hosts: [mx_1.", 'must be the name of a host, not "mx_1.optimar.no"'),
        ("privacy_page: unknown", "privacy_page: javascript:alert(1)", "privacy_page: must be a web address"),
        ("privacy_page: unknown", "privacy_page: 'http://['", "privacy_page: must be a web address"),
        ("privacy_page: unknown", "privacy_page: {nb: https://a.example}", "privacy_page: lacks the key en"),
        ("name: Optimar", "name: unknown", "name: must be known"),
        ("name: Optimar", "name: [Optimar]", "name: must be a text, not a list"),
        ("  website: www.datatilsynet.no", "", "supervisory_authority: lacks the key website"),
        ("organisation/1", "organisation/9", 'schema: must be "datarett-organisation/1"'),
    ],
)
def test_a_mistake_is_named_with_its_line(good: str, bad: str, message: str) -> None:
    found = spoilt(good, bad)
    assert len(found) == 1
    assert found[0].startswith("o.yaml:")
    assert message in found[0]


def test_the_line_is_the_one_of_the_mistake() -> None:
    number = next(i for i, line in enumerate(text().splitlines(), 1) if line.startswith("time_zone"))
    assert spoilt("Europe/Oslo", "Europe/Olso")[0].startswith(f"o.yaml:{number}: time_zone: ")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(OrganisationError) as caught:
        loaded(text().replace("policy_days: 30", "policy_days: x").replace("Europe/Oslo", "Oslo"))
    assert [problem.key for problem in caught.value.problems] == ["time_zone", "policy_days"]


def test_a_file_that_is_away_says_so(tmp_path: Path) -> None:
    with pytest.raises(OrganisationError, match=r"away\.yaml: the file cannot be read"):
        load(tmp_path / "away.yaml")


def test_corrections_are_kept_only_if_somebody_says_so() -> None:
    assert not load(FILE).keeps_corrections
    assert not changed("keeps_corrections: no\n", "").keeps_corrections
    assert changed("keeps_corrections: no", "keeps_corrections: yes").keeps_corrections
    assert (
        "keeps_corrections: must be yes or no, not a text" in spoilt("keeps_corrections: no", "keeps_corrections: x")[0]
    )


def test_questions_about_own_data_are_off_unless_somebody_wants_them() -> None:
    assert not load(FILE).asks_own_data
    assert not changed("asks_own_data: no\n", "").asks_own_data
    assert changed("asks_own_data: no", "asks_own_data: yes").asks_own_data
    assert "asks_own_data: must be yes or no, not a text" in spoilt("asks_own_data: no", "asks_own_data: x")[0]
