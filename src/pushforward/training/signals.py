"""The signals SIGINT and SIGTERM as a wish that is granted between two turns."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Signals:
    """A catcher of the first SIGINT or SIGTERM; a second one acts at once."""

    def __init__(self) -> None:
        self.received: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Signals":
        if threading.current_thread() is threading.main_thread():
            self._before = {s: signal.signal(s, self._catch) for s in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def _catch(self, number: int, frame: FrameType | None) -> None:
        self.received = number
        self._release()

    def _release(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
