// What a read of the connection table keeps: fed with the file's bytes, it counts, filters, groups and holds.
// Memory is bounded by the plan, whatever comes. For one thread at a time, tally() excepted.

#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "connection-text.h"
#include "row-counts.h"
#include "template-holds.h"
#include "text-store.h"

namespace connections {

// Addresses that share a prefix, with one port or with any.
struct Pattern {
  std::uint8_t family = 0;  // 4 or 6; 0: any address
  std::uint8_t address[16] = {};
  std::uint8_t prefix = 0;
  std::optional<std::uint16_t> port;

  bool matches(const std::uint8_t (&address)[16], bool is_six, std::uint16_t port) const;
};

// In the order of connectionGroupings in domain/connection-query.ts.
enum class Grouping { kNone = -1, kClient, kClientNet, kState, kVirtual, kServer, kProtocol };

struct Plan {
  bool has_origin = false;  // the file is ip_vs_conn_sync
  bool wants_templates = false;  // instead of connections
  std::vector<std::uint8_t> protocols;  // none: all
  std::vector<std::string> states;  // none: all
  std::optional<Pattern> client, virtual_address, server;
  std::optional<Pattern> any;  // one of the three
  std::optional<bool> is_synced;
  Grouping grouping = Grouping::kNone;
  std::size_t max_held = 0;
  std::size_t max_groups = 0;
  std::vector<PersistentService> persistent;
};

struct Tally {
  std::uint64_t rows = 0;
  std::uint64_t unknown = 0;  // lines that are none of the known forms
  std::uint64_t matched = 0;
  std::uint64_t held = 0;
};

// Rows counted by what they have in common.
struct Grouped {
  Grouping by;
  RowCounts counts;
  std::uint64_t others = 0;  // rows of groups that there was no room for

  void add(const ConnectionRow& row);
};

// A name of at most kLongestState bytes, NUL padded, so that two compare as numbers of 16 bytes do.
using StateName = std::array<char, 16>;

class Connections {
 public:
  explicit Connections(Plan plan);

  // The file's next bytes, cut anywhere.
  void feed(wire::Bytes chunk);
  // The file's end. False when nothing in it was understood although there was something.
  bool finish();

  // As of the last feed(). From any thread.
  Tally tally() const;

  const Chunks<ConnectionRow>& held() const { return held_; }
  // All that matched, grouped as the plan says.
  const Grouped& groups() const { return groups_; }
  // What is held, grouped in another way.
  Grouped held_by(Grouping grouping) const;
  const std::vector<StateName>& states() const { return states_; }
  // Of a held row; "" for none.
  std::string_view engine(const ConnectionRow& row) const { return engines_[engine_of(row)]; }
  // What a held template holds; of a connection 0.
  std::uint32_t holds(const ConnectionRow& row) { return is_template(row) ? holds_.of(row) : 0; }

  // Gives up what is kept.
  void clear();

 private:
  static constexpr std::size_t kMaxStates = 64;
  static constexpr std::size_t kEngineBytes = 8 << 20;

  void take(std::string_view line);
  std::optional<std::uint8_t> state_number(std::string_view name);
  bool matches(const ConnectionRow& row) const;
  void hold(Line* line);
  void publish();

  Plan plan_;
  LineCutter cutter_;
  Tally now_;
  struct {
    std::atomic<std::uint64_t> rows{0}, unknown{0}, matched{0}, held{0};
  } published_;
  std::vector<StateName> states_;
  std::array<bool, kMaxStates> is_state_wanted_{};
  std::size_t last_state_ = 0;
  Chunks<ConnectionRow> held_;
  bool is_full_ = false;
  TextStore engines_{kEngineBytes};
  Grouped groups_;
  TemplateHolds holds_;
};

}  // namespace connections
