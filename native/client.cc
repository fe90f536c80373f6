#include "client.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ipvs {
namespace {

using wire::Bytes;

// The kernel has never been seen to mark an IPVS dump; the bound is for the one that will.
constexpr int kDumpAttempts = 5;

// One send() of the pipeline. More would not be faster, and a socket's send buffer takes 208 KiB at most by default.
constexpr std::size_t kBatchBytes = 48 * 1024;

const char* complaint(DecodeError error) { return error == DecodeError::kNone ? nullptr : describe(error); }

// What lies behind the generic netlink header, or nullptr's emptiness when there is none.
const char* strip(Bytes payload, Bytes* attributes) {
  if (payload.size() < GENL_HDRLEN) return "a reply is too short for its header";
  *attributes = payload.subspan(GENL_HDRLEN);
  return nullptr;
}

// Wraps a decoder of attributes into a handler of replies.
template <typename Decode>
netlink::Socket::OnReply reply(Decode decode) {
  return [decode](Bytes payload) -> const char* {
    Bytes attributes;
    if (const char* fault = strip(payload, &attributes)) return fault;
    return complaint(decode(attributes));
  };
}

}  // namespace

void Client::resolve_family() {
  family_ = 0;
  std::uint16_t id = 0;
  const std::uint32_t sequence = socket_.next_sequence();
  request_.clear();
  request_.begin(GENL_ID_CTRL, NLM_F_REQUEST, sequence, CTRL_CMD_GETFAMILY, 1);
  encode_family_request(&request_);
  request_.end();
  try {
    socket_.exchange(request_, sequence, reply([&](Bytes attributes) { return decode_family(attributes, &id); }));
  } catch (netlink::Failure& failure) {
    failure.operation = "family";
    throw;
  }
  family_ = id;
}

// Runs with a family id that is known. The id is another one after the module was loaded again, and ENOENT is also what
// a missing scheduler or server is answered with: so it is looked up again, and only a new id makes a second try.
template <typename Run>
auto Client::with_family(Run run) {
  if (family_ == 0) resolve_family();
  const std::uint16_t id = family_;
  try {
    return run();
  } catch (const netlink::Failure& failure) {
    if (!failure.refused || failure.number != ENOENT) throw;
    resolve_family();
    if (family_ == id) throw;
  }
  return run();
}

template <typename Fill>
bool Client::request(std::uint8_t command, std::uint16_t flags, Fill fill, const netlink::Socket::OnReply& on_reply) {
  const std::uint32_t sequence = socket_.next_sequence();
  request_.clear();
  request_.begin(family_, NLM_F_REQUEST | flags, sequence, command, IPVS_GENL_VERSION);
  fill(&request_);
  request_.end();
  return socket_.exchange(request_, sequence, on_reply);
}

template <typename Restart, typename Fill>
void Client::dump_until_consistent(std::uint8_t command, Restart restart, Fill fill,
                                   const netlink::Socket::OnReply& on_reply) {
  for (int attempt = 0; attempt < kDumpAttempts; ++attempt) {
    restart();
    if (request(command, NLM_F_DUMP, fill, on_reply)) return;
  }
  throw netlink::Failure{EINTR, "the table kept changing while it was read", true, nullptr};
}

template <typename Fill>
void Client::change(std::uint8_t command, Fill fill) {
  with_family([&] {
    const std::uint32_t sequence = socket_.next_sequence();
    request_.clear();
    request_.begin(family_, NLM_F_REQUEST | NLM_F_ACK, sequence, command, IPVS_GENL_VERSION);
    fill(&request_);
    request_.end();
    Fault fault{};
    socket_.batch(&request_, sequence, 1, EINTR, [&](std::uint32_t, int number, std::string_view text) {
      fault = {number, std::string(text)};
    });
    if (fault.number != 0) throw netlink::Failure{fault.number, fault.text, true, nullptr};
  });
}

void Client::append_servers(const ServiceRecord& service, Table* table) {
  const std::uint32_t at = table->rows();
  table->append(service.row, service.statistics.totals, Gauges{});
  dump_until_consistent(
      IPVS_CMD_GET_DEST,
      [&] {
        table->truncate(at + 1);
        table->gauges[at] = {};
        seen_.clear();
      },
      [&](wire::Writer* out) { encode_service_key(service.row, out); },
      reply([&](Bytes attributes) {
        ServerRecord server;
        const DecodeError error = decode_server(attributes, service.row.family, &server);
        if (error != DecodeError::kNone) return error;
        table->append(server.row, server.statistics.totals, server.gauges);
        if (!seen_.insert(table->config.data(), table->rows() - 1)) {
          table->truncate(table->rows() - 1);
          return DecodeError::kNone;
        }
        Gauges& sum = table->gauges[at];
        sum.active += server.gauges.active;
        sum.inactive += server.gauges.inactive;
        sum.persistent += server.gauges.persistent;
        return DecodeError::kNone;
      }));
}

Dump Client::dump() {
  return with_family([&] {
    const netlink::Tally before = socket_.tally;
    Table table;
    table.config = std::move(spare_config_);
    table.reserve(last_rows_ + last_rows_ / 8);
    dump_until_consistent(
        IPVS_CMD_GET_SERVICE,
        [&] {
          services_.clear();
          keys_.clear();
          seen_.clear();
        },
        [](wire::Writer*) {},
        reply([&](Bytes attributes) {
          ServiceRecord service;
          const DecodeError error = decode_service(attributes, &service);
          if (error != DecodeError::kNone) return error;
          keys_.push_back(service.row);
          if (seen_.insert(keys_.data(), keys_.size() - 1)) {
            services_.push_back(service);
          } else {
            keys_.pop_back();
          }
          return DecodeError::kNone;
        }));
    for (const ServiceRecord& service : services_) append_servers(service, &table);

    const std::uint32_t rows = table.rows();
    // Most samples find the same rules: then the memory of this one's is used again, and the reader is spared a look.
    const bool is_same = last_config_ && rows == last_rows_ && rows != 0 &&
                         std::memcmp(last_config_->data(), table.config.data(), rows * sizeof(Row)) == 0;
    if (is_same) {
      spare_config_ = std::move(table.config);
    } else {
      last_config_ = std::make_shared<Column<Row>>(std::move(table.config));
      last_rows_ = rows;
    }
    return Dump{rows, last_config_, std::move(table.counters), std::move(table.gauges), since(before)};
  });
}

