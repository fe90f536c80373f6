// libFuzzer's way into everything that reads bytes from the kernel. The first byte says which reader gets the rest.
// Beyond not crashing: what a decoder understands, encoding and decoding again must give back.

#include <linux/netlink.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "../ipvs.h"
#include "../socket.h"

namespace {

using ipvs::DecodeError;
using wire::Bytes;

void demand(bool condition) {
  if (!condition) std::abort();
}

bool ends(const char* name, std::size_t size) { return std::memchr(name, 0, size) != nullptr; }

void fuzz_service(Bytes bytes) {
  ipvs::ServiceRecord first, second;
  if (ipvs::decode_service(bytes, &first) != DecodeError::kNone) return;
  demand(ends(first.row.scheduler, sizeof(first.row.scheduler)) && ends(first.row.engine, sizeof(first.row.engine)));
  const ipvs::Command command{IPVS_CMD_NEW_SERVICE, ~0u, first.row, {}};
  demand(ipvs::check(command) == nullptr);
  wire::Writer out;
  ipvs::encode_command(command, &out);
  demand(ipvs::decode_service(out.bytes(), &second) == DecodeError::kNone);
  // A marked service is known by its mark: what else the kernel might say of its address is not sent.
  if (first.row.fwmark == 0) demand(std::memcmp(&first.row, &second.row, sizeof(ipvs::Row)) == 0);
}

void fuzz_server(Bytes bytes) {
  ipvs::ServerRecord first, second;
  if (ipvs::decode_server(bytes, AF_INET, &first) != DecodeError::kNone) return;
  ipvs::Row service{};
  service.family = AF_INET;
  const ipvs::Command command{IPVS_CMD_NEW_DEST, 0, service, first.row};
  if (ipvs::check(command) != nullptr) return;
  wire::Writer out;
  ipvs::encode_command(command, &out);
  demand(ipvs::decode_server(out.bytes(), 0, &second) == DecodeError::kNone);
  demand(std::memcmp(&first.row, &second.row, sizeof(ipvs::Row)) == 0);
}

void fuzz_daemon(Bytes bytes) {
  ipvs::Daemon first, second;
  if (ipvs::decode_daemon(bytes, &first) != DecodeError::kNone) return;
  demand(first.interface.size() < IP_VS_IFNAME_MAXLEN);
  wire::Writer out;
  ipvs::encode_daemon(first, &out);
  demand(ipvs::decode_daemon(out.bytes(), &second) == DecodeError::kNone);
  demand(first.state == second.state && first.interface == second.interface);
}

void fuzz_rest(Bytes bytes) {
  ipvs::Statistics statistics;
  ipvs::Info info;
  ipvs::Timeouts timeouts;
  ipvs::LocalAddress address;
  std::uint16_t family;
  ipvs::decode_statistics(bytes, &statistics);
  ipvs::decode_info(bytes, &info);
  ipvs::decode_timeouts(bytes, &timeouts);
  ipvs::decode_local_address(bytes, AF_INET, &address);
  ipvs::decode_local_address(bytes, AF_INET6, &address);
  ipvs::decode_family(bytes, &family);
}

// A kernel whose one datagram is the input, its first message numbered as asked.
void fuzz_socket(Bytes bytes, bool is_batch) {
  static Bytes datagram;
  static std::uint32_t sequence;
  datagram = bytes;
  netlink::SystemCalls calls;
  calls.socket = [](int, int, int) { return 1000; };
  calls.close = [](int) { return 0; };
  calls.setsockopt = [](int, int, int, const void*, socklen_t) { return 0; };
  calls.getsockopt = [](int, int, int, void* value, socklen_t*) { return *static_cast<int*>(value) = 212992, 0; };
  calls.send = [](int, const void*, std::size_t size, int) { return static_cast<ssize_t>(size); };
  calls.receive = [](int, mmsghdr* slots, unsigned, int) {
    if (datagram.empty()) return errno = EAGAIN, -1;
    auto* to = static_cast<std::uint8_t*>(slots[0].msg_hdr.msg_iov->iov_base);
    std::memcpy(to, datagram.data(), datagram.size());
    for (std::size_t at = 0; at + NLMSG_HDRLEN <= datagram.size();) {
      std::uint32_t length, number;
      std::memcpy(&length, to + at, sizeof(length));
      std::memcpy(&number, to + at + 8, sizeof(number));
      number += sequence;
      std::memcpy(to + at + 8, &number, sizeof(number));
      if (length < NLMSG_HDRLEN || length > datagram.size()) break;
      at += NLMSG_ALIGN(length);
    }
    std::memset(slots[0].msg_hdr.msg_name, 0, sizeof(sockaddr_nl));
    slots[0].msg_len = static_cast<unsigned>(datagram.size());
    datagram = {};
    return 1;
  };
  static netlink::Socket socket({1, 4096}, calls);
  wire::Writer request;
  sequence = socket.next_sequence();
  request.begin(28, NLM_F_REQUEST, sequence, 4, 1);
  request.end();
  try {
    if (is_batch) {
      for (int i = 0; i < 3; ++i) (void)socket.next_sequence();
      socket.batch(&request, sequence, 4, EINTR, [](std::uint32_t index, int number, std::string_view text) {
        demand(index < 4 && number >= 0 && number <= 4095);
        demand(text.size() < 65536);
      });
    } else {
      socket.exchange(request, sequence, [](Bytes payload) -> const char* {
        if (payload.size() < GENL_HDRLEN) return "short";
        fuzz_service(payload.subspan(GENL_HDRLEN));
        return nullptr;
      });
    }
  } catch (const netlink::Failure& failure) {
    demand(failure.number > 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 60'000) return 0;
  const Bytes rest{data + 1, size - 1};
  switch (data[0] % 6) {
    case 0: fuzz_service(rest); break;
    case 1: fuzz_server(rest); break;
    case 2: fuzz_daemon(rest); break;
    case 3: fuzz_rest(rest); break;
    case 4: fuzz_socket(rest, false); break;
    case 5: fuzz_socket(rest, true); break;
  }
  return 0;
}
