// What a read keeps of its bytes: wherever they are cut, whatever they are, and never more than it may.

#include "connection-bench.h"

#include <unistd.h>

#include <cstdio>
#include <random>

#include "check.h"

namespace {

using bench::Connections;
using bench::Grouping;
using bench::kTitle;
using bench::Plan;
using bench::V4;

// One plan of each kind, for the same bytes.
std::vector<Plan> plans(bool has_origin) {
  std::vector<Plan> all;
  for (const bool wants_templates : {false, true}) {
    Plan plan = bench::plan(wants_templates ? Grouping::kServer : Grouping::kClientNet);
    plan.has_origin = has_origin;
    plan.wants_templates = wants_templates;
    connections::PersistentService service{};
    service.protocol = 17;
    service.family = 4;
    service.prefix4 = 24;
    const std::uint8_t address[] = {198, 51, 100, 2};
    std::memcpy(service.address, address, sizeof(address));
    plan.persistent = {service};
    all.push_back(plan);
  }
  return all;
}

std::string fed(const Plan& plan, std::string_view text, const std::vector<std::size_t>& cuts) {
  Connections read(plan);
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    vectors::with_exact_copy(bench::bytes(text).data() + from, cut - from, [&](wire::Bytes piece) { read.feed(piece); });
    from = cut;
  }
  read.feed(bench::bytes(text.substr(from)));
  read.finish();
  return bench::answers(&read);
}

}  // namespace

TEST("what was recorded, cut anywhere, is the same") {
  for (const auto& [name, has_origin] : bench::kVectors) {
    const std::string text = bench::text_of(name);
    for (const Plan& plan : plans(has_origin)) {
      const std::string whole = bench::answers_of(plan, text);
      CHECK(whole.size() > sizeof(connections::Tally));
      std::vector<std::size_t> each;
      for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        each.push_back(cut);
        CHECK(fed(plan, text, {cut}) == whole);
      }
      CHECK(fed(plan, text, each) == whole);
      std::mt19937 random(7);
      for (int round = 0; round < 200; ++round) {
        std::vector<std::size_t> some;
        for (const std::size_t cut : each) {
          if (random() % 50 == 0) some.push_back(cut);
        }
        CHECK(fed(plan, text, some) == whole);
      }
    }
  }
}

TEST("lines too long for the buffer are counted and skipped, wherever they are cut") {
  const std::string good = V4{}.line();
  for (const std::size_t size : {1024u, 1025u, 5000u}) {
    const std::string text = kTitle + good + std::string(size, 'x') + "\n" + good + "short\n" + good;
    Connections read(bench::plan());
    read.feed(bench::bytes(text));
    CHECK(read.finish());
    CHECK_EQ(read.tally().rows, 3u);
    CHECK_EQ(read.tally().unknown, 2u);
    const std::string whole = bench::answers(&read);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) CHECK(fed(bench::plan(), text, {cut}) == whole);
  }
}

TEST("what ends within a line, and what nobody understands") {
  const std::string good = V4{}.line();
  Connections cut_off(bench::plan());
  cut_off.feed(bench::bytes(kTitle + good + good.substr(0, good.size() - 1)));
  CHECK(cut_off.finish());
  CHECK_EQ(cut_off.tally().rows, 1u);
  CHECK_EQ(cut_off.tally().unknown, 1u);

  Connections empty(bench::plan());
  empty.feed(bench::bytes(kTitle));
  CHECK(empty.finish());

  Connections foreign(bench::plan());
  foreign.feed(bench::bytes(kTitle + "something\nelse\n"));
  CHECK(!foreign.finish());
  CHECK_EQ(foreign.tally().unknown, 2u);
}

TEST("structure bent anywhere: nothing but answers within bounds") {
  for (const auto& [name, has_origin] : bench::kVectors) {
    const std::string text = bench::text_of(name);
    const auto all = plans(has_origin);
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (const char value : {'\n', ' ', '\0', '\xff'}) {
        std::string bent = text;
        bent[at] = value;
        Connections read(all[at % all.size()]);
        read.feed(bench::bytes(bent));
        read.finish();
        const auto tally = read.tally();
        CHECK(tally.rows + 3 >= static_cast<std::uint64_t>(std::ranges::count(text, '\n')) - 1);
        CHECK(tally.held == tally.matched && tally.unknown <= 2);
      }
    }
  }
}

