// What goes out comes back: random records survive encoding and decoding. The seed is printed; SEED=… repeats a run.

#include <random>

#include "check.h"
#include "scenario.h"
#include "vectors.h"

namespace {

using ipvs::DecodeError;
using vectors::Buffer;

std::mt19937_64& random_bits() {
  static std::mt19937_64 engine = [] {
    const char* given = std::getenv("SEED");
    const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::cout << "  seed " << seed << "\n";
    return std::mt19937_64(seed);
  }();
  return engine;
}

template <typename T>
T any() {
  // Edges come as often as the rest: 0 and all ones.
  const std::uint64_t bits = random_bits()();
  if (bits % 8 == 0) return 0;
  if (bits % 8 == 1) return static_cast<T>(~0ull);
  return static_cast<T>(bits >> 3);
}

unsigned below(unsigned limit) { return random_bits()() % limit; }

void any_address(ipvs::Row* row) {
  row->family = below(2) ? AF_INET : AF_INET6;
  for (int i = 0; i < (row->family == AF_INET ? 4 : 16); ++i) row->address[i] = any<std::uint8_t>();
}

template <std::size_t N>
void any_name(char (&name)[N], std::size_t longest) {
  const std::size_t length = below(longest + 1);
  for (std::size_t i = 0; i < length; ++i) name[i] = static_cast<char>(1 + below(255));
}

ipvs::Row any_service() {
  ipvs::Row row{};
  row.kind = 0;
  any_address(&row);
  if (below(4) == 0) {
    row.fwmark = std::max(1u, any<std::uint32_t>());
    std::memset(row.address, 0, sizeof(row.address));
  } else {
    row.protocol = any<std::uint16_t>();
    row.port = any<std::uint16_t>();
  }
  row.flags = any<std::uint32_t>();
  row.timeout_s = any<std::uint32_t>();
  row.netmask = any<std::uint32_t>();
  any_name(row.scheduler, sizeof(row.scheduler) - 1);
  any_name(row.engine, sizeof(row.engine) - 1);
  return row;
}

ipvs::Row any_server() {
  ipvs::Row row{};
  row.kind = 1;
  any_address(&row);
  row.port = any<std::uint16_t>();
  row.forward = below(8);
  row.weight = any<std::int32_t>();
  row.upper_threshold = any<std::uint32_t>();
  row.lower_threshold = any<std::uint32_t>();
  row.tunnel_type = any<std::uint8_t>();
  row.tunnel_port = any<std::uint16_t>();
  row.tunnel_flags = any<std::uint16_t>();
  return row;
}

wire::Bytes nest_of(wire::Bytes attributes, std::uint16_t type) {
  wire::AttributeReader reader(attributes);
  for (wire::Attribute attribute; reader.next(&attribute);) {
    if (attribute.type == type) return attribute.value;
  }
  return {};
}

std::vector<std::uint16_t> types_in(wire::Bytes nest) {
  std::vector<std::uint16_t> types;
  wire::AttributeReader reader(nest);
  for (wire::Attribute attribute; reader.next(&attribute);) types.push_back(attribute.type);
  CHECK(!reader.malformed());
  return types;
}

bool has(const std::vector<std::uint16_t>& types, std::uint16_t type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

constexpr int kRounds = 20000;

}  // namespace

TEST("a whole service survives") {
  for (int i = 0; i < kRounds; ++i) {
    const ipvs::Row row = any_service();
    ipvs::Command command = scenario::command(below(2) ? IPVS_CMD_NEW_SERVICE : IPVS_CMD_SET_SERVICE, row);
    command.flags_mask = any<std::uint32_t>();
    CHECK(ipvs::check(command) == nullptr);
    wire::Writer out;
    ipvs::encode_command(command, &out);
    ipvs::ServiceRecord record;
    CHECK(ipvs::decode_service(out.bytes(), &record) == DecodeError::kNone);
    CHECK(std::memcmp(&record.row, &row, sizeof(row)) == 0);

    const wire::Bytes nest = nest_of(out.bytes(), IPVS_CMD_ATTR_SERVICE);
    ip_vs_flags flags{};
    CHECK(wire::read(nest_of(nest, IPVS_SVC_ATTR_FLAGS), &flags));
    CHECK_EQ(flags.mask, command.flags_mask);
    const auto types = types_in(nest);
    CHECK_EQ(has(types, IPVS_SVC_ATTR_FWMARK), row.fwmark != 0);
    CHECK_EQ(has(types, IPVS_SVC_ATTR_PROTOCOL), row.fwmark == 0);
    CHECK_EQ(has(types, IPVS_SVC_ATTR_PE_NAME), row.engine[0] != 0);
    CHECK_EQ(out.size() % 4, 0u);
  }
}

TEST("a whole server survives, with its family and tunnel, behind its service's key") {
  for (int i = 0; i < kRounds; ++i) {
    const ipvs::Row service = any_service(), row = any_server();
    const auto command = scenario::command(below(2) ? IPVS_CMD_NEW_DEST : IPVS_CMD_SET_DEST, service, row);
    CHECK(ipvs::check(command) == nullptr);
    wire::Writer out;
    ipvs::encode_command(command, &out);
    ipvs::ServerRecord record;
    CHECK(ipvs::decode_server(out.bytes(), 0, &record) == DecodeError::kNone);
    CHECK(std::memcmp(&record.row, &row, sizeof(row)) == 0);
    const auto types = types_in(nest_of(out.bytes(), IPVS_CMD_ATTR_DEST));
    for (int type : {IPVS_DEST_ATTR_ADDR_FAMILY, IPVS_DEST_ATTR_TUN_TYPE, IPVS_DEST_ATTR_TUN_PORT, IPVS_DEST_ATTR_TUN_FLAGS}) {
      CHECK(has(types, type));
    }
    ipvs::ServiceRecord key;
    CHECK(ipvs::decode_service(out.bytes(), &key) == DecodeError::kNone);
    CHECK(ipvs::same_key(key.row, service));
    CHECK_EQ(types_in(nest_of(out.bytes(), IPVS_CMD_ATTR_SERVICE)).size(), service.fwmark != 0 ? 2u : 4u);
  }
}

TEST("a removal says no more than which") {
  for (int i = 0; i < kRounds; ++i) {
    const ipvs::Row service = any_service(), server = any_server();
    wire::Writer out;
    ipvs::encode_command(scenario::command(IPVS_CMD_DEL_DEST, service, server), &out);
    CHECK((types_in(nest_of(out.bytes(), IPVS_CMD_ATTR_DEST)) ==
           std::vector<std::uint16_t>{IPVS_DEST_ATTR_ADDR_FAMILY, IPVS_DEST_ATTR_ADDR, IPVS_DEST_ATTR_PORT}));
    out.clear();
    ipvs::encode_command(scenario::command(IPVS_CMD_DEL_SERVICE, service), &out);
    CHECK_EQ(types_in(out.bytes()).size(), 1u);
  }
}

TEST("a zeroing of all and a flush carry nothing") {
  ipvs::Row none{};
  none.kind = 255;
  for (const auto& command : {scenario::command(IPVS_CMD_ZERO, none), scenario::command(IPVS_CMD_FLUSH, none)}) {
    CHECK(ipvs::check(command) == nullptr);
    wire::Writer out;
    ipvs::encode_command(command, &out);
    CHECK_EQ(out.size(), 0u);
  }
  wire::Writer out;
  ipvs::encode_command(scenario::command(IPVS_CMD_ZERO, any_service()), &out);
  CHECK(out.size() > 0);
}

TEST("what must not be sent is found") {
  const ipvs::Row service = any_service(), server = any_server();
  for (std::uint32_t verb = 0; verb < 40; ++verb) {
    const bool is_known = verb == 1 || verb == 2 || verb == 3 || verb == 5 || verb == 6 || verb == 7 || verb == 16 || verb == 17;
    CHECK_EQ(ipvs::check(scenario::command(verb, service, server)) == nullptr, is_known);
  }
  ipvs::Row endless = service;
  std::memset(endless.scheduler, 'a', sizeof(endless.scheduler));
  CHECK(ipvs::check(scenario::command(IPVS_CMD_NEW_SERVICE, endless)) != nullptr);
  // The key is all that a removal reads.
  CHECK(ipvs::check(scenario::command(IPVS_CMD_DEL_SERVICE, endless)) == nullptr);
  endless = service;
  std::memset(endless.engine, 'a', sizeof(endless.engine));
  CHECK(ipvs::check(scenario::command(IPVS_CMD_SET_SERVICE, endless)) != nullptr);
  ipvs::Row high = server;
  high.forward = 8;
  CHECK(ipvs::check(scenario::command(IPVS_CMD_NEW_DEST, service, high)) != nullptr);
  CHECK(ipvs::check(scenario::command(IPVS_CMD_DEL_DEST, service, high)) == nullptr);
  CHECK(ipvs::check(scenario::command(IPVS_CMD_NEW_DEST, service, service)) != nullptr);
  CHECK(ipvs::check(scenario::command(IPVS_CMD_NEW_DEST, server, server)) != nullptr);
  CHECK(ipvs::check(scenario::command(IPVS_CMD_NEW_SERVICE, server)) != nullptr);
  CHECK(ipvs::check(scenario::command(IPVS_CMD_ZERO, server)) != nullptr);
}

TEST("statistics survive in any order, among attributes nobody knows") {
  for (int i = 0; i < kRounds; ++i) {
    std::vector<std::uint16_t> types{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, IPVS_STATS_ATTR_PAD, IPVS_STATS_ATTR_PAD, 12, 4095};
    std::shuffle(types.begin(), types.end(), random_bits());
    std::uint64_t wanted[11] = {};
    wire::Writer out;
    for (const std::uint16_t type : types) {
      if (type == IPVS_STATS_ATTR_PAD) {
        out.put_bytes(type, "", 0);
      } else if (type > IPVS_STATS_ATTR_OUTBPS) {
        out.put<std::uint8_t>(type, 1);
      } else if (below(2)) {
        out.put<std::uint64_t>(type, wanted[type] = any<std::uint64_t>());
      } else {
        out.put<std::uint32_t>(type, wanted[type] = any<std::uint32_t>());
      }
    }
    ipvs::Statistics statistics;
    CHECK(ipvs::decode_statistics(out.bytes(), &statistics) == DecodeError::kNone);
    CHECK_EQ(statistics.totals.connections, wanted[1]);
    CHECK_EQ(statistics.totals.in_packets, wanted[2]);
    CHECK_EQ(statistics.totals.out_packets, wanted[3]);
    CHECK_EQ(statistics.totals.in_bytes, wanted[4]);
    CHECK_EQ(statistics.totals.out_bytes, wanted[5]);
    CHECK_EQ(statistics.connections_per_second, wanted[6]);
    CHECK_EQ(statistics.in_packets_per_second, wanted[7]);
    CHECK_EQ(statistics.out_packets_per_second, wanted[8]);
    CHECK_EQ(statistics.in_bytes_per_second, wanted[9]);
    CHECK_EQ(statistics.out_bytes_per_second, wanted[10]);
  }
}

TEST("daemons, timeouts and local addresses survive") {
  for (int i = 0; i < kRounds; ++i) {
    ipvs::Daemon daemon{1 + below(2), std::string(1 + below(15), 'e'), below(256), any<std::uint16_t>(), 0, {}, any<std::uint16_t>(), any<std::uint8_t>()};
    ipvs::Row address{};
    if (below(3) != 0) {
      any_address(&address);
      daemon.group_family = address.family;
      std::memcpy(daemon.group, address.address, 16);
    }
    wire::Writer out;
    ipvs::encode_daemon(daemon, &out);
    ipvs::Daemon back;
    CHECK(ipvs::decode_daemon(out.bytes(), &back) == DecodeError::kNone);
    CHECK_EQ(back.state, daemon.state);
    CHECK_EQ(back.interface, daemon.interface);
    CHECK_EQ(back.sync_id, daemon.sync_id);
    CHECK_EQ(back.max_length, daemon.max_length);
    CHECK_EQ(back.group_family, daemon.group_family);
    CHECK(std::memcmp(back.group, daemon.group, 16) == 0);
    CHECK_EQ(back.port, daemon.port);
    CHECK_EQ(back.ttl, daemon.ttl);

    const ipvs::Timeouts timeouts{any<std::uint32_t>(), any<std::uint32_t>(), any<std::uint32_t>()};
    out.clear();
    ipvs::encode_timeouts(timeouts, &out);
    ipvs::Timeouts read;
    CHECK(ipvs::decode_timeouts(out.bytes(), &read) == DecodeError::kNone);
    CHECK(std::memcmp(&read, &timeouts, sizeof(read)) == 0);

    any_address(&address);
    out.clear();
    ipvs::encode_local_address(any_service(), address.family, address.address, &out);
    ipvs::LocalAddress local;
    CHECK(ipvs::decode_local_address(out.bytes(), address.family, &local) == DecodeError::kNone);
    CHECK_EQ(local.family, address.family);
    CHECK(std::memcmp(local.address, address.address, address.family == AF_INET ? 4 : 16) == 0);
  }
}

TEST("stopping a daemon says only which state") {
  ipvs::Daemon daemon{};
  daemon.state = 2;
  wire::Writer out;
  ipvs::encode_daemon(daemon, &out);
  CHECK((types_in(nest_of(out.bytes(), IPVS_CMD_ATTR_DAEMON)) == std::vector<std::uint16_t>{IPVS_DAEMON_ATTR_STATE}));
}

TEST("several messages in one buffer keep their lengths") {
  wire::Writer out;
  for (std::uint32_t sequence = 0; sequence < 5; ++sequence) {
    out.begin(30, NLM_F_REQUEST, sequence, 1, 1);
    if (sequence % 2) out.put_string(7, std::string(sequence, 'x'));
    out.end();
  }
  wire::MessageReader reader(out.bytes());
  std::uint32_t next = 0;
  for (wire::Message message; reader.next(&message); ++next) CHECK_EQ(message.header.nlmsg_seq, next);
  CHECK_EQ(next, 5u);
  CHECK(!reader.malformed());
}