Dump Client::service(const Row& key) {
  return with_family([&] {
    const netlink::Tally before = socket_.tally;
    ServiceRecord service;
    request(
        IPVS_CMD_GET_SERVICE, 0, [&](wire::Writer* out) { encode_service_key(key, out); },
        reply([&](Bytes attributes) { return decode_service(attributes, &service); }));
    Table table;
    append_servers(service, &table);
    const auto config = std::make_shared<Column<Row>>(std::move(table.config));
    return Dump{table.rows(), config, std::move(table.counters), std::move(table.gauges), since(before)};
  });
}

void Client::write_some(const std::vector<Command>& commands, const std::vector<std::uint32_t>& which,
                        std::vector<std::optional<Fault>>* out) {
  for (std::size_t next = 0; next < which.size();) {
    const std::size_t start = next;
    const std::uint32_t window = socket_.window();
    std::uint32_t first_sequence = 0;
    request_.clear();
    while (next < which.size() && next - start < window && request_.size() < kBatchBytes) {
      const Command& command = commands[which[next]];
      const std::uint32_t sequence = socket_.next_sequence();
      if (next == start) first_sequence = sequence;
      // No NLM_F_ACK: that a command was done is not worth a datagram, and none of these ends in EINTR while we live.
      request_.begin(family_, NLM_F_REQUEST, sequence, command.command, IPVS_GENL_VERSION);
      encode_command(command, &request_);
      request_.end();
      ++next;
    }
    socket_.batch(&request_, first_sequence, next - start, 0, [&](std::uint32_t index, int number, std::string_view text) {
      auto& entry = (*out)[which[start + index]];
      if (number == 0) entry.reset();
      else entry = Fault{number, std::string(text)};
    });
  }
}

std::vector<std::optional<Fault>> Client::write(const std::vector<Command>& commands) {
  std::vector<std::optional<Fault>> faults(commands.size());
  std::vector<std::uint32_t> which(commands.size());
  for (std::uint32_t i = 0; i < which.size(); ++i) which[i] = i;
  if (family_ == 0) resolve_family();
  const std::uint16_t id = family_;
  write_some(commands, which, &faults);

  // As in with_family(): those that did not find the family are tried once more, in their order.
  std::erase_if(which, [&](std::uint32_t i) { return !faults[i] || faults[i]->number != ENOENT; });
  if (which.empty()) return faults;
  resolve_family();
  if (family_ != id) write_some(commands, which, &faults);
  return faults;
}

Info Client::info() {
  return with_family([&] {
    Info info{};
    request(
        IPVS_CMD_GET_INFO, 0, [](wire::Writer*) {}, reply([&](Bytes attributes) { return decode_info(attributes, &info); }));
    return info;
  });
}

Timeouts Client::timeouts() {
  return with_family([&] {
    Timeouts timeouts{};
    request(
        IPVS_CMD_GET_CONFIG, 0, [](wire::Writer*) {},
        reply([&](Bytes attributes) { return decode_timeouts(attributes, &timeouts); }));
    return timeouts;
  });
}

void Client::set_timeouts(const Timeouts& timeouts) {
  change(IPVS_CMD_SET_CONFIG, [&](wire::Writer* out) { encode_timeouts(timeouts, out); });
}

std::vector<Daemon> Client::daemons() {
  return with_family([&] {
    std::vector<Daemon> daemons;
    dump_until_consistent(
        IPVS_CMD_GET_DAEMON, [&] { daemons.clear(); }, [](wire::Writer*) {},
        reply([&](Bytes attributes) { return decode_daemon(attributes, &daemons.emplace_back()); }));
    return daemons;
  });
}

void Client::start_daemon(const Daemon& daemon) {
  change(IPVS_CMD_NEW_DAEMON, [&](wire::Writer* out) { encode_daemon(daemon, out); });
}

void Client::stop_daemon(std::uint32_t state) {
  Daemon daemon{};
  daemon.state = state;
  try {
    change(IPVS_CMD_DEL_DAEMON, [&](wire::Writer* out) { encode_daemon(daemon, out); });
  } catch (const netlink::Failure& failure) {
    // So ends the stop of a daemon whose thread had not run yet; it is gone all the same.
    if (!failure.refused || failure.number != EINTR) throw;
    const auto left = daemons();
    if (std::any_of(left.begin(), left.end(), [&](const Daemon& each) { return each.state == state; })) throw;
  }
}

std::vector<LocalAddress> Client::local_addresses(const Row& service) {
  return with_family([&] {
    std::vector<LocalAddress> addresses;
    const auto decode = [&](Bytes attributes) {
      return decode_local_address(attributes, service.family, &addresses.emplace_back());
    };
    dump_until_consistent(
        kGetLocalAddress, [&] { addresses.clear(); }, [&](wire::Writer* out) { encode_service_key(service, out); },
        reply(decode));
    return addresses;
  });
}

void Client::change_local_address(std::uint8_t command, const Row& service, const LocalAddress& address) {
  change(command, [&](wire::Writer* out) { encode_local_address(service, address.family, address.address, out); });
}

}  // namespace ipvs
