"""The first half of a login: address and password."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import authenticate

from identity.domain import backoff
from identity.models import User
from identity.models.user import normal_address

from . import throttle


@dataclass(frozen=True)
class Attempt:
    """How a try ended: `user` when it was right; `wait` when it came too soon and nothing was compared."""

    user: User | None = None
    wait: timedelta = timedelta()


def attempt(email: str, password: str, *, network: str, browser: str = "") -> Attempt:
    """Try a password. The work and the answer are the same whether or not the account exists.

    `browser`: the number of a browser in which somebody logged in to this address before (`known_browser`). Its tries
    have a brake of their own, so that nobody elsewhere, nor in the same network, can keep the owner out by guessing.
    """
    address = normal_address(email)
    own = (
        [throttle.brake(backoff.KNOWN_BROWSER, address, browser)] if browser else _brakes_of_strangers(address, network)
    )
    shared = [] if browser else [throttle.brake(backoff.NETWORK, network)]
    if wait := throttle.spend([*own, *shared]):
        return Attempt(wait=wait)
    user = authenticate(username=address, password=password)
    if not isinstance(user, User):
        return Attempt()
    throttle.forgive(own)
    for one in shared:
        throttle.give_back(one)
    return Attempt(user=user)


def _own_brakes(address: str, browser: str) -> list[throttle.Brake]:
    return [throttle.brake(backoff.KNOWN_BROWSER, address, browser)]


def _brakes_of_strangers(address: str, network: str) -> list[throttle.Brake]:
    pair = throttle.brake(backoff.ACCOUNT_AND_NETWORK, address, network)
    return [pair, throttle.brake(backoff.ACCOUNT, address)]
