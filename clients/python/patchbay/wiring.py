"""The nodes and wires of a description, as they are drawn."""

from __future__ import annotations

import dataclasses
from typing import Mapping, Sequence

from patchbay import processors
from patchbay.v1 import control_pb2, description_pb2

_OPERATORS = {
    description_pb2.OPERATOR_ADD: "+",
    description_pb2.OPERATOR_SUBTRACT: "-",
    description_pb2.OPERATOR_MULTIPLY: "*",
    description_pb2.OPERATOR_DIVIDE: "/",
}

_PORTS = {
    (getattr(processors, name).PROCESSOR, port.removesuffix("_"))
    for name in processors.__all__
    for port in getattr(processors, name).PORTS
}


@dataclasses.dataclass(frozen=True)
class End:
    """Where a wire starts."""

    node: int
    which: str = ""  # "[1]" of several clips, ".rms_db" of several control outputs


@dataclasses.dataclass(frozen=True)
class Wire:
    start: End
    to: int
    parameter: str = ""  # that it moves; "": it is audio, or an operand


@dataclasses.dataclass
class Node:
    name: str
    detail: str = ""  # parameters
    kind: str = "processor"  # or "input", "output", "control"


class Wiring:
    """Built from a description as a message."""

    def __init__(self, expression: description_pb2.Expression) -> None:
        self.nodes: list[Node] = []
        self.wires: list[Wire] = []
        self._inputs: dict[str, int] = {}
        self._definitions = {
            definition.name: definition.expression for definition in expression.graph.definitions
        }
        self._defined: dict[str, list[End]] = {}
        is_graph = expression.HasField("graph")
        outputs = expression.graph.outputs if is_graph else [expression]
        for i, output in enumerate(outputs):
            ends = self._follow(output)
            number = f" {i}" if len(outputs) > 1 else ""
            self._connect(ends, self._add(Node(f"out{number}", kind="output")))
        for name in self._definitions:
            self._definition(name)

    def _add(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _connect(self, ends: Sequence[End], to: int, parameter: str = "") -> None:
        self.wires += [Wire(end, to, parameter) for end in ends]

    def _follow(
        self, expression: description_pb2.Expression, before: Sequence[End] = (), name: str = ""
    ) -> list[End]:
        """Draws the expression and returns what it puts out."""
        kind = expression.WhichOneof("kind")
        if kind == "call":
            return [End(self._call(expression.call, before, name))]
        if kind == "chain":
            ends = list(before)
            for step in expression.chain.steps:
                ends = self._follow(step, ends)
            return ends
        if kind == "input":
            has_index = expression.input.HasField("index")
            return [End(self._input(f"in[{expression.input.index}]" if has_index else "in"))]
        if kind == "reference":
            return self._definition(expression.reference.name)
        if kind == "list":
            return [end for item in expression.list.items for end in self._follow(item)]
        if kind == "arithmetic":
            return [End(self._arithmetic(expression.arithmetic))]
        if kind == "selection":
            selection = expression.selection
            is_index = selection.WhichOneof("what") == "index"
            which = f"[{selection.index}]" if is_index else f".{selection.output}"
            return [End(end.node, end.which + which) for end in self._follow(selection.of)]
        signal = expression.signal
        return [End(self._add(Node(_number(signal) or "curve", _curve(signal), "control")))]

    def _call(self, call: description_pb2.Call, before: Sequence[End], name: str) -> int:
        values = [
            f"{key}={_value(value)}"
            for key, value in sorted(call.arguments.items())
            if not value.HasField("expression")
        ]
        name = call.name or name
        title = f"{name}: {call.processor}" if name not in ("", call.processor) else call.processor
        node = self._add(Node(title, ", ".join(values)))
        is_fed = bool(before)
        self._connect(before, node)
        for key, value in sorted(call.arguments.items()):
            if value.HasField("expression"):
                is_port = (call.processor, key) in _PORTS
                is_fed = is_fed or (is_port and key == "in")
                self._connect(self._follow(value.expression), node, "" if is_port else key)
        if not is_fed and (call.processor, "in") in _PORTS:
            self._connect([End(self._input("in"))], node)
        return node

    def _arithmetic(self, arithmetic: description_pb2.Arithmetic) -> int:
        left, right = _number(arithmetic.left.signal), _number(arithmetic.right.signal)
        operator = _OPERATORS[arithmetic.operator]
        node = self._add(Node(" ".join(filter(None, [left, operator, right])), kind="control"))
        for operand, number in ((arithmetic.left, left), (arithmetic.right, right)):
            if not number:
                self._connect(self._follow(operand), node)
        return node

    def _input(self, name: str) -> int:
        if name not in self._inputs:
            self._inputs[name] = self._add(Node(name, kind="input"))
        return self._inputs[name]

    def _definition(self, name: str) -> list[End]:
        if name not in self._definitions:
            return [End(self._input(name))]
        if name not in self._defined:
            anchor: list[End] = []  # grows if the definition is used in itself
            self._defined[name] = anchor
            ends = self._follow(self._definitions[name], name=name)
            if anchor:
                self._connect(ends, anchor[0].node)
            self._defined[name] = ends
        elif not self._defined[name]:
            self._defined[name].append(End(self._add(Node(name, kind="control"))))
        return self._defined[name]


def _number(signal: control_pb2.ControlSignal) -> str:
    return f"{signal.constant:g}" if signal.HasField("constant") else ""


def _curve(signal: control_pb2.ControlSignal) -> str:
    if signal.HasField("breakpoints"):
        return f"{len(signal.breakpoints.points)} points"
    return f"{len(signal.samples.values) // 4} values" if signal.HasField("samples") else ""


def _value(value: description_pb2.Value) -> str:
    kind = value.WhichOneof("kind")
    if kind == "number":
        return f"{value.number:g}"
    if kind == "boolean":
        return "true" if value.boolean else "false"
    if kind == "numbers":
        return f"[{', '.join(f'{number:g}' for number in value.numbers.values)}]"
    return f"@{value.clip}" if kind == "clip" else value.choice


def as_text(wiring: Wiring) -> str:
    """A line for each node: what it is, and what goes into it."""
    lines = []
    for i, node in enumerate(wiring.nodes):
        line = node.name + (f"({node.detail})" if node.detail else "")
        sources = [
            f"{wire.parameter}: {_source(wiring.nodes, wire)}" if wire.parameter
            else _source(wiring.nodes, wire)
            for wire in wiring.wires
            if wire.to == i
        ]
        lines.append(line + (f"  <-  {', '.join(sources)}" if sources else ""))
    return "\n".join(lines)


def _source(nodes: Sequence[Node], wire: Wire) -> str:
    return nodes[wire.start.node].name.split(":")[0] + wire.start.which


_STYLES: Mapping[str, str] = {
    "processor": "shape=box, style=rounded",
    "input": "shape=plain",
    "output": "shape=plain",
    "control": "shape=ellipse",
}


def as_dot(wiring: Wiring) -> str:
    """The same in Graphviz's language; wires that move a parameter are dashed."""
    lines = ["digraph {", "  rankdir=LR; node [fontname=sans]; edge [fontname=sans, fontsize=9];"]
    for i, node in enumerate(wiring.nodes):
        label = node.name + (f"\n{node.detail}" if node.detail else "")
        lines.append(f"  n{i} [label={_quoted(label)}, {_STYLES[node.kind]}];")
    for wire in wiring.wires:
        style = "dashed" if wire.parameter else "solid"
        label = " ".join(filter(None, [wire.start.which, wire.parameter]))
        lines.append(
            f"  n{wire.start.node} -> n{wire.to} [label={_quoted(label)}, style={style}];"
        )
    return "\n".join([*lines, "}"])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
