// Which rows a plan takes, how it groups them, and in which order they come.

#include <arpa/inet.h>

#include "check.h"
#include "connection-bench.h"

namespace {

using bench::Connections;
using bench::Grouping;
using bench::kTitle;
using bench::Plan;
using bench::Range;
using bench::Sort;
using bench::V4;
using connections::Pattern;

const char* const kSixes =
    "TCP 2001:0db8:0000:0000:0000:0000:0000:0001 0400 2001:0db8:0000:0000:0000:0000:0000:0080 0050 "
    "2001:0db8:0000:0000:0000:0000:0000:0002 1F90 SYN_RECV       60\n"
    "TCP 2001:0db8:0000:0001:0000:0000:0000:0001 0401 2001:0db8:0000:0000:0000:0000:0000:0080 0050 "
    "0A000002 1F90 ESTABLISHED    9\n";

// Six rows; their client ports are 1000 and on, in this order, and 1024 and 1025 for IPv6.
std::string text() {
  return kTitle + V4{.client = 0xc0000209, .client_port = 1000}.line() +
         V4{.client = 0xc0000301, .client_port = 1001, .state = "FIN_WAIT", .expires_s = 5}.line() +
         V4{.protocol = "UDP", .client_port = 1002, .to_port = 53, .server_port = 53, .state = "UDP"}.line() +
         V4{.client = 0x0a000001, .client_port = 1003, .server = 0x0a000002}.line() + kSixes;
}

std::vector<unsigned> ports_of(const Plan& plan, const std::string& given = text()) {
  Connections read(plan);
  read.feed(bench::bytes(given));
  std::vector<unsigned> ports;
  for (std::size_t i = 0; i < read.held().size(); ++i) ports.push_back(read.held()[i].client_port);
  CHECK_EQ(ports.size(), read.tally().matched);
  return ports;
}

Pattern pattern(const char* address, unsigned prefix, int port = -1) {
  Pattern made;
  made.prefix = static_cast<std::uint8_t>(prefix);
  if (address != nullptr) {
    made.family = std::string_view(address).find(':') == std::string_view::npos ? 4 : 6;
    inet_pton(made.family == 4 ? AF_INET : AF_INET6, address, made.address);
  }
  if (port >= 0) made.port = static_cast<std::uint16_t>(port);
  return made;
}

using Ports = std::vector<unsigned>;

}  // namespace

TEST("all, one protocol, some states") {
  Plan plan = bench::plan();
  CHECK((ports_of(plan) == Ports{1000, 1001, 1002, 1003, 1024, 1025}));
  plan.protocols = {17, 132};
  CHECK((ports_of(plan) == Ports{1002}));
  plan.protocols = {};
  plan.states = {"FIN_WAIT", "SYN_RECV", "NEVER"};
  CHECK((ports_of(plan) == Ports{1001, 1024}));
}

TEST("addresses by prefix, ports, and all of them together") {
  const auto with = [](auto set) {
    Plan plan = bench::plan();
    set(&plan);
    return ports_of(plan);
  };
  CHECK((with([](Plan* plan) { plan->client = pattern("192.0.2.9", 32); }) == Ports{1000}));
  CHECK((with([](Plan* plan) { plan->client = pattern("192.0.2.0", 24); }) == Ports{1000, 1002}));
  CHECK((with([](Plan* plan) { plan->client = pattern("192.0.2.0", 23); }) == Ports{1000, 1001, 1002}));
  CHECK((with([](Plan* plan) { plan->client = pattern("192.0.2.8", 29); }) == Ports{1000}));
  CHECK((with([](Plan* plan) { plan->client = pattern("0.0.0.0", 0); }) == Ports{1000, 1001, 1002, 1003}));
  CHECK((with([](Plan* plan) { plan->client = pattern("::", 0); }) == Ports{1024, 1025}));
  CHECK((with([](Plan* plan) { plan->client = pattern("2001:db8::", 64); }) == Ports{1024}));
  CHECK((with([](Plan* plan) { plan->client = pattern("2001:db8::", 63); }) == Ports{1024, 1025}));
  CHECK((with([](Plan* plan) { plan->client = pattern(nullptr, 0, 1001); }) == Ports{1001}));
  CHECK((with([](Plan* plan) { plan->virtual_address = pattern("198.51.100.1", 32, 53); }) == Ports{1002}));
  CHECK((with([](Plan* plan) { plan->virtual_address = pattern(nullptr, 0, 80); }) == Ports{1000, 1001, 1003, 1024, 1025}));
  // An IPv4 server of an IPv6 service.
  CHECK((with([](Plan* plan) { plan->server = pattern("10.0.0.2", 32); }) == Ports{1003, 1025}));
  CHECK((with([](Plan* plan) { plan->server = pattern("2001:db8::2", 128, 8080); }) == Ports{1024}));
  // 10.0.0.1 is a client of one and the server of others.
  CHECK((with([](Plan* plan) { plan->any = pattern("10.0.0.1", 32); }) == Ports{1000, 1001, 1002, 1003}));
  CHECK((with([](Plan* plan) { plan->any = pattern("10.0.0.1", 32, 53); }) == Ports{1002}));
  CHECK((with([](Plan* plan) {
           plan->client = pattern("192.0.2.0", 24);
           plan->server = pattern(nullptr, 0, 53);
         }) == Ports{1002}));
}

