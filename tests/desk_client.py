"""A browser of somebody who works here: logged in, second factor shown just now, however long a story takes."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from identity.desk import recency
from identity.models import SecondFactor, User
from identity.services import staff_sessions
from requests_app.domain.enums import Role
from tests import factories

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse


class DeskClient(Client):
    """Django's test client with the account it works for; pages come in English unless told otherwise."""

    def __init__(self, user: User, language: str = "en", **defaults: Any) -> None:
        super().__init__(**defaults)
        self.user = user
        self.force_login(user)
        factor = SecondFactor.fresh(user)
        factor.confirmed = True
        factor.save()
        session = self.session
        session[DEVICE_ID_SESSION_KEY] = factor.persistent_id
        session["language"] = language
        staff_sessions.begin(session, user, user_agent="", verified=True)
        session[recency.KEY] = timezone.now().timestamp()
        session.save()

    def post(self, *args: Any, **kwargs: Any) -> "_MonkeyPatchedWSGIResponse":
        """Post as somebody who showed the second factor within the last minutes, wherever the clock of a test is."""
        session = self.session
        if recency.KEY in session and abs(session[recency.KEY] - timezone.now().timestamp()) > 60:
            session[recency.KEY] = timezone.now().timestamp()
            session.save()
        return super().post(*args, **kwargs)

    def read(self, url: str) -> str:
        """Return the page at `url`, which must answer 200."""
        response = self.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return text(response)


def desk_client(*roles: Role, name: str = "", language: str = "en", **defaults: Any) -> DeskClient:
    """Return the browser of a new account with these roles (default: handler); `defaults` as for `Client`."""
    return DeskClient(factories.staff(*roles, name=name), language, **defaults)


def text(response: HttpResponseBase) -> str:
    """Return the body of a response as text."""
    return response.getvalue().decode() if response.streaming else bytes(getattr(response, "content", b"")).decode()
