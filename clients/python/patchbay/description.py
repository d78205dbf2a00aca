"""Descriptions: what to compute, as values that can be combined with `|` and sent."""

from __future__ import annotations

import dataclasses
import numbers
from typing import ClassVar, Mapping, Union

import numpy as np

from patchbay.audio import Clip
from patchbay.v1 import audio_pb2, description_pb2


class Expression:
    """Puts out audio or a control signal: a processor, an Input, or a Chain of them."""

    def __or__(self, other: Expression) -> Chain:
        if not isinstance(other, Expression):
            return NotImplemented
        return Chain(_steps(self) + _steps(other))


@dataclasses.dataclass(frozen=True, repr=False)
class Chain(Expression):
    """Processors one after the other; written `a | b`."""

    steps: tuple[Expression, ...]

    def __repr__(self) -> str:
        return " | ".join(map(repr, self.steps))


@dataclasses.dataclass(frozen=True)
class Input(Expression):
    """An input of the session, counted from 0. None: all of them."""

    index: Union[int, None] = None


@dataclasses.dataclass(frozen=True, repr=False)
class Processor(Expression):
    """The base of the classes in patchbay.processors, one for each processor."""

    PROCESSOR: ClassVar[str]  # its name on the server
    CLIPS: ClassVar[tuple[str, ...]] = ()  # the parameters that take a Clip

    _: dataclasses.KW_ONLY
    name: str = ""  # the node's name in messages and controls

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray) and field.name in self.CLIPS:
                object.__setattr__(self, field.name, Clip(value))
            elif isinstance(value, (list, np.ndarray)):
                object.__setattr__(self, field.name, tuple(value))

    def __repr__(self) -> str:
        given = (f"{name}={value!r}" for name, value in self.given().items())
        return f"{type(self).__name__}({', '.join(given)})"

    def given(self) -> dict[str, object]:
        """The fields that differ from their default."""
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if getattr(self, field.name) != field.default
        }


# What the functions of this package take. A string is the text form, parsed by the server.
Description = Union[Expression, str]


def _steps(expression: Expression) -> tuple[Expression, ...]:
    return expression.steps if isinstance(expression, Chain) else (expression,)


class Encoder:
    """Turns a Description into its message and collects the clips that it uses."""

    def __init__(
        self, sample_rate: int, clips: Mapping[str, Union[Clip, np.ndarray]] | None = None
    ) -> None:
        self._sample_rate = sample_rate
        self.clips: dict[str, audio_pb2.Clip] = {}
        self._names: dict[int, str] = {}  # by the id of the Clip: one used twice is sent once
        for name, clip in (clips or {}).items():
            clip = clip if isinstance(clip, Clip) else Clip(clip)
            self.clips[name] = clip.message(sample_rate)

    def description(self, description: Description) -> description_pb2.Description:
        if isinstance(description, str):
            return description_pb2.Description(text=description)
        return description_pb2.Description(expression=self._expression(description))

    def _expression(self, expression: Expression) -> description_pb2.Expression:
        if isinstance(expression, Processor):
            return description_pb2.Expression(call=self._call(expression))
        if isinstance(expression, Chain):
            steps = [self._expression(step) for step in expression.steps]
            return description_pb2.Expression(chain=description_pb2.Chain(steps=steps))
        if isinstance(expression, Input):
            return description_pb2.Expression(input=description_pb2.Input(index=expression.index))
        raise TypeError(
            "a description must be a string, a processor such as patchbay.Gain(), or several of"
            f" them joined by |, not {type(expression).__name__}"
        )

    def _call(self, processor: Processor) -> description_pb2.Call:
        arguments = processor.given()
        arguments.pop("name", None)
        return description_pb2.Call(
            processor=processor.PROCESSOR,
            name=processor.name,
            arguments={
                key: self._value(value, f"{type(processor).__name__}.{key}")
                for key, value in arguments.items()
            },
        )

    def _value(self, value: object, path: str) -> description_pb2.Value:
        if isinstance(value, (bool, np.bool_)):
            return description_pb2.Value(boolean=bool(value))
        if isinstance(value, numbers.Real):
            return description_pb2.Value(number=float(value))
        if isinstance(value, str):
            return description_pb2.Value(choice=value)
        if isinstance(value, Clip):
            return description_pb2.Value(clip=self._clip(value))
        if isinstance(value, Expression):
            return description_pb2.Value(expression=self._expression(value))
        if isinstance(value, tuple) and all(isinstance(v, numbers.Real) for v in value):
            values = description_pb2.NumberList(values=[float(v) for v in value])
            return description_pb2.Value(numbers=values)
        raise TypeError(f"{path} cannot be {value!r}")

    def _clip(self, clip: Clip) -> str:
        name = self._names.setdefault(id(clip), f"clip_{len(self._names) + 1}")
        if name not in self.clips:
            self.clips[name] = clip.message(self._sample_rate)
        return name
