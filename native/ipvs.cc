// Decoding of services, real servers and their statistics: the replies that come by the thousand.

#include "ipvs.h"

#include <sys/socket.h>

#include <algorithm>

namespace ipvs {
namespace {

using wire::Attribute;
using wire::AttributeReader;
using wire::Bytes;

DecodeError finish(const AttributeReader& reader) {
  return reader.malformed() ? DecodeError::kLength : DecodeError::kNone;
}

// The value of the first attribute of that type.
DecodeError find_nest(Bytes attributes, std::uint16_t type, Bytes* out) {
  AttributeReader reader(attributes);
  for (Attribute attribute; reader.next(&attribute);) {
    if (attribute.type != type) continue;
    *out = attribute.value;
    return DecodeError::kNone;
  }
  return reader.malformed() ? DecodeError::kLength : DecodeError::kMissing;
}

// A counter of 32 or 64 bits.
bool read_counter(Bytes value, std::uint64_t* out) {
  std::uint32_t narrow;
  if (!wire::read(value, &narrow)) return wire::read(value, out);
  *out = narrow;
  return true;
}

// A name up to its NUL or its end; false when it does not fit with a NUL behind it.
template <std::size_t N>
bool read_name(Bytes value, char (&out)[N]) {
  const auto end = std::find(value.begin(), value.end(), 0);
  const std::size_t length = end - value.begin();
  if (length >= N) return false;
  std::copy(value.begin(), end, out);
  return true;
}

// FULLNAT kernels send a number under the engine's type, EST_TIMEOUT. A name of four bytes ends in its only NUL.
bool is_seconds(Bytes value) {
  return value.size() == sizeof(std::uint32_t) && std::find(value.begin(), value.end(), 0) != value.end() - 1;
}

// Kernels send 16 bytes for both families; four are enough for IPv4, and what lies behind them means nothing.
bool read_address(Bytes value, std::uint16_t family, std::uint8_t (&out)[16]) {
  const std::size_t wanted = family == AF_INET ? 4 : 16;
  if (value.size() < wanted || value.size() > sizeof(out)) return false;
  std::copy_n(value.begin(), wanted, out);
  return true;
}

DecodeError decode_statistics_of(Bytes narrow, Bytes wide, Statistics* out) {
  if (wide.data() != nullptr) return decode_statistics(wide, out);
  if (narrow.data() != nullptr) return decode_statistics(narrow, out);
  return DecodeError::kNone;
}

}  // namespace

const char* describe(DecodeError error) {
  switch (error) {
    case DecodeError::kNone: return "";
    case DecodeError::kLength: return "the kernel sent an attribute longer than its message";
    case DecodeError::kWidth: return "the kernel sent a value of an unexpected size";
    case DecodeError::kMissing: return "the kernel left out an attribute that is needed";
  }
  return "";
}

DecodeError decode_statistics(Bytes nest, Statistics* out) {
  *out = {};
  // In the order of IPVS_STATS_ATTR_CONNS to IPVS_STATS_ATTR_OUTBPS.
  std::uint64_t* const fields[] = {
      &out->totals.connections,     &out->totals.in_packets,    &out->totals.out_packets,    &out->totals.in_bytes,
      &out->totals.out_bytes,       &out->connections_per_second, &out->in_packets_per_second, &out->out_packets_per_second,
      &out->in_bytes_per_second,    &out->out_bytes_per_second,
  };
  AttributeReader reader(nest);
  for (Attribute attribute; reader.next(&attribute);) {
    if (attribute.type < IPVS_STATS_ATTR_CONNS || attribute.type > IPVS_STATS_ATTR_OUTBPS) continue;
    if (!read_counter(attribute.value, fields[attribute.type - IPVS_STATS_ATTR_CONNS])) return DecodeError::kWidth;
  }
  return finish(reader);
}

DecodeError decode_service(Bytes attributes, ServiceRecord* out) {
  *out = {};
  Bytes nest;
  if (const auto error = find_nest(attributes, IPVS_CMD_ATTR_SERVICE, &nest); error != DecodeError::kNone) return error;

  Row& row = out->row;
  row.kind = static_cast<std::uint8_t>(RowKind::kService);
  Bytes address, narrow, wide;
  ip_vs_flags flags{};
  AttributeReader reader(nest);
  for (Attribute attribute; reader.next(&attribute);) {
    const Bytes value = attribute.value;
    bool fits = true;
    switch (attribute.type) {
      case IPVS_SVC_ATTR_AF: fits = wire::read(value, &row.family); break;
      case IPVS_SVC_ATTR_PROTOCOL: fits = wire::read(value, &row.protocol); break;
      case IPVS_SVC_ATTR_ADDR: address = value; break;
      case IPVS_SVC_ATTR_PORT: fits = wire::read_port(value, &row.port); break;
      case IPVS_SVC_ATTR_FWMARK: fits = wire::read(value, &row.fwmark); break;
      case IPVS_SVC_ATTR_SCHED_NAME: fits = read_name(value, row.scheduler); break;
      case IPVS_SVC_ATTR_FLAGS: fits = wire::read(value, &flags); break;
      case IPVS_SVC_ATTR_TIMEOUT: fits = wire::read(value, &row.timeout_s); break;
      case IPVS_SVC_ATTR_NETMASK: fits = wire::read(value, &row.netmask); break;
      case IPVS_SVC_ATTR_PE_NAME: fits = is_seconds(value) || read_name(value, row.engine); break;
      case IPVS_SVC_ATTR_STATS: narrow = value; break;
      case IPVS_SVC_ATTR_STATS64: wide = value; break;
      default: break;
    }
    if (!fits) return DecodeError::kWidth;
  }
  if (reader.malformed()) return DecodeError::kLength;
  if (row.family == 0) return DecodeError::kMissing;
  row.flags = flags.flags;
  if (address.data() != nullptr && !read_address(address, row.family, row.address)) return DecodeError::kWidth;
  return decode_statistics_of(narrow, wide, &out->statistics);
}

DecodeError decode_server(Bytes attributes, std::uint16_t service_family, ServerRecord* out) {
  *out = {};
  Bytes nest;
  if (const auto error = find_nest(attributes, IPVS_CMD_ATTR_DEST, &nest); error != DecodeError::kNone) return error;

  Row& row = out->row;
  row.kind = static_cast<std::uint8_t>(RowKind::kServer);
  row.family = service_family;
  Bytes address, narrow, wide;
  AttributeReader reader(nest);
  for (Attribute attribute; reader.next(&attribute);) {
    const Bytes value = attribute.value;
    bool fits = true;
    switch (attribute.type) {
      case IPVS_DEST_ATTR_ADDR: address = value; break;
      case IPVS_DEST_ATTR_PORT: fits = wire::read_port(value, &row.port); break;
      case IPVS_DEST_ATTR_FWD_METHOD: fits = wire::read(value, &row.forward); break;
      case IPVS_DEST_ATTR_WEIGHT: fits = wire::read(value, &row.weight); break;
      case IPVS_DEST_ATTR_U_THRESH: fits = wire::read(value, &row.upper_threshold); break;
      case IPVS_DEST_ATTR_L_THRESH: fits = wire::read(value, &row.lower_threshold); break;
      case IPVS_DEST_ATTR_ACTIVE_CONNS: fits = wire::read(value, &out->gauges.active); break;
      case IPVS_DEST_ATTR_INACT_CONNS: fits = wire::read(value, &out->gauges.inactive); break;
      case IPVS_DEST_ATTR_PERSIST_CONNS: fits = wire::read(value, &out->gauges.persistent); break;
      case IPVS_DEST_ATTR_ADDR_FAMILY: fits = wire::read(value, &row.family); break;
      case IPVS_DEST_ATTR_TUN_TYPE: fits = wire::read(value, &row.tunnel_type); break;
      case IPVS_DEST_ATTR_TUN_PORT: fits = wire::read_port(value, &row.tunnel_port); break;
      case IPVS_DEST_ATTR_TUN_FLAGS: fits = wire::read(value, &row.tunnel_flags); break;
      case IPVS_DEST_ATTR_STATS: narrow = value; break;
      case IPVS_DEST_ATTR_STATS64: wide = value; break;
      default: break;
    }
    if (!fits) return DecodeError::kWidth;
  }
  if (reader.malformed()) return DecodeError::kLength;
  if (address.data() == nullptr) return DecodeError::kMissing;
  if (!read_address(address, row.family, row.address)) return DecodeError::kWidth;
  return decode_statistics_of(narrow, wide, &out->statistics);
}

}  // namespace ipvs
