// What becomes of a dump's rows and of a batch.

#include "client-bench.h"
#include "vectors.h"

using namespace bench;

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
  CHECK_EQ(dump.rows, 5u);
  CHECK(ipvs::same_key((*dump.config)[0], kWeb));
  CHECK_EQ(dump.counters[0].connections, 5u);
  CHECK_EQ((*dump.config)[1].weight, 1);
  CHECK_EQ((*dump.config)[2].weight, 2);
  CHECK_EQ(dump.gauges[1].active, 10u);
  CHECK_EQ(dump.gauges[0].active, 30u);
  CHECK_EQ(dump.gauges[0].inactive, 60u);
  CHECK_EQ(dump.gauges[0].persistent, 90u);
  CHECK(ipvs::same_key((*dump.config)[3], kDns));
  CHECK(ipvs::same_key((*dump.config)[4], kMark));
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
    CHECK_EQ(dump.rows, 700u + 699u * 2 + 700u);
    std::uint32_t at = 0;
    for (std::uint32_t i = 0; i < 700; ++i) {
      CHECK_EQ((*dump.config)[at].port, i + 1);
      CHECK_EQ(dump.counters[at].connections, i);
      const std::uint32_t held = i == 299 ? 700 : 2;
      CHECK_EQ(dump.gauges[at].active, held);
      CHECK_EQ((*dump.config)[at + held].weight, static_cast<std::int32_t>(held - 1));
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
  CHECK_EQ(dump.rows, 6u + 7u);
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
  CHECK_EQ(dump.rows, 2u);
  CHECK_EQ(dump.gauges[0].active, 4u);
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
  CHECK_EQ(fixture.client.service(kWeb).rows, 2u);
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

TEST("rows that did not change share the memory of the dump before; one that did does not") {
  Fixture fixture;
  std::int32_t weight = 1;
  std::uint32_t active = 1;
  fixture.on_services = [&](const Request& request) { fixture.push_many(request, 1, {service_record(kWeb, active)}); };
  fixture.on_servers = [&](const Request& request, const Row&) {
    fixture.push_many(request, 5, {server_record(scenario::server("10.0.0.2", 80, 0, weight), active)});
  };
  ipvs::Dump first = fixture.client.dump();
  active = 2;
  ipvs::Dump second = fixture.client.dump();
  CHECK(first.config == second.config);
  CHECK_EQ(first.gauges[1].active, 1u);
  CHECK_EQ(second.gauges[1].active, 2u);
  CHECK_EQ(second.counters[0].connections, 2u);
  weight = 5;
  ipvs::Dump third = fixture.client.dump();
  CHECK(third.config != second.config);
  CHECK_EQ((*second.config)[1].weight, 1);
  CHECK_EQ((*third.config)[1].weight, 5);
  ipvs::Dump fourth = fixture.client.dump();
  CHECK(fourth.config == third.config);
  fixture.on_services = [&](const Request& request) { fixture.push_many(request, 1, {}); };
  CHECK_EQ(fixture.client.dump().rows, 0u);
  CHECK_EQ((*fourth.config)[1].weight, 5);
}
