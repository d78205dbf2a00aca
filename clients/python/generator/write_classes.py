"""Writes the module of processor classes from the catalogue.

usage: write_classes CATALOGUE > processors.py
where CATALOGUE is a file that holds a serialised ListProcessorsResponse.
"""

import keyword
import sys
import textwrap

from clients.python.generator import wording
from patchbay.v1 import patchbay_pb2
from patchbay.v1 import processor_spec_pb2 as spec

_HEADER = '''\
"""One class for each processor, generated from the server's tables."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal, Sequence, Union

import numpy as np

from patchbay.audio import Clip
from patchbay.description import Processor
from patchbay.expression import Control, Source

__all__ = [
'''

_CLASS = '''

@dataclasses.dataclass(frozen=True, repr=False)
class {class_name}(Processor):
    """{docstring}
    """

    PROCESSOR: ClassVar[str] = "{name}"
{fields}
'''

_WIDTH = 96

# Every processor that streams one clip in and one out takes this parameter of this processor.
_BALANCE_OWNER = "dry_wet"
_BALANCE = "balance"


def _class_name(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _moves(parameter: spec.ParameterSpec) -> bool:
    return parameter.rate != spec.RATE_FIXED


def _annotation(parameter: spec.ParameterSpec) -> str:
    if _moves(parameter):
        return "Control"
    if parameter.type == spec.PARAMETER_TYPE_CHOICE:
        return f"Literal[{', '.join(map(repr, parameter.choices))}]"
    if parameter.type == spec.PARAMETER_TYPE_CLIP:
        return "Union[Clip, np.ndarray]" if parameter.required else "Union[Clip, np.ndarray, None]"
    return {
        spec.PARAMETER_TYPE_NUMBER: "float",
        spec.PARAMETER_TYPE_INTEGER: "int",
        spec.PARAMETER_TYPE_BOOLEAN: "bool",
        spec.PARAMETER_TYPE_NUMBER_LIST: "Sequence[float]",
    }[parameter.type]


def _default(parameter: spec.ParameterSpec) -> str:
    if parameter.required:
        return ""
    if parameter.type == spec.PARAMETER_TYPE_CHOICE:
        return f" = {parameter.default_value.choice!r}"
    if parameter.type == spec.PARAMETER_TYPE_BOOLEAN:
        return f" = {parameter.default_value.boolean}"
    if parameter.type == spec.PARAMETER_TYPE_CLIP:
        return " = None"
    if parameter.type == spec.PARAMETER_TYPE_NUMBER_LIST:
        return " = ()"
    return " = " + wording.number(parameter.default_value.number)


def _field(port: spec.Port) -> str:
    """`in` is a word of Python."""
    return port.name + "_" if keyword.iskeyword(port.name) else port.name


def _takes_balance(processor: spec.ProcessorSpec) -> bool:
    """As the server decides it."""
    return (
        processor.timing == spec.TIMING_STREAMING
        and len(processor.outputs) == 1
        and not processor.outputs[0].repeated
        and len(processor.inputs) > 0
        and not processor.inputs[0].repeated
        and all(parameter.name != _BALANCE for parameter in processor.parameters)
    )


def _class_variable(name: str, values: list[str]) -> list[str]:
    lines = textwrap.fill(", ".join(map(repr, values)) + ",", 88)
    variable = f"{name}: ClassVar[tuple[str, ...]] = (\n{textwrap.indent(lines, '    ')}\n)"
    return [variable] if values else []


def _with_balance(catalogue: patchbay_pb2.ListProcessorsResponse) -> list[spec.ProcessorSpec]:
    """The catalogue with that parameter among the others."""
    balance = [
        parameter
        for processor in catalogue.processors
        if processor.name == _BALANCE_OWNER
        for parameter in processor.parameters
        if parameter.name == _BALANCE
    ]
    for processor in catalogue.processors:
        if _takes_balance(processor):
            processor.parameters.extend(balance)
    return list(catalogue.processors)


def _fields(processor: spec.ProcessorSpec) -> str:
    parameters = list(processor.parameters)
    controls = [p.name for p in parameters if _moves(p)]
    clips = [p.name for p in parameters if p.type == spec.PARAMETER_TYPE_CLIP]
    own = [f"{p.name}: {_annotation(p)}{_default(p)}" for p in parameters]
    lines = _class_variable("PORTS", list(map(_field, processor.inputs)))
    lines += _class_variable("CONTROLS", controls)
    lines += _class_variable("CLIPS", clips)
    lines += [f"{_field(port)}: Source = None" for port in processor.inputs]
    lines += ["_: dataclasses.KW_ONLY"] + own if own else []
    return textwrap.indent("\n".join(lines), "    ")


def _parameter_doc(parameter: spec.ParameterSpec) -> str:
    unit = wording.unit(parameter)
    facts = [
        wording.allowed(parameter) + (f" {unit}" if unit else ""),
        f"default {wording.default(parameter)}" if not parameter.required else "required",
        f"can move, rate {wording.rate(parameter)}" if _moves(parameter) else "fixed",
    ]
    if parameter.smoothing_seconds:
        facts.append(f"ramps {wording.number(parameter.smoothing_seconds)} s")
    return f"{parameter.doc} [{'; '.join(facts)}]"


def _port_doc(port: spec.Port) -> str:
    conditions = wording.port(port)
    return " ".join(filter(None, [port.doc or "Audio.", conditions and f"[{conditions}]"]))


def _wrap(text: str, indent: str, hanging: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()),
        width=_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _docstring(processor: spec.ProcessorSpec) -> str:
    arguments = [(_field(port), _port_doc(port)) for port in processor.inputs]
    arguments += [(p.name, _parameter_doc(p)) for p in processor.parameters]
    arguments.append(("name", "The node's name in messages and controls."))
    paragraphs = [
        processor.summary,
        "\n".join(_wrap(paragraph, "    ") for paragraph in processor.doc.splitlines()),
        f"    In the text form: ``{processor.example}``",
        "    Args:\n"
        + "\n".join(_wrap(f"{name}: {doc}", "        ", "    ") for name, doc in arguments),
    ]
    return "\n\n".join(paragraphs).replace("\\", "\\\\").replace('"""', "'''")


def _check_names(processor: spec.ProcessorSpec) -> None:
    fields = [_field(port) for port in processor.inputs] + [p.name for p in processor.parameters]
    for name in [_class_name(processor.name)] + fields:
        if keyword.iskeyword(name) or name == "name" or fields.count(name) > 1:
            sys.exit(f"{processor.name}: '{name}' cannot be a name in Python")


def write(catalogue: patchbay_pb2.ListProcessorsResponse) -> str:
    processors = _with_balance(catalogue)
    module = _HEADER
    for processor in processors:
        _check_names(processor)
        module += f'    "{_class_name(processor.name)}",\n'
    module += "]\n"
    for processor in processors:
        module += _CLASS.format(
            class_name=_class_name(processor.name),
            docstring=_docstring(processor),
            name=processor.name,
            fields=_fields(processor),
        ).rstrip() + "\n"
    return module


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        sys.stdout.write(write(patchbay_pb2.ListProcessorsResponse.FromString(file.read())))
