"""What goes over one Process stream, without the stream: shared by both kinds of client.

An Exchange makes the requests and takes the responses, and knows when everything that was asked
for has come. Sending and receiving is up to its user.
"""

from __future__ import annotations

import itertools
from typing import Iterator, Mapping, Sequence, Union

import numpy as np

from patchbay.audio import BYTES_PER_SAMPLE, WIRE_DTYPE, Inputs
from patchbay.errors import DataLoss, InvalidArgument
from patchbay.expression import Curve, Samples
from patchbay.receiver import Receiver
from patchbay.result import ControlValues, Result
from patchbay.signals import signal_message
from patchbay.v1 import control_pb2, patchbay_pb2, session_pb2

# Large enough to hide the cost of a message, small enough that several are in flight.
_CHUNK_BYTES = 512 * 1024

_FRAMES_PER_PULL = 65536

# What a parameter of a running session can be set to.
Signal = Union[float, np.ndarray, Curve, Samples]


class Exchange:
    """The state of one stream, from Ready to End.

    Attributes:
        is_live: Each frame that goes in is answered by one that comes out. If not, because a
            processor changes the number of frames or must hear its input to the end, nobody can
            wait for answers before the flush.
    """

    def __init__(self, response: patchbay_pb2.ProcessResponse) -> None:
        if response.WhichOneof("kind") != "ready":
            raise DataLoss("the server did not begin the stream with 'ready'")
        self.session: str = response.ready.session
        self.info: session_pb2.StreamInfo = response.ready.info
        self.position: int = response.ready.position_frames
        self.report: patchbay_pb2.Report | None = None
        self.is_live = not self.info.outputs_at_own_pace
        self._receiver = Receiver(self.info, self.position)
        self._sent = [0] * len(self.info.inputs)  # by this stream
        self._awaited = ""  # the kind of response that answers the last flush, reset or end
        self._must_end = False  # generators were asked for all that they have

    # Requests

    def audio(self, inputs: Inputs) -> Iterator[patchbay_pb2.ProcessRequest]:
        """Audio for every input, in chunks. Frames are counted at once, chunks cut as needed."""
        start = self.position
        if len(inputs.arrays) != len(self.info.inputs):
            raise TypeError(
                f"{len(inputs.arrays)} inputs were given, the session has {len(self.info.inputs)}"
            )
        for i, (array, format) in enumerate(zip(inputs.arrays, self.info.inputs)):
            if array.shape[0] != format.num_channels:
                raise TypeError(
                    f"input {i} has {array.shape[0]} channels, the session was opened with"
                    f" {format.num_channels}"
                )
            if array.shape[1] != inputs.arrays[0].shape[1]:
                raise TypeError("the inputs must have the same number of frames")
        num_frames = inputs.arrays[0].shape[1] if inputs.arrays else 0
        self._sent = [sent + num_frames for sent in self._sent]
        self._advance(num_frames)
        return self._chunks(inputs.arrays, start)

    def _chunks(
        self, arrays: Sequence[np.ndarray], start: int
    ) -> Iterator[patchbay_pb2.ProcessRequest]:
        limit = min(_CHUNK_BYTES, self.info.max_chunk_bytes or _CHUNK_BYTES)
        widest = max(array.shape[0] for array in arrays)
        step = max(1, limit // (BYTES_PER_SAMPLE * widest))
        for first in range(0, arrays[0].shape[1], step):
            for stream, array in enumerate(arrays):
                request = patchbay_pb2.ProcessRequest()
                request.audio.stream = stream
                request.audio.start_frame = start + first
                piece = array[:, first : first + step].astype(WIRE_DTYPE, copy=False)
                request.audio.samples = piece.tobytes()
                yield request

    def pull(self, num_frames: int) -> Iterator[patchbay_pb2.ProcessRequest]:
        """Asks a session without inputs for frames; fewer come if it ends before."""
        if self.info.inputs:
            raise TypeError("the session has inputs: give it audio instead of pulling")
        if self.info.HasField("length_frames"):
            num_frames = min(num_frames, self.info.length_frames - self.position)
        num_frames = max(num_frames, 0)
        self._advance(num_frames)
        return (
            patchbay_pb2.ProcessRequest(
                pull=patchbay_pb2.Pull(num_frames=min(_FRAMES_PER_PULL, num_frames - first))
            )
            for first in range(0, num_frames, _FRAMES_PER_PULL)
        )

    def _advance(self, num_frames: int) -> None:
        self.position += num_frames
        if self.is_live:
            self._receiver.expect_until(self.position)

    def run(self, inputs: Inputs, num_frames: int | None) -> Iterator[patchbay_pb2.ProcessRequest]:
        """All requests of a whole run.

        Args:
            num_frames: How much to generate if there are no inputs; None: until it ends.
        """
        if self.info.inputs:
            requests = self.audio(inputs.of_equal_length())
        elif num_frames is not None:
            requests = self.pull(num_frames)
        elif self.info.HasField("length_frames"):
            requests = self.pull(self.info.length_frames)
        elif not self.is_live:
            requests = iter(())  # the flush takes generators to their end
            self._must_end = True
        else:
            raise _endless()
        if self.is_live:
            self._receiver.expect_until(self.position + self.info.tail_frames)
        return itertools.chain(requests, [self.flush(), self.end()])

    def set(
        self, node: str, values: Mapping[str, Signal], at_frame: int | None
    ) -> list[patchbay_pb2.ProcessRequest]:
        return [
            patchbay_pb2.ProcessRequest(
                control=control_pb2.ControlChange(
                    node=node,
                    parameter=parameter,
                    start_frame=at_frame,
                    signal=signal_message(value, parameter),
                )
            )
            for parameter, value in values.items()
        ]

    def flush(self) -> patchbay_pb2.ProcessRequest:
        self._awaited = "flushed"
        return patchbay_pb2.ProcessRequest(flush=patchbay_pb2.Flush())

    def reset(self) -> patchbay_pb2.ProcessRequest:
        self._awaited = "reset"
        return patchbay_pb2.ProcessRequest(reset=patchbay_pb2.Reset())

    def end(self) -> patchbay_pb2.ProcessRequest:
        self._awaited = "end"
        return patchbay_pb2.ProcessRequest(end=patchbay_pb2.End(frames=self._sent))

    # Responses

    def receive(self, response: patchbay_pb2.ProcessResponse) -> None:
        kind = response.WhichOneof("kind")
        if kind == "audio":
            self._receiver.audio(response.audio)
        elif kind == "control":
            self._receiver.control(response.control)
        elif kind == "outputs":
            self._receiver.outputs(response.outputs)
        elif kind in ("flushed", "reset"):
            self.position = 0
            self._receiver.start_clip()
            if kind == "reset":
                self.take_audio()
                self.take_controls()
        elif kind == "end":
            if list(response.end.frames) != self._receiver.received:
                raise DataLoss(
                    f"the server sent {list(response.end.frames)} frames,"
                    f" {self._receiver.received} have arrived"
                )
            if self._must_end and not self._receiver.has_anything():
                raise _endless()
            self.report = response.end.report
        if kind == self._awaited:
            self._awaited = ""

    def is_answered(self) -> bool:
        """Everything asked for has come; for live operation, not with compensated latency."""
        if self._awaited or not self.is_live:
            return not self._awaited
        # Control outputs say less than audio by their own latency, which is no more than this.
        control_latency = sum(node.latency_frames for node in self.info.nodes)
        return self._receiver.has_come(self.position, control_latency)

    def has_ended(self) -> bool:
        return self.report is not None

    def part_done(self) -> float | None:
        """How much of a run has come, 0 to 1; None if nobody can know."""
        total = self._receiver.length_frames
        if self.is_live:
            total = self.position + self.info.tail_frames
        if total is None:
            return None
        return min(self._receiver.frames_done(self.position) / total, 1.0) if total else 1.0

    def take_audio(self) -> list[np.ndarray]:
        """What has come since the last time: an array for each output."""
        return self._receiver.take_audio()

    def take_controls(self) -> dict[str, ControlValues]:
        """The same for control outputs, by name."""
        return self._receiver.take_controls()

    def result(self, flatten: bool) -> Result:
        """Everything that came, after the end."""
        assert self.report is not None
        return Result(
            [shaped(clip, flatten) for clip in self.take_audio()],
            self.take_controls(),
            self._receiver.sample_rates,
            self.report,
        )


def _endless() -> InvalidArgument:
    return InvalidArgument("the description never ends: say how much with num_frames=...")


def shaped(clip: np.ndarray, flatten: bool) -> np.ndarray:
    """The clip as (frames,) if it is mono and the inputs were so."""
    return clip[0] if flatten and clip.shape[0] == 1 else clip


def one_or_all(clips: list[np.ndarray]) -> Union[np.ndarray, list[np.ndarray]]:
    return clips[0] if len(clips) == 1 else clips
