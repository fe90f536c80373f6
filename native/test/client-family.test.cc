// A family id that is absent or has changed, and the verbs beside the dump.

#include "client-bench.h"

using namespace bench;

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
  CHECK_EQ(fixture.client.dump().rows, 0u);
  CHECK_EQ(fixture.lookups, 1);
  fixture.family = 31;
  CHECK_EQ(fixture.client.dump().rows, 0u);
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
