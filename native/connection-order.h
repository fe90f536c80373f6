// Which rows and which groups a page shows. Only the page is put in order, never the whole.

#pragma once

#include "connections.h"

namespace connections {

// In the order of connectionSorts in domain/connection-query.ts.
enum class Sort { kNone = -1, kClient, kVirtual, kServer, kProtocol, kState, kExpires };

struct Range {
  std::size_t offset;
  std::size_t limit;
};

// Indices of held rows. Addresses: IPv4 first, then as numbers, then by port. Protocols: by number; states by their names'
// bytes. What is equal stays in the order of the table, in both directions; without a sort so does all.
std::vector<std::uint32_t> order_rows(const Connections& read, Sort sort, bool descending, Range range);

// Indices of groups: the largest first, equal ones by their names' bytes.
std::vector<std::uint32_t> order_groups(const Grouped& groups, const std::vector<StateName>& states, Range range);

// `10.0.0.1`, `10.0.0.0/24`, `2001:db8::/64`, `10.0.0.1:80`, `[2001:db8::1]:80`, `ESTABLISHED`, `tcp`; NUL padded.
using GroupName = std::array<char, 56>;
GroupName group_name(Grouping by, const std::vector<StateName>& states, const ConnectionRow& key);

}  // namespace connections
