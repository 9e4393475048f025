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


def attempt(email: str, password: str, *, network: str) -> Attempt:
    """Try a password. The work and the answer are the same whether or not the account exists."""
    address = normal_address(email)
    pair = throttle.brake(backoff.ACCOUNT_AND_NETWORK, address, network)
    account = throttle.brake(backoff.ACCOUNT, address)
    shared = throttle.brake(backoff.NETWORK, network)
    if wait := throttle.spend([pair, account, shared]):
        return Attempt(wait=wait)
    user = authenticate(username=address, password=password)
    if not isinstance(user, User):
        return Attempt()
    throttle.forgive([pair, account])
    throttle.give_back(shared)
    return Attempt(user=user)
