"""A token is fetched when it is needed, kept while it is good, and fetched anew when a server has refused it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

import pytest

from requests_app.domain.enums import MailboxFault
from requests_app.mailbox.oauth.token_login import TokenLogin
from requests_app.mailbox.oauth.tokens import Keeper, Token, TokenError, keeper


@dataclass(eq=False)
class Counting:
    """Gives out numbered tokens that are good for an hour, unless it is away."""

    given: list[str] = field(default_factory=list)
    away: bool = False

    def issue(self) -> Token:
        """Give out the next."""
        if self.away:
            raise TokenError("away", MailboxFault.ISSUER_AWAY)
        self.given.append(f"t{len(self.given) + 1}")
        return Token(self.given[-1], 3600.0)


class RefusedError(Exception):
    """A server has said no."""


def test_a_token_is_kept_until_shortly_before_it_ends() -> None:
    issuer, now = Counting(), [0.0]
    kept = Keeper(issuer, clock=lambda: now[0])
    assert [kept.get(), kept.get()] == ["t1", "t1"]
    now[0] = 3299.0
    assert kept.get() == "t1"
    now[0] = 3300.0
    assert kept.get() == "t2"


def test_one_that_is_good_for_minutes_only_is_used_once() -> None:
    issuer = Counting()
    kept = Keeper(issuer, clock=lambda: 0.0)
    issuer.issue = lambda: Token("short", 200.0)  # type: ignore[method-assign]
    assert kept.get() == "short"
    issuer.issue = lambda: Token("next", 200.0)  # type: ignore[method-assign]
    assert kept.get() == "next"


def test_many_threads_fetch_one_token() -> None:
    issuer, start = Counting(), Barrier(8)
    kept = keeper(issuer)

    def one(number: int) -> str:
        start.wait()
        return keeper(issuer).get()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(8))) == {"t1"}
    assert kept.get() == "t1"


def test_what_another_thread_has_renewed_is_not_thrown_away() -> None:
    kept = Keeper(Counting())
    old = kept.get()
    kept.forget(old)
    assert kept.get() == "t2"
    kept.forget(old)
    assert kept.get() == "t2"


def test_nothing_is_kept_of_a_server_that_gave_nothing() -> None:
    issuer = Counting(away=True)
    kept = Keeper(issuer)
    with pytest.raises(TokenError):
        kept.get()
    issuer.away = False
    assert kept.get() == "t1"


def test_a_server_that_says_no_gets_a_new_token_once() -> None:
    issuer, seen = Counting(), []
    login = TokenLogin("a@b.example", Keeper(issuer))

    def refuse(answers: object) -> None:
        assert callable(answers)
        seen.append((answers(), answers(b"challenge")))
        raise RefusedError

    with pytest.raises(RefusedError):
        login.attempt(refuse, refused=RefusedError)
    assert seen == [(f"user=a@b.example\x01auth=Bearer {token}\x01\x01", "") for token in ("t1", "t2")]
    assert "t2" not in repr(login)
