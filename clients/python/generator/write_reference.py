"""Writes the processor reference in Markdown from the catalogue.

usage: write_reference CATALOGUE > processors/README.md
where CATALOGUE is a file that holds a serialised ListProcessorsResponse.
"""

import itertools
import sys

from clients.python.generator import wording
from patchbay.v1 import patchbay_pb2
from patchbay.v1 import processor_spec_pb2 as spec

_HEADER = """\
<!-- Generated from the processors' tables: edit those, then
     bazel run //clients/python:update_reference -->
# Processors

Rates: *fixed* parameters are read when a session opens, *block* ones at least every 32 frames,
*audio* ones at every frame. A live change of a parameter that ramps takes that long to arrive.
"""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head)] + [[_cell(cell) for cell in row] for row in rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _parameter_row(parameter: spec.ParameterSpec) -> list[str]:
    rate = wording.rate(parameter)
    if parameter.smoothing_seconds:
        rate += f", ramps {wording.number(parameter.smoothing_seconds)} s"
    return [
        f"`{parameter.name}`",
        wording.unit(parameter),
        wording.allowed(parameter),
        wording.default(parameter),
        rate,
        parameter.doc,
    ]


def _ports(processor: spec.ProcessorSpec) -> list[str]:
    """What is beyond one input and one output of any number of channels."""
    items = []
    if not processor.inputs:
        items.append("No input: it generates.")
    for port in processor.inputs:
        condition = wording.port(port)
        if condition or len(processor.inputs) > 1:
            items.append(f"Input `{port.name}`" + (f" ({condition})" if condition else ""))
            items[-1] += f": {port.doc}"
    if len(processor.outputs) > 1:
        items += [f"Output `{port.name}`: {port.doc}" for port in processor.outputs]
    items += [f"Control output `{out.name}`: {out.doc}" for out in processor.control_outputs]
    if not processor.checkpointable:
        items.append("Sessions that use it cannot be saved.")
    return items


def _section(processor: spec.ProcessorSpec) -> str:
    text = f"\n### {processor.name}\n\n{processor.summary}\n\n{processor.doc.strip()}\n"
    text += f"\n    {processor.example}\n"
    ports = _ports(processor)
    if ports:
        text += "\n" + "".join(f"- {' '.join(item.split())}\n" for item in ports)
    if processor.parameters:
        head = ["Parameter", "Unit", "Range", "Default", "Rate", ""]
        text += "\n" + _table(head, [_parameter_row(p) for p in processor.parameters])
    return text


def write(catalogue: patchbay_pb2.ListProcessorsResponse) -> str:
    by_category = sorted(catalogue.processors, key=lambda p: (p.category, p.name))
    text = _HEADER + "\n" + _table(
        ["Processor", "Category", ""],
        [[f"[{p.name}](#{p.name})", p.category, p.summary] for p in by_category],
    )
    for category, processors in itertools.groupby(by_category, key=lambda p: p.category):
        text += f"\n## {category.capitalize()}\n" + "".join(map(_section, processors))
    return text


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        sys.stdout.write(write(patchbay_pb2.ListProcessorsResponse.FromString(file.read())))
