// Decoding and encoding of what there is one or two of: family id, version, timeouts, sync daemons, local addresses.

#include <sys/socket.h>

#include <algorithm>

#include "ipvs.h"

namespace ipvs {
namespace {

using wire::Attribute;
using wire::AttributeReader;
using wire::Bytes;

// Calls read_one for each attribute; it says whether the value fits.
template <typename ReadOne>
DecodeError each(Bytes attributes, ReadOne read_one) {
  AttributeReader reader(attributes);
  for (Attribute attribute; reader.next(&attribute);) {
    if (!read_one(attribute.type, attribute.value)) return DecodeError::kWidth;
  }
  return reader.malformed() ? DecodeError::kLength : DecodeError::kNone;
}

// Like each(), inside the nest of that type.
template <typename ReadOne>
DecodeError each_in_nest(Bytes attributes, std::uint16_t type, ReadOne read_one) {
  Bytes nest;
  const auto error = each(attributes, [&](std::uint16_t found, Bytes value) {
    if (found == type) nest = value;
    return true;
  });
  if (error != DecodeError::kNone) return error;
  return nest.data() == nullptr ? DecodeError::kMissing : each(nest, read_one);
}

// Takes 4 or 16 bytes as they come.
bool read_group(Bytes value, std::size_t size, std::uint8_t (&out)[16]) {
  if (value.size() != size) return false;
  std::memset(out, 0, sizeof(out));
  std::memcpy(out, value.data(), size);
  return true;
}

}  // namespace

DecodeError decode_family(Bytes attributes, std::uint16_t* id) {
  *id = 0;
  const auto error = each(attributes, [&](std::uint16_t type, Bytes value) {
    return type != CTRL_ATTR_FAMILY_ID || wire::read(value, id);
  });
  if (error != DecodeError::kNone) return error;
  return *id == 0 ? DecodeError::kMissing : DecodeError::kNone;
}

DecodeError decode_info(Bytes attributes, Info* out) {
  *out = {};
  return each(attributes, [&](std::uint16_t type, Bytes value) {
    switch (type) {
      case IPVS_INFO_ATTR_VERSION: return wire::read(value, &out->version);
      case IPVS_INFO_ATTR_CONN_TAB_SIZE: return wire::read(value, &out->connection_table_size);
      default: return true;
    }
  });
}

DecodeError decode_timeouts(Bytes attributes, Timeouts* out) {
  *out = {};
  return each(attributes, [&](std::uint16_t type, Bytes value) {
    switch (type) {
      case IPVS_CMD_ATTR_TIMEOUT_TCP: return wire::read(value, &out->tcp_s);
      case IPVS_CMD_ATTR_TIMEOUT_TCP_FIN: return wire::read(value, &out->tcp_fin_s);
      case IPVS_CMD_ATTR_TIMEOUT_UDP: return wire::read(value, &out->udp_s);
      default: return true;
    }
  });
}

DecodeError decode_daemon(Bytes attributes, Daemon* out) {
  *out = {};
  return each_in_nest(attributes, IPVS_CMD_ATTR_DAEMON, [&](std::uint16_t type, Bytes value) {
    switch (type) {
      case IPVS_DAEMON_ATTR_STATE: return wire::read(value, &out->state);
      case IPVS_DAEMON_ATTR_MCAST_IFN:
        out->interface.assign(value.begin(), std::find(value.begin(), value.end(), 0));
        return out->interface.size() < IP_VS_IFNAME_MAXLEN;
      case IPVS_DAEMON_ATTR_SYNC_ID: return wire::read(value, &out->sync_id);
      case IPVS_DAEMON_ATTR_SYNC_MAXLEN: return wire::read(value, &out->max_length);
      case IPVS_DAEMON_ATTR_MCAST_GROUP:
        out->group_family = AF_INET;
        return read_group(value, 4, out->group);
      case IPVS_DAEMON_ATTR_MCAST_GROUP6:
        out->group_family = AF_INET6;
        return read_group(value, 16, out->group);
      // The one port of this family that travels in host order.
      case IPVS_DAEMON_ATTR_MCAST_PORT: return wire::read(value, &out->port);
      case IPVS_DAEMON_ATTR_MCAST_TTL: return wire::read(value, &out->ttl);
      default: return true;
    }
  });
}

DecodeError decode_local_address(Bytes attributes, std::uint16_t service_family, LocalAddress* out) {
  *out = {};
  out->family = service_family;
  bool found = false;
  const auto error = each_in_nest(attributes, kAttrLocalAddress, [&](std::uint16_t type, Bytes value) {
    switch (type) {
      case kLocalAttrAddress:
        // The patch set sends a whole union nf_inet_addr, also for IPv4.
        if (value.size() != 16 && (value.size() != 4 || service_family != AF_INET)) return false;
        found = true;
        std::memcpy(out->address, value.data(), service_family == AF_INET ? 4 : 16);
        return true;
      case kLocalAttrPortConflicts: return wire::read(value, &out->port_conflicts);
      case kLocalAttrConnections: return wire::read(value, &out->connections);
      default: return true;
    }
  });
  if (error != DecodeError::kNone) return error;
  return found ? DecodeError::kNone : DecodeError::kMissing;
}

void encode_family_request(wire::Writer* out) { out->put_string(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME); }

void encode_timeouts(const Timeouts& timeouts, wire::Writer* out) {
  out->put(IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp_s);
  out->put(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcp_fin_s);
  out->put(IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp_s);
}

void encode_daemon(const Daemon& daemon, wire::Writer* out) {
  const std::size_t nest = out->begin_nest(IPVS_CMD_ATTR_DAEMON);
  out->put(IPVS_DAEMON_ATTR_STATE, daemon.state);
  // An empty interface: the request names only the state, as a stop does.
  if (!daemon.interface.empty()) {
    out->put_string(IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interface);
    out->put(IPVS_DAEMON_ATTR_SYNC_ID, daemon.sync_id);
    if (daemon.max_length != 0) out->put(IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.max_length);
    if (daemon.group_family == AF_INET) out->put_bytes(IPVS_DAEMON_ATTR_MCAST_GROUP, daemon.group, 4);
    if (daemon.group_family == AF_INET6) out->put_bytes(IPVS_DAEMON_ATTR_MCAST_GROUP6, daemon.group, 16);
    if (daemon.port != 0) out->put(IPVS_DAEMON_ATTR_MCAST_PORT, daemon.port);
    if (daemon.ttl != 0) out->put(IPVS_DAEMON_ATTR_MCAST_TTL, daemon.ttl);
  }
  out->end_nest(nest);
}

void encode_local_address(const Row& service, std::uint16_t family, const std::uint8_t address[16], wire::Writer* out) {
  encode_service_key(service, out);
  const std::size_t nest = out->begin_nest(kAttrLocalAddress);
  out->put_bytes(kLocalAttrAddress, address, family == AF_INET ? 4 : 16);
  out->end_nest(nest);
}

}  // namespace ipvs
