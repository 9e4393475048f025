"""The one error of all connectors."""

import pickle

from exports.connectors.base import ConnectorError, Fault


def test_an_error_survives_the_way_between_processes() -> None:
    error = ConnectorError("shop: is locked", permanent=False, retry_after=30.0, fault=Fault.LOCKED, place="orders")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert isinstance(copy, ConnectorError)
    assert str(copy) == "shop: is locked"
    assert (copy.permanent, copy.retry_after, copy.fault, copy.place) == (False, 30.0, Fault.LOCKED, "orders")
