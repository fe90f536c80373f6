// The fixed-size records that cross between the codec and JavaScript.
// Host byte order; a field that does not belong to a row's kind is zero, so that two rows can be compared byte by byte.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ipvs {

enum class RowKind : std::uint8_t { kService = 0, kServer = 1, kNone = 255 };

// One virtual service or one real server, without what moves by itself.
struct Row {
  std::uint8_t kind;  // RowKind
  std::uint8_t tunnel_type;
  std::uint16_t family;  // AF_INET or AF_INET6; a server's own, which may differ from its service's
  std::uint16_t protocol;
  std::uint16_t port;  // host order
  std::uint32_t fwmark;  // 0: the service is known by protocol, address and port
  std::uint8_t address[16];  // IPv4 in the first four
  std::uint32_t flags;
  std::uint32_t timeout_s;
  std::uint32_t netmask;  // IPv4: the four bytes as they lie in memory; IPv6: a prefix length
  char scheduler[16];  // NUL padded
  char engine[20];  // NUL padded
  std::uint32_t forward;
  std::int32_t weight;
  std::uint32_t upper_threshold;
  std::uint32_t lower_threshold;
  std::uint16_t tunnel_port;  // host order
  std::uint16_t tunnel_flags;
};

// Totals since the last zeroing, as the kernel's estimator last copied them (every 2 s).
struct Counters {
  std::uint64_t connections;
  std::uint64_t in_packets;
  std::uint64_t out_packets;
  std::uint64_t in_bytes;
  std::uint64_t out_bytes;
};

// Connections held now. A service carries the sum of its servers.
struct Gauges {
  std::uint32_t active;
  std::uint32_t inactive;
  std::uint32_t persistent;
};

// One change to the table.
struct Command {
  std::uint32_t command;  // IPVS_CMD_*
  std::uint32_t flags_mask;  // which bits of service.flags the kernel shall take over
  Row service;
  Row server;
};

static_assert(sizeof(Row) == 96 && sizeof(Counters) == 40 && sizeof(Gauges) == 12 && sizeof(Command) == 200);
static_assert(offsetof(Row, address) == 12 && offsetof(Row, scheduler) == 40 && offsetof(Row, engine) == 56);
static_assert(offsetof(Row, forward) == 76 && offsetof(Row, tunnel_flags) == 94);

// What names a row among its siblings: family, protocol, port, mark and address lie side by side.
inline constexpr std::size_t kKeyOffset = offsetof(Row, family);
inline constexpr std::size_t kKeyBytes = offsetof(Row, flags) - kKeyOffset;

inline bool same_key(const Row& a, const Row& b) {
  const auto* left = reinterpret_cast<const std::uint8_t*>(&a);
  const auto* right = reinterpret_cast<const std::uint8_t*>(&b);
  return std::memcmp(left + kKeyOffset, right + kKeyOffset, kKeyBytes) == 0;
}

}  // namespace ipvs
