// What templates hold, by the rules that the kernel finds templates by.

#include <arpa/inet.h>

#include "check.h"
#include "connection-bench.h"

namespace {

using bench::Connections;
using bench::Plan;
using bench::V4;
using connections::PersistentService;
using connections::TemplateHolds;

constexpr std::uint32_t kVirtual = 0xc6336401;

PersistentService service(std::uint8_t protocol, std::uint32_t address, std::uint16_t port, unsigned prefix4) {
  PersistentService made{};
  const std::uint32_t bytes = htonl(address);
  std::memcpy(made.address, &bytes, sizeof(bytes));
  made.port = port;
  made.protocol = protocol;
  made.family = protocol == 0 ? 0 : 4;
  made.prefix4 = static_cast<std::uint8_t>(prefix4);
  made.prefix6 = 64;
  return made;
}

// What each template of the text holds, in the order of the text.
std::vector<std::uint32_t> holds(std::vector<PersistentService> services, const std::string& text,
                                 std::size_t max_groups = 1000) {
  Plan plan = bench::plan();
  plan.wants_templates = true;
  plan.persistent = std::move(services);
  plan.max_groups = max_groups;
  Connections read(plan);
  read.feed(bench::bytes(text));
  CHECK(read.finish());
  CHECK_EQ(read.tally().unknown, 0u);
  std::vector<std::uint32_t> all;
  for (std::size_t i = 0; i < read.held().size(); ++i) all.push_back(read.holds(read.held()[i]));
  return all;
}

using Counts = std::vector<std::uint32_t>;

std::string template_line(V4 row) {
  row.client_port = 0;
  row.state = "NONE";
  return row.line();
}

}  // namespace

TEST("by client, service and server, wherever the template stands") {
  const std::string first = V4{.client = 0xc0000207}.line();
  const std::string later = V4{.client = 0xc0000208, .client_port = 1}.line() + V4{.client = 0xc0000307}.line() +
                            V4{.client = 0xc0000207, .server = 0x0a000002}.line() +
                            V4{.client = 0xc0000207, .server_port = 9}.line() +
                            V4{.protocol = "UDP", .client = 0xc0000207, .state = "UDP"}.line() +
                            V4{.client = 0xc0000207, .to_port = 81}.line();
  const std::string text = first + template_line({.client = 0xc0000200}) + later + template_line({.client = 0xc0000300}) +
                           template_line({.client = 0xc0000400});
  CHECK((holds({service(6, kVirtual, 80, 24)}, text) == Counts{2, 1, 0}));
  CHECK((holds({}, text) == Counts{0, 0, 0}));
}

TEST("a service of all ports holds what no other takes; FTP's holds its data") {
  const std::string connections =
      V4{.to_port = 5000, .server_port = 5000}.line() + V4{.to_port = 80, .server_port = 8080}.line() +
      V4{.to_port = 21, .server_port = 21}.line() + V4{.to_port = 20, .server_port = 20}.line() +
      V4{.to_port = 443, .server_port = 443}.line();
  const std::string any = template_line({.to_port = 0, .server_port = 0});
  const std::string web = template_line({.to_port = 80, .server_port = 8080});
  CHECK((holds({service(6, kVirtual, 0, 32), service(6, kVirtual, 80, 32)}, connections + any + web) == Counts{4, 1}));
  // Ports from 1024 on and 20 may be FTP's data; 443 is nobody's.
  CHECK((holds({service(6, kVirtual, 21, 32), service(6, kVirtual, 80, 32)}, connections + any + web) == Counts{3, 1}));
}

TEST("a mark's templates hold what no persistent address explains") {
  const std::string text = V4{.to = 0x01010101}.line() + V4{.to = 0x02020202, .to_port = 443}.line() + V4{}.line() +
                           template_line({.protocol = "IP", .to = 7, .to_port = 0, .server_port = 0}) +
                           template_line({.protocol = "IP", .client = 0xc0000200, .to = 8, .to_port = 0, .server_port = 0}) +
                           template_line({.protocol = "IP", .to = 9, .to_port = 0, .server_port = 0}) +
                           template_line({});
  CHECK((holds({service(0, 7, 0, 32), service(0, 8, 0, 24), service(6, kVirtual, 80, 32)}, text) == Counts{2, 2, 0, 1}));
}

TEST("IPv6, its own prefix") {
  PersistentService six{};
  inet_pton(AF_INET6, "2001:db8::80", six.address);
  six.port = 53;
  six.protocol = 17;
  six.family = 6;
  six.prefix6 = 64;
  const auto row = [](const char* client, const char* port, const char* state) {
    return std::string("UDP ") + client + " " + port +
           " 2001:0db8:0000:0000:0000:0000:0000:0080 0035 2001:0db8:0000:0000:0000:0000:0000:0002 0035 " + state + " 9\n";
  };
  const std::string text = row("2001:0db8:0000:0000:0000:0000:0000:0001", "0400", "UDP") +
                           row("2001:0db8:0000:0000:0000:0000:0000:0002", "0400", "UDP") +
                           row("2001:0db8:0000:0001:0000:0000:0000:0001", "0400", "UDP") +
                           row("2001:0db8:0000:0000:0000:0000:0000:0000", "0000", "NONE");
  CHECK((holds({six}, text) == Counts{2}));
}

TEST("what was recorded: each template holds what its packets made") {
  PersistentService six{};
  inet_pton(AF_INET6, "2001:db8::1", six.address);
  six.port = 53;
  six.protocol = 17;
  six.family = 6;
  six.prefix6 = 64;
  const std::vector<PersistentService> services{service(17, kVirtual, 5060, 32), service(6, kVirtual, 21, 32),
                                                service(17, kVirtual + 1, 0, 24), six};
  Counts all = holds(services, bench::text_of("packets"));
  std::ranges::sort(all);
  CHECK((all == Counts{1, 1, 1, 2}));
}

TEST("past the bound: known or said not to be counted, never wrong") {
  std::string text;
  for (unsigned i = 0; i < 4; ++i) text += V4{.client = i}.line() + V4{.client = i, .client_port = 1}.line();
  for (unsigned i = 0; i < 5; ++i) text += template_line({.client = i});
  constexpr std::uint32_t kNot = TemplateHolds::kNotCounted;
  CHECK((holds({service(6, kVirtual, 80, 32)}, text, 2) == Counts{2, 2, kNot, kNot, kNot}));
  CHECK((holds({service(6, kVirtual, 80, 32)}, text, 4) == Counts{2, 2, 2, 2, 0}));
}

TEST("addresses masked at every prefix") {
  for (unsigned prefix = 0; prefix <= 200; ++prefix) {
    std::uint8_t address[16];
    std::memset(address, 0xff, sizeof(address));
    connections::mask_address(address, prefix);
    unsigned ones = 0;
    for (const std::uint8_t byte : address) ones += static_cast<unsigned>(__builtin_popcount(byte));
    const unsigned kept = std::min(prefix, 128u);
    CHECK_EQ(ones, kept);
  }
}
