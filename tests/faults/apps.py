"""Makes every process of an installation one that can be broken at will."""

from django.apps import AppConfig


class Faults(AppConfig):
    """Loaded by `tests.faults.settings` only."""

    name = "tests.faults"

    def ready(self) -> None:
        """Put the steps into the product, and tell the time that the test wants."""
        from tests.faults import clock, steps

        steps.install()
        clock.follow()
