"""A progress bar on standard error."""

from __future__ import annotations

import sys
import time
from typing import Callable, Union

# Called with the frames done and the frames in all.
Callback = Callable[[int, int], None]

_WIDTH = 30
_SECONDS_BETWEEN_UPDATES = 0.1


class Bar:
    """Draws itself over its last state: "patchbay [======>    ] 62 %, 3 s left"."""

    def __init__(self) -> None:
        self._start = self._drawn = time.monotonic()
        self._is_complete = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        is_last = done >= total
        if self._is_complete or (not is_last and now - self._drawn < _SECONDS_BETWEEN_UPDATES):
            return
        self._drawn = now
        self._is_complete = is_last
        share = min(done / total, 1.0) if total else 1.0
        filled = "=" * int(share * _WIDTH)
        elapsed = now - self._start
        if is_last:
            rest = f"{elapsed:.1f} s"
        else:
            rest = f"{elapsed / share - elapsed:.0f} s left" if share else ""
        end = "\n" if is_last else ""
        sys.stderr.write(f"\rpatchbay [{filled:<{_WIDTH}}] {share:4.0%}  {rest:<12}{end}")
        sys.stderr.flush()


def callback(progress: Union[bool, Callback, None]) -> Callback | None:
    """True stands for a Bar."""
    return Bar() if progress is True else progress or None
