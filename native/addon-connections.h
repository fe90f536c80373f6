// Class ConnectionRead: one read of the connection table. run() and rows() work on a libuv worker, one after another;
// progress() and cancel() answer at once.
// A part of addon.cc, which includes napi.h before it.

#pragma once

#include "addon-job.h"
#include "connection-file.h"
#include "connection-order.h"

namespace addon {

using connections::ConnectionFile;
using connections::ConnectionRow;

struct ReadLine final : Line {
  ReadLine(std::string path, connections::Plan plan) : file(std::move(path), std::move(plan)) {}
  void disconnect() override { file.close(); }
  ConnectionFile file;
};

// A page of rows or of groups, made on the worker.
struct ReadPage {
  std::vector<ConnectionRow> rows;
  std::vector<std::uint32_t> counts;  // of rows: what templates hold
  std::vector<connections::StateName> states;
  std::vector<std::string> engines;
  std::size_t total = 0;
  std::uint64_t others = 0;
};

inline ReadPage rows_page(ConnectionFile* file, connections::Sort sort, bool descending, connections::Range range) {
  auto& read = file->connections();
  ReadPage page;
  page.states = read.states();
  for (const std::uint32_t index : connections::order_rows(read, sort, descending, range)) {
    ConnectionRow row = read.held()[index];
    page.counts.push_back(read.holds(row));
    const std::string_view engine = read.engine(row);
    // Numbered anew: a page names its own engines, not all of the read's.
    row.bits &= (1u << connections::kEngineShift) - 1;
    if (!engine.empty()) {
      page.engines.emplace_back(engine);
      row.bits |= static_cast<std::uint32_t>(page.engines.size()) << connections::kEngineShift;
    }
    page.rows.push_back(row);
  }
  return page;
}

inline ReadPage groups_page(ConnectionFile* file, connections::Grouping by, connections::Range range) {
  auto& read = file->connections();
  ReadPage page;
  page.states = read.states();
  const auto take = [&](const connections::Grouped& groups) {
    for (const std::uint32_t index : connections::order_groups(groups, page.states, range)) {
      page.rows.push_back(groups.counts[index].key);
      page.counts.push_back(groups.counts[index].count);
    }
    page.total = groups.counts.size();
    page.others = groups.others;
  };
  if (by == read.groups().by) take(read.groups());
  else take(read.held_by(by));
  return page;
}

inline Napi::Object page_value(Napi::Env env, const ReadPage& page) {
  auto value = Napi::Object::New(env);
  auto packed = Napi::Uint8Array::New(env, page.rows.size() * sizeof(ConnectionRow));
  if (!page.rows.empty()) std::memcpy(packed.Data(), page.rows.data(), packed.ByteLength());
  auto states = Napi::Array::New(env, page.states.size());
  for (std::uint32_t i = 0; i < page.states.size(); ++i) states[i] = Napi::String::New(env, page.states[i].data());
  value["packed"] = packed;
  value["states"] = states;
  return value;
}

// A whole number from -1 on, for what stands in a list or is not there.
inline int read_choice(const Napi::Value& value, const char* name, int largest) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -2;
  if (!(number >= -1 && number <= largest) || number != static_cast<int>(number)) {
    refuse(value.Env(), std::string(name) + " must be a whole number from -1 to " + std::to_string(largest) + ".");
  }
  return static_cast<int>(number);
}

inline std::optional<connections::Pattern> read_pattern(const Napi::Value& value, const char* name) {
  if (value.IsUndefined()) return std::nullopt;
  const auto given = read_object(value, name);
  connections::Pattern pattern;
  const wire::Bytes bytes = read_bytes(given.Get("bytes"), "The bytes of an address");
  pattern.family = static_cast<std::uint8_t>(read_number(given.Get("family"), "family", 6));
  const std::size_t size = pattern.family == 0 ? 0 : pattern.family == 4 ? 4 : 16;
  if (pattern.family % 2 != 0 || pattern.family == 2 || bytes.size() != size) {
    refuse(value.Env(), "A pattern must have no, 4 or 16 bytes, for family 0, 4 or 6.");
  }
  std::memcpy(pattern.address, bytes.data(), size);
  pattern.prefix = static_cast<std::uint8_t>(
      read_number(given.Get("prefix"), "prefix", static_cast<std::uint32_t>(size * 8)));
  const int port = read_choice(given.Get("port"), "port", UINT16_MAX);
  if (port >= 0) pattern.port = static_cast<std::uint16_t>(port);
  return pattern;
}

