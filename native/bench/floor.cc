// The floor of a table dump: sends the requests that a dump of the whole table takes, receives every reply, and decodes
// none of them. What a program that shows the table spends beyond this is its own.
//
//   floor [rounds]        prints {"rounds":…,"ms":…,"messages":…,"receives":…}: the median round in milliseconds
//   floor [rounds] many   takes the datagrams with recvmmsg, as the addon does, instead of one recv each
//
// The services to ask for are learnt in a round that is not timed. Socket settings are the addon's.
// Build: g++ -std=c++20 -O2 -o floor floor.cc ../ipvs.cc ../ipvs-control.cc ../ipvs-encode.cc

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "../ipvs.h"

namespace {

constexpr std::size_t kDatagramBytes = 64 * 1024;
constexpr unsigned kSlots = 32;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct Floor {
  int fd = -1;
  bool takes_many = false;
  std::uint32_t sequence = 1;
  unsigned messages = 0;
  unsigned receives = 0;
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kSlots * kDatagramBytes);
  mmsghdr headers[kSlots] = {};
  iovec vectors[kSlots] = {};

  Floor() {
    fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
    if (fd < 0) die("socket");
    const timeval timeout{3, 0};
    const int on = 1, wanted = 1 << 20;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof(wanted));
    for (unsigned i = 0; i < kSlots; ++i) {
      vectors[i] = {bytes.data() + i * kDatagramBytes, kDatagramBytes};
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
  }

  unsigned take() {
    ++receives;
    if (takes_many) {
      const int count = recvmmsg(fd, headers, kSlots, MSG_WAITFORONE, nullptr);
      if (count <= 0) die("recvmmsg");
      return static_cast<unsigned>(count);
    }
    const ssize_t size = recv(fd, bytes.data(), kDatagramBytes, 0);
    if (size <= 0) die("recv");
    headers[0].msg_len = static_cast<unsigned>(size);
    return 1;
  }

  // Sends and receives until the dump is done or the single reply is there, counting messages by their lengths.
  template <typename OnMessage>
  void ask(const wire::Writer& request, OnMessage on_message) {
    if (send(fd, request.bytes().data(), request.size(), 0) < 0) die("send");
    for (;;) {
      const unsigned datagrams = take();
      for (unsigned i = 0; i < datagrams; ++i) {
        const std::uint8_t* at = bytes.data() + i * kDatagramBytes;
        for (std::size_t rest = headers[i].msg_len; rest >= sizeof(nlmsghdr);) {
          nlmsghdr header;
          std::memcpy(&header, at, sizeof(header));
          ++messages;
          if (header.nlmsg_type == NLMSG_ERROR) die("refused");
          if (header.nlmsg_type == NLMSG_DONE) return;
          on_message(wire::Bytes{at + NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN});
          if (!(header.nlmsg_flags & NLM_F_MULTI)) return;
          const std::size_t step = std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), rest);
          at += step;
          rest -= step;
        }
      }
    }
  }
};

}  // namespace

int main(int count, char** arguments) {
  const int rounds = std::max(1, count > 1 ? std::atoi(arguments[1]) : 5);
  Floor floor;
  floor.takes_many = count > 2 && std::string_view(arguments[2]) == "many";

  wire::Writer request;
  std::uint16_t family = 0;
  request.begin(GENL_ID_CTRL, NLM_F_REQUEST, floor.sequence++, CTRL_CMD_GETFAMILY, 1);
  ipvs::encode_family_request(&request);
  request.end();
  floor.ask(request, [&](wire::Bytes payload) { ipvs::decode_family(payload.subspan(GENL_HDRLEN), &family); });

  std::vector<wire::Writer> requests(1);
  requests[0].begin(family, NLM_F_REQUEST | NLM_F_DUMP, floor.sequence++, IPVS_CMD_GET_SERVICE, IPVS_GENL_VERSION);
  requests[0].end();
  const wire::Writer services = requests[0];
  floor.ask(services, [&](wire::Bytes payload) {
    ipvs::ServiceRecord service;
    if (ipvs::decode_service(payload.subspan(GENL_HDRLEN), &service) != ipvs::DecodeError::kNone) std::exit(1);
    wire::Writer& dump = requests.emplace_back();
    dump.begin(family, NLM_F_REQUEST | NLM_F_DUMP, floor.sequence++, IPVS_CMD_GET_DEST, IPVS_GENL_VERSION);
    ipvs::encode_service_key(service.row, &dump);
    dump.end();
  });

  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    floor.messages = floor.receives = 0;
    const auto start = std::chrono::steady_clock::now();
    for (const wire::Writer& each : requests) floor.ask(each, [](wire::Bytes) {});
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  std::printf("{\"rounds\":%d,\"ms\":%.3f,\"fastestMs\":%.3f,\"messages\":%u,\"receives\":%u}\n", rounds,
              times[times.size() / 2], times[0], floor.messages, floor.receives);
}
