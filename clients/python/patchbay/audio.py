"""Audio at the edge of the package: NumPy arrays in, NumPy arrays out.

Audio is a float32 array of shape (channels, frames), or (frames,) for one channel.
"""

from __future__ import annotations

import dataclasses
import numbers
from typing import Any, Mapping, Sequence, Union

import numpy as np

from patchbay.v1 import audio_pb2

MAX_CHANNELS = 64
BYTES_PER_SAMPLE = 4

# What is given for the inputs of a session: one array, several, several by name, or none.
Audio = Union[np.ndarray, Sequence[np.ndarray], Mapping[str, np.ndarray], None]

# On the wire samples are little-endian whatever the machine's order.
WIRE_DTYPE = np.dtype("<f4")


@dataclasses.dataclass(frozen=True, eq=False)
class Clip:
    """Audio given to a parameter, such as an impulse response.

    Args:
        audio: Shape (channels, frames) or (frames,).
        sample_rate: Frames a second. None: that of the stream it is used in.
    """

    audio: np.ndarray
    sample_rate: Union[int, None] = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "audio", planar(self.audio, "a clip"))

    def __repr__(self) -> str:
        channels, frames = self.audio.shape
        return f"Clip({channels} x {frames} frames)"

    def message(self, stream_sample_rate: int) -> audio_pb2.Clip:
        """The clip as it is sent."""
        return audio_pb2.Clip(
            format=audio_format(self.sample_rate or stream_sample_rate, self.audio.shape[0]),
            samples=self.audio.astype(WIRE_DTYPE, copy=False).tobytes(),
        )


def audio_format(sample_rate: float, num_channels: int) -> audio_pb2.AudioFormat:
    """A format of planar float32. The rate must be a whole number."""
    if not isinstance(sample_rate, numbers.Real):
        raise TypeError(f"sample_rate must be a number, not {sample_rate!r}")
    if sample_rate != int(sample_rate):
        raise ValueError(f"sample_rate = {sample_rate} must be a whole number of frames a second")
    try:
        return audio_pb2.AudioFormat(sample_rate_hz=int(sample_rate), num_channels=num_channels)
    except ValueError:  # does not fit the message's 32 bits
        raise ValueError(f"sample_rate = {sample_rate} must be 1 to 768000") from None


def planar(audio: object, what: str) -> np.ndarray:
    """The audio as float32, channels x frames; not copied if it is so already.

    Raises:
        TypeError: It is no float32 or float64 array of one or two dimensions.
    """
    if not isinstance(audio, np.ndarray):
        hint = " (read the file first, such as with soundfile)" if isinstance(audio, str) else ""
        raise TypeError(
            f"{what} must be a NumPy array of float32, not {type(audio).__name__}{hint}"
        )
    if audio.dtype.kind != "f" or audio.dtype.itemsize not in (4, 8):
        hint = " (divide 16-bit integers by 32768 first)" if audio.dtype.kind in "iu" else ""
        raise TypeError(
            f"{what} must hold float32 or float64 with full scale at 1.0, not {audio.dtype}{hint}"
        )
    if audio.ndim not in (1, 2):
        raise TypeError(
            f"{what} must have the shape (channels, frames) or (frames,), not {audio.shape}"
        )
    if audio.ndim == 2 and audio.shape[0] > MAX_CHANNELS:
        raise TypeError(
            f"{what} of the shape {audio.shape} has {audio.shape[0]} channels, more than"
            f" {MAX_CHANNELS}: the shape is (channels, frames), so transpose it with .T"
        )
    if audio.ndim == 2 and audio.shape[0] == 0:
        raise TypeError(f"{what} must have at least one channel, not the shape {audio.shape}")
    return np.atleast_2d(audio).astype(np.float32, copy=False)


@dataclasses.dataclass(frozen=True)
class Inputs:
    """What a caller gave for the inputs of a session."""

    arrays: list[np.ndarray]  # channels x frames
    is_flat: bool  # All were (frames,): a mono output is given back in that shape.
    names: list[str] = dataclasses.field(default_factory=list)  # if they have any

    @staticmethod
    def of(audio: Audio) -> Inputs:
        """From None (no inputs), one array, or a list or dict with one for each input."""
        if audio is None:
            return Inputs([], False)
        if isinstance(audio, dict):
            named = {str(name): planar(one, f"input '{name}'") for name, one in audio.items()}
            is_flat = all(one.ndim == 1 for one in audio.values())
            return Inputs(list(named.values()), is_flat, list(named))
        many = isinstance(audio, (list, tuple)) and any(isinstance(a, np.ndarray) for a in audio)
        given: list[Any] = list(audio) if many else [audio]  # type: ignore[call-overload]
        arrays = [
            planar(one, f"input {i}" if many else "audio") for i, one in enumerate(given)
        ]
        return Inputs(arrays, all(one.ndim == 1 for one in given))

    @property
    def num_channels(self) -> list[int]:
        return [array.shape[0] for array in self.arrays]

    def in_order(self, names: Sequence[str]) -> Inputs:
        """As the session was opened, if they have names."""
        if not self.names or self.names == list(names):
            return self
        if sorted(self.names) != sorted(names):
            raise TypeError(
                f"the inputs are named {', '.join(self.names)}; the session was opened with"
                f" {', '.join(names) or 'inputs without names'}"
            )
        by_name = dict(zip(self.names, self.arrays))
        return dataclasses.replace(
            self, arrays=[by_name[name] for name in names], names=list(names)
        )

    def of_equal_length(self) -> Inputs:
        """The shorter ones continued with silence."""
        longest = max(array.shape[1] for array in self.arrays)
        return dataclasses.replace(
            self,
            arrays=[
                np.pad(array, ((0, 0), (0, longest - array.shape[1])))
                if array.shape[1] < longest
                else array
                for array in self.arrays
            ],
        )


class Collector:
    """Puts one output together from its chunks, each copied once if `expect` told how much."""

    def __init__(self, num_channels: int) -> None:
        self._buffer = np.empty((num_channels, 0), np.float32)
        self._num_frames = 0

    def expect(self, num_frames: int) -> None:
        """Makes room for so many more frames."""
        channels, capacity = self._buffer.shape
        if self._num_frames + num_frames > capacity:
            larger = np.empty((channels, self._num_frames + num_frames), np.float32)
            larger[:, : self._num_frames] = self._buffer[:, : self._num_frames]
            self._buffer = larger

    def add(self, samples: bytes) -> int:
        """Appends a chunk, planar. Returns its number of frames."""
        channels, capacity = self._buffer.shape
        chunk = np.frombuffer(samples, WIRE_DTYPE).reshape(channels, -1)
        count = chunk.shape[1]
        if self._num_frames + count > capacity:
            self.expect(max(count, capacity // 2))
        self._buffer[:, self._num_frames : self._num_frames + count] = chunk
        self._num_frames += count
        return count

    def take(self) -> np.ndarray:
        """What was collected; the collector is empty then."""
        taken = self._buffer[:, : self._num_frames]
        self._buffer = np.empty((taken.shape[0], 0), np.float32)
        self._num_frames = 0
        return taken
