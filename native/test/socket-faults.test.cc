// Each fault that a transport can have: the exchange fails with its errno, and the next one works.

#include "socket-bench.h"

using namespace bench;

namespace {

// Runs one exchange that is answered by the script, which must fail with that errno and cost the socket.
template <typename Script>
std::string check_fault(int number, Script script) {
  Bench bench;
  bench.kernel.on_request = [&](const Request& request) { script(bench.kernel, request); };
  std::string text;
  bool is_refusal = true;
  CHECK_EQ(bench.exchange(NLM_F_DUMP, &text, &is_refusal), number);
  CHECK(!is_refusal);
  bench.check_recovers(1);
  return text;
}

}  // namespace

TEST("a sequence number that was never sent") {
  check_fault(EPROTO, [](Kernel& kernel, const Request& request) {
    Request later = request;
    ++later.header.nlmsg_seq;
    kernel.push(Kernel::done(later));
  });
}

TEST("a receive buffer that was full") {
  check_fault(ENOBUFS, [](Kernel& kernel, const Request& request) {
    kernel.push(Kernel::record(request, 1, {8, 0, 1, 0, 9, 0, 0, 0}, NLM_F_MULTI));
    kernel.push_error(ENOBUFS);
  });
}

TEST("silence") {
  check_fault(ETIMEDOUT, [](Kernel&, const Request&) {});
}

TEST("silence in the middle of a dump") {
  check_fault(ETIMEDOUT, [](Kernel& kernel, const Request& request) {
    kernel.push(Kernel::record(request, 1, {8, 0, 1, 0, 9, 0, 0, 0}, NLM_F_MULTI));
  });
}

TEST("a datagram that was cut") {
  check_fault(EMSGSIZE, [](Kernel& kernel, const Request& request) {
    kernel.push(Kernel::record(request, 1, Buffer(70'000), NLM_F_MULTI));
  });
}

TEST("NLMSG_OVERRUN") {
  check_fault(EOVERFLOW, [](Kernel& kernel, const Request& request) {
    kernel.push(Kernel::message(NLMSG_OVERRUN, 0, request.header.nlmsg_seq, {}));
  });
}

TEST("lengths that do not fit, and lengths that are odd") {
  for (const std::uint32_t length : {0u, 1u, 15u, 41u, 0x7fffffffu, 0xffffffffu}) {
    check_fault(EBADMSG, [&](Kernel& kernel, const Request& request) {
      Buffer bytes = Kernel::record(request, 1, Buffer(20), NLM_F_MULTI);
      std::memcpy(bytes.data(), &length, sizeof(length));
      kernel.push(bytes);
    });
  }
  for (const std::size_t size : {1u, 4u, 15u}) {
    check_fault(EBADMSG, [&](Kernel& kernel, const Request&) { kernel.push(Buffer(size)); });
  }
  // An acknowledgement without room for its errno.
  check_fault(EBADMSG, [](Kernel& kernel, const Request& request) {
    kernel.push(Kernel::message(NLMSG_ERROR, 0, request.header.nlmsg_seq, {1, 2}));
  });
  Bench bench;
  bench.kernel.on_request = [&](const Request& request) {
    // 21 bytes of which the last message says 21: nothing to align to behind it.
    Buffer bytes = Kernel::record(request, 1, {1}, 0);
    bytes.resize(21);
    bench.kernel.push(bytes);
  };
  CHECK_EQ(bench.exchange(0), 0);
  CHECK_EQ(bench.replies.size(), 1u);
  CHECK_EQ(bench.replies[0].size(), 5u);
}

TEST("a reply that makes no sense to its reader") {
  const std::string text = check_fault(EBADMSG, [](Kernel& kernel, const Request& request) {
    kernel.push(Kernel::record(request, 1, {}, NLM_F_MULTI));
  });
  CHECK_EQ(text, std::string("an empty record"));
}

TEST("no socket to be had, and one to be had later") {
  Bench bench;
  bench.kernel.open_error = EPROTONOSUPPORT;
  CHECK_EQ(bench.exchange(), EPROTONOSUPPORT);
  bench.kernel.open_error = 0;
  bench.answer_well();
  CHECK_EQ(bench.exchange(), 0);
}

TEST("a kernel that refuses the request's sending") {
  Bench bench;
  bench.kernel.send_errors = {ENOBUFS};
  CHECK_EQ(bench.exchange(), ENOBUFS);
  bench.check_recovers(1);
}

TEST("wishes may be refused, the timeout may not") {
  Bench bench;
  bench.kernel.refuses_option = {{NETLINK_EXT_ACK, ENOPROTOOPT}, {NETLINK_CAP_ACK, ENOPROTOOPT}, {SO_RCVBUFFORCE, EPERM}};
  bench.answer_well();
  CHECK_EQ(bench.exchange(), 0);
  Bench strict;
  strict.kernel.refuses_option = {{SO_RCVTIMEO, EDOM}};
  CHECK_EQ(strict.exchange(), EDOM);
  CHECK_EQ(strict.kernel.closed, 1);
}
