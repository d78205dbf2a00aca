"""Progress bars on standard error."""

from __future__ import annotations

import sys
import time
from typing import Any, Callable, Union

# Called with the part of the work that is done, 0 to 1, and what the work is: "processing"; or, if
# the description must hear its input to the end, "sending", then each node at work. Once all is
# done, with 1 and DONE. "sending" may be called from another thread.
Callback = Callable[[float, str], None]

DONE = "done"

_WIDTH = 30
_SECONDS_BETWEEN_UPDATES = 0.1


class Bar:
    """Draws itself over its last state: "patchbay [======>    ] 62 %, 3 s left"."""

    def __init__(self) -> None:
        self._start = self._began = self._drawn = time.monotonic()
        self._doing = ""

    def __call__(self, fraction: float, doing: str) -> None:
        now = time.monotonic()
        is_new = doing != self._doing
        if not is_new and now - self._drawn < _SECONDS_BETWEEN_UPDATES:
            return
        if is_new:
            self._doing, self._began = doing, now
        self._drawn = now
        if doing == DONE:
            rest = f"{now - self._start:.1f} s"
        else:
            elapsed = now - self._began
            rest = f"{elapsed / fraction - elapsed:.0f} s left" if fraction else ""
        filled = "=" * int(fraction * _WIDTH)
        end = "\n" if doing == DONE else ""
        line = f"\rpatchbay [{filled:<{_WIDTH}}] {fraction:4.0%}  {doing}, {rest}"
        sys.stderr.write(f"{line:<80}{end}")
        sys.stderr.flush()


class TqdmBar:
    """The same by tqdm, which knows how to draw in a notebook."""

    def __init__(self, tqdm: Any) -> None:
        self._bar = tqdm(total=1.0, bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}")

    def __call__(self, fraction: float, doing: str) -> None:
        self._bar.set_description_str(f"patchbay: {doing}", refresh=False)
        self._bar.n = fraction
        self._bar.refresh() if doing == DONE else self._bar.update(0)
        if doing == DONE:
            self._bar.close()


def callback(progress: Union[bool, Callback, None]) -> Callback | None:
    """True stands for a bar: tqdm's if it is installed."""
    if progress is not True:
        return progress or None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return Bar()
    return TqdmBar(tqdm)
