#include "template-holds.h"

#include <netinet/in.h>

#include <algorithm>

namespace connections {

namespace {

constexpr std::uint16_t kFtpPort = 21;
constexpr std::uint16_t kFtpDataPort = 20;
constexpr std::uint16_t kFirstUnprivilegedPort = 1024;

// Address, port, protocol and family lie side by side.
constexpr std::size_t kNameBytes = offsetof(PersistentService, prefix4);

bool is_before(const PersistentService& a, const PersistentService& b) { return std::memcmp(&a, &b, kNameBytes) < 0; }

std::uint8_t prefix_of(const PersistentService& service, const ConnectionRow& row) {
  return is_six(row) ? service.prefix6 : service.prefix4;
}

// The row of the template, without what changes. Ports of 0 stand for any.
ConnectionRow template_key(const ConnectionRow& row, unsigned prefix, bool has_ports) {
  ConnectionRow key{};
  std::memcpy(key.client, row.client, sizeof(key.client));
  mask_address(key.client, prefix);
  std::memcpy(key.virtual_address, row.virtual_address, sizeof(key.virtual_address));
  std::memcpy(key.server, row.server, sizeof(key.server));
  if (has_ports) {
    key.virtual_port = row.virtual_port;
    key.server_port = row.server_port;
  }
  key.protocol = row.protocol;
  key.bits = row.bits & (kSix | kServerSix);
  return key;
}

// Marks of one prefix share a key: a connection's row does not tell them apart.
ConnectionRow mark_key(const ConnectionRow& row, unsigned prefix) {
  ConnectionRow key = template_key(row, prefix, false);
  std::memset(key.virtual_address, 0, sizeof(key.virtual_address));
  key.protocol = 0;
  key.client_port = static_cast<std::uint16_t>(prefix);
  return key;
}

}  // namespace

void mask_address(std::uint8_t (&address)[16], unsigned prefix) {
  for (unsigned i = 0; i < sizeof(address); ++i) {
    const unsigned kept = std::min(8u, prefix > i * 8 ? prefix - i * 8 : 0u);
    address[i] = static_cast<std::uint8_t>(address[i] & 0xff00 >> kept);
  }
}

TemplateHolds::TemplateHolds(std::vector<PersistentService> services, std::size_t max_keys) : counts_(max_keys) {
  for (const PersistentService& service : services) (service.protocol == 0 ? marks_ : addressed_).push_back(service);
  std::sort(addressed_.begin(), addressed_.end(), is_before);
  for (const PersistentService& mark : marks_) {
    for (const bool six : {false, true}) {
      auto& prefixes = mark_prefixes_[six];
      const std::uint8_t prefix = six ? mark.prefix6 : mark.prefix4;
      if (std::ranges::find(prefixes, prefix) == prefixes.end()) prefixes.push_back(prefix);
    }
  }
}

const PersistentService* TemplateHolds::find(const ConnectionRow& row, std::uint16_t port) const {
  PersistentService wanted{};
  std::memcpy(wanted.address, row.virtual_address, sizeof(wanted.address));
  wanted.port = port;
  wanted.protocol = row.protocol;
  wanted.family = is_six(row) ? 6 : 4;
  const auto found = std::lower_bound(addressed_.begin(), addressed_.end(), wanted, is_before);
  return found != addressed_.end() && !is_before(wanted, *found) ? &*found : nullptr;
}

void TemplateHolds::count(const ConnectionRow& row) {
  // As ip_vs_service_find() goes: the port itself, FTP for what may be its data, any port.
  const PersistentService* service = find(row, row.virtual_port);
  const bool is_exact = service != nullptr && row.virtual_port != kFtpPort && row.virtual_port != 0;
  const bool may_be_ftp_data = row.virtual_port == kFtpDataPort || row.virtual_port >= kFirstUnprivilegedPort;
  if (service == nullptr && row.protocol == IPPROTO_TCP && may_be_ftp_data) service = find(row, kFtpPort);
  if (service == nullptr) service = find(row, 0);
  if (service != nullptr) {
    counts_.add(template_key(row, prefix_of(*service, row), is_exact));
    return;
  }
  for (const std::uint8_t prefix : mark_prefixes_[is_six(row)]) counts_.add(mark_key(row, prefix));
}

std::uint32_t TemplateHolds::of(const ConnectionRow& row) {
  const auto counted = [&](const ConnectionRow& key) {
    const std::uint32_t count = counts_.count(key);
    return count == 0 && counts_.is_full() ? kNotCounted : count;
  };
  if (row.protocol != 0) return counted(template_key(row, 128, row.virtual_port != 0));
  for (const PersistentService& mark : marks_) {
    if (std::memcmp(mark.address, row.virtual_address, sizeof(mark.address)) != 0) continue;
    return counted(mark_key(row, prefix_of(mark, row)));
  }
  return 0;
}

}  // namespace connections
