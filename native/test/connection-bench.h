// What the tests of the connection reader share: texts to read, and all that a read says of them.

#pragma once

#include <cstdio>

#include "../connection-order.h"
#include "vectors.h"

namespace bench {

using connections::ConnectionRow;
using connections::Connections;
using connections::Grouping;
using connections::Plan;
using connections::Range;
using connections::Sort;

inline const std::string kTitle =
    "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";

inline constexpr Range kAll{0, SIZE_MAX};

inline Plan plan(Grouping grouping = Grouping::kNone) {
  Plan plan;
  plan.max_held = 1000;
  plan.max_groups = 1000;
  plan.grouping = grouping;
  return plan;
}

inline wire::Bytes bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// As the kernel prints an IPv4 connection. Addresses as 0x0a000001.
struct V4 {
  const char* protocol = "TCP";
  std::uint32_t client = 0xc0000201;
  unsigned client_port = 40000;
  std::uint32_t to = 0xc6336401;
  unsigned to_port = 80;
  std::uint32_t server = 0x0a000001;
  unsigned server_port = 8080;
  const char* state = "ESTABLISHED";
  unsigned expires_s = 899;

  std::string line(const std::string& engine = "") const {
    char text[200];
    std::snprintf(text, sizeof(text), "%-3s %08X %04X %08X %04X %08X %04X %-11s %7u", protocol, client, client_port, to,
                  to_port, server, server_port, state, expires_s);
    return text + (engine.empty() ? "" : " " + engine) + "\n";
  }
};

inline void append(std::string* out, const void* memory, std::size_t size) {
  out->append(static_cast<const char*>(memory), size);
}

// All that a read answers, to be compared.
inline std::string answers(Connections* read) {
  const connections::Tally tally = read->tally();
  std::string all;
  append(&all, &tally, sizeof(tally));
  for (const auto& state : read->states()) append(&all, state.data(), state.size());
  for (std::size_t i = 0; i < read->held().size(); ++i) {
    const ConnectionRow& row = read->held()[i];
    const std::uint32_t holds = read->holds(row);
    append(&all, &row, sizeof(row));
    append(&all, &holds, sizeof(holds));
    all += read->engine(row);
    all += '\n';
  }
  const auto& groups = read->groups();
  for (const std::uint32_t index : connections::order_groups(groups, read->states(), kAll)) {
    append(&all, &groups.counts[index], sizeof(groups.counts[index]));
  }
  all += std::to_string(groups.others);
  return all;
}

inline std::string answers_of(const Plan& plan, std::string_view text) {
  Connections read(plan);
  read.feed(bytes(text));
  read.finish();
  return answers(&read);
}

inline std::string text_of(const std::string& name) {
  const auto buffer = vectors::load("connections/" + name);
  return std::string(buffer.begin(), buffer.end());
}

// Name and whether its lines tell an origin.
struct Vector {
  const char* name;
  bool has_origin;
};

inline constexpr Vector kVectors[] = {
    {"packets", false}, {"packets-origin", true}, {"synced", false}, {"synced-origin", true}, {"longest", false},
};

}  // namespace bench
