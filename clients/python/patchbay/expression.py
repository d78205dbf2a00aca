"""What descriptions are built of: values that are combined with operators, and sent.

    pb.input(0) | pb.Highpass() | pb.Gain(gain_db=-3)     one after the other
    [a, b] | pb.Mix()                                     several into one
    0.5 * a + b,  a - b,  -a,  a / 2                      audio and control signals
    a[1],  a.output("rms_db")                             one of several outputs
    "highpass(80Hz)" | pb.Gain(gain_db=-3)                the text form beside |
    pb.Gain(gain_db=pb.text("6dB * lfo(2Hz)"))            and wherever else

An object that is used in two places is one node, computed once: to have two, make two.
"""

from __future__ import annotations

import dataclasses
import numbers
from typing import Any, ClassVar, Sequence, Union

import numpy as np


class Expression:
    """Puts out audio or a control signal."""

    __array_ufunc__ = None  # array * expression is ours, not NumPy's
    __iter__ = None  # type: ignore[assignment]  # x[0], x[1]... have no end that Python could find

    def __or__(self, other: Union[Expression, str]) -> Chain:
        return _chain(self, as_expression(other))

    def __ror__(self, other: Union[str, Sequence[Union[Expression, str]]]) -> Chain:
        other = List(*other) if isinstance(other, (list, tuple)) else as_expression(other)
        return _chain(other, self)

    def __add__(self, other: Operand) -> Arithmetic:
        return _arithmetic("+", self, other)

    def __radd__(self, other: Operand) -> Arithmetic:
        return _arithmetic("+", other, self)

    def __sub__(self, other: Operand) -> Arithmetic:
        return _arithmetic("-", self, other)

    def __rsub__(self, other: Operand) -> Arithmetic:
        return _arithmetic("-", other, self)

    def __mul__(self, other: Operand) -> Arithmetic:
        return _arithmetic("*", self, other)

    def __rmul__(self, other: Operand) -> Arithmetic:
        return _arithmetic("*", other, self)

    def __truediv__(self, other: Operand) -> Arithmetic:
        return _arithmetic("/", self, other)

    def __rtruediv__(self, other: Operand) -> Arithmetic:
        return _arithmetic("/", other, self)

    def __neg__(self) -> Arithmetic:
        return _arithmetic("*", -1, self)

    def __getitem__(self, index: int) -> Selection:
        """One of several clips, counted from 0."""
        if isinstance(index, bool) or not isinstance(index, numbers.Integral):
            raise TypeError(
                f"x[{index!r}]: clips are counted from 0; a control output is x.output('name')"
            )
        if index < 0:
            raise ValueError(f"x[{index}]: clips are counted from 0, not from the end")
        return Selection(self, int(index))

    def output(self, name: str) -> Selection:
        """A control output by its name, of a processor that has several."""
        return Selection(self, str(name))


# Beside an operator, an array is a curve with a value for every frame.
Operand = Union[Expression, float, np.ndarray]


@dataclasses.dataclass(frozen=True, repr=False)
class Chain(Expression):
    """Processors one after the other; written `a | b`. Only the first may be something else."""

    steps: tuple[Expression, ...]

    def __repr__(self) -> str:
        return " | ".join(map(repr, self.steps))


@dataclasses.dataclass(frozen=True)
class Input(Expression):
    """An input of the session, counted from 0. None: all of them."""

    index: Union[int, None] = None


@dataclasses.dataclass(frozen=True)
class Reference(Expression):
    """What has this name: a definition of a graph, or an input of the session."""

    name: str


@dataclasses.dataclass(frozen=True, repr=False, init=False)
class List(Expression):
    """Several side by side: `pb.List(a, b) | pb.Mix()`, or `[a, b] | pb.Mix()`."""

    items: tuple[Expression, ...]

    def __init__(self, *items: Union[Expression, str]) -> None:
        expressions = tuple(map(as_expression, items))
        for item in expressions:
            if not isinstance(item, Expression):
                raise TypeError(f"a list holds what puts out audio, not {item!r}")
        object.__setattr__(self, "items", expressions)

    def __repr__(self) -> str:
        return f"List({', '.join(map(repr, self.items))})"


@dataclasses.dataclass(frozen=True, repr=False)
class Arithmetic(Expression):
    """A sum, difference, product or quotient; written with operators.

    Audio can be added to audio, and multiplied or divided by numbers and control signals.
    """

    operator: str  # one of + - * /
    left: Union[Expression, float]
    right: Union[Expression, float]

    def __repr__(self) -> str:
        return f"{_in_brackets(self.left)} {self.operator} {_in_brackets(self.right)}"


@dataclasses.dataclass(frozen=True, repr=False)
class Selection(Expression):
    """One of several clips, by its index, or a control output, by its name."""

    of: Expression
    what: Union[int, str]

    def __repr__(self) -> str:
        what = f".output({self.what!r})" if isinstance(self.what, str) else f"[{self.what}]"
        return _in_brackets(self.of) + what


@dataclasses.dataclass(frozen=True)
class Text(Expression):
    """The text form, parsed by the server where it stands; several outputs are a List."""

    text: str


@dataclasses.dataclass(frozen=True)
class Frame:
    """A time counted in frames."""

    index: int


