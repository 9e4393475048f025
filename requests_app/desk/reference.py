"""Case references in addresses: `<reference:…>` for whoever imports this, in every app."""

from django.urls import register_converter


class ReferenceConverter:
    """Lets only what looks like a reference reach a view; any capitals will do."""

    regex = "[Dd][Rr]-[0-9]{4}-[0-9]{6,12}-[0-9]{2}"

    def to_python(self, value: str) -> str:
        """The reference as it is stored."""
        return value.upper()

    def to_url(self, value: str) -> str:
        """The reference itself."""
        return value


register_converter(ReferenceConverter, "reference")
