// The socket against a scripted kernel: what belongs to an exchange, what does not, and where it ends.

#include <unistd.h>

#include "socket-bench.h"
#include "vectors.h"

using namespace bench;

TEST("a dump in several messages and datagrams, up to its DONE") {
  Bench bench;
  bench.answer_well();
  CHECK_EQ(bench.exchange(), 0);
  CHECK(bench.is_consistent);
  CHECK_EQ(bench.replies.size(), 2u);
  CHECK_EQ(bench.replies[1][8], 2);
  CHECK_EQ(bench.socket.tally.messages, 3u);
  CHECK_EQ(bench.kernel.requests[0].header.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
  CHECK_EQ(bench.exchange(), 0);
  CHECK_EQ(bench.kernel.opened, 1);
  CHECK_EQ(bench.kernel.requests[1].header.nlmsg_seq, bench.kernel.requests[0].header.nlmsg_seq + 1);
}

TEST("a single reply ends its exchange") {
  Bench bench;
  bench.kernel.on_request = [&](const Request& request) { bench.kernel.push(Kernel::record(request, 1, {4, 0, 9, 0})); };
  CHECK_EQ(bench.exchange(0), 0);
  CHECK_EQ(bench.replies.size(), 1u);
}

TEST("a refusal keeps the socket") {
  Bench bench;
  bench.kernel.on_request = [&](const Request& request) { bench.kernel.push(Kernel::answer(request, ESRCH)); };
  bool is_refusal = false;
  CHECK_EQ(bench.exchange(0, nullptr, &is_refusal), ESRCH);
  CHECK(is_refusal);
  CHECK_EQ(bench.kernel.closed, 0);
}

TEST("the kernel's own sentence is kept, behind an echoed request, a capped one, and in a DONE") {
  for (const bool is_capped : {true, false}) {
    Bench bench;
    std::string text;
    bench.kernel.on_request = [&](const Request& request) {
      bench.kernel.push(Kernel::answer(request, EINVAL, "Attribute is no good", is_capped));
    };
    CHECK_EQ(bench.exchange(0, &text), EINVAL);
    CHECK_EQ(text, std::string("Attribute is no good"));
  }
  Bench bench;
  std::string text;
  bench.kernel.on_request = [&](const Request& request) {
    wire::Writer out;
    out.put<int>(0, 0);
    out.clear();
    out.put_string(NLMSGERR_ATTR_MSG, "Dump is no good");
    Buffer payload{static_cast<std::uint8_t>(256 - ERANGE), 255, 255, 255};
    payload.insert(payload.end(), out.bytes().begin(), out.bytes().end());
    bench.kernel.push(Kernel::message(NLMSG_DONE, NLM_F_MULTI | NLM_F_ACK_TLVS, request.header.nlmsg_seq, payload));
  };
  CHECK_EQ(bench.exchange(NLM_F_DUMP, &text), ERANGE);
  CHECK_EQ(text, std::string("Dump is no good"));
}

TEST("the sentence in a real kernel's refusal") {
  Bench bench;
  std::string text;
  bench.kernel.on_request = [&](const Request& request) {
    Buffer recorded = vectors::load("refused-with-text");
    // The last message of the file, with our sequence number.
    std::size_t at = 0;
    for (wire::MessageReader reader(recorded); true;) {
      wire::Message message;
      if (!reader.next(&message)) break;
      at = message.payload.data() - recorded.data() - NLMSG_HDRLEN;
      if (message.header.nlmsg_type == NLMSG_ERROR) break;
    }
    recorded.erase(recorded.begin(), recorded.begin() + at);
    std::memcpy(recorded.data() + 8, &request.header.nlmsg_seq, 4);
    bench.kernel.push(recorded);
  };
  CHECK_EQ(bench.exchange(0, &text), ERANGE);
  CHECK_EQ(text, std::string("Attribute failed policy validation"));
}

TEST("DONE carries an errno") {
  Bench bench;
  bench.kernel.on_request = [&](const Request& request) { bench.kernel.push(Kernel::done(request, EBUSY)); };
  CHECK_EQ(bench.exchange(), EBUSY);
}

TEST("stale replies of an earlier request are skipped") {
  Bench bench;
  bench.answer_well();
  const auto well = bench.kernel.on_request;
  bench.kernel.on_request = [&](const Request& request) {
    for (const std::uint32_t age : {1u, 2u, 100u}) {
      Request earlier = request;
      earlier.header.nlmsg_seq -= age;
      bench.kernel.push(Kernel::record(earlier, 1, {8, 0, 1, 0, 9, 0, 0, 0}, NLM_F_MULTI));
      bench.kernel.push(Kernel::answer(earlier, EINVAL));
      bench.kernel.push(Kernel::done(earlier));
    }
    well(request);
  };
  CHECK_EQ(bench.exchange(), 0);
  CHECK_EQ(bench.replies.size(), 2u);
}

TEST("only the kernel is listened to") {
  Bench bench;
  bench.answer_well();
  const auto well = bench.kernel.on_request;
  bench.kernel.on_request = [&](const Request& request) {
    bench.kernel.push(Kernel::answer(request, EPERM), 4242);
    bench.kernel.push(Kernel::record(request, 1, {8, 0, 1, 0, 9, 0, 0, 0}, NLM_F_MULTI), 1);
    well(request);
    bench.kernel.push(Buffer{1, 2, 3}, 77);
  };
  CHECK_EQ(bench.exchange(), 0);
  CHECK_EQ(bench.replies.size(), 2u);
}

TEST("somebody who writes to the socket for ever does not keep it waiting for ever") {
  Bench bench;
  Kernel& kernel = bench.kernel;
  kernel.on_request = [&](const Request&) { kernel.push(Buffer{1, 2, 3}, 77); };
  netlink::SystemCalls calls = kernel.calls();
  calls.receive = [&, give = calls.receive](int fd, mmsghdr* slots, unsigned count, int flags) {
    usleep(10'000);
    kernel.push(Buffer{1, 2, 3}, 77);
    return give(fd, slots, count, flags);
  };
  Socket socket(netlink::Options{50, 4096}, calls);
  wire::Writer request;
  const std::uint32_t sequence = socket.next_sequence();
  request.begin(kFamily, NLM_F_REQUEST, sequence, kGet, 1);
  request.end();
  int number = 0;
  try {
    socket.exchange(request, sequence, [](wire::Bytes) { return nullptr; });
  } catch (const Failure& failure) {
    number = failure.number;
  }
  CHECK_EQ(number, ETIMEDOUT);
  CHECK(kernel.receives < 30);
}

TEST("EINTR is no fault, neither sending nor receiving") {
  Bench bench;
  bench.answer_well();
  const auto well = bench.kernel.on_request;
  bench.kernel.send_errors = {EINTR, EINTR};
  bench.kernel.on_request = [&](const Request& request) {
    bench.kernel.push_error(EINTR);
    bench.kernel.push_error(EINTR);
    well(request);
  };
  CHECK_EQ(bench.exchange(), 0);
  CHECK_EQ(bench.replies.size(), 2u);
  CHECK_EQ(bench.kernel.requests.size(), 1u);
}

TEST("NLMSG_NOOP is passed over") {
  Bench bench;
  bench.answer_well();
  const auto well = bench.kernel.on_request;
  bench.kernel.on_request = [&](const Request& request) {
    bench.kernel.push(Kernel::message(NLMSG_NOOP, 0, request.header.nlmsg_seq, {}));
    well(request);
  };
  CHECK_EQ(bench.exchange(), 0);
}

TEST("NLM_F_DUMP_INTR is told") {
  Bench bench;
  bench.kernel.on_request = [&](const Request& request) {
    bench.kernel.push(Kernel::record(request, 1, {8, 0, 1, 0, 9, 0, 0, 0}, NLM_F_MULTI | NLM_F_DUMP_INTR));
    bench.kernel.push(Kernel::done(request));
  };
  CHECK_EQ(bench.exchange(), 0);
  CHECK(!bench.is_consistent);
  bench.kernel.on_request = [&](const Request& request) { bench.kernel.push(Kernel::done(request, 0, NLM_F_DUMP_INTR)); };
  CHECK_EQ(bench.exchange(), 0);
  CHECK(!bench.is_consistent);
}

TEST("every prefix and many bent bytes of a recorded dump: an answer or a failure, never a wait") {
  // The services' replies up to their DONE.
  Buffer recorded;
  for (const auto& reply : vectors::messages(vectors::load("dump"))) {
    const Buffer bytes = Kernel::message(reply.header.nlmsg_type, reply.header.nlmsg_flags, 0, reply.payload);
    recorded.insert(recorded.end(), bytes.begin(), bytes.end());
    if (reply.header.nlmsg_type == NLMSG_DONE) break;
  }
  Bench bench;
  std::size_t inputs = 0, failures = 0;
  Buffer current;
  bench.kernel.on_request = [&](const Request& request) {
    Buffer bytes = current;
    // Sequence numbers are ours, wherever the bent lengths still lead to one.
    for (std::size_t at = 0; at + NLMSG_HDRLEN <= bytes.size();) {
      std::uint32_t length;
      std::memcpy(&length, bytes.data() + at, 4);
      std::memcpy(bytes.data() + at + 8, &request.header.nlmsg_seq, 4);
      if (length < NLMSG_HDRLEN || length > bytes.size()) break;
      at += NLMSG_ALIGN(length);
    }
    bench.kernel.queue.clear();
    bench.kernel.push(bytes);
  };
  const auto use = [&] {
    ++inputs;
    failures += bench.exchange() != 0;
  };
  for (std::size_t size = 0; size < recorded.size(); ++size) {
    current.assign(recorded.begin(), recorded.begin() + size);
    use();
  }
  for (std::size_t at = 0; at < recorded.size(); ++at) {
    for (unsigned change : {0x01u, 0x80u, 0xffu, 0x10u, 0x02u, 0x04u, 0x08u, 0x20u, 0x40u}) {
      current = recorded;
      current[at] ^= static_cast<std::uint8_t>(change);
      use();
    }
  }
  std::cout << "  " << inputs << " inputs, " << failures << " failures\n";
  CHECK(inputs > 10'000);
  // No prefix is a whole dump.
  CHECK(failures >= recorded.size());
}