TEST("templates or connections, local or told by a sync daemon") {
  const std::string given = kTitle + V4{.client_port = 0, .state = "NONE"}.line() + V4{.client_port = 5}.line();
  Plan plan = bench::plan();
  CHECK((ports_of(plan, given) == Ports{5}));
  plan.wants_templates = true;
  CHECK((ports_of(plan, given) == Ports{0}));

  const std::string origins = "TCP C0000201 0001 C6336401 0050 0A000001 1F90 ESTABLISHED SYNC       899\n"
                              "TCP C0000201 0002 C6336401 0050 0A000001 1F90 ESTABLISHED LOCAL      899\n";
  plan = bench::plan();
  plan.has_origin = true;
  CHECK((ports_of(plan, origins) == Ports{1, 2}));
  plan.is_synced = true;
  CHECK((ports_of(plan, origins) == Ports{1}));
  plan.is_synced = false;
  CHECK((ports_of(plan, origins) == Ports{2}));
}

TEST("groups: the largest first, equal ones by name") {
  const auto groups = [](Grouping grouping, Range range = bench::kAll) {
    const auto listed = [&](const Connections& read, const connections::Grouped& groups) {
      std::string all;
      for (const std::uint32_t index : connections::order_groups(groups, read.states(), range)) {
        const auto& [key, count] = groups.counts[index];
        all += std::string(connections::group_name(grouping, read.states(), key).data()) + "=" + std::to_string(count) + " ";
      }
      return all;
    };
    Connections read(bench::plan(grouping));
    read.feed(bench::bytes(text()));
    // Grouped while it is read, and afterwards: the same where all is held.
    Connections later(bench::plan());
    later.feed(bench::bytes(text()));
    CHECK_EQ(listed(later, later.held_by(grouping)), listed(read, read.groups()));
    return listed(read, read.groups());
  };
  CHECK_EQ(groups(Grouping::kNone), "");
  CHECK_EQ(groups(Grouping::kClient), "10.0.0.1=1 192.0.2.1=1 192.0.2.9=1 192.0.3.1=1 2001:db8:0:1::1=1 2001:db8::1=1 ");
  CHECK_EQ(groups(Grouping::kClientNet), "192.0.2.0/24=2 10.0.0.0/24=1 192.0.3.0/24=1 2001:db8:0:1::/64=1 2001:db8::/64=1 ");
  CHECK_EQ(groups(Grouping::kState), "ESTABLISHED=3 FIN_WAIT=1 SYN_RECV=1 UDP=1 ");
  CHECK_EQ(groups(Grouping::kVirtual), "198.51.100.1:80=3 [2001:db8::80]:80=2 198.51.100.1:53=1 ");
  CHECK_EQ(groups(Grouping::kServer), "10.0.0.1:8080=2 10.0.0.2:8080=2 10.0.0.1:53=1 [2001:db8::2]:8080=1 ");
  CHECK_EQ(groups(Grouping::kProtocol), "tcp=5 udp=1 ");
  CHECK_EQ(groups(Grouping::kClient, {1, 2}), "192.0.2.1=1 192.0.2.9=1 ");
  CHECK_EQ(groups(Grouping::kState, {4, 5}), "");
}

TEST("what is held, grouped in another way: of it alone, and within the bound") {
  Plan plan = bench::plan(Grouping::kProtocol);
  plan.max_held = 5;
  plan.max_groups = 2;
  Connections read(plan);
  read.feed(bench::bytes(text()));
  const auto groups = read.held_by(Grouping::kClient);
  CHECK_EQ(groups.counts.size(), 2u);
  CHECK_EQ(groups.others, 3u);
  CHECK_EQ(read.groups().counts[0].count, 5u);
  CHECK_EQ(read.groups().counts[1].count, 1u);
}

TEST("rows in order, a page of them") {
  Connections read(bench::plan());
  read.feed(bench::bytes(text()));
  const auto ports = [&](Sort sort, bool descending, Range range = bench::kAll) {
    Ports all;
    for (const std::uint32_t index : connections::order_rows(read, sort, descending, range)) {
      all.push_back(read.held()[index].client_port);
    }
    return all;
  };
  CHECK((ports(Sort::kNone, false) == Ports{1000, 1001, 1002, 1003, 1024, 1025}));
  CHECK((ports(Sort::kNone, true) == Ports{1000, 1001, 1002, 1003, 1024, 1025}));
  CHECK((ports(Sort::kClient, false) == Ports{1003, 1002, 1000, 1001, 1024, 1025}));
  CHECK((ports(Sort::kClient, true) == Ports{1025, 1024, 1001, 1000, 1002, 1003}));
  CHECK((ports(Sort::kVirtual, false) == Ports{1002, 1000, 1001, 1003, 1024, 1025}));
  // Equal ones stay as they came, whichever way round.
  CHECK((ports(Sort::kVirtual, true) == Ports{1024, 1025, 1000, 1001, 1003, 1002}));
  CHECK((ports(Sort::kServer, false) == Ports{1002, 1000, 1001, 1003, 1025, 1024}));
  CHECK((ports(Sort::kProtocol, true) == Ports{1002, 1000, 1001, 1003, 1024, 1025}));
  CHECK((ports(Sort::kState, false) == Ports{1000, 1003, 1025, 1001, 1024, 1002}));
  CHECK((ports(Sort::kExpires, false) == Ports{1001, 1025, 1024, 1000, 1002, 1003}));
  for (const Sort sort : {Sort::kNone, Sort::kState}) {
    const Ports all = ports(sort, true);
    for (std::size_t offset = 0; offset <= 7; ++offset) {
      for (std::size_t limit = 0; limit <= 7; ++limit) {
        const std::size_t from = std::min<std::size_t>(offset, 6), to = std::min<std::size_t>(offset + limit, 6);
        CHECK(ports(sort, true, {offset, limit}) ==
              Ports(all.begin() + static_cast<long>(from), all.begin() + static_cast<long>(to)));
      }
    }
  }
}
