"""Where to search, and which activities concern the person found there."""

import pytest

from exports.domain.register import activities_concerning, search_plan, unsearchable

from .register_files import ours

EVERYWHERE = [
    *("website", "dynamics", "hubspot", "ga", "google_ads", "gmp", "meta", "bing", "linkedin", "other_ads"),
    "mailbox",
]


def test_access_searches_every_system_but_our_own_in_register_order() -> None:
    plan = search_plan(ours(), "access")
    assert [search.system_id for search in plan] == EVERYWHERE
    assert plan[0].activities == ("PA01", "PA03", "PA08")
    assert plan[-1].activities == ("PA04", "PA10")


@pytest.mark.parametrize(
    "right, systems",
    [
        ("erasure", EVERYWHERE),
        ("rectification", ["website", "dynamics", "hubspot", "mailbox"]),
        ("portability", ["website", "dynamics", "hubspot", "google_ads", "gmp", "meta", "bing", "linkedin", "mailbox"]),
        ("automated_decision", []),
    ],
)
def test_another_right_searches_where_it_applies(right: str, systems: list[str]) -> None:
    assert [search.system_id for search in search_plan(ours(), right)] == systems


def test_what_cannot_be_searched_is_told() -> None:
    assert unsearchable(ours(), "access") == ["PA02", "PA04", "PA09", "PA11"]
    assert unsearchable(ours(), "portability") == ["PA04"]


def test_a_wrong_right_is_an_error() -> None:
    with pytest.raises(ValueError, match="acces"):
        search_plan(ours(), "acces")


@pytest.mark.parametrize(
    "systems, activities",
    [
        ([], ["PA10"]),
        (["website"], ["PA01", "PA03", "PA08", "PA10"]),
        (["hubspot", "ga"], ["PA05", "PA06", "PA08", "PA10"]),
        (["mailbox"], ["PA04", "PA10"]),
    ],
)
def test_the_activities_of_the_systems_with_hits_concern_the_person(systems: list[str], activities: list[str]) -> None:
    assert activities_concerning(ours(), systems) == activities


def test_a_system_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="hubspott"):
        activities_concerning(ours(), ["hubspott"])
