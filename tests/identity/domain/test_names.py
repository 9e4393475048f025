"""One name in many spellings, and names that are not one."""

import pytest

from identity.domain.names import LegalName, agree

KARI = LegalName(given="Kari Anne", family="Holm")

SAME = [
    ("Kari Holm", KARI),
    ("kari holm", KARI),
    ("KARI ANNE HOLM", KARI),
    ("Holm, Kari", KARI),
    ("Kari  Anne-Holm", KARI),
    ("Kari Berg Holm", LegalName(given="Kari", family="Berg Holm")),
    ("Kari Holm", LegalName(given="Kari", family="Berg Holm")),
    ("Kari Berg", LegalName(given="Kari", family="Berg Holm")),
    ("Kari Anne Holm", LegalName(given="Kari", family="Holm")),
    ("Anne Marie Holm", LegalName(given="Anne-Marie", family="Holm")),
    ("Anne-Marie Holm", LegalName(given="Anne Marie", family="Holm")),
    ("Bjoern Aasen", LegalName(given="Bjørn", family="Åsen")),
    ("Bjorn Asen", LegalName(given="Bjørn", family="Åsen")),
    ("Bjørn Åsen", LegalName(given="BJOERN", family="AASEN")),
    ("Bjørn A\u030asen", LegalName(given="Bjørn", family="Åsen")),
    ("Saether Oddny", LegalName(given="Oddny", family="Sæther")),
    ("Jorgen Muller", LegalName(given="Jørgen", family="Müller")),
    ("Øystein O'Neill", LegalName(given="Oystein", family="O’Neill")),
    ("Kari Holm", LegalName(whole="Kari Anne Holm")),
    ("Kari Holm", LegalName(whole="HOLM, KARI ANNE")),
    ("Renée Dahl", LegalName(whole="Renee Dahl")),
]

OTHERS = [
    ("Kari Anne", KARI),
    ("Kari", KARI),
    ("Holm", KARI),
    ("", KARI),
    ("K. Holm", KARI),
    ("Anne Holm", KARI),
    ("Kari Marie Holm", KARI),
    ("Ola Holm", KARI),
    ("Kari Holmen", KARI),
    ("Kari Kari", KARI),
    ("Kari Holm Holm", LegalName(given="Kari", family="Berg")),
    ("Kari Holm", LegalName()),
    ("Kari Holm", LegalName(whole="Kari")),
    ("Kari Holm", LegalName(given="Kari")),
    ("Kari Holm", LegalName(given="12", family="34")),
    ("Kari Holm", LegalName(whole="Kari Holm Berg")),
    ("Kari Holm " * 50, KARI),
]


@pytest.mark.parametrize("asked, legal", SAME)
def test_the_same_name(asked: str, legal: LegalName) -> None:
    assert agree(asked, legal)


@pytest.mark.parametrize("asked, legal", OTHERS)
def test_another_name_or_too_little_of_one(asked: str, legal: LegalName) -> None:
    assert not agree(asked, legal)


def test_a_name_shows_nowhere_by_itself() -> None:
    assert "Holm" not in repr(KARI)
