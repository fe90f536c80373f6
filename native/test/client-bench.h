// The verbs on a scripted kernel that has ip_vs in it.

#pragma once

#include "../client.h"
#include "check.h"
#include "fake-kernel.h"
#include "scenario.h"

namespace bench {

using fake::Buffer;
using fake::Kernel;
using fake::Request;
using ipvs::Row;
using netlink::Failure;

inline Buffer bytes_of(const wire::Writer& out) { return Buffer(out.bytes().begin(), out.bytes().end()); }

inline Buffer service_record(const Row& row, std::uint64_t connections) {
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

inline Buffer server_record(const Row& row, std::uint32_t active) {
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

inline const Row kWeb = scenario::service(IPPROTO_TCP, "10.0.0.1", 80, "");
inline const Row kDns = scenario::service(IPPROTO_UDP, "10.0.0.1", 53, "");
inline const Row kMark = scenario::marked(AF_INET, 7, "");

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
    const int number = on_change(request);
    // What was done is answered only when an answer was asked for.
    if (number != 0 || request.header.nlmsg_flags & NLM_F_ACK) kernel.push(Kernel::answer(request, number));
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

}  // namespace bench
