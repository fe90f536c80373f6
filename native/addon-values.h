// The values that cross: JavaScript's arguments into ours, and our results into JavaScript's.
// A part of addon.cc, which includes napi.h before it.

#pragma once

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "address.h"
#include "client.h"

namespace addon {

using Spent = std::chrono::nanoseconds;
using CallInfo = Napi::CallbackInfo;

[[noreturn]] inline void refuse(Napi::Env env, const std::string& sentence) { throw Napi::TypeError::New(env, sentence); }

// A typed array over memory that drop() gives back when JavaScript has let go of it.
template <typename Array, typename T, typename Drop>
Array array_over(Napi::Env env, T* memory, std::size_t rows, Drop drop) {
  const std::size_t bytes = rows * sizeof(T);
  auto buffer = Napi::ArrayBuffer::New(env, static_cast<void*>(memory), bytes, [drop](Napi::Env, void*) { drop(); });
  using Element = std::remove_reference_t<decltype(std::declval<Array>()[0])>;
  return Array::New(env, bytes / sizeof(Element), buffer, 0);
}

// Gives a column's memory away.
template <typename Array, typename T>
Array hand_over(Napi::Env env, ipvs::Column<T>* column, std::size_t rows) {
  if (rows == 0) return Array::New(env, 0);
  T* memory = column->release();
  return array_over<Array>(env, memory, rows, [memory] { std::free(memory); });
}

// The array of the configuration that was shown last, to be shown again while nothing has changed.
struct Shown {
  std::shared_ptr<ipvs::Column<ipvs::Row>> config;
  Napi::Reference<Napi::Uint8Array> array;
};

inline Napi::Uint8Array config_value(Napi::Env env, const ipvs::Dump& dump, Shown* shown) {
  if (dump.rows == 0) return Napi::Uint8Array::New(env, 0);
  if (shown->config == dump.config) {
    const Napi::Uint8Array known = shown->array.Value();
    if (known.ByteLength() == dump.rows * sizeof(ipvs::Row)) return known;
    // ArrayBuffer.prototype.transfer() took the memory along, and no two buffers may share it.
    auto copy = Napi::Uint8Array::New(env, dump.rows * sizeof(ipvs::Row));
    std::memcpy(copy.Data(), dump.config->data(), copy.ByteLength());
    return copy;
  }
  auto array = array_over<Napi::Uint8Array>(env, dump.config->data(), dump.rows, [kept = dump.config] {});
  shown->config = dump.config;
  shown->array = Napi::Persistent(array);
  return array;
}

inline Napi::Value dump_value(Napi::Env env, ipvs::Dump* dump, Spent spent, Shown* shown) {
  auto value = Napi::Object::New(env);
  value["rows"] = dump->rows;
  value["config"] = config_value(env, *dump, shown);
  value["counters"] = hand_over<Napi::BigUint64Array>(env, &dump->counters, dump->rows);
  value["gauges"] = hand_over<Napi::Uint32Array>(env, &dump->gauges, dump->rows);
  value["messages"] = dump->tally.messages;
  value["receives"] = dump->tally.receives;
  value["workerNs"] = static_cast<double>(spent.count());
  return value;
}

// An array with what fill(object, item) makes of each item.
template <typename Item, typename Fill>
Napi::Value list(Napi::Env env, const std::vector<Item>& items, Fill fill) {
  auto values = Napi::Array::New(env, items.size());
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    auto value = Napi::Object::New(env);
    fill(value, items[i]);
    values[i] = value;
  }
  return values;
}

inline Napi::Object read_object(const Napi::Value& value, const char* what) {
  if (!value.IsObject()) refuse(value.Env(), std::string(what) + " must be an object.");
  return value.As<Napi::Object>();
}

// A whole number, or otherwise when the value is undefined and may be.
inline std::uint32_t read_number(const Napi::Value& value, const char* name, std::uint32_t largest,
                          std::optional<std::uint32_t> otherwise = {}) {
  if (value.IsUndefined() && otherwise) return *otherwise;
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(number >= 0 && number <= largest) || number != static_cast<std::uint32_t>(number)) {
    refuse(value.Env(), std::string(name) + " must be a whole number from 0 to " + std::to_string(largest) + ".");
  }
  return static_cast<std::uint32_t>(number);
}

inline void read_address(const Napi::Value& value, std::uint16_t* family, std::uint8_t (&address)[16]) {
  if (value.IsString() && ipvs::parse_address(value.As<Napi::String>(), family, address)) return;
  refuse(value.Env(), "An address must be four numbers or IPv6 groups.");
}

inline wire::Bytes read_bytes(const Napi::Value& value, const char* what) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    refuse(value.Env(), std::string(what) + " must be a Uint8Array.");
  }
  const auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ElementLength()};
}

inline ipvs::Row read_service(const Napi::Value& value) {
  ipvs::Row row;
  if (!wire::read(read_bytes(value, "A row"), &row)) refuse(value.Env(), "A row must be 96 bytes long.");
  if (row.kind != static_cast<std::uint8_t>(ipvs::RowKind::kService)) refuse(value.Env(), "The row must be a service.");
  return row;
}

inline std::vector<ipvs::Command> read_commands(const Napi::Value& value) {
  const wire::Bytes bytes = read_bytes(value, "A batch");
  if (bytes.size() % sizeof(ipvs::Command) != 0) refuse(value.Env(), "A batch must be whole commands of 200 bytes.");
  std::vector<ipvs::Command> commands(bytes.size() / sizeof(ipvs::Command));
  if (!commands.empty()) std::memcpy(commands.data(), bytes.data(), bytes.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const char* complaint = ipvs::check(commands[i]);
    if (complaint) refuse(value.Env(), "Command " + std::to_string(i) + " cannot be sent: " + complaint + ".");
  }
  return commands;
}

}  // namespace addon
