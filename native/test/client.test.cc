// The verbs over a scripted kernel: what becomes of a dump's rows, of a batch, and of a family id that changed.

#include "../client.h"

#include "check.h"
#include "fake-kernel.h"
#include "scenario.h"
#include "vectors.h"

namespace {

using fake::Buffer;
using fake::Kernel;
using fake::Request;
using ipvs::Row;
using netlink::Failure;

Buffer bytes_of(const wire::Writer& out) { return Buffer(out.bytes().begin(), out.bytes().end()); }

Buffer service_record(const Row& row, std::uint64_t connections) {
  wire::Writer out;
  const std::size_t nest = out.begin_nest(IPVS_CMD_ATTR_SERVICE);
  out.put(IPVS_SVC_ATTR_AF, row.family);
  if (row.fwmark != 0) out.put(IPVS_SVC_ATTR_FWMARK, row.fwmark);
  out.put(IPVS_SVC_ATTR_PROTOCOL, row.protocol);
  out.put_bytes(IPVS_SVC_ATTR_ADDR, row.address, 16);
  out.put_port(IPVS_SVC_ATTR_PORT, row.port);
  const std::size_t statistics = out.begin_nest(IPVS_SVC_ATTR_STATS64);
  out.put(IPVS_STATS_ATTR_CONNS, connections);
  out.end_nest(statistics);
  out.end_nest(nest);
  return bytes_of(out);
}

Buffer server_record(const Row& row, std::uint32_t active) {
  wire::Writer out;
  const std::size_t nest = out.begin_nest(IPVS_CMD_ATTR_DEST);
  out.put_bytes(IPVS_DEST_ATTR_ADDR, row.address, 16);
  out.put_port(IPVS_DEST_ATTR_PORT, row.port);
  out.put(IPVS_DEST_ATTR_WEIGHT, row.weight);
  out.put(IPVS_DEST_ATTR_ACTIVE_CONNS, active);
  out.put<std::uint32_t>(IPVS_DEST_ATTR_INACT_CONNS, 2 * active);
  out.put<std::uint32_t>(IPVS_DEST_ATTR_PERSIST_CONNS, 3 * active);
  out.put(IPVS_DEST_ATTR_ADDR_FAMILY, row.family);
  out.end_nest(nest);
  return bytes_of(out);
}

const Row kWeb = scenario::service(IPPROTO_TCP, "10.0.0.1", 80, "");
const Row kDns = scenario::service(IPPROTO_UDP, "10.0.0.1", 53, "");
const Row kMark = scenario::marked(AF_INET, 7, "");

// A kernel with ip_vs in it; its table is what the two functions say.
struct Fixture {
  Kernel kernel;
  std::uint16_t family = 28;  // 0: ip_vs is not loaded
  std::function<void(const Request&)> on_services = [](const Request&) {};
  std::function<void(const Request&, const Row&)> on_servers = [](const Request&, const Row&) {};
  std::function<int(const Request&)> on_change = [](const Request&) { return 0; };
  int lookups = 0;
  ipvs::Client client;

  Fixture() : client(netlink::Options{100, 1 << 20}, kernel.calls()) {
    kernel.on_request = [this](const Request& request) { handle(request); };
  }

  void handle(const Request& request) {
    if (request.header.nlmsg_type == GENL_ID_CTRL) {
      ++lookups;
      if (family == 0) return kernel.push(Kernel::answer(request, ENOENT));
      wire::Writer out;
      out.put(CTRL_ATTR_FAMILY_ID, family);
      return kernel.push(Kernel::record(request, CTRL_CMD_NEWFAMILY, bytes_of(out)));
    }
    if (family == 0 || request.header.nlmsg_type != family) return kernel.push(Kernel::answer(request, ENOENT));
    if (request.command == IPVS_CMD_GET_SERVICE) return on_services(request);
    if (request.command == IPVS_CMD_GET_DEST) {
      ipvs::ServiceRecord service;
      CHECK(ipvs::decode_service(request.attributes, &service) == ipvs::DecodeError::kNone);
      return on_servers(request, service.row);
    }
    kernel.push(Kernel::answer(request, on_change(request)));
  }

  void push_many(const Request& request, std::uint8_t command, const std::vector<Buffer>& records, bool is_consistent = true) {
    for (const Buffer& each : records) kernel.push(Kernel::record(request, command, each, NLM_F_MULTI));
    kernel.push(Kernel::done(request, 0, is_consistent ? 0 : NLM_F_DUMP_INTR));
  }
};

template <typename Verb>
Failure failure_of(Verb verb) {
  try {
    verb();
  } catch (const Failure& failure) {
    return failure;
  }
  return {0, "", false, nullptr};
}

}  // namespace

