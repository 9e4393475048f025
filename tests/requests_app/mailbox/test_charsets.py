"""The ladder from bytes to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.mailbox.charsets import decode

RUSSIAN = "Здравствуйте, прошу удалить все мои персональные данные из вашей базы. Спасибо заранее за ответ."
JAPANESE = "お世話になっております。私の個人情報をすべて削除してください。よろしくお願いいたします。"


@pytest.mark.parametrize(
    "text, charset", [(RUSSIAN, "koi8-r"), (RUSSIAN, "cp1251"), (JAPANESE, "shift_jis"), (JAPANESE, "gb18030")]
)
def test_a_declared_charset_is_believed(text: str, charset: str) -> None:
    assert decode(text.encode(charset), charset) == (text, True)


def test_a_missing_charset_is_guessed_and_the_guess_is_admitted() -> None:
    assert decode(JAPANESE.encode("shift_jis")) == (JAPANESE, False)


def test_without_detection_something_still_comes_out() -> None:
    text, _ = decode(RUSSIAN.encode("koi8-r"), detect=False)
    assert len(text) == len(RUSSIAN)


@given(
    st.binary(max_size=200),
    st.sampled_from([None, "utf-8", "utf-7", "idna", "rot13", "hex", "zip", "utf-16", "\x00", "é"]),
)
def test_no_bytes_and_no_name_ever_raise(data: bytes, declared: str | None) -> None:
    text, _ = decode(data, declared)
    assert isinstance(text, str)


@given(st.text(alphabet="abcæøåÆØÅéü ", max_size=4), st.sampled_from(["utf-8", "cp1252"]))
def test_western_text_is_read_whatever_is_declared(text: str, real: str) -> None:
    for declared in (None, "us-ascii", "iso-8859-1", "x-unknown"):
        data = text.encode(real)
        found, whole = decode(data, declared)
        assert (found, whole) == (text, True)
