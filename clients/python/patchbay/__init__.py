"""Patchbay: digital audio processing, in a server of its own or a shared one.

    import patchbay as pb

    y = pb.process(pb.Highpass(cutoff_hz=80) | pb.Gain(gain_db=-3), x, sample_rate=48000)

    with pb.connect() as server:
        with server.open("reverb()", sample_rate=48000, channels=2) as stream:
            y = stream.process(x)

Audio is float32, shape (channels, frames) or (frames,). There is one class for each processor, all
of them in patchbay.processors; patchbay.expression tells how they are combined. What can move takes
control signals:

    duck = pb.EnvelopeFollower(pb.input("voice"), attack_seconds=0.005, release_seconds=0.2)
    y = pb.process(
        pb.input("music") | pb.Gain(gain_db=-24 * duck),
        {"music": music, "voice": voice},
        sample_rate=48000,
    )

Without an address, a server is started that ends with this process. patchbay.aio has the same for
asyncio.
"""

from __future__ import annotations

from typing import Any, Union

import grpc
import numpy as np

from patchbay import aio, embedded
from patchbay.audio import Audio, Clip
from patchbay.description import Description, Graph, Processor, graph
from patchbay.errors import (
    Aborted,
    Cancelled,
    DataLoss,
    DeadlineExceeded,
    FailedPrecondition,
    Internal,
    InvalidArgument,
    NotFound,
    OutOfRange,
    PatchbayError,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from patchbay.expression import (
    Arithmetic,
    Chain,
    Control,
    Curve,
    Expression,
    Frame,
    Input,
    List,
    Reference,
    Samples,
    Selection,
    Text,
    frame,
    input,
    ref,
    text,
)
from patchbay.processors import *  # noqa: F403
from patchbay.result import ControlValues, Result
from patchbay.server import Server
from patchbay.show import Drawing, show
from patchbay.stream import Stream


def connect(
    address: str | None = None, credentials: grpc.ChannelCredentials | None = None
) -> Server:
    """A connection to a server.

    Args:
        address: "localhost:7272", "unix:/run/patchbay/socket". None: the embedded server, which
            all of this process shares.
        credentials: For TLS. None: plaintext, for a unix socket or this machine.
    """
    return Server(address or embedded.address(), credentials)


def process(
    description: Description, audio: Audio = None, sample_rate: float | None = None, **options: Any
) -> Union[np.ndarray, list[np.ndarray]]:
    """Server.process on the embedded server."""
    with connect() as server:
        return server.process(description, audio, sample_rate, **options)


def run(
    description: Description, audio: Audio = None, sample_rate: float | None = None, **options: Any
) -> Result:
    """Server.run on the embedded server."""
    with connect() as server:
        return server.run(description, audio, sample_rate, **options)
