// Decoding of what a real kernel answered, whole, cut off anywhere, and with any byte bent.

#include "check.h"
#include "scenario.h"
#include "vectors.h"

namespace {

using ipvs::DecodeError;
using vectors::Buffer;

constexpr std::uint32_t kHashed = IP_VS_SVC_F_HASHED;

const scenario::Entry& entry(const std::string& name) {
  static const auto table = scenario::table();
  for (const auto& each : table) {
    if (name == each.name) return each;
  }
  std::exit(1);
}

void check_service(const Buffer& attributes, ipvs::Row wanted) {
  ipvs::ServiceRecord record;
  CHECK(ipvs::decode_service(attributes, &record) == DecodeError::kNone);
  wanted.flags |= kHashed;
  CHECK_EQ(record.row.flags, wanted.flags);
  CHECK_EQ(std::string(record.row.scheduler), std::string(wanted.scheduler));
  CHECK_EQ(std::string(record.row.engine), std::string(wanted.engine));
  CHECK(std::memcmp(&record.row, &wanted, sizeof(wanted)) == 0);
}

void check_servers(const std::string& name) {
  const auto& wanted = entry(name).servers;
  const auto replies = vectors::replies(name, IPVS_CMD_NEW_DEST);
  CHECK_EQ(replies.size(), wanted.size());
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const ipvs::Row& row = wanted[wanted.size() - 1 - i];
    for (const Buffer& attributes : {replies[i], vectors::without_pads(replies[i])}) {
      ipvs::ServerRecord record;
      CHECK(ipvs::decode_server(attributes, entry(name).service.family, &record) == DecodeError::kNone);
      CHECK_EQ(record.row.weight, row.weight);
      CHECK_EQ(record.row.family, row.family);
      CHECK(std::memcmp(&record.row, &row, sizeof(row)) == 0);
    }
  }
}

}  // namespace

TEST("every recorded service is the one that was added") {
  for (const auto& each : scenario::table()) {
    const auto replies = vectors::replies(each.name, IPVS_CMD_NEW_SERVICE);
    CHECK_EQ(replies.size(), 1u);
    check_service(replies[0], each.service);
    const Buffer padless = vectors::without_pads(replies[0]);
    CHECK(padless.size() < replies[0].size());
    check_service(padless, each.service);
  }
}

TEST("every recorded server is the one that was added, newest first") {
  for (const char* name : {"web", "voice", "six", "mark-six", "busy"}) check_servers(name);
}

TEST("the counters are those that ipvsadm printed (stats.txt)") {
  const ipvs::Counters wanted{2, 5, 5, 640, 780};
  ipvs::ServiceRecord service;
  ipvs::ServerRecord server;
  const auto of_service = vectors::replies("busy", IPVS_CMD_NEW_SERVICE)[0];
  const auto of_server = vectors::replies("busy", IPVS_CMD_NEW_DEST)[0];
  CHECK(ipvs::decode_service(of_service, &service) == DecodeError::kNone);
  CHECK(ipvs::decode_server(of_server, AF_INET, &server) == DecodeError::kNone);
  for (const auto& totals : {service.statistics.totals, server.statistics.totals}) {
    CHECK_EQ(totals.connections, wanted.connections);
    CHECK_EQ(totals.in_packets, wanted.in_packets);
    CHECK_EQ(totals.out_packets, wanted.out_packets);
    CHECK_EQ(totals.in_bytes, wanted.in_bytes);
    CHECK_EQ(totals.out_bytes, wanted.out_bytes);
  }
  // Two UDP connections with traffic both ways: inactive is what IPVS calls every UDP connection.
  CHECK_EQ(server.gauges.active, 0u);
  CHECK_EQ(server.gauges.inactive, 2u);
  CHECK(service.statistics.in_bytes_per_second > 0 && service.statistics.in_bytes_per_second < 640);
}

TEST("version, timeouts and the family's id") {
  ipvs::Info info;
  CHECK(ipvs::decode_info(vectors::replies("info", IPVS_CMD_SET_INFO)[0], &info) == DecodeError::kNone);
  CHECK_EQ(info.version, 0x010201u);
  CHECK_EQ(info.connection_table_size, 4096u);
  ipvs::Timeouts timeouts;
  CHECK(ipvs::decode_timeouts(vectors::replies("timeouts", IPVS_CMD_SET_CONFIG)[0], &timeouts) == DecodeError::kNone);
  CHECK_EQ(timeouts.tcp_s, 901u);
  CHECK_EQ(timeouts.tcp_fin_s, 121u);
  CHECK_EQ(timeouts.udp_s, 301u);
  std::uint16_t family = 0;
  const auto messages = vectors::messages(vectors::load("family"));
  CHECK_EQ(messages.size(), 2u);
  CHECK(ipvs::decode_family(messages[0].attributes(), &family) == DecodeError::kNone);
  CHECK_EQ(family, messages[1].header.nlmsg_type);
}

