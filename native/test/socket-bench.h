// A socket on a scripted kernel, and one exchange at a time through it.

#pragma once

#include "check.h"
#include "fake-kernel.h"

namespace bench {

using fake::Buffer;
using fake::Kernel;
using fake::Request;
using netlink::Failure;
using netlink::Socket;

constexpr std::uint16_t kFamily = 28;
constexpr std::uint8_t kGet = 4;

// A kernel, a socket on it and what the last exchange brought.
struct Bench {
  Kernel kernel;
  Socket socket{netlink::Options{50, 1 << 20}, kernel.calls()};
  std::vector<Buffer> replies;
  bool is_consistent = false;

  // The errno of the failure; 0 when there was none.
  int exchange(std::uint16_t flags = NLM_F_DUMP, std::string* text = nullptr, bool* is_refusal = nullptr) {
    wire::Writer request;
    const std::uint32_t sequence = socket.next_sequence();
    request.begin(kFamily, NLM_F_REQUEST | flags, sequence, kGet, 1);
    request.put<std::uint32_t>(1, 42);
    request.end();
    replies.clear();
    try {
      is_consistent = socket.exchange(request, sequence, [&](wire::Bytes payload) -> const char* {
        replies.emplace_back(payload.begin(), payload.end());
        return payload.size() == 4 ? "an empty record" : nullptr;
      });
      return 0;
    } catch (const Failure& failure) {
      if (text != nullptr) *text = failure.text;
      if (is_refusal != nullptr) *is_refusal = failure.refused;
      return failure.number;
    }
  }

  // Answers every request with a dump of two records.
  void answer_well() {
    kernel.on_request = [this](const Request& request) {
      Buffer both = Kernel::record(request, 1, {8, 0, 1, 0, 1, 0, 0, 0}, NLM_F_MULTI);
      const Buffer second = Kernel::record(request, 1, {8, 0, 1, 0, 2, 0, 0, 0}, NLM_F_MULTI);
      both.insert(both.end(), second.begin(), second.end());
      kernel.push(both);
      kernel.push(Kernel::done(request));
    };
  }

  // A fault of the transport threw the socket away, and the next exchange is as good as any.
  void check_recovers(int opened) {
    CHECK_EQ(kernel.opened, opened);
    CHECK_EQ(kernel.closed, opened);
    answer_well();
    CHECK_EQ(exchange(), 0);
    CHECK_EQ(replies.size(), 2u);
    CHECK_EQ(kernel.opened, opened + 1);
  }
};

}  // namespace bench
