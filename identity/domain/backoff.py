"""How guessing becomes slow: a few free tries, then pauses that double, never longer than a cap."""

from dataclasses import dataclass
from datetime import timedelta

FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Rule:
    """`free` tries without a pause; after that 1, 2, 4 … seconds, at most `longest`."""

    name: str
    free: int
    longest: timedelta

    def pause_after(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures in a row."""
        if failures < self.free:
            return timedelta()
        return min(timedelta(seconds=2 ** min(failures - self.free, 20)), self.longest)


# One account from one network is the ordinary case of guessing. The account alone meets many networks that guess at
# it, with a short cap for the sake of an owner in a new browser; the network alone meets one guesser who tries many
# accounts. A browser in which the owner logged in before feels none of the three, only its own wrong tries.
ACCOUNT_AND_NETWORK = Rule("pair", 5, timedelta(minutes=15))
ACCOUNT = Rule("account", 20, timedelta(seconds=30))
NETWORK = Rule("network", 60, timedelta(minutes=15))
KNOWN_BROWSER = Rule("browser", 5, timedelta(minutes=15))
SECOND_FACTOR = Rule("factor", 5, timedelta(minutes=15))

# What strangers write. Whoever is slowed down has a right to be heard: the pauses stay short, and many people share
# the network of an office or of a mobile operator.
STRANGERS = {
    "form": Rule("form", 100, timedelta(seconds=30)),
    "link": Rule("link", 20, timedelta(minutes=1)),
    "api": Rule("api", 600, timedelta(seconds=1)),
}