TEST("sync daemons of both kinds") {
  const auto replies = vectors::replies("daemons", IPVS_CMD_NEW_DAEMON);
  CHECK_EQ(replies.size(), 2u);
  ipvs::Daemon daemon;
  CHECK(ipvs::decode_daemon(replies[0], &daemon) == DecodeError::kNone);
  CHECK_EQ(daemon.state, 1u);
  CHECK_EQ(daemon.interface, std::string("lo"));
  CHECK_EQ(daemon.sync_id, 7u);
  CHECK_EQ(daemon.max_length, 1400);
  CHECK_EQ(daemon.group_family, AF_INET);
  CHECK_EQ(daemon.group[0], 224);
  CHECK_EQ(daemon.group[3], 82);
  CHECK_EQ(daemon.port, 8849);
  CHECK_EQ(daemon.ttl, 3);
  CHECK(ipvs::decode_daemon(replies[1], &daemon) == DecodeError::kNone);
  CHECK_EQ(daemon.state, 2u);
  CHECK_EQ(daemon.max_length, 1500);
  CHECK_EQ(daemon.group_family, AF_INET6);
  CHECK_EQ(daemon.group[0], 0xff);
  CHECK_EQ(daemon.group[15], 0x51);
  CHECK_EQ(daemon.port, 8850);
  CHECK_EQ(daemon.ttl, 4);
}

TEST("the 64-bit statistics win, whichever come first") {
  const std::uint32_t narrow = 7;
  const std::uint64_t wide = 1ull << 40;
  for (const bool wide_first : {true, false}) {
    wire::Writer out;
    const std::size_t record = out.begin_nest(IPVS_CMD_ATTR_SERVICE);
    out.put<std::uint16_t>(IPVS_SVC_ATTR_AF, AF_INET);
    for (const bool is_wide : {wide_first, !wide_first}) {
      const std::size_t nest = out.begin_nest(is_wide ? IPVS_SVC_ATTR_STATS64 : IPVS_SVC_ATTR_STATS);
      if (is_wide) out.put(IPVS_STATS_ATTR_CONNS, wide);
      else out.put(IPVS_STATS_ATTR_CONNS, narrow);
      out.end_nest(nest);
    }
    out.end_nest(record);
    ipvs::ServiceRecord service;
    CHECK(ipvs::decode_service(out.bytes(), &service) == DecodeError::kNone);
    CHECK_EQ(service.statistics.totals.connections, wide);
  }
}

TEST("a server without a family of its own has its service's") {
  wire::Writer out;
  const std::size_t nest = out.begin_nest(IPVS_CMD_ATTR_DEST);
  out.put<std::uint32_t>(IPVS_DEST_ATTR_ADDR, 0x0100007f);
  out.end_nest(nest);
  ipvs::ServerRecord server;
  CHECK(ipvs::decode_server(out.bytes(), AF_INET, &server) == DecodeError::kNone);
  CHECK_EQ(server.row.family, AF_INET);
  CHECK_EQ(server.row.address[0], 0x7f);
  // Four bytes are no IPv6 address.
  CHECK(ipvs::decode_server(out.bytes(), AF_INET6, &server) == DecodeError::kWidth);
}

TEST("faults are told apart") {
  ipvs::ServiceRecord service;
  wire::Writer out;
  CHECK(ipvs::decode_service(out.bytes(), &service) == DecodeError::kMissing);
  std::size_t nest = out.begin_nest(IPVS_CMD_ATTR_SERVICE);
  out.end_nest(nest);
  CHECK(ipvs::decode_service(out.bytes(), &service) == DecodeError::kMissing);
  out.clear();
  nest = out.begin_nest(IPVS_CMD_ATTR_SERVICE);
  out.put<std::uint32_t>(IPVS_SVC_ATTR_AF, AF_INET);
  out.end_nest(nest);
  CHECK(ipvs::decode_service(out.bytes(), &service) == DecodeError::kWidth);
  const Buffer whole = vectors::replies("web", IPVS_CMD_NEW_SERVICE)[0];
  CHECK(ipvs::decode_service(wire::Bytes(whole).first(whole.size() - 1), &service) == DecodeError::kLength);
  // A name of 16 bytes has no room for its NUL.
  out.clear();
  nest = out.begin_nest(IPVS_CMD_ATTR_SERVICE);
  out.put<std::uint16_t>(IPVS_SVC_ATTR_AF, AF_INET);
  out.put_bytes(IPVS_SVC_ATTR_SCHED_NAME, "0123456789abcdef", 16);
  out.end_nest(nest);
  CHECK(ipvs::decode_service(out.bytes(), &service) == DecodeError::kWidth);
}

