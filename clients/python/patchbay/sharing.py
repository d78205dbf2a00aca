"""Which parts of a description occur twice and so become named definitions of a graph.

A part is told by the identity of its objects: of a chain a | b | c, the parts are a, a | b and
the whole, since what a processor does depends on what came before it.
"""

from __future__ import annotations

from typing import Iterator, Sequence

from patchbay.description import Processor
from patchbay.expression import (
    Arithmetic,
    Chain,
    Curve,
    Expression,
    List,
    Samples,
    Selection,
    Text,
)

Key = tuple[int, ...]  # the ids of a chain's steps

# Where there is nothing to compute there is nothing to share.
_SHARED = (Processor, Chain, Arithmetic, Curve, Samples, Text)


def key_of(expression: Expression) -> Key:
    return tuple(map(id, steps_of(expression)))


def steps_of(expression: Expression) -> tuple[Expression, ...]:
    return expression.steps if isinstance(expression, Chain) else (expression,)


def _parts(expression: Expression) -> Iterator[Expression]:
    """What the expression is made of, not counting the steps of a chain before its last."""
    if isinstance(expression, Processor):
        for value in expression.given().values():
            if isinstance(value, Expression):
                yield value
    elif isinstance(expression, List):
        yield from expression.items
    elif isinstance(expression, Arithmetic):
        for operand in (expression.left, expression.right):
            if isinstance(operand, Expression):
                yield operand
    elif isinstance(expression, Selection):
        yield expression.of


class Uses:
    """Counts the parts of expressions.

    Attributes:
        repeated: The parts that are used more than once, in the order in which they were met.
        names: The names that processors have been given.
        has_text: Whether any part is text.
    """

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._counts: dict[Key, int] = {}
        self._parts: dict[Key, Expression] = {}
        self.names: set[str] = set()
        self.has_text = False
        for expression in expressions:
            self._count(expression)

    @property
    def repeated(self) -> dict[Key, Expression]:
        return {key: self._parts[key] for key, count in self._counts.items() if count > 1}

    def _count(self, expression: Expression) -> None:
        steps = steps_of(expression)
        if isinstance(steps[-1], _SHARED):
            key = key_of(expression)
            self._counts[key] = self._counts.get(key, 0) + 1
            if self._counts[key] > 1:
                return
            self._parts[key] = expression
        if len(steps) > 1:
            before = steps[:-1]
            self._count(Chain(before) if len(before) > 1 else before[0])
        for part in _parts(steps[-1]):
            self._count(part)
        if isinstance(steps[-1], Processor):
            self.names.add(steps[-1].name)
        self.has_text = self.has_text or isinstance(steps[-1], Text)
