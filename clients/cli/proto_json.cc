#include "clients/cli/proto_json.h"

#include <string>

namespace patchbay {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using nlohmann::ordered_json;

// One value: of a field that is not repeated, or element `i`.
ordered_json ValueToJson(const Message& message, const FieldDescriptor& field, int i) {
  const Reflection& r = *message.GetReflection();
  const bool repeated = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return repeated ? r.GetRepeatedInt32(message, &field, i) : r.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return repeated ? r.GetRepeatedInt64(message, &field, i) : r.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return repeated ? r.GetRepeatedDouble(message, &field, i) : r.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return repeated ? r.GetRepeatedBool(message, &field, i) : r.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return (repeated ? r.GetRepeatedEnum(message, &field, i) : r.GetEnum(message, &field))
          ->name();
    case FieldDescriptor::CPPTYPE_STRING:
      return repeated ? r.GetRepeatedString(message, &field, i) : r.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ToJson(repeated ? r.GetRepeatedMessage(message, &field, i)
                             : r.GetMessage(message, &field));
    default:  // house style: no unsigned integers, no float
      return nullptr;
  }
}

ordered_json MapToJson(const Message& message, const FieldDescriptor& field) {
  ordered_json map = ordered_json::object();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
    const FieldDescriptor& key = *field.message_type()->map_key();
    map[entry.GetReflection()->GetString(entry, &key)] =
        ValueToJson(entry, *field.message_type()->map_value(), 0);
  }
  return map;
}

}  // namespace

ordered_json ToJson(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  ordered_json json = ordered_json::object();
  for (int f = 0; f < message.GetDescriptor()->field_count(); ++f) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(f);
    if (field.has_presence() && !reflection.HasField(message, &field)) continue;
    if (field.is_map()) {
      json[field.name()] = MapToJson(message, field);
    } else if (field.is_repeated()) {
      ordered_json& list = json[field.name()] = ordered_json::array();
      for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
        list.push_back(ValueToJson(message, field, i));
      }
    } else {
      json[field.name()] = ValueToJson(message, field, 0);
    }
  }
  return json;
}

}  // namespace patchbay