TEST("a dump is each service with its servers behind it; repeats are dropped, gauges summed") {
  Fixture fixture;
  fixture.on_services = [&](const Request& request) {
    fixture.push_many(request, 1, {service_record(kWeb, 5), service_record(kDns, 6), service_record(kWeb, 7), service_record(kMark, 8)});
  };
  fixture.on_servers = [&](const Request& request, const Row& service) {
    if (!ipvs::same_key(service, kWeb)) return fixture.push_many(request, 5, {});
    const Row first = scenario::server("10.0.0.2", 80, 0, 1), second = scenario::server("10.0.0.2", 81, 0, 2);
    fixture.push_many(request, 5, {server_record(first, 10), server_record(second, 20), server_record(first, 40)});
  };
  ipvs::Dump dump = fixture.client.dump();
  ipvs::Table& table = dump.table;
  CHECK_EQ(table.rows(), 5u);
  CHECK(ipvs::same_key(table.config[0], kWeb));
  CHECK_EQ(table.counters[0].connections, 5u);
  CHECK_EQ(table.config[1].weight, 1);
  CHECK_EQ(table.config[2].weight, 2);
  CHECK_EQ(table.gauges[1].active, 10u);
  CHECK_EQ(table.gauges[0].active, 30u);
  CHECK_EQ(table.gauges[0].inactive, 60u);
  CHECK_EQ(table.gauges[0].persistent, 90u);
  CHECK(ipvs::same_key(table.config[3], kDns));
  CHECK(ipvs::same_key(table.config[4], kMark));
  CHECK_EQ(dump.tally.messages, 5u + 4u + 1u + 1u);
}

TEST("a large table: every row once, whatever the arrays' growth") {
  Fixture fixture;
  std::vector<Buffer> services, servers;
  for (std::uint32_t i = 0; i < 700; ++i) {
    Row row = kWeb;
    row.port = static_cast<std::uint16_t>(i + 1);
    services.push_back(service_record(row, i));
    Row server = scenario::server("10.0.0.2", static_cast<std::uint16_t>(i + 1), 0, static_cast<std::int32_t>(i));
    servers.push_back(server_record(server, 1));
  }
  fixture.on_services = [&](const Request& request) { fixture.push_many(request, 1, services); };
  fixture.on_servers = [&](const Request& request, const Row& row) {
    fixture.push_many(request, 5, row.port == 300 ? servers : std::vector<Buffer>(servers.begin(), servers.begin() + 2));
  };
  for (int round = 0; round < 2; ++round) {
    ipvs::Dump dump = fixture.client.dump();
    CHECK_EQ(dump.table.rows(), 700u + 699u * 2 + 700u);
    std::uint32_t at = 0;
    for (std::uint32_t i = 0; i < 700; ++i) {
      CHECK_EQ(dump.table.config[at].port, i + 1);
      CHECK_EQ(dump.table.counters[at].connections, i);
      const std::uint32_t held = i == 299 ? 700 : 2;
      CHECK_EQ(dump.table.gauges[at].active, held);
      CHECK_EQ(dump.table.config[at + held].weight, static_cast<std::int32_t>(held - 1));
      at += 1 + held;
    }
  }
}

TEST("the recorded dump of a real kernel, through the whole path") {
  Fixture fixture;
  fixture.on_services = [&](const Request& request) {
    std::vector<Buffer> records;
    for (const auto& reply : vectors::replies("dump", IPVS_CMD_NEW_SERVICE)) records.push_back(reply);
    fixture.push_many(request, IPVS_CMD_NEW_SERVICE, records);
  };
  fixture.on_servers = [&](const Request& request, const Row& service) {
    for (const auto& entry : scenario::table()) {
      if (!ipvs::same_key(entry.service, service)) continue;
      fixture.push_many(request, IPVS_CMD_NEW_DEST, entry.servers.empty() ? std::vector<Buffer>{} : vectors::replies(entry.name, IPVS_CMD_NEW_DEST));
    }
  };
  ipvs::Dump dump = fixture.client.dump();
  CHECK_EQ(dump.table.rows(), 6u + 7u);
}

