// libFuzzer's way into the reader of connections. The first bytes choose what is asked of the read and where its bytes are
// cut. Beyond not crashing: however it is cut the answer is the same, counts add up, and bounds hold.

#include "../connection-order.h"

#include <cstdlib>
#include <string>

namespace {

using namespace connections;

constexpr std::size_t kChoices = 8;

void demand(bool condition) {
  if (!condition) std::abort();
}

Pattern pattern_of(std::uint8_t choice) {
  Pattern pattern;
  pattern.family = choice & 1 ? 6 : 4;
  pattern.prefix = static_cast<std::uint8_t>((choice >> 1) % (choice & 1 ? 129 : 33));
  pattern.address[0] = choice & 1 ? 0x20 : 0xc0;
  if (choice & 0x80) pattern.port = 80;
  return pattern;
}

Plan plan_of(const std::uint8_t* choices) {
  Plan plan;
  plan.has_origin = choices[0] & 1;
  plan.wants_templates = choices[0] & 2;
  if (choices[0] & 4) plan.protocols = {6};
  if (choices[0] & 8) plan.states = {"ESTABLISHED", "NONE"};
  if (choices[0] & 16) plan.is_synced = choices[0] & 32;
  plan.grouping = static_cast<Grouping>(choices[1] % 7 - 1);
  plan.max_held = choices[2];
  plan.max_groups = choices[3] % 16;
  if (choices[4] & 1) plan.client = pattern_of(choices[5]);
  if (choices[4] & 2) plan.virtual_address = pattern_of(choices[5]);
  if (choices[4] & 4) plan.server = pattern_of(choices[5]);
  if (choices[4] & 8) plan.any = pattern_of(choices[5]);
  for (unsigned i = 0; i < choices[6] % 8u; ++i) {
    PersistentService service{};
    service.address[0] = choices[7];
    service.port = static_cast<std::uint16_t>(i == 1 ? 21 : i == 2 ? 0 : 80 + i);
    service.protocol = i == 3 ? 0 : 6;
    service.family = 4;
    service.prefix4 = choices[6] % 33;
    service.prefix6 = choices[6] % 129;
    plan.persistent.push_back(service);
  }
  return plan;
}

std::string answers(Connections* read) {
  std::string all;
  const Tally tally = read->tally();
  all.append(reinterpret_cast<const char*>(&tally), sizeof(tally));
  for (std::size_t i = 0; i < read->held().size(); ++i) {
    const ConnectionRow& row = read->held()[i];
    all.append(reinterpret_cast<const char*>(&row), sizeof(row));
    all += read->engine(row);
    all += std::to_string(read->holds(row));
  }
  const auto put = [&](const Grouped& groups) {
    for (const std::uint32_t index : order_groups(groups, read->states(), {0, SIZE_MAX})) {
      all += group_name(groups.by, read->states(), groups.counts[index].key).data();
      all += std::to_string(groups.counts[index].count) + ",";
    }
  };
  put(read->groups());
  for (int by = 0; by <= 5; ++by) put(read->held_by(static_cast<Grouping>(by)));
  return all;
}

void check_bounds(const Plan& plan, const Connections& read) {
  const Tally tally = read.tally();
  demand(tally.matched <= tally.rows && tally.held <= tally.matched && tally.held <= plan.max_held);
  const RowCounts& counts = read.groups().counts;
  demand(read.held().size() == tally.held && counts.size() <= plan.max_groups);
  std::uint64_t grouped = read.groups().others;
  for (std::size_t i = 0; i < counts.size(); ++i) grouped += counts[i].count;
  demand(plan.grouping == Grouping::kNone ? grouped == 0 : grouped == tally.matched);
  for (int sort = -1; sort <= 5; ++sort) {
    const auto order = order_rows(read, static_cast<Sort>(sort), sort % 2 == 0, {1, 3});
    demand(order.size() == (tally.held <= 1 ? 0 : std::min<std::uint64_t>(tally.held - 1, 3)));
    for (const std::uint32_t index : order) demand(index < tally.held);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kChoices) return 0;
  const Plan plan = plan_of(data);
  const wire::Bytes text{data + kChoices, size - kChoices};
  Connections whole(plan);
  whole.feed(text);
  demand(whole.finish() || whole.tally().unknown > 0);
  check_bounds(plan, whole);

  Connections cut(plan);
  const std::size_t piece = 1 + data[3];
  for (std::size_t at = 0; at < text.size(); at += piece) cut.feed(text.subspan(at, std::min(piece, text.size() - at)));
  cut.finish();
  demand(answers(&whole) == answers(&cut));
  return 0;
}
