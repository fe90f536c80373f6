#include "connections.h"

#include <algorithm>

namespace connections {

bool Pattern::matches(const std::uint8_t (&other)[16], bool is_six, std::uint16_t other_port) const {
  if (port && *port != other_port) return false;
  if (family == 0) return true;
  if ((family == 6) != is_six) return false;
  const std::size_t whole = prefix / 8;
  if (std::memcmp(address, other, whole) != 0) return false;
  return prefix % 8 == 0 || ((address[whole] ^ other[whole]) & 0xff00 >> prefix % 8 & 0xff) == 0;
}

void Grouped::add(const ConnectionRow& row) {
  ConnectionRow key{};
  const auto copy = [](std::uint8_t (&to)[16], const std::uint8_t (&from)[16]) { std::memcpy(to, from, sizeof(to)); };
  switch (by) {
    case Grouping::kNone: return;
    case Grouping::kClient:
    case Grouping::kClientNet:
      copy(key.client, row.client);
      if (by == Grouping::kClientNet) mask_address(key.client, is_six(row) ? 64 : 24);
      key.bits = row.bits & kSix;
      break;
    case Grouping::kState: key.state = row.state; break;
    case Grouping::kVirtual:
      copy(key.virtual_address, row.virtual_address);
      key.virtual_port = row.virtual_port;
      key.bits = row.bits & kSix;
      break;
    case Grouping::kServer:
      copy(key.server, row.server);
      key.server_port = row.server_port;
      key.bits = row.bits & kServerSix;
      break;
    case Grouping::kProtocol: key.protocol = row.protocol; break;
  }
  if (!counts.add(key)) ++others;
}

Connections::Connections(Plan plan)
    : plan_(std::move(plan)), groups_{plan_.grouping, RowCounts(plan_.max_groups)}, holds_(std::move(plan_.persistent), plan_.max_groups) {
  // Connections hold nothing, so without templates there is nothing to count.
  if (!plan_.wants_templates) holds_ = TemplateHolds({}, 0);
}

void Connections::feed(wire::Bytes chunk) {
  cutter_.feed(chunk, [this](std::string_view line) { take(line); }, [this] { ++now_.unknown; });
  publish();
}

bool Connections::finish() {
  if (cutter_.is_within_line()) ++now_.unknown;
  publish();
  return now_.rows != 0 || now_.unknown == 0;
}

Tally Connections::tally() const {
  const auto load = [](const std::atomic<std::uint64_t>& value) { return value.load(std::memory_order_relaxed); };
  return {load(published_.rows), load(published_.unknown), load(published_.matched), load(published_.held)};
}

void Connections::publish() {
  published_.rows.store(now_.rows, std::memory_order_relaxed);
  published_.unknown.store(now_.unknown, std::memory_order_relaxed);
  published_.matched.store(now_.matched, std::memory_order_relaxed);
  published_.held.store(now_.held, std::memory_order_relaxed);
}

void Connections::take(std::string_view text) {
  Line line;
  const LineKind kind = parse_line(text, plan_.has_origin, &line);
  if (kind == LineKind::kTitle) return;
  const auto state = kind == LineKind::kConnection ? state_number(line.state) : std::nullopt;
  if (!state) {
    ++now_.unknown;
    return;
  }
  ++now_.rows;
  line.row.state = *state;
  if (holds_.is_wanted() && !is_template(line.row)) holds_.count(line.row);
  if (!matches(line.row)) return;
  ++now_.matched;
  groups_.add(line.row);
  hold(&line);
}

std::optional<std::uint8_t> Connections::state_number(std::string_view text) {
  StateName name{};
  std::copy(text.begin(), text.end(), name.begin());
  if (last_state_ < states_.size() && states_[last_state_] == name) return static_cast<std::uint8_t>(last_state_);
  last_state_ = static_cast<std::size_t>(std::ranges::find(states_, name) - states_.begin());
  if (last_state_ == states_.size()) {
    if (states_.size() == kMaxStates) return std::nullopt;
    is_state_wanted_[last_state_] = plan_.states.empty() || std::ranges::find(plan_.states, text) != plan_.states.end();
    states_.push_back(name);
  }
  return static_cast<std::uint8_t>(last_state_);
}

bool Connections::matches(const ConnectionRow& row) const {
  if (is_template(row) != plan_.wants_templates || !is_state_wanted_[row.state]) return false;
  if (plan_.is_synced && *plan_.is_synced != ((row.bits & kOriginSync) != 0)) return false;
  const auto& protocols = plan_.protocols;
  if (!protocols.empty() && std::ranges::find(protocols, row.protocol) == protocols.end()) return false;
  const auto client = [&](const Pattern& pattern) { return pattern.matches(row.client, is_six(row), row.client_port); };
  const auto virtual_address = [&](const Pattern& pattern) {
    return pattern.matches(row.virtual_address, is_six(row), row.virtual_port);
  };
  const auto server = [&](const Pattern& pattern) {
    return pattern.matches(row.server, is_server_six(row), row.server_port);
  };
  return (!plan_.client || client(*plan_.client)) && (!plan_.server || server(*plan_.server)) &&
         (!plan_.virtual_address || virtual_address(*plan_.virtual_address)) &&
         (!plan_.any || client(*plan_.any) || virtual_address(*plan_.any) || server(*plan_.any));
}

Grouped Connections::held_by(Grouping grouping) const {
  Grouped grouped{grouping, RowCounts(plan_.max_groups)};
  for (std::size_t i = 0; i < held_.size(); ++i) grouped.add(held_[i]);
  return grouped;
}

void Connections::hold(Line* line) {
  is_full_ = is_full_ || held_.size() >= plan_.max_held;
  if (is_full_) return;
  if (!line->engine.empty()) {
    const std::uint32_t number = engines_.add(line->engine);
    is_full_ = number == 0;
    if (is_full_) return;
    line->row.bits |= number << kEngineShift;
  }
  held_.push_back(line->row);
  ++now_.held;
}

void Connections::clear() {
  held_.clear();
  engines_.clear();
  groups_.counts.clear();
  holds_.clear();
}

}  // namespace connections
