"""The hints of the embedded installation: kombu's filesystem transport, for which no folder is too gone.

Its folders may be deleted at any moment, also under a running worker: they are made again when next looked at, and
what was in them is found by the sweep. A hint is written whole or not at all, for a worker that reads half of one ends.
"""

from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "hints"
QUEUE = "celery"  # Celery's default name of queue, exchange and routing key


class Channel(filesystem.Channel):
    """A channel that makes its folders whenever it looks at them."""

    @property
    def data_folder_in(self) -> str:
        """Return the folder to read from."""
        return str(self._folder("data_folder_in"))

    @property
    def data_folder_out(self) -> str:
        """Return the folder to write to."""
        return str(self._folder("data_folder_out"))

    @property
    def control_folder(self) -> Path:
        """Return the folder of the bindings."""
        return self._folder("control_folder")

    def get_table(self, exchange: str) -> list[tuple[str, str, str]]:
        """Return the bindings of an exchange; without its control file, the one of the only queue there is."""
        bindings: list[tuple[str, str, str]] = super().get_table(exchange)  # type: ignore[no-untyped-call]
        if not bindings and exchange == QUEUE:
            return [filesystem.exchange_queue_t(QUEUE, "", QUEUE)]
        return bindings

    def _put(self, queue: str, payload: object, **kwargs: object) -> None:  # type: ignore[override]
        """Write a hint under another name, and give it its own when it is whole."""
        whole = Path(self.data_folder_out, f"{monotonic_ns()}_{uuid4()}.{queue}.msg")
        draft = whole.with_suffix(".draft")
        try:
            draft.write_text(dumps(payload), encoding="utf-8")  # type: ignore[no-untyped-call]
            draft.replace(whole)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ChannelError("a hint cannot be written") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Return the next hint; one that cannot be read, after a power cut, is thrown away: the sweep knows better."""
        try:
            return super()._get(queue)  # type: ignore[no-untyped-call]
        except ValueError:
            raise Empty from None

    def _folder(self, option: str) -> Path:
        options: dict[str, Any] = self.transport_options
        folder = Path(options[option])
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


class Transport(filesystem.Transport):
    """Filesystem transport whose trouble with files is a lost connection, after which a worker connects again."""

    Channel = Channel
    polling_interval = 0.2  # seconds
    connection_errors = (*filesystem.Transport.connection_errors, OSError)  # type: ignore[assignment]


def register() -> None:
    """Teach kombu the address `hints://localhost`."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
