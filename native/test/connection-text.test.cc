// Lines of the connection files: those a real kernel printed, every kind by hand, and what is none.

#include <arpa/inet.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "check.h"
#include "connection-bench.h"

namespace {

using bench::V4;
using connections::Line;
using connections::LineKind;
using connections::parse_line;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string address_text(bool is_six, const std::uint8_t* address) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(is_six ? AF_INET6 : AF_INET, address, text, sizeof(text));
  return is_six ? "[" + std::string(text) + "]" : text;
}

// `ipvsadm -Lnc`'s words for a connection, the time left out.
std::string as_ipvsadm(const Line& line) {
  const auto& row = line.row;
  std::array<char, 8> memory;
  std::string protocol(connections::protocol_name(row.protocol, &memory));
  std::ranges::transform(protocol, protocol.begin(), [](unsigned char letter) { return std::toupper(letter); });
  const auto end = [](bool is_six, const std::uint8_t* address, unsigned port) {
    return " " + address_text(is_six, address) + ":" + std::to_string(port);
  };
  return protocol + " " + std::string(line.state) + end(is_six(row), row.client, row.client_port) +
         end(is_six(row), row.virtual_address, row.virtual_port) +
         end(is_server_six(row), row.server, row.server_port);
}

std::multiset<std::string> said_by_ipvsadm(const std::string& name) {
  const std::string here = __FILE__;
  std::ifstream file(here.substr(0, here.rfind('/')) + "/vectors/connections/" + name + ".txt");
  std::multiset<std::string> rows;
  for (std::string text; std::getline(file, text);) {
    std::istringstream words(text);
    std::string protocol, expires, state, client, to, server;
    if (words >> protocol >> expires >> state >> client >> to >> server && expires.find(':') != std::string::npos) {
      rows.insert(protocol + " " + state + " " + client + " " + to + " " + server);
    }
  }
  return rows;
}

LineKind kind_of(std::string_view line, bool has_origin = false) {
  Line out;
  LineKind kind{};
  vectors::with_exact_copy(bench::bytes(line).data(), line.size(), [&](wire::Bytes copy) {
    kind = parse_line({reinterpret_cast<const char*>(copy.data()), copy.size()}, has_origin, &out);
  });
  return kind;
}

}  // namespace

TEST("what the kernel printed is what ipvsadm made of it") {
  for (const auto& [name, has_origin] : bench::kVectors) {
    if (std::string_view(name) == "longest") continue;
    const std::string base = std::string(name).substr(0, std::string_view(name).find('-'));
    std::multiset<std::string> rows;
    const auto lines = lines_of(bench::text_of(name));
    CHECK(kind_of(lines[0], has_origin) == LineKind::kTitle);
    for (std::size_t i = 1; i < lines.size(); ++i) {
      Line line;
      CHECK(parse_line(lines[i], has_origin, &line) == LineKind::kConnection);
      CHECK_EQ((line.row.bits & connections::kOriginKnown) != 0, has_origin);
      rows.insert(as_ipvsadm(line));
    }
    CHECK(rows.size() >= 12);
    CHECK(rows == said_by_ipvsadm(base));
  }
}

TEST("every kind of row stands in what was recorded") {
  std::set<std::string> kinds;
  for (const auto& [name, has_origin] : bench::kVectors) {
    for (const std::string& text : lines_of(bench::text_of(name))) {
      Line line;
      if (parse_line(text, has_origin, &line) != LineKind::kConnection) continue;
      const auto& row = line.row;
      std::array<char, 8> memory;
      const std::string protocol(connections::protocol_name(row.protocol, &memory));
      kinds.insert(protocol + " " + std::string(line.state));
      kinds.insert(std::string(is_six(row) ? "6" : "4") + (is_server_six(row) ? "6" : "4"));
      if (is_template(row)) kinds.insert("template of " + protocol + (is_six(row) ? " 6" : " 4"));
      if (!line.engine.empty()) kinds.insert("engine");
      if (has_origin) kinds.insert((row.bits & connections::kOriginSync) != 0 ? "sync" : "local");
    }
  }
  for (const char* state : {"NONE", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT", "TIME_WAIT", "CLOSE", "CLOSE_WAIT",
                            "LAST_ACK", "LISTEN", "SYNACK", "ASSURED"}) {
    CHECK(kinds.contains("tcp " + std::string(state)));
  }
  for (const char* state : {"NONE", "INIT1", "INIT", "C-SENT", "C-REPLIED", "C-WAIT", "COOKIE", "C-ECHOED", "ESTABLISHED",
                            "S-SENT", "S-RECEIVED", "S-ACK-SENT", "REJECTED", "CLOSED"}) {
    CHECK(kinds.contains("sctp " + std::string(state)));
  }
  for (const char* kind : {"udp UDP", "udp NONE", "44", "66", "46", "64", "template of tcp 4", "template of udp 6",
                           "template of ip 4", "template of ip 6", "engine", "sync", "local"}) {
    if (!kinds.contains(kind)) check::report(__FILE__, __LINE__, std::string("not recorded: ") + kind);
  }
}