TEST("held rows are bounded, what is counted and grouped is not") {
  Plan plan = bench::plan(Grouping::kState);
  plan.max_held = 5;
  std::string text = kTitle;
  for (unsigned i = 0; i < 20; ++i) text += V4{.client_port = 1000 + i}.line();
  Connections read(plan);
  read.feed(bench::bytes(text));
  CHECK_EQ(read.tally().matched, 20u);
  CHECK_EQ(read.tally().held, 5u);
  CHECK_EQ(read.held()[4].client_port, 1004);
  CHECK_EQ(read.groups().counts[0].count, 20u);
}

TEST("engines' texts are bounded: rows from the first on that has no room are not held") {
  Plan plan = bench::plan();
  plan.max_held = 200'000;
  plan.wants_templates = true;
  Connections read(plan);
  const std::string long_call = std::string(250, 'x');
  std::string text;
  for (unsigned i = 0; i < 40'000; ++i) {
    text += V4{.protocol = "UDP", .client = i, .client_port = 0, .state = "NONE"}.line("sip " + long_call);
  }
  read.feed(bench::bytes(text));
  CHECK_EQ(read.tally().matched, 40'000u);
  const std::uint64_t held = read.tally().held;
  CHECK(held > 30'000 && held < 34'000);
  CHECK_EQ(read.engine(read.held()[held - 1]), "sip " + long_call);
  // A row without a text would have room, but then those held were not the first.
  read.feed(bench::bytes(V4{.client_port = 0, .state = "NONE"}.line()));
  CHECK_EQ(read.tally().held, held);
}

TEST("groups are bounded: rows of further ones are counted together") {
  Plan plan = bench::plan(Grouping::kClient);
  plan.max_groups = 10;
  std::string text = kTitle;
  for (unsigned i = 0; i < 30; ++i) text += V4{.client = i % 15}.line();
  Connections read(plan);
  read.feed(bench::bytes(text));
  CHECK_EQ(read.groups().counts.size(), 10u);
  CHECK_EQ(read.groups().others, 10u);
  for (std::size_t i = 0; i < 10; ++i) CHECK_EQ(read.groups().counts[i].count, 2u);
}

TEST("more states than there are names for are not understood") {
  std::string text = kTitle;
  for (int i = 0; i < 100; ++i) {
    const std::string state = "S" + std::to_string(i);
    text += V4{.state = state.c_str()}.line();
  }
  Connections read(bench::plan(Grouping::kState));
  read.feed(bench::bytes(text));
  CHECK_EQ(read.states().size(), 64u);
  CHECK_EQ(read.tally().rows, 64u);
  CHECK_EQ(read.tally().unknown, 36u);
}

TEST("100,000 groups are found again") {
  Plan plan = bench::plan(Grouping::kClient);
  plan.max_groups = 100'000;
  Connections read(plan);
  for (unsigned round = 0; round < 2; ++round) {
    std::string text;
    for (std::uint32_t i = 0; i < 100'000; ++i) text += V4{.client = i * 7919}.line();
    read.feed(bench::bytes(text));
  }
  CHECK_EQ(read.groups().counts.size(), 100'000u);
  for (std::size_t i = 0; i < read.groups().counts.size(); ++i) CHECK_EQ(read.groups().counts[i].count, 2u);
}

TEST("given up: nothing is left, what was counted stays known") {
  Connections read(bench::plan(Grouping::kClient));
  read.feed(bench::bytes(kTitle + V4{}.line()));
  read.clear();
  CHECK_EQ(read.held().size(), 0u);
  CHECK_EQ(read.groups().counts.size(), 0u);
  CHECK_EQ(read.tally().rows, 1u);
}

// Resident pages of this process, in bytes.
static std::size_t resident_bytes() {
  std::size_t total = 0, resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  CHECK(file != nullptr && std::fscanf(file, "%zu %zu", &total, &resident) == 2);
  if (file != nullptr) std::fclose(file);
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST("given up: the memory is the kernel's again, not kept for later") {
  std::string text;
  for (unsigned i = 0; i < 200; ++i) text += V4{.client = i}.line("sip " + std::string(20, 'x'));
  Plan plan = bench::plan(Grouping::kClient);
  plan.max_held = 200'000;
  Connections read(plan);
  read.feed(bench::bytes(text));
  const std::size_t before = resident_bytes();
  for (unsigned i = 0; i < 999; ++i) read.feed(bench::bytes(text));
  CHECK_EQ(read.held().size(), 200'000u);
  CHECK(resident_bytes() > before + (15u << 20));
  read.clear();
  CHECK(resident_bytes() < before + (1u << 20));
}
