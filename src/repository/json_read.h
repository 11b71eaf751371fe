#pragma once

// For .cpp files of this folder only: simdjson is too heavy for public headers.
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

namespace enamel::repository {

using JsonObject = simdjson::dom::object;
using JsonElement = simdjson::dom::element;

// What a parser's error means, in words for who does not know the parser.
inline const char* plainCause(simdjson::error_code code) {
  switch (code) {
    case simdjson::EMPTY:
      return "it is empty";
    case simdjson::INCORRECT_TYPE:
    case simdjson::NUMBER_OUT_OF_RANGE:
    case simdjson::NO_SUCH_FIELD:
      return "a value in it is missing or impossible";
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC:
      return "it is larger than memory allows";
    default:
      return "its text is cut off or garbled";
  }
}

// Parses one JSON object and calls read(object). Whatever is wrong with the text becomes Error(kCorrupt):
// "name is damaged: cause".
template <class Read>
auto readJson(ByteView json, const std::string& name, Read read) {
  try {
    if (json.empty())
      throw simdjson::simdjson_error(simdjson::EMPTY);  // the parser is not to see a null pointer
    simdjson::dom::parser parser;
    const JsonObject object =
        parser.parse(reinterpret_cast<const char*>(json.data()), json.size()).get_object();
    return read(object);
  } catch (const simdjson::simdjson_error& e) {
    throw Error(ErrorCode::kCorrupt, name + " is damaged: " + plainCause(e.error()));
  }
}

// The value of a key; nullopt if it is absent or null.
inline std::optional<JsonElement> member(const JsonObject& object, std::string_view key) {
  JsonElement value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

inline std::string stringMember(const JsonObject& object, std::string_view key) {
  const auto value = member(object, key);
  return value ? std::string(value->get_string().value()) : std::string();
}

inline std::uint64_t numberMember(const JsonObject& object, std::string_view key) {
  const auto value = member(object, key);
  return value ? value->get_uint64().value() : 0;
}

inline std::uint32_t number32Member(const JsonObject& object, std::string_view key) {
  const std::uint64_t value = numberMember(object, key);
  if (value > 0xFFFFFFFFU) throw simdjson::simdjson_error(simdjson::NUMBER_OUT_OF_RANGE);
  return static_cast<std::uint32_t>(value);
}

inline std::vector<std::string> stringsMember(const JsonObject& object, std::string_view key) {
  std::vector<std::string> out;
  if (const auto value = member(object, key)) {
    for (const JsonElement item : value->get_array()) out.emplace_back(item.get_string().value());
  }
  return out;
}

inline Timestamp timeMember(const JsonObject& object, std::string_view key) {
  const auto value = member(object, key);
  if (!value) return {};
  const auto time = parseRfc3339(value->get_string().value());
  if (!time) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  return *time;
}

template <class Id>
Id parseId(std::string_view text) {
  const auto id = Id::parse(text);
  if (!id) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  return *id;
}

template <class Id>
std::optional<Id> idMember(const JsonObject& object, std::string_view key) {
  const auto value = member(object, key);
  if (!value) return std::nullopt;
  return parseId<Id>(value->get_string().value());
}

inline Bytes base64Member(const JsonObject& object, std::string_view key) {
  const auto value = member(object, key);
  if (!value) return {};
  auto bytes = fromBase64(value->get_string().value());
  if (!bytes) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  return std::move(*bytes);
}

}  // namespace enamel::repository
