#include "processors/graph/spec_proto.h"

namespace patchbay {
namespace {

v1::ParameterType ToProto(ParameterType type) {
  switch (type) {
    case ParameterType::kNumber:
      return v1::PARAMETER_TYPE_NUMBER;
    case ParameterType::kInteger:
      return v1::PARAMETER_TYPE_INTEGER;
    case ParameterType::kBoolean:
      return v1::PARAMETER_TYPE_BOOLEAN;
    case ParameterType::kChoice:
      return v1::PARAMETER_TYPE_CHOICE;
    case ParameterType::kNumberList:
      return v1::PARAMETER_TYPE_NUMBER_LIST;
    case ParameterType::kClip:
      return v1::PARAMETER_TYPE_CLIP;
  }
  return v1::PARAMETER_TYPE_UNSPECIFIED;
}

v1::Rate ToProto(Rate rate) {
  switch (rate) {
    case Rate::kFixed:
      return v1::RATE_FIXED;
    case Rate::kBlock:
      return v1::RATE_BLOCK;
    case Rate::kAudio:
      return v1::RATE_AUDIO;
  }
  return v1::RATE_UNSPECIFIED;
}

v1::Mapping ToProto(Mapping mapping) {
  switch (mapping) {
    case Mapping::kLinear:
      return v1::MAPPING_LINEAR;
    case Mapping::kLogarithmic:
      return v1::MAPPING_LOGARITHMIC;
  }
  return v1::MAPPING_UNSPECIFIED;
}

v1::Timing ToProto(Timing timing) {
  switch (timing) {
    case Timing::kStreaming:
      return v1::TIMING_STREAMING;
    case Timing::kResizing:
      return v1::TIMING_RESIZING;
    case Timing::kWholeClip:
      return v1::TIMING_WHOLE_CLIP;
  }
  return v1::TIMING_UNSPECIFIED;
}

void SetDefault(const ParameterSpec& spec, v1::ParameterSpec& message) {
  if (spec.required) return;
  switch (spec.type) {
    case ParameterType::kNumber:
    case ParameterType::kInteger:
      message.mutable_default_value()->set_number(spec.default_value);
      return;
    case ParameterType::kBoolean:
      message.mutable_default_value()->set_boolean(spec.default_value != 0);
      return;
    case ParameterType::kChoice:
      message.mutable_default_value()->set_choice(spec.choices.front());
      return;
    case ParameterType::kNumberList:
    case ParameterType::kClip:
      return;  // empty
  }
}

v1::ParameterSpec ToProto(const ParameterSpec& spec) {
  v1::ParameterSpec message;
  message.set_name(spec.name);
  message.set_type(ToProto(spec.type));
  message.set_unit(ToProto(spec.unit));
  message.set_minimum(spec.minimum);
  message.set_maximum(spec.maximum);
  SetDefault(spec, message);
  message.set_mapping(ToProto(spec.mapping));
  message.set_rate(ToProto(spec.rate));
  message.set_smoothing_seconds(spec.smoothing_seconds);
  message.mutable_choices()->Add(spec.choices.begin(), spec.choices.end());
  message.set_required(spec.required);
  message.set_doc(spec.doc);
  return message;
}

v1::Port ToProto(const PortSpec& spec) {
  v1::Port message;
  message.set_name(spec.name);
  message.set_doc(spec.doc);
  message.set_min_channels(spec.min_channels);
  message.set_max_channels(spec.max_channels);
  message.set_optional(spec.optional);
  message.set_repeated(spec.repeated);
  return message;
}

v1::ControlOutputSpec ToProto(const ControlOutputSpec& spec) {
  v1::ControlOutputSpec message;
  message.set_name(spec.name);
  message.set_unit(ToProto(spec.unit));
  message.set_doc(spec.doc);
  return message;
}

}  // namespace

v1::Unit ToProto(Unit unit) {
  switch (unit) {
    case Unit::kNone:
      return v1::UNIT_UNSPECIFIED;
    case Unit::kHertz:
      return v1::UNIT_HERTZ;
    case Unit::kDecibels:
      return v1::UNIT_DECIBELS;
    case Unit::kSeconds:
      return v1::UNIT_SECONDS;
    case Unit::kCycles:
      return v1::UNIT_CYCLES;
    case Unit::kSemitones:
      return v1::UNIT_SEMITONES;
    case Unit::kBeatsPerMinute:
      return v1::UNIT_BEATS_PER_MINUTE;
    case Unit::kAny:
      return v1::UNIT_ANY;
  }
  return v1::UNIT_UNSPECIFIED;
}

v1::ProcessorSpec ToProto(const ProcessorSpec& spec) {
  v1::ProcessorSpec message;
  message.set_name(spec.name);
  message.set_summary(spec.summary);
  message.set_doc(spec.doc);
  message.set_category(spec.category);
  message.set_example(spec.example);
  message.set_version(spec.version);
  message.set_timing(ToProto(spec.timing));
  message.set_in_place(spec.in_place);
  message.set_checkpointable(spec.checkpointable);
  message.set_simple(spec.is_simple());
  for (const PortSpec& port : spec.inputs) *message.add_inputs() = ToProto(port);
  for (const PortSpec& port : spec.outputs) *message.add_outputs() = ToProto(port);
  for (const ControlOutputSpec& output : spec.control_outputs) {
    *message.add_control_outputs() = ToProto(output);
  }
  for (const ParameterSpec& parameter : spec.parameters) {
    *message.add_parameters() = ToProto(parameter);
  }
  return message;
}

}  // namespace patchbay
