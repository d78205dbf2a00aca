"""What goes over one Process stream, without the stream: shared by both kinds of client.

An Exchange makes the requests and takes the responses, and knows when everything that was asked
for has come. Sending and receiving is up to its user.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Iterator, Mapping, Sequence, Union

import numpy as np

from patchbay.audio import BYTES_PER_SAMPLE, WIRE_DTYPE, Clip, Collector, Inputs, audio_format
from patchbay.description import Description, Encoder
from patchbay.errors import DataLoss, InvalidArgument
from patchbay.v1 import audio_pb2, control_pb2, patchbay_pb2, session_pb2

# Large enough to hide the cost of a message, small enough that several are in flight.
_CHUNK_BYTES = 512 * 1024

_FRAMES_PER_PULL = 65536

Clips = Mapping[str, Union[Clip, np.ndarray]]


@dataclasses.dataclass(frozen=True, eq=False)
class Result:
    """What came out of a run.

    Attributes:
        clips: One float32 array for each output.
        controls: A value per frame for each control output, by its name, such as
            "envelope_follower.envelope".
        sample_rates: Frames a second of each clip.
        report: The server's report: statistics, the Description in full, versions.
    """

    clips: list[np.ndarray]
    controls: dict[str, np.ndarray]
    sample_rates: list[int]
    report: patchbay_pb2.Report


def session_config(
    description: Description,
    sample_rate: float | None,
    channels: Union[int, Sequence[int]],
    clips: Clips | None,
) -> session_pb2.SessionConfig:
    """How to open a session with an input for each of `channels` (a number: one input)."""
    channels = [channels] if isinstance(channels, int) else channels
    if sample_rate is None:
        raise TypeError("sample_rate is missing: how many frames a second the audio has")
    rate = audio_format(sample_rate, 1).sample_rate_hz
    encoder = Encoder(rate, clips)
    return session_pb2.SessionConfig(
        description=encoder.description(description),
        inputs=[audio_format(rate, n) for n in channels],
        sample_rate_hz=0 if channels else rate,
        clips=encoder.clips,
    )


def run_config(
    description: Description,
    sample_rate: float | None,
    inputs: Inputs,
    clips: Clips | None,
    tail: bool,
) -> session_pb2.SessionConfig:
    """How to open a session for a whole run."""
    config = session_config(description, sample_rate, inputs.num_channels, clips)
    config.options.exclude_tail = not tail
    config.options.compensate_latency = True
    return config


class Exchange:
    """The state of one stream, from Ready to End."""

    def __init__(self, response: patchbay_pb2.ProcessResponse) -> None:
        if response.WhichOneof("kind") != "ready":
            raise DataLoss("the server did not begin the stream with 'ready'")
        self.session: str = response.ready.session
        self.info: session_pb2.StreamInfo = response.ready.info
        self.position: int = response.ready.position_frames
        self.report: patchbay_pb2.Report | None = None
        self._outputs = [Collector(format.num_channels) for format in self.info.outputs]
        self._controls = [Collector(1) for _ in self.info.control_outputs]
        self._due = [self.position] * len(self._outputs)  # where each output's next chunk starts
        self._control_due = [self.position] * len(self._controls)
        self._sent = [0] * len(self.info.inputs)  # by this stream, as are the next
        self._received = [0] * len(self._outputs)
        self._awaited = ""  # the kind of response that answers the last flush, reset or end

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
        self.position += num_frames
        self._expect()
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
        self.position += num_frames
        self._expect()
        return (
            patchbay_pb2.ProcessRequest(
                pull=patchbay_pb2.Pull(num_frames=min(_FRAMES_PER_PULL, num_frames - first))
            )
            for first in range(0, num_frames, _FRAMES_PER_PULL)
        )

    def _expect(self, more: int = 0) -> None:
        """Makes room for the answers up to the position and `more`."""
        for collector, due in zip(self._outputs + self._controls, self._due + self._control_due):
            collector.expect(self.position - due + more)

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
        else:
            raise InvalidArgument("the description never ends: say how much with num_frames=...")
        self._expect(self.info.tail_frames)
        return itertools.chain(requests, [self.flush(), self.end()])

    def set(
        self, node: str, values: Mapping[str, float], at_frame: int | None
    ) -> list[patchbay_pb2.ProcessRequest]:
        return [
            patchbay_pb2.ProcessRequest(
                control=control_pb2.ControlChange(
                    node=node,
                    parameter=parameter,
                    start_frame=at_frame,
                    signal=control_pb2.ControlSignal(constant=value),
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
            audio = response.audio
            count = self._add(self._outputs, self._due, audio, audio.samples)
            self._received[audio.stream] += count
        elif kind == "control":
            self._add(self._controls, self._control_due, response.control, response.control.values)
        elif kind in ("flushed", "reset"):
            self.position = 0
            self._due = [0] * len(self._due)
            self._control_due = [0] * len(self._control_due)
            if kind == "reset":
                self.take_audio()
                self.take_controls()
        elif kind == "end":
            if list(response.end.frames) != self._received:
                raise DataLoss(
                    f"the server sent {list(response.end.frames)} frames,"
                    f" {self._received} have arrived"
                )
            self.report = response.end.report
        if kind == self._awaited:
            self._awaited = ""

    @staticmethod
    def _add(
        collectors: list[Collector],
        due: list[int],
        chunk: Union[audio_pb2.AudioChunk, control_pb2.ControlChunk],
        samples: bytes,
    ) -> int:
        """Appends a chunk, which must follow the one before. Returns its number of frames."""
        stream = chunk.stream
        if chunk.start_frame != due[stream]:
            raise DataLoss(
                f"output {stream}: a chunk starts at frame {chunk.start_frame} where frame"
                f" {due[stream]} is due"
            )
        count = collectors[stream].add(samples)
        due[stream] += count
        return count

    def is_answered(self) -> bool:
        """Everything asked for has come; for live operation, not with compensated latency."""
        # Control outputs say less than audio by their own latency, which is no more than this.
        control_latency = sum(node.latency_frames for node in self.info.nodes)
        return (
            not self._awaited
            and all(due >= self.position for due in self._due)
            and all(due + control_latency >= self.position for due in self._control_due)
        )

    def has_ended(self) -> bool:
        return self.report is not None

    def frames_done(self) -> int:
        """Frames of output that have come since the start of the clip."""
        return max(self._due + self._control_due, default=self.position)

    def frames_in_all(self) -> int:
        """What frames_done will be at the end of a run."""
        return self.position + self.info.tail_frames

    def take_audio(self) -> list[np.ndarray]:
        """What has come since the last time: an array for each output."""
        return [collector.take() for collector in self._outputs]

    def take_controls(self) -> dict[str, np.ndarray]:
        """The same for control outputs, by name."""
        return {
            output.name: collector.take()[0]
            for output, collector in zip(self.info.control_outputs, self._controls)
        }

    def result(self, flatten: bool) -> Result:
        """Everything that came, after the end."""
        assert self.report is not None
        return Result(
            [shaped(clip, flatten) for clip in self.take_audio()],
            self.take_controls(),
            [format.sample_rate_hz for format in self.info.outputs],
            self.report,
        )


def shaped(clip: np.ndarray, flatten: bool) -> np.ndarray:
    """The clip as (frames,) if it is mono and the inputs were so."""
    return clip[0] if flatten and clip.shape[0] == 1 else clip


def one_or_all(clips: list[np.ndarray]) -> Union[np.ndarray, list[np.ndarray]]:
    return clips[0] if len(clips) == 1 else clips

