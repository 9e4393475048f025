"""A hint where somebody seems to have sent an identity document; everything else is left in peace."""

import pytest

from requests_app.mailbox.identity_documents import numbers_in, suspects, to_hold


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


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Passkopi Kari.pdf", "application/pdf"), ("pass.jpg", "image/jpeg"), ("førerkort_foran.heic", "image/heic"),
        ("Førerkort.jpg", "image/jpeg"),  # as a Mac writes it
        ("bankkort.png", "image/png"), ("id-kort.jpg", "image/jpeg"), ("passport_scan.pdf", "application/pdf"),
        ("Driver's licence.jpg", "image/jpeg"), ("drivers_license.png", "image/png"), ("ID.pdf", "application/pdf"),
        ("proof of identity.pdf", "application/pdf"), ("körkort.jpg", "image/jpeg"), ("kørekort.jpg", "image/jpeg"),
        ("pas.jpg", "image/jpeg"), ("Personalausweis.pdf", "application/pdf"), ("Führerschein.jpg", "image/jpeg"),
        ("passeport.jpg", "image/jpeg"), ("01819010001.pdf", "application/pdf"),
    ],
)  # fmt: skip
def test_a_picture_or_scan_that_is_called_one_is_hidden(name: str, kind: str) -> None:
    assert to_hold([file("avtale.pdf", "application/pdf"), file(name, kind)], "Se vedlegg.") == [1]


@pytest.mark.parametrize(
    "name",
    [
        "passord.png", "idé.pdf", "ide\u0301.pdf", "passer.jpg", "grid.png", "compass.jpg", "video.jpg",
        "boarding pass.pdf", "cookie_id.png", "kunde-id.pdf", "order id 4711.pdf", "id-nummer.pdf", "legend.png",
        "identitetstyveri anmeldelse.pdf", "brand identity.pdf", "01019010047.pdf", "faktura.pdf", "",
    ],
)  # fmt: skip
def test_what_is_called_otherwise_is_not_hidden(name: str) -> None:
    assert to_hold([file(name)], "Her er det dere ba om.") == []


def test_what_is_neither_picture_nor_scan_is_not_hidden() -> None:
    assert to_hold([file("pass.txt", "text/plain"), file("pass.eml", "message/rfc822")], "Her er passet mitt.") == []


def test_the_words_hide_what_has_no_name_of_its_own_and_leave_the_contract() -> None:
    files = [file("IMG_2041.jpg"), file("avtale med Optimar.pdf", "application/pdf"), file("Scan 2026-11-27.pdf")]
    assert to_hold(files, "Vedlagt kopi av pass.") == [0, 2]
    assert to_hold([file("Kari Holm.pdf", "application/pdf")], "Vedlagt kopi av pass.") == [0]
    assert to_hold([file("Passkopi.pdf", "application/pdf"), file("IMG_2.jpg")], "Vedlagt kopi av pass.") == [0]
    assert to_hold([file("Fullmakt signert.pdf", "application/pdf")], "Vedlagt fullmakt og kopi av pass.") == []
    assert to_hold(files, "Pass på at dere sletter alt. Se vedlegg.") == []
