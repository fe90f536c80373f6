// The IPVS generic netlink family as structs: what each command carries and what each reply says.
// Pure: bytes in, structs out, and back. No socket, no JavaScript, no allocation beyond the buffers given.
// Source: linux/ip_vs.h and net/netfilter/ipvs/ip_vs_ctl.c; local addresses: the FULLNAT patch set of Alibaba's kernel.

#pragma once

#include <linux/ip_vs.h>

#include <cstdint>
#include <string>

#include "row.h"
#include "wire.h"

namespace ipvs {

// What the FULLNAT kernels add. Mainline answers these commands with EOPNOTSUPP.
enum : std::uint8_t { kNewLocalAddress = 18, kDelLocalAddress = 19, kGetLocalAddress = 20 };
enum : std::uint16_t { kAttrLocalAddress = 7 };
enum : std::uint16_t { kLocalAttrAddress = 1, kLocalAttrPortConflicts = 2, kLocalAttrConnections = 3 };

enum class DecodeError {
  kNone,
  kLength,  // an attribute that claims more bytes than there are
  kWidth,  // a value of another size than its type has
  kMissing,  // an attribute without which the record means nothing
};

// A sentence for people; "" for kNone.
const char* describe(DecodeError error);

// Everything a STATS or STATS64 nest says. Rates are averages over about 8 s; bytes per second, not bits.
struct Statistics {
  Counters totals;
  std::uint64_t connections_per_second;
  std::uint64_t in_packets_per_second;
  std::uint64_t out_packets_per_second;
  std::uint64_t in_bytes_per_second;
  std::uint64_t out_bytes_per_second;
};

struct ServiceRecord {
  Row row;
  Statistics statistics;
};

struct ServerRecord {
  Row row;
  Gauges gauges;
  Statistics statistics;
};

struct Info {
  std::uint32_t version;  // 0x010201 is 1.2.1
  std::uint32_t connection_table_size;
};

// Seconds. In a SET_CONFIG, 0 keeps what is set.
struct Timeouts {
  std::uint32_t tcp_s;
  std::uint32_t tcp_fin_s;
  std::uint32_t udp_s;
};

struct Daemon {
  std::uint32_t state;  // 1 master, 2 backup
  std::string interface;
  std::uint32_t sync_id;
  std::uint16_t max_length;  // bytes of UDP payload; 0 when starting: the kernel's choice
  std::uint16_t group_family;  // AF_INET, AF_INET6, or 0 when starting: the kernel's choice
  std::uint8_t group[16];
  std::uint16_t port;  // 0 when starting: the kernel's choice
  std::uint8_t ttl;  // 0 when starting: the kernel's choice
};

struct LocalAddress {
  std::uint16_t family;
  std::uint8_t address[16];
  std::uint64_t port_conflicts;
  std::uint32_t connections;
};

// Decoding. Each takes what follows the genetlink header (or, for *_nest, the nest's value), overwrites *out, and
// returns kNone or the first fault found. Unknown attributes are skipped: a newer kernel may send more than we know.
// A field the kernel left out is zero.

// A NEW_SERVICE reply. Fails with kMissing without the nest or the address family.
DecodeError decode_service(wire::Bytes attributes, ServiceRecord* out);
// A NEW_DEST reply. service_family stands in on kernels before 3.18, which send no family of the server's own.
DecodeError decode_server(wire::Bytes attributes, std::uint16_t service_family, ServerRecord* out);
// The value of a STATS or STATS64 nest; both widths are taken in either.
DecodeError decode_statistics(wire::Bytes nest, Statistics* out);
// A SET_INFO reply.
DecodeError decode_info(wire::Bytes attributes, Info* out);
// A SET_CONFIG reply.
DecodeError decode_timeouts(wire::Bytes attributes, Timeouts* out);
// A NEW_DAEMON reply.
DecodeError decode_daemon(wire::Bytes attributes, Daemon* out);
// A NEW_LADDR reply of a FULLNAT kernel. It says no family: a local address has its service's.
DecodeError decode_local_address(wire::Bytes attributes, std::uint16_t service_family, LocalAddress* out);
// A CTRL_CMD_NEWFAMILY reply.
DecodeError decode_family(wire::Bytes attributes, std::uint16_t* id);

// Encoding. Each appends attributes to a message that the caller began and will end.

// What names a service: family and mark, or family, protocol, address and port.
void encode_service_key(const Row& service, wire::Writer* out);
// What a Command carries. check() must have found nothing.
void encode_command(const Command& command, wire::Writer* out);
void encode_timeouts(const Timeouts& timeouts, wire::Writer* out);
void encode_daemon(const Daemon& daemon, wire::Writer* out);
// The service and the nest of one local address.
void encode_local_address(const Row& service, std::uint16_t family, const std::uint8_t address[16], wire::Writer* out);
void encode_family_request(wire::Writer* out);

// Says in a sentence why a command must not be encoded, or nullptr: a command outside the list, a name without its
// NUL, a row of the wrong kind, or a forwarding method whose upper bits the kernel would drop without a word.
const char* check(const Command& command);

}  // namespace ipvs
