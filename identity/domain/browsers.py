"""A browser and its system in few words, from the `User-Agent` header (RFC 9110): enough to know one's own by.

Versions, models and everything else that would tell one person's browser from another's are left out.
"""

# The first mark that occurs decides: most browsers also name those that they once imitated.
_BROWSERS = (
    ("edg/", "Edge"),
    ("edga/", "Edge"),
    ("edgios/", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser/", "Samsung Internet"),
    ("firefox/", "Firefox"),
    ("fxios/", "Firefox"),
    ("chrome/", "Chrome"),
    ("crios/", "Chrome"),
    ("safari/", "Safari"),
)
_SYSTEMS = (
    ("windows", "Windows"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("cros", "ChromeOS"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
)


def describe(user_agent: str) -> str:
    """Return for instance "Firefox, Windows"; empty when neither is known. Never a word of the header itself."""
    text = user_agent.lower()
    return ", ".join(name for name in (_first(_BROWSERS, text), _first(_SYSTEMS, text)) if name)


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in marks if mark in text), "")
