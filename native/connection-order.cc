#include "connection-order.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace connections {

namespace {

using Indices = std::vector<std::uint32_t>;

// The range of what sorting all would give. is_before must tell every two apart.
template <typename Item, typename IsBefore>
void keep_range(std::vector<Item>* items, Range range, IsBefore is_before) {
  const std::size_t first = std::min(range.offset, items->size());
  const std::size_t last = first + std::min(range.limit, items->size() - first);
  const auto at = [items](std::size_t index) { return items->begin() + static_cast<std::ptrdiff_t>(index); };
  if (first < last) {
    std::nth_element(items->begin(), at(first), items->end(), is_before);
    std::partial_sort(at(first), at(last), items->end(), is_before);
  }
  items->erase(at(last), items->end());
  items->erase(items->begin(), at(first));
}

struct Endpoint {
  bool is_six;
  const std::uint8_t* address;
  std::uint16_t port;
};

int compare(const Endpoint& a, const Endpoint& b) {
  if (a.is_six != b.is_six) return a.is_six ? 1 : -1;
  const int addresses = std::memcmp(a.address, b.address, 16);
  return addresses != 0 ? addresses : a.port - b.port;
}

Endpoint client_of(const ConnectionRow& row) { return {is_six(row), row.client, row.client_port}; }
Endpoint virtual_of(const ConnectionRow& row) { return {is_six(row), row.virtual_address, row.virtual_port}; }
Endpoint server_of(const ConnectionRow& row) { return {is_server_six(row), row.server, row.server_port}; }

int compare(Sort sort, const std::vector<StateName>& states, const ConnectionRow& a, const ConnectionRow& b) {
  switch (sort) {
    case Sort::kNone: return 0;
    case Sort::kClient: return compare(client_of(a), client_of(b));
    case Sort::kVirtual: return compare(virtual_of(a), virtual_of(b));
    case Sort::kServer: return compare(server_of(a), server_of(b));
    case Sort::kProtocol: return a.protocol - b.protocol;
    case Sort::kState: return std::memcmp(states[a.state].data(), states[b.state].data(), sizeof(StateName));
    case Sort::kExpires: return a.expires_s < b.expires_s ? -1 : a.expires_s > b.expires_s;
  }
  return 0;
}

// Writes text into a name.
struct NameWriter {
  GroupName name{};
  char* at = name.data();

  void put(std::string_view text) { at = std::copy(text.begin(), text.end(), at); }
  void put(std::uint16_t number) { at = std::to_chars(at, name.data() + name.size(), number).ptr; }

  void put_address(const Endpoint& endpoint) {
    inet_ntop(endpoint.is_six ? AF_INET6 : AF_INET, endpoint.address, at, INET6_ADDRSTRLEN);
    at += std::strlen(at);
  }

  void put_endpoint(const Endpoint& endpoint) {
    if (endpoint.is_six) put("[");
    put_address(endpoint);
    put(endpoint.is_six ? "]:" : ":");
    put(endpoint.port);
  }
};

}  // namespace

std::vector<std::uint32_t> order_rows(const Connections& read, Sort sort, bool descending, Range range) {
  const auto& rows = read.held();
  if (sort == Sort::kNone) {
    const std::size_t first = std::min(range.offset, rows.size());
    Indices indices(std::min(range.limit, rows.size() - first));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    return indices;
  }
  Indices indices(rows.size());
  std::iota(indices.begin(), indices.end(), 0u);
  keep_range(&indices, range, [&](std::uint32_t a, std::uint32_t b) {
    const int order = compare(sort, read.states(), rows[a], rows[b]);
    if (order == 0) return a < b;
    return descending ? order > 0 : order < 0;
  });
  return indices;
}

GroupName group_name(Grouping by, const std::vector<StateName>& states, const ConnectionRow& key) {
  NameWriter out;
  std::array<char, 8> memory;
  switch (by) {
    case Grouping::kNone: break;
    case Grouping::kClient: out.put_address(client_of(key)); break;
    case Grouping::kClientNet:
      out.put_address(client_of(key));
      out.put(is_six(key) ? "/64" : "/24");
      break;
    case Grouping::kState: out.put(states[key.state].data()); break;
    case Grouping::kVirtual: out.put_endpoint(virtual_of(key)); break;
    case Grouping::kServer: out.put_endpoint(server_of(key)); break;
    case Grouping::kProtocol: out.put(protocol_name(key.protocol, &memory)); break;
  }
  return out.name;
}

std::vector<std::uint32_t> order_groups(const Grouped& groups, const std::vector<StateName>& states, Range range) {
  struct Named {
    GroupName name;
    std::uint32_t count;
    std::uint32_t index;
  };
  // Written once each: two to a comparison would be twenty times the work.
  const RowCounts& counts = groups.counts;
  std::vector<Named> named(counts.size());
  for (std::size_t i = 0; i < named.size(); ++i) {
    named[i] = {group_name(groups.by, states, counts[i].key), counts[i].count, static_cast<std::uint32_t>(i)};
  }
  keep_range(&named, range, [](const Named& a, const Named& b) {
    if (a.count != b.count) return a.count > b.count;
    return std::memcmp(a.name.data(), b.name.data(), sizeof(GroupName)) < 0;
  });
  Indices indices(named.size());
  for (std::size_t i = 0; i < named.size(); ++i) indices[i] = named[i].index;
  return indices;
}

}  // namespace connections
