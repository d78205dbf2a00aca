"""Ctrl-C where an exception would do harm."""

from __future__ import annotations

import signal
import threading
from typing import Callable


class Interruptible:
    """While a `with` statement of it lasts, Ctrl-C calls `cancel`; KeyboardInterrupt comes at its end.

    gRPC takes locks in Python. An exception that comes just after one was taken leaves it locked,
    and everything else on the channel waits for it for ever. A second Ctrl-C does not wait.

    Handlers other than Python's own are left alone, as are threads other than the main one, which
    is never interrupted.
    """

    def __init__(self, cancel: Callable[[], object]) -> None:
        self._cancel = cancel
        self._is_interrupted = False

    def __enter__(self) -> None:
        self._handles = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )
        if self._handles:
            signal.signal(signal.SIGINT, self._interrupt)

    def __exit__(self, *_: object) -> None:
        if self._handles:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if self._is_interrupted:
            raise KeyboardInterrupt from None

    def _interrupt(self, *_: object) -> None:
        if self._is_interrupted:
            raise KeyboardInterrupt
        self._is_interrupted = True
        # In a thread of its own: this one may hold the lock that it takes.
        threading.Thread(target=self._cancel, daemon=True).start()
