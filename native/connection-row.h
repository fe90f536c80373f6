// One connection as it crosses to JavaScript. Host byte order; what a row does not have is zero.

#pragma once

#include <cstddef>
#include <cstdint>

namespace connections {

inline constexpr std::uint8_t kUnknownProtocol = 255;

// ConnectionRow::bits. The upper 24 are the number of a persistence engine's text, 0 for none.
inline constexpr std::uint32_t kSix = 1;  // client and virtual
inline constexpr std::uint32_t kServerSix = 2;
inline constexpr std::uint32_t kTemplate = 4;
inline constexpr std::uint32_t kOriginKnown = 8;
inline constexpr std::uint32_t kOriginSync = 16;
inline constexpr unsigned kEngineShift = 8;

struct ConnectionRow {
  std::uint8_t client[16];  // IPv4 in the first four
  std::uint8_t virtual_address[16];  // of a firewall mark's template: the mark in the first four, as an address has them
  std::uint8_t server[16];
  std::uint16_t client_port;
  std::uint16_t virtual_port;
  std::uint16_t server_port;
  std::uint8_t protocol;  // IPPROTO_*; 0 for templates of firewall marks, kUnknownProtocol for names that are not known
  std::uint8_t state;  // a number in a read's list of names
  std::uint32_t expires_s;
  std::uint32_t bits;
};

static_assert(sizeof(ConnectionRow) == 64);
static_assert(offsetof(ConnectionRow, client_port) == 48 && offsetof(ConnectionRow, protocol) == 54);
static_assert(offsetof(ConnectionRow, expires_s) == 56 && offsetof(ConnectionRow, bits) == 60);

inline bool is_six(const ConnectionRow& row) { return (row.bits & kSix) != 0; }
inline bool is_server_six(const ConnectionRow& row) { return (row.bits & kServerSix) != 0; }
inline bool is_template(const ConnectionRow& row) { return (row.bits & kTemplate) != 0; }
inline std::uint32_t engine_of(const ConnectionRow& row) { return row.bits >> kEngineShift; }

}  // namespace connections