_CURVES = ("linear", "step", "exponential", "smooth")


@dataclasses.dataclass(frozen=True)
class Curve(Expression):
    """Values at points in time, from the start of the clip, or of the change that sets it.

        pb.Curve([(0, -60), (1.5, 0, "exponential"), (pb.frame(96000), -6, "step")])

    Args:
        points: In ascending order of time: (seconds, value), or (seconds, value, how). How the
            value gets there from the point before: "linear" (if left out), "step" (it holds until
            the point), "exponential" (equal ratios in equal times) or "smooth" (a half cosine).
            Before the first point its value holds, and after the last. Values are in the
            parameter's unit.
    """

    points: tuple[tuple[Any, ...], ...]

    def __post_init__(self) -> None:
        points = tuple(map(_point, self.points))
        if not points:
            raise ValueError("a curve has at least one point: pb.Curve([(0, -6)])")
        object.__setattr__(self, "points", points)


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Samples(Expression):
    """Values at equal distances; after the last its value holds.

    Args:
        values: One dimension, in the parameter's unit; copied.
        rate_hz: Values a second. None: one for every frame.
        curve: Between the values: "linear" or "step".
    """

    CURVES: ClassVar[tuple[str, ...]] = ("linear", "step")

    values: np.ndarray
    rate_hz: Union[float, None] = None
    curve: str = "linear"

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float32)
        if values.ndim != 1 or not len(values):
            raise TypeError(
                f"control values have one dimension and at least one value, not the shape"
                f" {values.shape}"
            )
        if self.rate_hz is not None and not self.rate_hz > 0:
            raise ValueError(f"rate_hz = {self.rate_hz} must be above 0")
        _check_curve(self.curve, self.CURVES)
        values.flags.writeable = False
        object.__setattr__(self, "values", values)

    def __repr__(self) -> str:
        rate = f" at {self.rate_hz} Hz" if self.rate_hz else ""
        return f"Samples({len(self.values)} values{rate})"


# What a parameter that can move takes: a number, an array with a value for every frame, a Curve,
# Samples, or whatever puts out a control signal: `-24 * pb.EnvelopeFollower(pb.input(1))`.
Control = Union[float, np.ndarray, Expression]

# What an audio input takes; a list where it takes any number of clips.
Source = Union[Expression, Sequence[Expression], None]


def input(which: Union[int, str, None] = None) -> Union[Input, Reference]:
    """An input of the session: by number, counted from 0, or by name; without either, all."""
    if isinstance(which, str):
        return Reference(which)
    return Input(which)


def ref(name: str) -> Reference:
    """What a definition of `pb.graph` puts out; the definition may come later."""
    return Reference(name)


def text(text: str) -> Text:
    """The text form as an Expression: `0.5 * pb.text("in[0] | reverb()")`.

    Beside `|`, in lists and as a whole description, a string does the same.
    """
    return Text(text)


def as_expression(value: Any) -> Any:
    """A string as the text form; anything else as it is, but for a class."""
    if isinstance(value, type) and issubclass(value, Expression):
        raise TypeError(f"{value.__name__} is a class: write {value.__name__}()")
    return Text(value) if isinstance(value, str) else value


def frame(index: int) -> Frame:
    """A time counted in frames, for the points of a Curve."""
    return Frame(int(index))


def _chain(left: Any, right: Any) -> Chain:
    if not isinstance(left, Expression) or not isinstance(right, Expression):
        return NotImplemented
    steps = _steps(right)
    if not hasattr(steps[0], "PROCESSOR") and not isinstance(steps[0], Text):
        raise TypeError(f"after | comes a processor, not {steps[0]!r}: put that first")
    return Chain(_steps(left) + steps)


def _steps(expression: Expression) -> tuple[Expression, ...]:
    return expression.steps if isinstance(expression, Chain) else (expression,)


def _arithmetic(operator: str, left: Operand, right: Operand) -> Arithmetic:
    operands: list[Union[Expression, float]] = []
    for operand in (left, right):
        if isinstance(operand, np.ndarray):
            operands.append(Samples(operand))
        elif isinstance(operand, Expression):
            operands.append(operand)
        elif isinstance(operand, numbers.Real) and not isinstance(operand, bool):
            operands.append(float(operand))
        else:
            return NotImplemented
    return Arithmetic(operator, *operands)


def _point(point: Any) -> tuple[Any, ...]:
    if not isinstance(point, (tuple, list)) or len(point) not in (2, 3):
        raise TypeError(f"a point is (seconds, value) or (seconds, value, curve), not {point!r}")
    time, value, *curve = point
    if not isinstance(time, (numbers.Real, Frame)) or not isinstance(value, numbers.Real):
        raise TypeError(f"a point is a time and a number, not {point!r}")
    for name in curve:
        _check_curve(name, _CURVES)
    return (time, float(value), *curve)


def _check_curve(curve: object, allowed: Sequence[str]) -> None:
    if curve not in allowed:
        raise ValueError(f"curve = {curve!r} must be one of {', '.join(allowed)}")


def _in_brackets(operand: Union[Expression, float]) -> str:
    if isinstance(operand, float):
        return f"{operand:g}"
    return f"({operand!r})" if isinstance(operand, (Chain, Arithmetic)) else repr(operand)
