"""Control signals as messages."""

from __future__ import annotations

import numbers

import numpy as np

from patchbay.audio import WIRE_DTYPE
from patchbay.expression import Curve, Frame, Samples
from patchbay.v1 import control_pb2

_CURVES = {
    "linear": control_pb2.CURVE_LINEAR,
    "step": control_pb2.CURVE_STEP,
    "exponential": control_pb2.CURVE_EXPONENTIAL,
    "smooth": control_pb2.CURVE_SMOOTH,
}


def signal_message(signal: object, what: str) -> control_pb2.ControlSignal:
    """A number, Curve, Samples or array (a value for every frame) as it is sent.

    Raises:
        TypeError: It is something else; the message begins with `what`.
    """
    if isinstance(signal, np.ndarray) and signal.ndim:
        signal = Samples(signal)
    if isinstance(signal, Curve):
        points = [_point(*point) for point in signal.points]
        return control_pb2.ControlSignal(breakpoints=control_pb2.Breakpoints(points=points))
    if isinstance(signal, Samples):
        samples = control_pb2.SampledCurve(
            rate_hz=signal.rate_hz or 0,
            values=signal.values.astype(WIRE_DTYPE, copy=False).tobytes(),
            curve=_CURVES[signal.curve],
        )
        return control_pb2.ControlSignal(samples=samples)
    if isinstance(signal, (numbers.Real, np.ndarray)):
        return control_pb2.ControlSignal(constant=float(signal))
    raise TypeError(
        f"{what} must be a number, a pb.Curve, pb.Samples or an array of values, not {signal!r}"
    )


def _point(time: object, value: float, curve: str = "linear") -> control_pb2.Breakpoint:
    point = control_pb2.Breakpoint(value=value)
    if curve != "linear":
        point.curve = _CURVES[curve]
    if isinstance(time, Frame):
        point.frame = time.index
    else:
        point.time_seconds = float(time)  # type: ignore[arg-type]
    return point
