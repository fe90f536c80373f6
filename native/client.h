// The verbs of the table over one socket: dumps into rows, batches of commands, and the settings beside them.
// Not for several threads at once. Every verb throws netlink::Failure.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ipvs.h"
#include "socket.h"
#include "table.h"

namespace ipvs {

// Why the kernel refused one command of a batch.
struct Fault {
  int number;  // errno
  std::string text;  // the kernel's own sentence, or ""
};

// A service row, then its server rows, and so on; no key twice among siblings.
struct Dump {
  std::uint32_t rows;
  // Shared with the dump before, and to be left as it is, when no row of it differs.
  std::shared_ptr<Column<Row>> config;
  Column<Counters> counters;
  Column<Gauges> gauges;
  netlink::Tally tally;
};

class Client {
 public:
  explicit Client(netlink::Options options, netlink::SystemCalls calls = {}) : socket_(options, std::move(calls)) {}

  // Closes the socket; a later verb opens a new one.
  void disconnect() { socket_.disconnect(); }

  // The whole table: the services, then the servers of each. No moment's picture: the kernel has no lock for that.
  // A service that vanishes meanwhile keeps its row and ends with the servers it still had.
  Dump dump();
  // One service and its servers; ESRCH when there is none of that key.
  Dump service(const Row& key);
  // One entry a command, nothing when it was done. Later commands run after a refused one.
  // check() must have found nothing in any of them. A Failure leaves open which of them were done.
  std::vector<std::optional<Fault>> write(const std::vector<Command>& commands);

  Info info();
  Timeouts timeouts();
  void set_timeouts(const Timeouts& timeouts);
  std::vector<Daemon> daemons();
  void start_daemon(const Daemon& daemon);
  void stop_daemon(std::uint32_t state);
  // EOPNOTSUPP on every kernel without the FULLNAT patches.
  std::vector<LocalAddress> local_addresses(const Row& service);
  void add_local_address(const Row& service, const LocalAddress& address) {
    change_local_address(kNewLocalAddress, service, address);
  }
  void remove_local_address(const Row& service, const LocalAddress& address) {
    change_local_address(kDelLocalAddress, service, address);
  }

 private:
  template <typename Run>
  auto with_family(Run run);
  void resolve_family();
  // Begins a message in request_, lets fill write its attributes, sends it and hands each reply to on_reply.
  template <typename Fill>
  bool request(std::uint8_t command, std::uint16_t flags, Fill fill, const netlink::Socket::OnReply& on_reply);
  template <typename Restart, typename Fill>
  void dump_until_consistent(std::uint8_t command, Restart restart, Fill fill, const netlink::Socket::OnReply& on_reply);
  template <typename Fill>
  void change(std::uint8_t command, Fill fill);
  netlink::Tally since(const netlink::Tally& before) const {
    return {socket_.tally.messages - before.messages, socket_.tally.receives - before.receives};
  }
  void append_servers(const ServiceRecord& service, Table* table);
  void change_local_address(std::uint8_t command, const Row& service, const LocalAddress& address);
  void write_some(const std::vector<Command>& commands, const std::vector<std::uint32_t>& which,
                  std::vector<std::optional<Fault>>* out);

  netlink::Socket socket_;
  wire::Writer request_;
  KeyIndex seen_;
  std::vector<Row> keys_;
  std::vector<ServiceRecord> services_;
  std::shared_ptr<Column<Row>> last_config_;
  Column<Row> spare_config_;
  std::uint32_t last_rows_ = 0;
  std::uint16_t family_ = 0;
};

}  // namespace ipvs
