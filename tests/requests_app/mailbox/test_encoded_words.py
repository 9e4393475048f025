"""Encoded words of headers, well made and badly made."""

import pytest

from requests_app.mailbox.encoded_words import decode


@pytest.mark.parametrize(
    "given, expected",
    [
        ("Hei", "Hei"),
        ("=?utf-8?Q?Fr=C3=A5v=C3=A6r?=", "Fråvær"),
        ("=?windows-1252?Q?Fr=E5v=E6r?= i dag", "Fråvær i dag"),
        ("=?utf-8?B?SMO4?=\t=?utf-8?B?c3Q=?=", "Høst"),
        ("=?utf-8?Q?r=C3?= =?utf-8?Q?=B8d?=", "rød"),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ("=?utf-8*nb?Q?=C3=A5?=", "å"),
        ("=?no-such?Q?=E5?=", "å"),
        ("=?utf-8?B?VEVTVA?=", "TEST"),
        ("=?utf-8?B?!!!?=", ""),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?open", "=?utf-8?Q?open"),
    ],
)
def test_words_are_decoded(given: str, expected: str) -> None:
    assert decode(given) == expected
