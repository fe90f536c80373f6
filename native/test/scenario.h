// The table that record.cc builds on a real kernel and that the decoding tests know by heart.

#pragma once

#include <arpa/inet.h>

#include <vector>

#include "../ipvs.h"

namespace scenario {

inline void set_address(ipvs::Row* row, const char* text) {
  row->family = std::string_view(text).find(':') == std::string_view::npos ? AF_INET : AF_INET6;
  inet_pton(row->family, text, row->address);
}

inline ipvs::Row service(std::uint16_t protocol, const char* address, std::uint16_t port, const char* scheduler) {
  ipvs::Row row{};
  row.kind = static_cast<std::uint8_t>(ipvs::RowKind::kService);
  row.protocol = protocol;
  row.port = port;
  set_address(&row, address);
  row.netmask = row.family == AF_INET ? 0xffffffff : 128;
  std::strncpy(row.scheduler, scheduler, sizeof(row.scheduler) - 1);
  return row;
}

inline ipvs::Row marked(std::uint16_t family, std::uint32_t fwmark, const char* scheduler) {
  ipvs::Row row = service(0, family == AF_INET ? "0.0.0.0" : "::", 0, scheduler);
  row.fwmark = fwmark;
  return row;
}

inline ipvs::Row server(const char* address, std::uint16_t port, std::uint32_t forward, std::int32_t weight) {
  ipvs::Row row{};
  row.kind = static_cast<std::uint8_t>(ipvs::RowKind::kServer);
  row.port = port;
  set_address(&row, address);
  row.forward = forward;
  row.weight = weight;
  return row;
}

struct Entry {
  const char* name;  // of the vector with its servers
  ipvs::Row service;
  std::vector<ipvs::Row> servers;  // in the order they are added: the kernel lists the newest first
};

// Rows as the kernel shows them, but for the HASHED bit that it sets in every service's flags.
inline std::vector<Entry> table() {
  std::vector<Entry> entries;

  Entry web{"web", service(IPPROTO_TCP, "192.0.2.1", 80, "wrr"), {}};
  web.service.flags = IP_VS_SVC_F_PERSISTENT;
  web.service.timeout_s = 300;
  web.service.netmask = htonl(0xffffff00);
  web.servers.push_back(server("192.0.2.7", 8080, IP_VS_CONN_F_MASQ, 7));
  web.servers.back().upper_threshold = 100;
  web.servers.back().lower_threshold = 50;
  web.servers.push_back(server("2001:db8::7", 80, IP_VS_CONN_F_TUNNEL, 3));
  web.servers.back().tunnel_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE;
  web.servers.back().tunnel_port = 6080;
  web.servers.back().tunnel_flags = IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM;
  entries.push_back(web);

  Entry voice{"voice", service(IPPROTO_UDP, "192.0.2.1", 5060, "sh"), {}};
  voice.service.flags = IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET | IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED2;
  voice.service.timeout_s = 60;
  std::strcpy(voice.service.engine, "sip");
  voice.servers.push_back(server("192.0.2.8", 5060, IP_VS_CONN_F_DROUTE, 0));
  entries.push_back(voice);

  Entry six{"six", service(IPPROTO_SCTP, "2001:db8::1", 443, "mh"), {}};
  six.service.flags = IP_VS_SVC_F_PERSISTENT;
  six.service.timeout_s = 2678400;
  six.service.netmask = 64;
  six.servers.push_back(server("2001:db8::9", 443, IP_VS_CONN_F_DROUTE, 2147483647));
  six.servers.push_back(server("192.0.2.9", 443, IP_VS_CONN_F_TUNNEL, 1));
  six.servers.back().tunnel_type = IP_VS_CONN_F_TUNNEL_TYPE_GRE;
  six.servers.back().tunnel_flags = IP_VS_TUNNEL_ENCAP_FLAG_CSUM;
  entries.push_back(six);

  entries.push_back({"mark", marked(AF_INET, 4294967295u, "rr"), {}});
  entries.push_back({"mark-six", marked(AF_INET6, 77, "wlc"), {server("2001:db8::a", 0, IP_VS_CONN_F_DROUTE, 1)}});

  // The one that carries traffic: datagrams to a local address, balanced to another local address.
  entries.push_back({"busy", service(IPPROTO_UDP, "198.51.100.1", 9999, "rr"), {server("198.51.100.2", 9998, IP_VS_CONN_F_MASQ, 1)}});
  return entries;
}

inline ipvs::Command command(std::uint32_t verb, const ipvs::Row& service, const ipvs::Row& server = {}) {
  return {verb, 0xffffffff, service, server};
}

}  // namespace scenario