inline connections::Plan read_plan(const Napi::Object& given) {
  const auto boolean = [&](const char* name) {
    const Napi::Value value = given.Get(name);
    if (!value.IsBoolean()) refuse(given.Env(), std::string(name) + " must be true or false.");
    return value.As<Napi::Boolean>().Value();
  };
  const auto each = [&](const char* name, auto take) {
    const Napi::Value value = given.Get(name);
    if (!value.IsArray()) refuse(given.Env(), std::string(name) + " must be an array.");
    const auto array = value.As<Napi::Array>();
    for (std::uint32_t i = 0; i < array.Length(); ++i) take(array.Get(i));
  };
  connections::Plan plan;
  plan.has_origin = boolean("hasOrigin");
  plan.wants_templates = boolean("wantsTemplates");
  each("protocols", [&](const Napi::Value& value) {
    plan.protocols.push_back(static_cast<std::uint8_t>(read_number(value, "A protocol", UINT8_MAX)));
  });
  each("states", [&](const Napi::Value& value) {
    if (!value.IsString()) refuse(given.Env(), "A state must be a string.");
    plan.states.push_back(value.As<Napi::String>().Utf8Value());
  });
  plan.client = read_pattern(given.Get("client"), "client");
  plan.virtual_address = read_pattern(given.Get("virtual"), "virtual");
  plan.server = read_pattern(given.Get("server"), "server");
  plan.any = read_pattern(given.Get("any"), "any");
  const int origin = read_choice(given.Get("origin"), "origin", 1);
  if (origin >= 0) plan.is_synced = origin == 1;
  plan.grouping = static_cast<connections::Grouping>(read_choice(given.Get("group"), "group", 5));
  plan.max_held = read_number(given.Get("maxHeld"), "maxHeld", 1 << 23);
  plan.max_groups = read_number(given.Get("maxGroups"), "maxGroups", 1 << 23);
  const wire::Bytes persistent = read_bytes(given.Get("persistent"), "persistent");
  if (persistent.size() % sizeof(connections::PersistentService) != 0) {
    refuse(given.Env(), "persistent must be whole services of 24 bytes.");
  }
  plan.persistent.resize(persistent.size() / sizeof(connections::PersistentService));
  if (!persistent.empty()) std::memcpy(plan.persistent.data(), persistent.data(), persistent.size());
  return plan;
}

