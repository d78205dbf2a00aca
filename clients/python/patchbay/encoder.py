"""From a Description to its message."""

from __future__ import annotations

import numbers
from typing import Mapping, Sequence, Union

import numpy as np

from patchbay.audio import Clip
from patchbay.description import Description, Graph, Processor
from patchbay.expression import (
    Arithmetic,
    Chain,
    Curve,
    Expression,
    Input,
    List,
    Reference,
    Samples,
    Selection,
    Text,
    as_expression,
)
from patchbay.sharing import Key, Uses, key_of
from patchbay.signals import signal_message
from patchbay.v1 import audio_pb2, description_pb2

_OPERATORS = {
    "+": description_pb2.OPERATOR_ADD,
    "-": description_pb2.OPERATOR_SUBTRACT,
    "*": description_pb2.OPERATOR_MULTIPLY,
    "/": description_pb2.OPERATOR_DIVIDE,
}


class Encoder:
    """Turns a Description into its message and collects the clips that it uses.

    Attributes:
        has_text: Whether any of it is text, which the server has to parse.
    """

    def __init__(
        self,
        sample_rate: int,
        clips: Mapping[str, Union[Clip, np.ndarray]] | None = None,
        input_names: Sequence[str] = (),
    ) -> None:
        self._sample_rate = sample_rate
        self._input_names = input_names
        self.has_text = False
        self.clips: dict[str, audio_pb2.Clip] = {}
        self._clip_names: dict[int, str] = {}  # by the id of the Clip: one used twice is sent once
        self._definitions: dict[Key, str] = {}
        for name, clip in (clips or {}).items():
            clip = clip if isinstance(clip, Clip) else Clip(clip)
            self.clips[name] = clip.message(sample_rate)

    def description(self, description: Description) -> description_pb2.Description:
        if isinstance(description, (str, Text)):
            text = description if isinstance(description, str) else description.text
            self.has_text = True
            return description_pb2.Description(text=text)
        graph = _as_graph(description)
        uses = Uses([*graph.definitions.values(), *graph.outputs])
        self.has_text = uses.has_text
        defined = dict(graph.definitions)
        for name, expression in defined.items():
            self._definitions.setdefault(key_of(expression), name)
        for key, expression in uses.repeated.items():
            if key not in self._definitions:
                taken = uses.names.union(defined, self._input_names)
                self._definitions[key] = name = _name_for(expression, taken)
                defined[name] = expression
        return description_pb2.Description(expression=self._whole(description, graph, defined))

    def _whole(
        self, description: Description, graph: Graph, defined: Mapping[str, Expression]
    ) -> description_pb2.Expression:
        if not defined and isinstance(description, Expression):
            return self._expression(description)
        message = description_pb2.Graph(
            definitions=[
                description_pb2.Definition(name=name, expression=self._definition(name, value))
                for name, value in defined.items()
            ],
            outputs=map(self._expression, graph.outputs),
        )
        return description_pb2.Expression(graph=message)

    def _definition(self, name: str, expression: Expression) -> description_pb2.Expression:
        if self._definitions[key_of(expression)] != name:  # a second name for the same
            return self._expression(expression)
        message = self._undefined(expression)
        if message.call.name == name:  # it is named by its definition
            message.call.ClearField("name")
        return message

    def _expression(self, expression: Expression) -> description_pb2.Expression:
        if name := self._definitions.get(key_of(expression)):
            return _reference(name)
        return self._undefined(expression)

    def _undefined(self, expression: Expression) -> description_pb2.Expression:
        """The expression itself, though there may be a definition of it."""
        message = description_pb2.Expression()
        if isinstance(expression, Processor):
            message.call.CopyFrom(self._call(expression))
        elif isinstance(expression, Chain):
            message.chain.steps.extend(self._steps(expression.steps))
        elif isinstance(expression, Input):
            message.input.SetInParent()
            if expression.index is not None:
                message.input.index = expression.index
        elif isinstance(expression, Reference):
            message.reference.name = expression.name
        elif isinstance(expression, List):
            message.list.items.extend(map(self._expression, expression.items))
        elif isinstance(expression, Arithmetic):
            message.arithmetic.operator = _OPERATORS[expression.operator]
            message.arithmetic.left.CopyFrom(self._operand(expression.left))
            message.arithmetic.right.CopyFrom(self._operand(expression.right))
        elif isinstance(expression, Selection):
            message.selection.of.CopyFrom(self._expression(expression.of))
            if isinstance(expression.what, int):
                message.selection.index = expression.what
            else:
                message.selection.output = expression.what
        elif isinstance(expression, (Curve, Samples)):
            message.signal.CopyFrom(signal_message(expression, "a curve"))
        elif isinstance(expression, Text):
            message.text = expression.text
        else:
            raise TypeError(f"{expression!r} cannot be part of a description")
        return message

    def _steps(self, steps: Sequence[Expression]) -> list[description_pb2.Expression]:
        """The steps of a chain; what has a definition is replaced, as far as it reaches."""
        for end in range(len(steps) - 1, 0, -1):
            if name := self._definitions.get(tuple(map(id, steps[:end]))):
                return [_reference(name), *map(self._undefined, steps[end:])]
        return list(map(self._undefined, steps))

    def _operand(self, operand: Union[Expression, float]) -> description_pb2.Expression:
        if isinstance(operand, Expression):
            return self._expression(operand)
        return description_pb2.Expression(signal=signal_message(operand, "an operand"))

    def _call(self, processor: Processor) -> description_pb2.Call:
        arguments = processor.given()
        arguments.pop("name", None)
        return description_pb2.Call(
            processor=processor.PROCESSOR,
            name=processor.name,
            arguments={
                # A field whose name would be a word of Python has a _ at its end.
                key.removesuffix("_"): self._value(value, f"{type(processor).__name__}.{key}")
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
        name = self._clip_names.setdefault(id(clip), f"clip_{len(self._clip_names) + 1}")
        if name not in self.clips:
            self.clips[name] = clip.message(self._sample_rate)
        return name


def _as_graph(description: Description) -> Graph:
    description = as_expression(description)
    if isinstance(description, Graph):
        return description
    if isinstance(description, Expression):
        return Graph((description,), {})
    if isinstance(description, (list, tuple)):
        outputs = tuple(map(as_expression, description))
        if outputs and all(isinstance(output, Expression) for output in outputs):
            return Graph(outputs, {})
        raise TypeError("a list of outputs holds processors or chains of them, at least one")
    raise TypeError(
        "a description must be a string, a processor such as patchbay.Gain(), or several of"
        f" them joined by |, not {type(description).__name__}"
    )


def _name_for(expression: Expression, taken: set[str]) -> str:
    """That of the processor if it is one; numbered if it is taken."""
    base = "shared"
    if isinstance(expression, Processor):
        if expression.name:
            return expression.name
        base = expression.PROCESSOR
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name


def _reference(name: str) -> description_pb2.Expression:
    return description_pb2.Expression(reference=description_pb2.Reference(name=name))
