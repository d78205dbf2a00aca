"""Pictures of audio and control signals, drawn by matplotlib."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, Mapping, Sequence

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from patchbay.result import ControlValues

_MOST_POINTS = 4000  # of a line: more than there are pixels
_FFT_FRAMES = 1024
_MOST_COLUMNS = 1000  # of a spectrogram
_FLOOR_DB = -120.0


def draw(
    clips: Sequence[np.ndarray],
    sample_rates: Sequence[int],
    controls: Mapping[str, ControlValues],
) -> Figure:
    """A waveform and a spectrogram for each clip and the control curves, over one time axis.

    Raises:
        ImportError: There is no matplotlib.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError("pictures need matplotlib: pip install matplotlib") from None
    num_rows = 2 * len(clips) + len(controls)
    figure = Figure(figsize=(9, 1 + 1.5 * max(num_rows, 1)), layout="constrained")
    if not num_rows:
        return figure
    axes = list(figure.subplots(num_rows, 1, sharex=True, squeeze=False)[:, 0])
    rows = iter(axes)
    for i, (clip, rate) in enumerate(zip(clips, sample_rates)):
        name = f"output {i}" if len(clips) > 1 else "output"
        _waveform(next(rows), np.atleast_2d(clip), rate, name)
        _spectrogram(next(rows), np.atleast_2d(clip), rate)
    for name, control in controls.items():
        axis = next(rows)
        step = -(-len(control) // _MOST_POINTS) or 1
        axis.plot(control.times_seconds[::step], control.values[::step], linewidth=1)
        axis.set_title(name, loc="left", fontsize="small")
    axes[-1].set_xlabel("seconds")
    return figure


def html(figure: Figure) -> str:
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=80)
    source = base64.b64encode(image.getvalue()).decode()
    return f'<img alt="waveform, spectrogram, control curves" src="data:image/png;base64,{source}">'


def _waveform(axis: Any, clip: np.ndarray, sample_rate: int, name: str) -> None:
    """Lowest and highest sample of each stretch, so that no peak is lost."""
    frames = clip.shape[1]
    step = -(-frames // _MOST_POINTS) or 1
    starts = np.arange(0, frames, step)
    for channel in clip:
        if frames:
            low = np.minimum.reduceat(channel, starts)
            high = np.maximum.reduceat(channel, starts)
            points = np.stack([low, high], axis=1).ravel()
            axis.plot(np.repeat(starts, 2) / sample_rate, points, linewidth=0.7, alpha=0.7)
    axis.set_title(name, loc="left", fontsize="small")
    axis.set_ylabel("amplitude")


def _spectrogram(axis: Any, clip: np.ndarray, sample_rate: int) -> None:
    levels = levels_db(clip.mean(axis=0))
    seconds = clip.shape[1] / sample_rate
    top = levels.max(initial=_FLOOR_DB + 80)
    axis.imshow(
        levels,
        origin="lower",
        aspect="auto",
        extent=(0, max(seconds, 1 / sample_rate), 0, sample_rate / 2),
        vmin=top - 80,
        vmax=top,
        cmap="magma",
    )
    axis.set_ylabel("Hz")


def levels_db(mono: np.ndarray) -> np.ndarray:
    """Level of each bin (rows) over time (columns); a sine of full scale is at 0 dB."""
    hop = max(_FFT_FRAMES // 4, -(-len(mono) // _MOST_COLUMNS))
    padded = np.pad(mono, (_FFT_FRAMES // 2, _FFT_FRAMES))
    starts = np.arange(0, max(len(mono), 1), hop)
    window = np.hanning(_FFT_FRAMES)
    spectra = np.stack(
        [np.fft.rfft(window * padded[start : start + _FFT_FRAMES]) for start in starts], axis=1
    )
    return 20 * np.log10(np.maximum(np.abs(spectra) / (window.sum() / 2), 10 ** (_FLOOR_DB / 20)))