TEST("a row's fields") {
  Line line;
  const std::string text =
      "UDP 2001:0db8:0000:0000:0000:0000:0000:00aF 0000 2001:0db8:0000:0000:0000:0000:0001:0001 13C4 C0000207 FFFF "
      "NONE            179 sip a b  c@host ";
  CHECK(parse_line(text, false, &line) == LineKind::kConnection);
  const auto& row = line.row;
  CHECK_EQ(address_text(true, row.client), "[2001:db8::af]");
  CHECK_EQ(address_text(true, row.virtual_address), "[2001:db8::1:1]");
  CHECK_EQ(address_text(false, row.server), "192.0.2.7");
  CHECK_EQ(row.client_port, 0);
  CHECK_EQ(row.virtual_port, 5060);
  CHECK_EQ(row.server_port, 65535);
  CHECK_EQ(row.protocol, 17);
  CHECK_EQ(row.expires_s, 179u);
  CHECK_EQ(row.bits, connections::kSix | connections::kTemplate);
  CHECK_EQ(line.state, "NONE");
  CHECK_EQ(line.engine, "sip a b  c@host ");

  CHECK(parse_line("TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED SYNC   4294967295", true, &line) ==
        LineKind::kConnection);
  CHECK_EQ(line.row.expires_s, 4294967295u);
  CHECK_EQ(line.row.bits, connections::kOriginKnown | connections::kOriginSync);
  CHECK(parse_line("IP_47 C0000201 9C40 C6336401 0050 0A000001 1F90 ERR! LOCAL 1", true, &line) == LineKind::kConnection);
  CHECK_EQ(line.row.protocol, 47);
  CHECK_EQ(line.row.bits, connections::kOriginKnown);
  CHECK(parse_line("DCCP C0000201 9C40 C6336401 0050 0A000001 1F90 ? 1", false, &line) == LineKind::kConnection);
  CHECK_EQ(line.row.protocol, connections::kUnknownProtocol);
}

TEST("what a template is") {
  const auto is_template_of = [](const char* protocol, unsigned port, const char* state) {
    Line line;
    std::string text = V4{.protocol = protocol, .client_port = port, .state = state}.line();
    text.pop_back();
    CHECK(parse_line(text, false, &line) == LineKind::kConnection);
    return connections::is_template(line.row);
  };
  CHECK(is_template_of("TCP", 0, "NONE"));
  CHECK(is_template_of("IP", 0, "ASSURED"));
  CHECK(is_template_of("UDP", 7, "ASSURED"));
  CHECK(!is_template_of("TCP", 40000, "NONE"));
  // FTP's, before its client's port is known.
  CHECK(!is_template_of("TCP", 0, "LISTEN"));
  CHECK(!is_template_of("UDP", 0, "UDP"));
}

TEST("lines that are none of ours") {
  const std::string good = "TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED     899";
  CHECK(kind_of(good) == LineKind::kConnection);
  CHECK(kind_of(good, true) == LineKind::kUnknown);
  const std::string six = "2001:0db8:0000:0000:0000:0000:0000:0001";
  const std::vector<std::string> bad_ones{
      "", " ", "TCP", std::string(200, ' '), std::string(1000, 'A'),
      "TCP C000020 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED 899",
      "TCP C000020G 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED 899",
      "TCP C0000201 9C4 C6336401 0050 0A000001 1F90 ESTABLISHED 899",
      "TCP C0000201 9C4x C6336401 0050 0A000001 1F90 ESTABLISHED 899",
      "TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED",
      "TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED -1",
      "TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED 4294967296",
      "TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED 8x",
      "TCP C0000201 9C40 C6336401 0050 0A000001 1F90 SIXTEEN_LETTERS_ 899",
      "SEVENTEEN_LETTERS C0000201 9C40 C6336401 0050 0A000001 1F90 NONE 899",
      "TCP " + six + " 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED 899",
      "TCP C0000201 9C40 " + six + " 0050 0A000001 1F90 ESTABLISHED 899",
      "TCP C0000201 9C40 C6336401 0050 2001-0db8:0000:0000:0000:0000:0000:0001 1F90 ESTABLISHED 899",
      good + " sip " + std::string(300, 'x'),
      "TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED SYNC 899",
  };
  for (const std::string& bad : bad_ones) {
    if (kind_of(bad) != LineKind::kUnknown) check::report(__FILE__, __LINE__, "taken: " + bad);
  }
  for (const char* bad : {"TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED REMOTE 899",
                          "TCP C0000201 9C40 C6336401 0050 0A000001 1F90 ESTABLISHED SYNC 899 sip x"}) {
    CHECK(kind_of(bad, true) == LineKind::kUnknown);
  }
}

TEST("every prefix of every recorded line, and every byte of it bent") {
  std::size_t taken = 0;
  for (const auto& [name, has_origin] : bench::kVectors) {
    for (const std::string& text : lines_of(bench::text_of(name))) {
      const vectors::Buffer buffer(text.begin(), text.end());
      vectors::each_mutation(buffer, [&](wire::Bytes bent) {
        Line line;
        const std::string_view view(reinterpret_cast<const char*>(bent.data()), bent.size());
        if (parse_line(view, has_origin, &line) != LineKind::kConnection) return;
        ++taken;
        CHECK(!line.state.empty() && line.state.size() <= connections::kLongestState);
        CHECK(line.engine.size() <= connections::kLongestEngine);
        CHECK(line.row.state == 0 && line.row.bits >> connections::kEngineShift == 0);
      });
    }
  }
  CHECK(taken > 10'000);
}
