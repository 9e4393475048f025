"""What can go wrong between us and a provider."""


class OidcError(Exception):
    """A login did not come about. `code` says why in our own words: nothing a provider or a person wrote is in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
