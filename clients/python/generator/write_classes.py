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
from patchbay.description import Expression, Processor

__all__ = [
'''

_CLASS = '''

@dataclasses.dataclass(frozen=True, repr=False, kw_only=True)
class {class_name}(Processor):
    """{docstring}
    """

    PROCESSOR: ClassVar[str] = "{name}"
{fields}
'''

_WIDTH = 96


def _class_name(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _annotation(parameter: spec.ParameterSpec) -> str:
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


def _optional_inputs(processor: spec.ProcessorSpec) -> list[spec.Port]:
    return [port for port in processor.inputs if port.optional]


def _fields(processor: spec.ProcessorSpec) -> str:
    clips = [p.name for p in processor.parameters if p.type == spec.PARAMETER_TYPE_CLIP]
    lines = [f"CLIPS: ClassVar[tuple[str, ...]] = {tuple(clips)!r}"] if clips else []
    lines += [f"{p.name}: {_annotation(p)}{_default(p)}" for p in processor.parameters]
    lines += [f"{p.name}: Union[Expression, None] = None" for p in _optional_inputs(processor)]
    return textwrap.indent("\n".join(lines), "    ")


def _parameter_doc(parameter: spec.ParameterSpec) -> str:
    unit = wording.unit(parameter)
    facts = [
        wording.allowed(parameter) + (f" {unit}" if unit else ""),
        f"default {wording.default(parameter)}" if not parameter.required else "required",
        f"rate {wording.rate(parameter)}",
    ]
    if parameter.smoothing_seconds:
        facts.append(f"ramps {wording.number(parameter.smoothing_seconds)} s")
    return f"{parameter.doc} [{'; '.join(facts)}]"


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
    arguments = [(p.name, _parameter_doc(p)) for p in processor.parameters]
    arguments += [
        (port.name, "; ".join(filter(None, [port.doc, wording.port(port)])))
        for port in _optional_inputs(processor)
    ]
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
    for name in [_class_name(processor.name)] + [p.name for p in processor.parameters]:
        if keyword.iskeyword(name) or name == "name":
            sys.exit(f"{processor.name}: '{name}' cannot be a name in Python")


def write(catalogue: patchbay_pb2.ListProcessorsResponse) -> str:
    module = _HEADER
    for processor in catalogue.processors:
        _check_names(processor)
        module += f'    "{_class_name(processor.name)}",\n'
    module += "]\n"
    for processor in catalogue.processors:
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
