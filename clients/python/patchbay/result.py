"""What comes out of a run."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from patchbay import picture, player
from patchbay.v1 import patchbay_pb2

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True, eq=False)
class ControlValues:
    """A stretch of a control output. NumPy takes it for its values.

    Attributes:
        values: float32, shape (values,), in the output's unit.
        start_frame: The frame that the first value stands for.
        frames_per_value: Frames from one value to the next.
        sample_rate: Frames a second.
    """

    values: np.ndarray
    start_frame: int
    frames_per_value: int
    sample_rate: int

    @property
    def times_seconds(self) -> np.ndarray:
        """When each value holds, float64, shape (values,)."""
        frames = self.start_frame + self.frames_per_value * np.arange(len(self.values))
        return frames / self.sample_rate

    def __len__(self) -> int:
        return len(self.values)

    def __array__(self, dtype: Any = None, copy: Union[bool, None] = None) -> np.ndarray:
        return np.array(self.values, dtype=dtype) if copy else np.asarray(self.values, dtype=dtype)


@dataclasses.dataclass(frozen=True, eq=False)
class Result:
    """What came out of a run. In a notebook it shows a player and a picture.

    Attributes:
        clips: One float32 array for each output, shape (channels, frames), or (frames,) if it is
            mono and so were the inputs.
        controls: Control outputs by name, such as "envelope_follower.envelope"; of a processor that
            is multiplexed over several clips, "envelope_follower.envelope[0]", "...[1]".
        sample_rates: Frames a second of each clip.
        report: The server's report: statistics, the Description in full, versions.
    """

    clips: list[np.ndarray]
    controls: dict[str, ControlValues]
    sample_rates: list[int]
    report: patchbay_pb2.Report

    def __repr__(self) -> str:
        shapes = (
            f"{'x'.join(map(str, clip.shape))} at {rate} Hz"
            for clip, rate in zip(self.clips, self.sample_rates)
        )
        controls = (f"{name}: {len(values)} values" for name, values in self.controls.items())
        return f"Result(clips=[{', '.join(shapes)}], controls={{{', '.join(controls)}}})"

    def plot(self) -> Figure:
        """Waveform and spectrogram of each clip and all control curves, over one time axis.

        Raises:
            ImportError: There is no matplotlib.
        """
        return picture.draw(self.clips, self.sample_rates, self.controls)

    def _repr_html_(self) -> str:
        parts = [player.html(clip, rate) for clip, rate in zip(self.clips, self.sample_rates)]
        if self.clips or self.controls:
            try:
                parts.append(picture.html(self.plot()))
            except ImportError as error:
                parts.append(f"<p><small>{error}</small></p>")
        return "\n".join(parts)