class ConnectionRead : public Napi::ObjectWrap<ConnectionRead> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports["ConnectionRead"] = DefineClass(env, "ConnectionRead", {
        InstanceMethod<&ConnectionRead::open>("open"), InstanceMethod<&ConnectionRead::run>("run"),
        InstanceMethod<&ConnectionRead::progress>("progress"), InstanceMethod<&ConnectionRead::cancel>("cancel"),
        InstanceMethod<&ConnectionRead::rows>("rows"), InstanceMethod<&ConnectionRead::groups>("groups"),
        InstanceMethod<&ConnectionRead::close>("close"),
    });
    exports["connectionRowBytes"] = sizeof(ConnectionRow);
    exports["persistentServiceBytes"] = sizeof(connections::PersistentService);
  }

  explicit ConnectionRead(const CallInfo& call) : ObjectWrap(call) {
    const auto given = read_object(call[0], "options");
    const Napi::Value path = given.Get("path");
    if (!path.IsString()) refuse(call.Env(), "path must be a string.");
    line_ = std::make_shared<ReadLine>(path.As<Napi::String>().Utf8Value(), read_plan(given));
  }

 private:
  template <typename Work, typename Make>
  Napi::Value job(const CallInfo& call, const char* operation, Work work, Make make) {
    return (new JobOf<Work, Make>(call.Env(), line_, operation, std::move(work), std::move(make)))->start();
  }

  // Throws what Job catches.
  static void demand(int number) {
    if (number == 0) return;
    throw netlink::Failure{number, number == EPROTO ? "no line of the file is in the known form" : "", false, nullptr};
  }

  static Napi::Value progress_value(Napi::Env env, const connections::Progress& progress) {
    auto value = Napi::Object::New(env);
    value["state"] = static_cast<std::uint32_t>(progress.state);
    value["rowsRead"] = static_cast<double>(progress.tally.rows);
    value["unknownLines"] = static_cast<double>(progress.tally.unknown);
    value["matched"] = static_cast<double>(progress.tally.matched);
    value["held"] = static_cast<double>(progress.tally.held);
    value["tookMs"] = static_cast<double>(progress.took_ns) / 1e6;
    return value;
  }

  Napi::Value open(const CallInfo& call) {
    const auto work = [file = &line_->file] { return demand(file->open()), true; };
    return job(call, "open", work, [](Napi::Env env, bool*, Spent) { return env.Undefined(); });
  }

  Napi::Value run(const CallInfo& call) {
    const std::uint64_t budget_ns = read_number(call[0], "budgetMs", 3'600'000) * std::uint64_t{1'000'000};
    const auto work = [file = &line_->file, budget_ns] { return demand(file->run(budget_ns)), file->progress(); };
    return job(call, "run", work, [](Napi::Env env, connections::Progress* progress, Spent) {
      return progress_value(env, *progress);
    });
  }

  Napi::Value progress(const CallInfo& call) { return progress_value(call.Env(), line_->file.progress()); }
  void cancel(const CallInfo&) { line_->file.cancel(); }

  Napi::Value rows(const CallInfo& call) {
    const auto sort = static_cast<connections::Sort>(read_choice(call[0], "sort", 5));
    const bool descending = call[1].ToBoolean();
    const connections::Range range{read_number(call[2], "offset", UINT32_MAX), read_number(call[3], "limit", 1 << 20)};
    const auto work = [=, file = &line_->file] { return rows_page(file, sort, descending, range); };
    return job(call, "rows", work, [](Napi::Env env, ReadPage* page, Spent) {
      auto value = page_value(env, *page);
      auto engines = Napi::Array::New(env, page->engines.size());
      for (std::uint32_t i = 0; i < page->engines.size(); ++i) engines[i] = Napi::String::New(env, page->engines[i]);
      auto holds = Napi::Uint32Array::New(env, page->counts.size());
      if (!page->counts.empty()) std::memcpy(holds.Data(), page->counts.data(), holds.ByteLength());
      value["engines"] = engines;
      value["holds"] = holds;
      return value;
    });
  }

  Napi::Value groups(const CallInfo& call) {
    const auto by = static_cast<connections::Grouping>(read_choice(call[0], "group", 5));
    const connections::Range range{read_number(call[1], "offset", UINT32_MAX), read_number(call[2], "limit", 1 << 20)};
    const auto work = [=, file = &line_->file] { return groups_page(file, by, range); };
    return job(call, "groups", work, [](Napi::Env env, ReadPage* page, Spent) {
      auto value = page_value(env, *page);
      auto counts = Napi::Float64Array::New(env, page->counts.size());
      for (std::size_t i = 0; i < page->counts.size(); ++i) counts[i] = page->counts[i];
      value["counts"] = counts;
      value["total"] = static_cast<double>(page->total);
      value["others"] = static_cast<double>(page->others);
      return value;
    });
  }

  // What runs ends soon.
  void close(const CallInfo&) {
    line_->file.cancel();
    close_line(line_.get());
  }

  std::shared_ptr<ReadLine> line_;
};

}  // namespace addon
