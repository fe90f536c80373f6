// Encoding of the commands that change services and real servers.

#include <sys/socket.h>

#include <string_view>

#include "ipvs.h"

namespace ipvs {
namespace {

enum : std::uint32_t { kForwardMask = 0x7 };

template <std::size_t N>
bool terminated(const char (&name)[N]) {
  return std::memchr(name, 0, N) != nullptr;
}

// IPv4 goes out as the four bytes it has: nothing behind them can be mistaken for more.
void put_address(std::uint16_t type, const Row& row, wire::Writer* out) {
  out->put_bytes(type, row.address, row.family == AF_INET ? 4 : 16);
}

void put_key(const Row& service, wire::Writer* out) {
  out->put(IPVS_SVC_ATTR_AF, service.family);
  // A mark of 0 would create an address service 0.0.0.0:0, so it is never sent.
  if (service.fwmark != 0) {
    out->put(IPVS_SVC_ATTR_FWMARK, service.fwmark);
    return;
  }
  out->put(IPVS_SVC_ATTR_PROTOCOL, service.protocol);
  put_address(IPVS_SVC_ATTR_ADDR, service, out);
  out->put_port(IPVS_SVC_ATTR_PORT, service.port);
}

void encode_whole_service(const Row& service, std::uint32_t flags_mask, wire::Writer* out) {
  const std::size_t nest = out->begin_nest(IPVS_CMD_ATTR_SERVICE);
  put_key(service, out);
  out->put_string(IPVS_SVC_ATTR_SCHED_NAME, service.scheduler);
  if (service.engine[0] != 0) out->put_string(IPVS_SVC_ATTR_PE_NAME, service.engine);
  // Both words: a shorter payload is taken with a mask of 0 and changes nothing.
  out->put(IPVS_SVC_ATTR_FLAGS, ip_vs_flags{service.flags, flags_mask});
  out->put(IPVS_SVC_ATTR_TIMEOUT, service.timeout_s);
  out->put(IPVS_SVC_ATTR_NETMASK, service.netmask);
  out->end_nest(nest);
}

void encode_server(const Row& server, bool whole, wire::Writer* out) {
  const std::size_t nest = out->begin_nest(IPVS_CMD_ATTR_DEST);
  // Always: without it the kernel looks for a server of the service's family.
  out->put(IPVS_DEST_ATTR_ADDR_FAMILY, server.family);
  put_address(IPVS_DEST_ATTR_ADDR, server, out);
  out->put_port(IPVS_DEST_ATTR_PORT, server.port);
  if (whole) {
    out->put(IPVS_DEST_ATTR_FWD_METHOD, server.forward);
    out->put(IPVS_DEST_ATTR_WEIGHT, server.weight);
    out->put(IPVS_DEST_ATTR_U_THRESH, server.upper_threshold);
    out->put(IPVS_DEST_ATTR_L_THRESH, server.lower_threshold);
    out->put(IPVS_DEST_ATTR_TUN_TYPE, server.tunnel_type);
    out->put_port(IPVS_DEST_ATTR_TUN_PORT, server.tunnel_port);
    out->put(IPVS_DEST_ATTR_TUN_FLAGS, server.tunnel_flags);
  }
  out->end_nest(nest);
}

}  // namespace

const char* check(const Command& command) {
  const auto is = [](const Row& row, RowKind kind) { return row.kind == static_cast<std::uint8_t>(kind); };
  switch (command.command) {
    case IPVS_CMD_FLUSH: return nullptr;
    case IPVS_CMD_ZERO:
      if (is(command.service, RowKind::kService) || is(command.service, RowKind::kNone)) return nullptr;
      return "a zeroing names a service or, with kind 255, all of them";
    case IPVS_CMD_NEW_SERVICE:
    case IPVS_CMD_SET_SERVICE:
      if (!terminated(command.service.scheduler)) return "the scheduler's name has no end";
      if (!terminated(command.service.engine)) return "the persistence engine's name has no end";
      [[fallthrough]];
    case IPVS_CMD_DEL_SERVICE: return is(command.service, RowKind::kService) ? nullptr : "the first row is not a service";
    case IPVS_CMD_NEW_DEST:
    case IPVS_CMD_SET_DEST:
      if (command.server.forward > kForwardMask) return "the forwarding method is outside 0 to 7";
      [[fallthrough]];
    case IPVS_CMD_DEL_DEST:
      if (!is(command.service, RowKind::kService)) return "the first row is not a service";
      return is(command.server, RowKind::kServer) ? nullptr : "the second row is not a real server";
    default: return "it is no command that changes the table";
  }
}

void encode_service_key(const Row& service, wire::Writer* out) {
  const std::size_t nest = out->begin_nest(IPVS_CMD_ATTR_SERVICE);
  put_key(service, out);
  out->end_nest(nest);
}

void encode_command(const Command& command, wire::Writer* out) {
  switch (command.command) {
    case IPVS_CMD_NEW_SERVICE:
    case IPVS_CMD_SET_SERVICE: return encode_whole_service(command.service, command.flags_mask, out);
    case IPVS_CMD_DEL_SERVICE: return encode_service_key(command.service, out);
    case IPVS_CMD_NEW_DEST:
    case IPVS_CMD_SET_DEST:
    case IPVS_CMD_DEL_DEST:
      encode_service_key(command.service, out);
      return encode_server(command.server, command.command != IPVS_CMD_DEL_DEST, out);
    case IPVS_CMD_ZERO:
      if (command.service.kind == static_cast<std::uint8_t>(RowKind::kService)) encode_service_key(command.service, out);
      return;
    default: return;
  }
}

}  // namespace ipvs
