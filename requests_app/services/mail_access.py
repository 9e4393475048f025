"""Who we are to the mail servers: the application of the settings, where mailboxes are opened and mail is sent."""

from django.conf import settings

from requests_app.mailbox.oauth.microsoft import Application


def application() -> Application | None:
    """Return our application at Microsoft; None unless all of it is set."""
    given = (settings.OAUTH_TENANT, settings.OAUTH_CLIENT_ID, settings.OAUTH_CLIENT_SECRET)
    return Application(*given, login=settings.MICROSOFT_LOGIN) if all(given) else None
