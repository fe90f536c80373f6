// Records what a real kernel answers, for the tests that must run without one.
// Needs a kernel with an empty IPVS table and loopback addresses to itself: `node native/test/run.mjs record`.
//
//   record FOLDER     writes FOLDER/<name>.bin, each the netlink messages of one exchange, headers included,
//                     and FOLDER/stats.txt with what ipvsadm says of the same table

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "../client.h"
#include "scenario.h"

namespace {

std::string recorded;

// Passes datagrams on and keeps a copy.
netlink::SystemCalls recording_calls() {
  netlink::SystemCalls calls;
  calls.receive = [](int fd, mmsghdr* slots, unsigned count, int flags) {
    const int received = recvmmsg(fd, slots, count, flags, nullptr);
    for (int i = 0; i < received; ++i) {
      recorded.append(static_cast<const char*>(slots[i].msg_hdr.msg_iov->iov_base), slots[i].msg_len);
    }
    return received;
  };
  return calls;
}

std::string folder;

template <typename Verb>
void record(const std::string& name, Verb verb) {
  recorded.clear();
  try {
    verb();
  } catch (const netlink::Failure& failure) {
    std::cout << name << ": errno " << failure.number << " " << failure.text << "\n";
  }
  std::ofstream(folder + "/" + name + ".bin", std::ios::binary) << recorded;
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) {
    std::cerr << "failed: " << command << "\n";
    std::exit(1);
  }
}

// Five datagrams of 100 bytes to the busy service, from two sockets: two connections.
void send_traffic() {
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_port = htons(9999);
  inet_pton(AF_INET, "198.51.100.1", &target.sin_addr);
  const char payload[100] = {};
  const int sockets[2] = {socket(AF_INET, SOCK_DGRAM, 0), socket(AF_INET, SOCK_DGRAM, 0)};
  for (int i = 0; i < 5; ++i) {
    sendto(sockets[i % 2], payload, sizeof(payload), 0, reinterpret_cast<sockaddr*>(&target), sizeof(target));
  }
}

void record_all() {
  run("ip addr add 198.51.100.1/32 dev lo && ip addr add 198.51.100.2/32 dev lo && ip link set lo multicast on");

  ipvs::Client client({}, recording_calls());
  std::vector<ipvs::Command> commands;
  for (const scenario::Entry& entry : scenario::table()) {
    commands.push_back(scenario::command(IPVS_CMD_NEW_SERVICE, entry.service));
    for (const ipvs::Row& server : entry.servers) {
      commands.push_back(scenario::command(IPVS_CMD_NEW_DEST, entry.service, server));
    }
  }
  record("family", [&] { client.info(); });
  record("acknowledgements", [&] {
    const auto faults = client.write(commands);
    for (std::size_t i = 0; i < faults.size(); ++i) {
      if (!faults[i]) continue;
      std::cerr << "command " << i << ": errno " << faults[i]->number << "\n";
      std::exit(1);
    }
  });
  send_traffic();
  sleep(5);
  run("ipvsadm -Ln --stats --exact > " + folder + "/stats.txt");

  record("dump", [&] { client.dump(); });
  for (const scenario::Entry& entry : scenario::table()) record(entry.name, [&] { client.service(entry.service); });
  record("refused", [&] { client.service(scenario::service(IPPROTO_TCP, "192.0.2.99", 80, "")); });
  record("refused-batch", [&] { client.write({commands[0], commands[1]}); });
  record("info", [&] { client.info(); });
  client.set_timeouts({901, 121, 301});
  record("timeouts", [&] { client.timeouts(); });
  record("local-addresses", [&] { client.local_addresses(scenario::table()[0].service); });

  // A daemon and servers of another family than their service exclude each other.
  client.write({scenario::command(IPVS_CMD_FLUSH, {})});
  record("daemons-none", [&] { client.daemons(); });
  ipvs::Daemon master{1, "lo", 7, 1400, AF_INET, {224, 0, 0, 82}, 8849, 3};
  ipvs::Daemon backup{2, "lo", 8, 1500, AF_INET6, {0xff, 0x02}, 8850, 4};
  backup.group[15] = 0x51;
  client.start_daemon(master);
  client.start_daemon(backup);
  record("daemons", [&] { client.daemons(); });
  client.stop_daemon(1);
  client.stop_daemon(2);

  // The only sentence that comes with an IPVS refusal is the one of the attribute check in front of it.
  netlink::Socket socket({}, recording_calls());
  record("refused-with-text", [&] {
    std::uint16_t family = 0;
    wire::Writer request;
    const auto ask = [&](std::uint16_t type, std::uint8_t verb, auto fill, const netlink::Socket::OnReply& on_reply) {
      const std::uint32_t sequence = socket.next_sequence();
      request.clear();
      request.begin(type, NLM_F_REQUEST | NLM_F_ACK, sequence, verb, 1);
      fill();
      request.end();
      recorded.clear();
      socket.exchange(request, sequence, on_reply);
    };
    ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, [&] { ipvs::encode_family_request(&request); }, [&](wire::Bytes payload) {
      ipvs::decode_family(payload.subspan(GENL_HDRLEN), &family);
      return nullptr;
    });
    ask(family, IPVS_CMD_SET_CONFIG, [&] { request.put<std::uint16_t>(IPVS_CMD_ATTR_TIMEOUT_TCP, 5); },
        [](wire::Bytes) { return "unexpected"; });
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  folder = arguments[1];
  try {
    record_all();
  } catch (const netlink::Failure& failure) {
    std::cerr << "errno " << failure.number << " " << failure.text << "\n";
    return 1;
  }
}