TEST("an interrupted dump is made again, from its start, and not for ever") {
  Fixture fixture;
  int dumps = 0;
  int interrupted = 2;
  fixture.on_services = [&](const Request& request) {
    ++dumps;
    fixture.push_many(request, 1, {service_record(kWeb, 1)}, dumps > interrupted);
  };
  int server_dumps = 0;
  fixture.on_servers = [&](const Request& request, const Row&) {
    const Row one = scenario::server("10.0.0.2", 80, 0, 1), two = scenario::server("10.0.0.3", 80, 0, 1);
    if (++server_dumps == 1) fixture.push_many(request, 5, {server_record(one, 9), server_record(two, 9)}, false);
    else fixture.push_many(request, 5, {server_record(two, 4)});
  };
  ipvs::Dump dump = fixture.client.dump();
  CHECK_EQ(dumps, 3);
  CHECK_EQ(server_dumps, 2);
  CHECK_EQ(dump.table.rows(), 2u);
  CHECK_EQ(dump.table.gauges[0].active, 4u);
  dumps = 0;
  interrupted = 1000;
  CHECK_EQ(failure_of([&] { fixture.client.dump(); }).number, EINTR);
  CHECK_EQ(dumps, 5);
}

TEST("one service: its row and servers, or the kernel's ESRCH") {
  Fixture fixture;
  bool is_there = true;
  fixture.on_services = [&](const Request& request) {
    CHECK_EQ(request.header.nlmsg_flags, NLM_F_REQUEST);
    fixture.kernel.push(is_there ? Kernel::record(request, 1, service_record(kWeb, 5)) : Kernel::answer(request, ESRCH));
  };
  fixture.on_servers = [&](const Request& request, const Row&) {
    fixture.push_many(request, 5, {server_record(scenario::server("10.0.0.2", 80, 0, 1), 10)});
  };
  CHECK_EQ(fixture.client.service(kWeb).table.rows(), 2u);
  is_there = false;
  const Failure failure = failure_of([&] { fixture.client.service(kWeb); });
  CHECK_EQ(failure.number, ESRCH);
  CHECK(failure.refused);
  CHECK(failure.operation == nullptr);
}

TEST("a batch larger than the receive buffer goes out in parts, in order, past refusals") {
  Fixture fixture;
  fixture.kernel.granted_bytes = 20480;  // nine answers and the barrier's
  std::vector<std::uint16_t> ports;
  fixture.on_change = [&](const Request& request) {
    ipvs::ServiceRecord service;
    ipvs::decode_service(request.attributes, &service);
    ports.push_back(service.row.port);
    return service.row.port % 7 == 3 ? EEXIST : 0;
  };
  std::vector<ipvs::Command> commands;
  for (std::uint16_t port = 0; port < 100; ++port) {
    Row row = kWeb;
    row.port = port;
    commands.push_back(scenario::command(IPVS_CMD_NEW_SERVICE, row));
  }
  const auto faults = fixture.client.write(commands);
  CHECK_EQ(faults.size(), 100u);
  for (std::uint16_t port = 0; port < 100; ++port) {
    CHECK_EQ(ports.at(port), port);
    CHECK_EQ(faults[port].has_value(), port % 7 == 3);
    if (faults[port]) CHECK_EQ(faults[port]->number, EEXIST);
  }
  CHECK(fixture.kernel.most_pending <= 10);
  CHECK_EQ(fixture.kernel.sends, 1 + 12);
  CHECK(fixture.client.write({}).empty());
}

TEST("an absent family is ENOENT of operation family, until ip_vs is loaded") {
  Fixture fixture;
  fixture.family = 0;
  Failure failure = failure_of([&] { fixture.client.dump(); });
  CHECK_EQ(failure.number, ENOENT);
  CHECK_EQ(std::string(failure.operation == nullptr ? "" : failure.operation), std::string("family"));
  failure = failure_of([&] { fixture.client.write({scenario::command(IPVS_CMD_FLUSH, {})}); });
  CHECK_EQ(failure.number, ENOENT);
  CHECK(failure.operation != nullptr);
  fixture.family = 30;
  CHECK(!fixture.client.write({scenario::command(IPVS_CMD_FLUSH, {})})[0]);
  CHECK_EQ(fixture.kernel.opened, 1);
}

TEST("after a module reload the new id is looked up, and the call is made once more") {
  Fixture fixture;
  int dumps = 0;
  fixture.on_services = [&](const Request& request) {
    ++dumps;
    fixture.push_many(request, 1, {});
  };
  CHECK_EQ(fixture.client.dump().table.rows(), 0u);
  CHECK_EQ(fixture.lookups, 1);
  fixture.family = 31;
  CHECK_EQ(fixture.client.dump().table.rows(), 0u);
  CHECK_EQ(fixture.lookups, 2);
  CHECK_EQ(dumps, 2);
  fixture.family = 32;
  fixture.client.set_timeouts({1, 2, 3});
  CHECK_EQ(fixture.lookups, 3);
  fixture.family = 33;
  const auto faults = fixture.client.write({scenario::command(IPVS_CMD_NEW_SERVICE, kWeb), scenario::command(IPVS_CMD_NEW_SERVICE, kDns)});
  CHECK(!faults[0] && !faults[1]);
  CHECK_EQ(fixture.lookups, 4);
}