namespace {

// Decodes with everything there is, and says whether any of it found sense in the bytes.
int decode_all(wire::Bytes bytes) {
  ipvs::ServiceRecord service;
  ipvs::ServerRecord server;
  ipvs::Statistics statistics;
  ipvs::Info info;
  ipvs::Timeouts timeouts;
  ipvs::Daemon daemon;
  ipvs::LocalAddress address;
  std::uint16_t family;
  int understood = 0;
  const auto count = [&](DecodeError error) { understood += error == DecodeError::kNone; };
  count(ipvs::decode_service(bytes, &service));
  count(ipvs::decode_server(bytes, AF_INET, &server));
  count(ipvs::decode_server(bytes, AF_INET6, &server));
  count(ipvs::decode_statistics(bytes, &statistics));
  count(ipvs::decode_info(bytes, &info));
  count(ipvs::decode_timeouts(bytes, &timeouts));
  count(ipvs::decode_daemon(bytes, &daemon));
  count(ipvs::decode_local_address(bytes, AF_INET, &address));
  count(ipvs::decode_local_address(bytes, AF_INET6, &address));
  count(ipvs::decode_family(bytes, &family));
  CHECK(std::memchr(service.row.scheduler, 0, sizeof(service.row.scheduler)) != nullptr);
  CHECK(std::memchr(service.row.engine, 0, sizeof(service.row.engine)) != nullptr);
  CHECK(daemon.interface.size() < IP_VS_IFNAME_MAXLEN);
  return understood;
}

}  // namespace

TEST("every prefix and every bent byte of every recorded record") {
  std::size_t inputs = 0, refused = 0;
  const auto use = [&](wire::Bytes bytes) {
    ++inputs;
    refused += decode_all(bytes) == 0;
  };
  for (const auto& [name, command] : std::initializer_list<std::pair<const char*, std::uint8_t>>{
           {"web", IPVS_CMD_NEW_SERVICE}, {"web", IPVS_CMD_NEW_DEST}, {"voice", IPVS_CMD_NEW_SERVICE},
           {"six", IPVS_CMD_NEW_DEST}, {"mark", IPVS_CMD_NEW_SERVICE}, {"mark-six", IPVS_CMD_NEW_SERVICE},
           {"busy", IPVS_CMD_NEW_SERVICE}, {"busy", IPVS_CMD_NEW_DEST}, {"info", IPVS_CMD_SET_INFO},
           {"timeouts", IPVS_CMD_SET_CONFIG}, {"daemons", IPVS_CMD_NEW_DAEMON}}) {
    for (const Buffer& record : vectors::replies(name, command)) vectors::each_mutation(record, use);
  }
  vectors::each_mutation(vectors::messages(vectors::load("family"))[0].attributes(), use);
  std::cout << "  " << inputs << " inputs, of which no decoder made sense of " << refused << "\n";
  CHECK(inputs > 1'000'000);
  CHECK(refused > 0 && refused < inputs);
}

TEST("a FULLNAT kernel's timeout is not taken for the engine whose place it has") {
  const auto engine_of = [](const void* data, std::size_t size) {
    wire::Writer out;
    const std::size_t nest = out.begin_nest(IPVS_CMD_ATTR_SERVICE);
    out.put<std::uint16_t>(IPVS_SVC_ATTR_AF, AF_INET);
    out.put_bytes(IPVS_SVC_ATTR_PE_NAME, data, size);
    out.end_nest(nest);
    ipvs::ServiceRecord record;
    CHECK(ipvs::decode_service(out.bytes(), &record) == DecodeError::kNone);
    return std::string(record.row.engine);
  };
  for (const std::uint32_t seconds : {0u, 97u, 900u, 65535u}) CHECK_EQ(engine_of(&seconds, sizeof(seconds)), "");
  CHECK_EQ(engine_of("sip", 4), "sip");
  CHECK_EQ(engine_of("si", 3), "si");
  CHECK_EQ(engine_of("sipp", 5), "sipp");
}

TEST("every prefix and every bent byte of the attributes that no mainline kernel sends") {
  wire::Writer out;
  const std::size_t nest = out.begin_nest(ipvs::kAttrLocalAddress);
  const std::uint8_t address[16] = {10, 0, 0, 7};
  out.put_bytes(ipvs::kLocalAttrAddress, address, sizeof(address));
  out.put<std::uint64_t>(ipvs::kLocalAttrPortConflicts, 1ull << 33);
  out.put<std::uint32_t>(ipvs::kLocalAttrConnections, 12);
  out.end_nest(nest);
  ipvs::LocalAddress decoded;
  CHECK(ipvs::decode_local_address(out.bytes(), AF_INET, &decoded) == DecodeError::kNone);
  CHECK_EQ(decoded.family, AF_INET);
  CHECK_EQ(decoded.address[3], 7);
  CHECK_EQ(decoded.port_conflicts, 1ull << 33);
  CHECK_EQ(decoded.connections, 12u);
  // The same bytes are another address for a service of the other family.
  CHECK(ipvs::decode_local_address(out.bytes(), AF_INET6, &decoded) == DecodeError::kNone);
  CHECK_EQ(decoded.family, AF_INET6);
  CHECK_EQ(decoded.address[3], 7);
  vectors::each_mutation(Buffer(out.bytes().begin(), out.bytes().end()), [](wire::Bytes bytes) { decode_all(bytes); });
}
