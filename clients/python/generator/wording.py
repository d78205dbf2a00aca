"""How the table of a processor is put into words, the same in Python and in Markdown."""

import decimal

from patchbay.v1 import processor_spec_pb2 as spec

_UNITS = {
    spec.UNIT_UNSPECIFIED: "",
    spec.UNIT_HERTZ: "Hz",
    spec.UNIT_DECIBELS: "dB",
    spec.UNIT_SECONDS: "s",
    spec.UNIT_CYCLES: "cycles",
    spec.UNIT_SEMITONES: "semitones",
    spec.UNIT_BEATS_PER_MINUTE: "bpm",
    spec.UNIT_ANY: "of what it controls",
}

_RATES = {spec.RATE_FIXED: "fixed", spec.RATE_BLOCK: "block", spec.RATE_AUDIO: "audio"}


def number(value: float) -> str:
    """1000000, 0.00001, -120: as few digits as say it exactly, and no exponent."""
    return str(int(value)) if value == int(value) else format(decimal.Decimal(repr(value)), "f")


def unit(parameter: spec.ParameterSpec) -> str:
    return _UNITS[parameter.unit]


def rate(parameter: spec.ParameterSpec) -> str:
    return _RATES[parameter.rate]


def allowed(parameter: spec.ParameterSpec) -> str:
    """What the parameter takes: "-120 to 60", "sine, saw", "true, false"."""
    if parameter.type == spec.PARAMETER_TYPE_CHOICE:
        return ", ".join(parameter.choices)
    if parameter.type == spec.PARAMETER_TYPE_BOOLEAN:
        return "true, false"
    if parameter.type == spec.PARAMETER_TYPE_CLIP:
        return "a clip"
    interval = f"{number(parameter.minimum)} to {number(parameter.maximum)}"
    if parameter.type == spec.PARAMETER_TYPE_INTEGER:
        return "whole, " + interval
    if parameter.type == spec.PARAMETER_TYPE_NUMBER_LIST:
        return "a list, each " + interval
    return interval


def default(parameter: spec.ParameterSpec) -> str:
    """The default, "required", or "none" for an optional list or clip."""
    if parameter.required:
        return "required"
    value = parameter.default_value
    if value.HasField("number"):
        return number(value.number)
    if value.HasField("boolean"):
        return "true" if value.boolean else "false"
    return value.choice if value.HasField("choice") else "none"


def port(description: spec.Port) -> str:
    """The condition under which an input can be used: "optional; 1 to 2 channels"."""
    conditions = ["optional"] if description.optional else []
    if description.repeated:
        conditions.append("any number of streams")
    low, high = description.min_channels, description.max_channels
    if low == high:
        conditions.append(f"{low} channel" + ("s" if low > 1 else ""))
    elif (low, high) != (1, 64):
        conditions.append(f"{low} to {high} channels")
    return "; ".join(conditions)
