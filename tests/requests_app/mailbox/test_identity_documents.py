"""A hint where somebody seems to have sent an identity document; everything else is left in peace."""

import pytest

from requests_app.mailbox.identity_documents import numbers_in, suspects


def file(name: str, kind: str = "image/jpeg") -> dict[str, object]:
    """An attachment as an inquiry keeps it."""
    return {"name": name, "content_type": kind, "size": 1}


@pytest.mark.parametrize(
    "name",
    [
        "pass.jpg", "Passkopi Kari.pdf", "kopi_av_passet.jpg", "forerkort.png", "Førerkort_foran.jpg",
        "legitimasjon.pdf", "bankkort.jpg", "ID-kort.jpg", "passport scan.pdf", "drivers_license.png",
        "driving licence.jpg", "leg.pdf", "identity card.pdf", "01019010399.pdf", "körkort.jpg", "id.jpg",
        "Personalausweis.pdf",
    ],
)  # fmt: skip
def test_its_own_name_gives_it_away(name: str) -> None:
    assert suspects([file("avtale.pdf"), file(name)], "Se vedlegg.") == [1]


@pytest.mark.parametrize(
    "name",
    [
        "passasjerliste.pdf", "tilpasset tilbud.pdf", "compass.png", "ideer.pdf", "CV Kari Holm.pdf", "faktura.pdf",
        "bypass.txt", "legend.png", "01019012345.pdf", "identifikasjon av behov.docx", "",
    ],
)  # fmt: skip
def test_other_names_do_not(name: str) -> None:
    assert suspects([file(name)], "Her er det dere ba om.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Jeg legger ved kopi av passet mitt.", "Vedlagt er førerkort.", "Her er et bilde av bankkortet.",
        "Her er passet mitt.", "I attach a copy of my passport.",
        "Enclosed: my driving licence", "Vedlagt følger kopi av legitimasjon.",
    ],
)  # fmt: skip
def test_what_the_text_says_of_it_gives_a_picture_or_a_scan_away(text: str) -> None:
    files = [file("IMG_2041.jpg"), file("scan.pdf", "application/pdf"), file("brev.txt", "text/plain")]
    assert suspects(files, text) == [0, 1]


@pytest.mark.parametrize("text", ["Pass på at dette ikke skjer igjen.", "Det passer fint i morgen.", "Hva koster det?"])
def test_other_words_do_not(text: str) -> None:
    assert suspects([file("IMG_2041.jpg")], text) == []


def test_only_numbers_whose_check_digits_are_right_count() -> None:
    assert numbers_in("01019010399 og 010190 10399", "01019012345, 12345678901") == 2
