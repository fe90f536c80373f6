// A kernel for tests: it takes what is sent, lets a script answer, and hands the answers out as datagrams.

#pragma once

#include <cerrno>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "../socket.h"

namespace fake {

using Buffer = std::vector<std::uint8_t>;

struct Request {
  nlmsghdr header;
  std::uint8_t command;
  Buffer attributes;
};

struct Datagram {
  Buffer bytes;
  std::uint32_t sender = 0;  // 0 is the kernel
  bool is_cut = false;
  int error = 0;  // an errno for the receiving call instead of bytes
};

class Kernel {
 public:
  // Called with each request, in order; answers with the functions below.
  std::function<void(const Request&)> on_request;

  std::deque<Datagram> queue;
  std::vector<Request> requests;
  std::map<int, int> refuses_option;  // option → errno
  std::deque<int> send_errors;  // for the next sends
  int opened = 0;
  int closed = 0;
  int sends = 0;
  int receives = 0;
  int granted_bytes = 212992;
  int open_error = 0;
  unsigned most_pending = 0;  // answers that waited at once

  netlink::SystemCalls calls() {
    netlink::SystemCalls calls;
    calls.socket = [this](int, int, int) {
      if (open_error != 0) return errno = open_error, -1;
      return 1000 + opened++;
    };
    calls.close = [this](int) {
      ++closed;
      queue.clear();
      return 0;
    };
    calls.setsockopt = [this](int, int, int option, const void*, socklen_t) {
      const auto found = refuses_option.find(option);
      if (found == refuses_option.end()) return 0;
      return errno = found->second, -1;
    };
    calls.getsockopt = [this](int, int, int, void* value, socklen_t*) {
      std::memcpy(value, &granted_bytes, sizeof(granted_bytes));
      return 0;
    };
    calls.send = [this](int, const void* data, std::size_t size, int) { return take(data, size); };
    calls.receive = [this](int, mmsghdr* slots, unsigned count, int) { return give(slots, count); };
    return calls;
  }

  void push(const Buffer& bytes, std::uint32_t sender = 0) { queue.push_back({bytes, sender, false, 0}); }
  void push_error(int number) { queue.push_back({{}, 0, false, number}); }

  static Buffer message(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, const Buffer& payload) {
    Buffer bytes(NLMSG_HDRLEN + payload.size());
    const nlmsghdr header{static_cast<std::uint32_t>(bytes.size()), type, flags, sequence, 4711};
    std::memcpy(bytes.data(), &header, sizeof(header));
    std::copy(payload.begin(), payload.end(), bytes.begin() + NLMSG_HDRLEN);
    bytes.resize(NLMSG_ALIGN(bytes.size()));
    return bytes;
  }

  static Buffer record(const Request& request, std::uint8_t command, const Buffer& attributes, std::uint16_t flags = 0) {
    Buffer payload{command, 1, 0, 0};
    payload.insert(payload.end(), attributes.begin(), attributes.end());
    return message(request.header.nlmsg_type, flags, request.header.nlmsg_seq, payload);
  }

  static Buffer done(const Request& request, int number = 0, std::uint16_t flags = 0) {
    return message(NLMSG_DONE, NLM_F_MULTI | flags, request.header.nlmsg_seq, int_bytes(-number));
  }

  // As with NETLINK_CAP_ACK, or with the whole request echoed as without it.
  static Buffer answer(const Request& request, int number, const std::string& text = "", bool is_capped = true) {
    Buffer payload = int_bytes(-number);
    const auto* header = reinterpret_cast<const std::uint8_t*>(&request.header);
    payload.insert(payload.end(), header, header + sizeof(nlmsghdr));
    std::uint16_t flags = is_capped ? NLM_F_CAPPED : 0;
    if (!is_capped && number != 0) {
      payload.insert(payload.end(), {request.command, 1, 0, 0});
      payload.insert(payload.end(), request.attributes.begin(), request.attributes.end());
    }
    if (!text.empty()) {
      flags |= NLM_F_ACK_TLVS;
      wire::Writer out;
      out.put_string(NLMSGERR_ATTR_MSG, text);
      payload.insert(payload.end(), out.bytes().begin(), out.bytes().end());
    }
    return message(NLMSG_ERROR, flags, request.header.nlmsg_seq, payload);
  }

 private:
  static Buffer int_bytes(int value) {
    Buffer bytes(sizeof(value));
    std::memcpy(bytes.data(), &value, sizeof(value));
    return bytes;
  }

  ssize_t take(const void* data, std::size_t size) {
    ++sends;
    if (!send_errors.empty()) {
      const int number = send_errors.front();
      send_errors.pop_front();
      if (number != 0) return errno = number, -1;
    }
    wire::MessageReader reader({static_cast<const std::uint8_t*>(data), size});
    for (wire::Message message; reader.next(&message);) {
      const auto& payload = message.payload;
      requests.push_back({message.header, payload[0], Buffer(payload.begin() + GENL_HDRLEN, payload.end())});
      if (message.header.nlmsg_type == NLMSG_NOOP) push(answer(requests.back(), 0));
      else on_request(Request(requests.back()));
    }
    most_pending = std::max<unsigned>(most_pending, queue.size());
    return static_cast<ssize_t>(size);
  }

  int give(mmsghdr* slots, unsigned count) {
    ++receives;
    unsigned given = 0;
    while (given < count && !queue.empty()) {
      const Datagram datagram = queue.front();
      // An error waits for its turn, as in recvmmsg.
      if (datagram.error != 0 && given > 0) break;
      queue.pop_front();
      if (datagram.error != 0) return errno = datagram.error, -1;
      msghdr& header = slots[given].msg_hdr;
      const std::size_t size = std::min(datagram.bytes.size(), header.msg_iov->iov_len);
      if (size != 0) std::memcpy(header.msg_iov->iov_base, datagram.bytes.data(), size);
      slots[given].msg_len = static_cast<unsigned>(size);
      header.msg_flags = datagram.is_cut || size < datagram.bytes.size() ? MSG_TRUNC : 0;
      sockaddr_nl from{};
      from.nl_family = AF_NETLINK;
      from.nl_pid = datagram.sender;
      std::memcpy(header.msg_name, &from, sizeof(from));
      header.msg_namelen = sizeof(from);
      ++given;
    }
    if (given > 0) return static_cast<int>(given);
    // What a receive timeout looks like.
    return errno = EAGAIN, -1;
  }
};

}  // namespace fake
