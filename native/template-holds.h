// What persistence templates hold: connections counted by the template that the kernel would have looked up for them
// (ip_vs_sched_persist, linux net/netfilter/ipvs/ip_vs_core.c).

#pragma once

#include <vector>

#include "row-counts.h"

namespace connections {

// A persistent virtual service as the rows of its connections show it; crosses from JavaScript packed.
struct PersistentService {
  std::uint8_t address[16];  // IPv4 in the first four; of a firewall mark: the mark, most significant byte first
  std::uint16_t port;  // 0: any
  std::uint8_t protocol;  // IPPROTO_*; 0: a firewall mark
  std::uint8_t family;  // 4 or 6; 0 for a mark, which takes both
  std::uint8_t prefix4;  // of its clients, which are kept together by it
  std::uint8_t prefix6;
  std::uint16_t unused;
};

static_assert(sizeof(PersistentService) == 24);

// The address's bits behind the prefix set to 0. Prefixes past the address's end keep it whole.
void mask_address(std::uint8_t (&address)[16], unsigned prefix);

class TemplateHolds {
 public:
  static constexpr std::uint32_t kNotCounted = UINT32_MAX;

  TemplateHolds(std::vector<PersistentService> services, std::size_t max_keys);

  bool is_wanted() const { return !addressed_.empty() || !marks_.empty(); }

  // Counts a connection, of which nothing is kept.
  void count(const ConnectionRow& connection);

  // How many of the connections so far follow the template; kNotCounted when there were too many kinds to count. What a
  // mark's template holds are connections of the client's to the server that no service by address explains: their rows
  // do not say which mark their packets had.
  std::uint32_t of(const ConnectionRow& row);

  void clear() { counts_.clear(); }

 private:
  const PersistentService* find(const ConnectionRow& row, std::uint16_t port) const;

  std::vector<PersistentService> addressed_;  // sorted by what find() looks for
  std::vector<PersistentService> marks_;
  std::vector<std::uint8_t> mark_prefixes_[2];  // those that occur, of IPv4 and of IPv6
  RowCounts counts_;
};

}  // namespace connections
