"""Descriptions: what to compute."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Sequence, Union

import numpy as np

from patchbay.audio import Clip
from patchbay.expression import Expression, List, Samples, as_expression


@dataclasses.dataclass(frozen=True, repr=False)
class Processor(Expression):
    """The base of the classes in patchbay.processors, one for each processor.

    What comes first, without a name, is audio: `pb.Gain(pb.input(1), gain_db=-3)`. Left out, it
    is what the step before puts out or, at the start, all inputs of the session.
    """

    PROCESSOR: ClassVar[str]  # its name on the server
    PORTS: ClassVar[tuple[str, ...]] = ()  # the fields that take audio
    CONTROLS: ClassVar[tuple[str, ...]] = ()  # the parameters that can move
    CLIPS: ClassVar[tuple[str, ...]] = ()  # the parameters that take a Clip

    _: dataclasses.KW_ONLY
    name: str = ""  # the node's name in messages and controls

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = self._coerced(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)

    def _coerced(self, name: str, value: object) -> object:
        if name in self.PORTS:
            if isinstance(value, (list, tuple)):
                return List(*value)
            if value is not None and not isinstance(value, Expression):
                raise TypeError(
                    f"{type(self).__name__}: '{name.removesuffix('_')}' is an audio input and"
                    f" cannot be {value!r}; give parameters by name"
                )
        elif isinstance(value, np.ndarray):
            if name in self.CLIPS:
                return Clip(value)
            if name in self.CONTROLS and value.ndim:
                return Samples(value)
            return value.item() if not value.ndim else tuple(value)
        elif isinstance(value, list):
            return tuple(value)
        return value

    def __repr__(self) -> str:
        given = (
            repr(value) if name in self.PORTS[:1] else f"{name}={value!r}"
            for name, value in self.given().items()
        )
        return f"{type(self).__name__}({', '.join(given)})"

    def given(self) -> dict[str, object]:
        """The fields that differ from their default, in the order of the class, the name last."""
        fields = sorted(dataclasses.fields(self), key=lambda field: field.name == "name")
        return {
            field.name: getattr(self, field.name)
            for field in fields
            if getattr(self, field.name) != field.default
        }


@dataclasses.dataclass(frozen=True, eq=False)
class Graph:
    """Named expressions, and what comes out; made by `pb.graph`."""

    outputs: tuple[Expression, ...]
    definitions: dict[str, Expression]


def graph(
    outputs: Union[Expression, str, Sequence[Union[Expression, str]]],
    **definitions: Union[Expression, str],
) -> Graph:
    """A description of several outputs, or with names.

        duck = pb.EnvelopeFollower(pb.input(1))
        pb.graph([pb.input(0) | pb.Gain(gain_db=-18 * duck), duck], duck=duck)
        echo = pb.input(0) + 0.5 * pb.ref("echo") | pb.Delay(feedback=0, mix=1)
        pb.graph(pb.ref("echo"), echo=echo)

    Names are for messages, live changes (`stream.set("duck", attack_seconds=0.1)`) and circles,
    each of which must go through a delay; what is used twice needs none.

    Args:
        outputs: Audio and control signals, in the order in which they come out. A string is
            the text form, which may use the names of definitions.
        **definitions: Used by the object itself or by `pb.ref(name)`, in any order.
    """
    is_one = isinstance(outputs, (Expression, str))
    expressions = tuple(map(as_expression, (outputs,) if is_one else outputs))
    defined = {name: as_expression(value) for name, value in definitions.items()}
    for value in (*expressions, *defined.values()):
        if not isinstance(value, Expression):
            raise TypeError(f"a graph is made of expressions such as pb.Gain(), not {value!r}")
    return Graph(expressions, defined)


# What the functions of this package take. A string is the text form, parsed by the server; a list
# has several outputs.
Description = Union[Expression, Graph, Sequence[Union[Expression, str]], str]
