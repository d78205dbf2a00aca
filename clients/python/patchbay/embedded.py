"""The server that this process starts for itself when no address is given.

It listens on a socket in a private directory and watches its standard input, a pipe that only
this process holds: when this process is gone, however it ended, the pipe closes and the server
exits. A shell waits for that and removes the directory.
"""

from __future__ import annotations

import atexit
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from patchbay.errors import Unavailable
from patchbay.transport import MAX_MESSAGE_BYTES

_START_SECONDS = 30
_STOP_SECONDS = 10

_SUPERVISOR = 'directory="$1"; shift; "$@"; rm -rf "$directory"'

_lock = threading.Lock()
_running: _Process | None = None


def address() -> str:
    """The embedded server's address. It is started the first time and shared from then on."""
    global _running
    with _lock:
        if _running is not None and not _running.is_alive():
            _running.stop()
            _running = None
        if _running is None:
            _running = _Process()
        return _running.address


def executable() -> str:
    """The server's path: $PATCHBAY_SERVER, in the package, or beside it in a Bazel build.

    Raises:
        Unavailable: There is none.
    """
    package = pathlib.Path(__file__).parent
    candidates = [package / "bin" / "patchbay", package.parent.parent / "cli" / "patchbay"]
    if named := os.environ.get("PATCHBAY_SERVER"):
        candidates = [pathlib.Path(named)]
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return str(candidate)
    raise Unavailable(
        "this installation of patchbay has no server in it: set PATCHBAY_SERVER to the path of"
        " the 'patchbay' executable, or give the address of a running server to patchbay.connect()"
    )


class _Process:
    """A running server."""

    def __init__(self) -> None:
        program = executable()
        self._directory = tempfile.mkdtemp(prefix="patchbay-")
        self.address = f"unix:{self._directory}/socket"
        self._log = tempfile.TemporaryFile()
        serve = [program, "serve", f"--address={self.address}"]
        serve += ["--exit_with_stdin", "--drain_seconds=0"]  # whoever could wait is gone then
        serve += [f"--max_message_bytes={MAX_MESSAGE_BYTES}"]  # nobody else can send any
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _SUPERVISOR, "patchbay", self._directory, *serve],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the user's program, not for the server
        )
        assert self._process.stdin and self._process.stdout
        self._stdin = self._process.stdin
        self._stdout = self._process.stdout
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.stop()
            raise

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """Lets the server finish, or ends it if it takes too long."""
        self._stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._stdout.close()
        self._log.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def forget(self) -> None:
        """In a forked child: lets go of the parent's server without touching it."""
        self._stdin.close()
        self._stdout.close()
        self._log.close()
        self._process.returncode = 0  # not this process's child: nothing to wait for

    def _wait_until_it_listens(self) -> None:
        """The server says so in a line on its standard output."""
        stdout = self._stdout.fileno()
        deadline = time.monotonic() + _START_SECONDS
        said = b""
        while not re.search(rb"^listening on .*\n", said, re.MULTILINE):
            ready, _, _ = select.select([stdout], [], [], max(deadline - time.monotonic(), 0))
            read = os.read(stdout, 4096) if ready else b""
            if not read:
                self._log.seek(0)
                why = self._log.read()[-2000:].decode(errors="replace").strip()
                raise Unavailable(f"the embedded server did not start: {why or 'no reason given'}")
            said += read


def _stop() -> None:
    global _running
    if _running is not None:
        _running.stop()
        _running = None


def _forget() -> None:
    global _lock, _running
    _lock = threading.Lock()
    if _running is not None:
        _running.forget()
        _running = None


atexit.register(_stop)
os.register_at_fork(after_in_child=_forget)