TEST("ENOENT with an unchanged id is the kernel's answer: asked for once") {
  Fixture fixture;
  int changes = 0;
  fixture.on_change = [&](const Request&) { return ++changes, ENOENT; };
  const auto faults = fixture.client.write({scenario::command(IPVS_CMD_NEW_SERVICE, kWeb)});
  CHECK_EQ(faults[0]->number, ENOENT);
  CHECK_EQ(changes, 1);
  CHECK_EQ(fixture.lookups, 2);
  const Failure failure = failure_of([&] { fixture.client.set_timeouts({1, 1, 1}); });
  CHECK_EQ(failure.number, ENOENT);
  CHECK(failure.operation == nullptr);
  CHECK_EQ(changes, 2);
}

TEST("an id that changes under a batch: only what did not find the family is sent again") {
  Fixture fixture;
  std::vector<std::uint16_t> ports;
  fixture.on_change = [&](const Request& request) {
    ipvs::ServiceRecord service;
    ipvs::decode_service(request.attributes, &service);
    ports.push_back(service.row.port);
    if (service.row.port == 2) fixture.family = 40;
    return 0;
  };
  std::vector<ipvs::Command> commands;
  for (std::uint16_t port = 1; port <= 4; ++port) {
    Row row = kWeb;
    row.port = port;
    commands.push_back(scenario::command(IPVS_CMD_NEW_SERVICE, row));
  }
  for (const auto& fault : fixture.client.write(commands)) CHECK(!fault);
  CHECK((ports == std::vector<std::uint16_t>{1, 2, 3, 4}));
}

TEST("a stop that the kernel leaves unanswered is done when the daemon is gone") {
  Fixture fixture;
  bool is_listed = false;
  const auto handle = fixture.kernel.on_request;
  fixture.kernel.on_request = [&](const Request& request) {
    if (request.command == IPVS_CMD_DEL_DAEMON && request.header.nlmsg_type == fixture.family) return;
    if (request.command != IPVS_CMD_GET_DAEMON || request.header.nlmsg_type != fixture.family) return handle(request);
    wire::Writer out;
    ipvs::encode_daemon({2, "eth0", 1, 0, 0, {}, 0, 0}, &out);
    if (is_listed) fixture.push_many(request, IPVS_CMD_NEW_DAEMON, {bytes_of(out)});
    else fixture.push_many(request, IPVS_CMD_NEW_DAEMON, {});
  };
  fixture.client.stop_daemon(2);
  is_listed = true;
  CHECK_EQ(failure_of([&] { fixture.client.stop_daemon(2); }).number, EINTR);
  // The other daemon's being there says nothing about this one.
  fixture.client.stop_daemon(1);
}

TEST("local addresses of a FULLNAT kernel") {
  Fixture fixture;
  const auto handle = fixture.kernel.on_request;
  fixture.kernel.on_request = [&](const Request& request) {
    if (request.command != ipvs::kGetLocalAddress) return handle(request);
    CHECK_EQ(request.header.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
    wire::Writer out;
    const std::size_t nest = out.begin_nest(ipvs::kAttrLocalAddress);
    out.put<std::uint32_t>(ipvs::kLocalAttrAddress, 0x0700000a);
    out.put<std::uint64_t>(ipvs::kLocalAttrPortConflicts, 5);
    out.put<std::uint32_t>(ipvs::kLocalAttrConnections, 6);
    out.end_nest(nest);
    fixture.push_many(request, ipvs::kNewLocalAddress, {bytes_of(out), bytes_of(out)});
  };
  const auto addresses = fixture.client.local_addresses(kWeb);
  CHECK_EQ(addresses.size(), 2u);
  CHECK_EQ(addresses[0].address[0], 10);
  CHECK_EQ(addresses[1].port_conflicts, 5u);
  std::vector<std::uint8_t> verbs;
  fixture.on_change = [&](const Request& request) { return verbs.push_back(request.command), 0; };
  fixture.client.add_local_address(kWeb, addresses[0]);
  fixture.client.remove_local_address(kWeb, addresses[0]);
  CHECK((verbs == std::vector<std::uint8_t>{18, 19}));
}
