"""Pages for data subjects. The language stands in the path of the form; behind the link it follows the case."""

from django.urls import path, re_path, register_converter

from . import form_views, marketing_views, status_views


class Language:
    """The two languages of the public pages."""

    regex = "nb|en"

    def to_python(self, value: str) -> str:
        """The code itself."""
        return value

    def to_url(self, value: str) -> str:
        """The code itself; anything else becomes bokmål."""
        return value if value in ("nb", "en") else "nb"


register_converter(Language, "language")

app_name = "portal"
urlpatterns = [
    path("", form_views.root, name="root"),
    path("<language:language>/", form_views.start, name="start"),
    path("<language:language>/request/check/", form_views.check, name="check"),
    path("<language:language>/request/send/", form_views.send, name="send"),
    path("<language:language>/request/received/", form_views.received, name="received"),
    path("<language:language>/request/<slug:step>/", form_views.step, name="step"),
    path("s/", status_views.status, name="status"),
    path("s/reply/", status_views.reply, name="reply"),
    path("s/leave/", status_views.leave, name="leave"),
    path("s/link/", status_views.link_needed, name="link-needed"),
    # 32 characters today; long enough never to be taken for one of the words above
    re_path(r"^s/(?P<token>[A-Za-z0-9_-]{20,100})/?$", status_views.open_link, name="open"),
    # Whatever was altered on the way reaches the same page as the link itself.
    re_path(r"^u/(?P<token>[^/]{1,1000})/?$", marketing_views.unsubscribe_link, name="unsubscribe"),
    re_path(r"^undo/(?P<token>[^/]{1,1000})/?$", marketing_views.undo_link, name="undo"),
]
