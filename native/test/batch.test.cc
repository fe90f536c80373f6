// Batches on a scripted kernel, and the socket on a real pair of descriptors.

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "check.h"
#include "fake-kernel.h"

namespace {

using fake::Buffer;
using fake::Kernel;
using fake::Request;
using netlink::Failure;
using netlink::Socket;

struct Batch {
  Kernel kernel;
  std::vector<int> numbers;
  std::vector<std::string> texts;
  int silence = EINTR;

  // Sends that many commands; returns the errno of the failure, 0 when there was none.
  int run(Socket* socket, std::uint32_t count) {
    numbers.assign(count, -1);
    texts.assign(count, "");
    wire::Writer requests;
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t sequence = socket->next_sequence();
      if (i == 0) first = sequence;
      requests.begin(28, NLM_F_REQUEST | NLM_F_ACK, sequence, 5, 1);
      requests.put<std::uint32_t>(1, i);
      requests.end();
    }
    try {
      socket->batch(&requests, first, count, silence, [&](std::uint32_t index, int number, std::string_view text) {
        CHECK_EQ(numbers.at(index), -1);
        numbers.at(index) = number;
        texts.at(index) = text;
      });
      return 0;
    } catch (const Failure& failure) {
      return failure.number;
    }
  }
};

}  // namespace

TEST("each command of a batch has its own answer") {
  Batch batch;
  Socket socket({}, batch.kernel.calls());
  batch.kernel.on_request = [&](const Request& request) {
    const bool is_bad = request.attributes[4] % 3 == 1;
    batch.kernel.push(Kernel::answer(request, is_bad ? EEXIST : 0, is_bad ? "there already" : ""));
  };
  CHECK_EQ(batch.run(&socket, 100), 0);
  for (std::uint32_t i = 0; i < 100; ++i) {
    CHECK_EQ(batch.numbers[i], i % 3 == 1 ? EEXIST : 0);
    CHECK_EQ(batch.texts[i], std::string(i % 3 == 1 ? "there already" : ""));
  }
  CHECK_EQ(batch.kernel.sends, 1);
}

TEST("a command without an answer was interrupted: the barrier behind it tells") {
  Batch batch;
  Socket socket({}, batch.kernel.calls());
  batch.kernel.on_request = [&](const Request& request) {
    if (request.attributes[4] != 3) batch.kernel.push(Kernel::answer(request, 0));
  };
  CHECK_EQ(batch.run(&socket, 5), 0);
  CHECK((batch.numbers == std::vector<int>{0, 0, 0, EINTR, 0}));
}

TEST("of commands that asked for no answer only the refused ones have one") {
  Batch batch;
  batch.silence = 0;
  Socket socket({}, batch.kernel.calls());
  batch.kernel.on_request = [&](const Request& request) {
    if (request.attributes[4] == 3) batch.kernel.push(Kernel::answer(request, ESRCH, "no such service"));
  };
  CHECK_EQ(batch.run(&socket, 5), 0);
  CHECK((batch.numbers == std::vector<int>{0, 0, 0, ESRCH, 0}));
  CHECK_EQ(batch.texts[3], std::string("no such service"));
}

TEST("stale answers are skipped, and unknown ones are a fault") {
  Batch batch;
  Socket socket({}, batch.kernel.calls());
  batch.kernel.on_request = [&](const Request& request) {
    Request stale = request;
    stale.header.nlmsg_seq -= 1000;
    batch.kernel.push(Kernel::answer(stale, EINVAL));
    batch.kernel.push(Kernel::answer(request, 0));
  };
  CHECK_EQ(batch.run(&socket, 3), 0);
  CHECK((batch.numbers == std::vector<int>{0, 0, 0}));
  batch.kernel.on_request = [&](const Request& request) {
    Request later = request;
    later.header.nlmsg_seq += 1000;
    batch.kernel.push(Kernel::answer(later, 0));
  };
  CHECK_EQ(batch.run(&socket, 3), EPROTO);
  CHECK_EQ(batch.kernel.closed, 1);
}

TEST("answers lost on the way fail the batch, and the next one works") {
  Batch batch;
  Socket socket({}, batch.kernel.calls());
  batch.kernel.on_request = [&](const Request& request) {
    if (request.attributes[4] == 2) batch.kernel.push_error(ENOBUFS);
    else batch.kernel.push(Kernel::answer(request, 0));
  };
  CHECK_EQ(batch.run(&socket, 5), ENOBUFS);
  CHECK_EQ(batch.kernel.closed, 1);
  batch.kernel.on_request = [&](const Request& request) { batch.kernel.push(Kernel::answer(request, 0)); };
  CHECK_EQ(batch.run(&socket, 5), 0);
  CHECK_EQ(batch.kernel.opened, 2);
}

TEST("a record in answer to a change is a fault") {
  Batch batch;
  Socket socket({}, batch.kernel.calls());
  batch.kernel.on_request = [&](const Request& request) { batch.kernel.push(Kernel::record(request, 1, {})); };
  CHECK_EQ(batch.run(&socket, 1), EPROTO);
}

TEST("the window follows the buffer that was granted") {
  for (const auto& [granted, window] : std::initializer_list<std::pair<int, std::uint32_t>>{
           {2304, 1}, {8192, 3}, {212992, 103}, {2 << 20, 1023}}) {
    Kernel kernel;
    kernel.granted_bytes = granted;
    Socket socket({}, kernel.calls());
    CHECK_EQ(socket.window(), window);
  }
}

namespace {

// A socket over one end of a real pair; the other end is the peer's.
struct Pair {
  int ends[2] = {-1, -1};
  int opened = 0;

  netlink::SystemCalls calls() {
    netlink::SystemCalls calls;
    calls.socket = [this](int, int, int) {
      ++opened;
      if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) std::abort();
      return ends[0];
    };
    calls.setsockopt = [](int fd, int level, int option, const void* value, socklen_t size) {
      return level == SOL_NETLINK ? 0 : ::setsockopt(fd, level, option, value, size);
    };
    // A pair's ends have no names; the kernel's is written in.
    calls.receive = [](int fd, mmsghdr* slots, unsigned count, int flags) {
      const int received = ::recvmmsg(fd, slots, count, flags, nullptr);
      for (int i = 0; i < received; ++i) {
        std::memset(slots[i].msg_hdr.msg_name, 0, sizeof(sockaddr_nl));
        slots[i].msg_hdr.msg_namelen = sizeof(sockaddr_nl);
      }
      return received;
    };
    return calls;
  }

  Request take() {
    Buffer bytes(4096);
    const ssize_t size = ::recv(ends[1], bytes.data(), bytes.size(), 0);
    Request request{};
    if (size < NLMSG_HDRLEN) return request;
    std::memcpy(&request.header, bytes.data(), sizeof(request.header));
    return request;
  }

  void give(const Buffer& bytes) {
    if (::send(ends[1], bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) std::abort();
  }
};

// Runs one dump; the peer answers in a thread of its own. The errno, 0 for success.
template <typename Peer>
int dump(Socket* socket, Pair* pair, std::size_t* records, Peer peer) {
  wire::Writer request;
  const std::uint32_t sequence = socket->next_sequence();
  request.begin(28, NLM_F_REQUEST | NLM_F_DUMP, sequence, 4, 1);
  request.end();
  *records = 0;
  (void)socket->window();  // opens it, so that the peer has an end to listen at
  std::thread thread([&] { peer(pair, pair->take()); });
  int number = 0;
  try {
    socket->exchange(request, sequence, [&](wire::Bytes) -> const char* { return ++*records, nullptr; });
  } catch (const Failure& failure) {
    number = failure.number;
  }
  thread.join();
  ::close(pair->ends[1]);
  socket->disconnect();
  return number;
}

void nothing(int) {}

}  // namespace

TEST("on real descriptors: a dump, a timeout, a cut datagram, a signal, a peer that hangs up") {
  Pair pair;
  Socket socket(netlink::Options{200, 1 << 20}, pair.calls());
  std::size_t records = 0;
  const auto answer = [](Pair* pair, const Request& request) {
    for (int i = 0; i < 100; ++i) pair->give(Kernel::record(request, 1, Buffer(400), NLM_F_MULTI));
    pair->give(Kernel::done(request));
  };
  CHECK_EQ(dump(&socket, &pair, &records, answer), 0);
  CHECK_EQ(records, 100u);

  CHECK_EQ(dump(&socket, &pair, &records, [](Pair*, const Request&) {}), ETIMEDOUT);

  const auto answer_too_long = [](Pair* pair, const Request& request) {
    pair->give(Kernel::record(request, 1, Buffer(64 * 1024), NLM_F_MULTI));
  };
  CHECK_EQ(dump(&socket, &pair, &records, answer_too_long), EMSGSIZE);

  struct sigaction action{};
  action.sa_handler = nothing;  // without SA_RESTART: the waiting receive ends with EINTR
  sigaction(SIGUSR1, &action, nullptr);
  const pthread_t waiting = pthread_self();
  const auto answer_after_signals = [&](Pair* pair, const Request& request) {
    for (int i = 0; i < 3; ++i) {
      usleep(20'000);
      pthread_kill(waiting, SIGUSR1);
    }
    answer(pair, request);
  };
  CHECK_EQ(dump(&socket, &pair, &records, answer_after_signals), 0);
  CHECK_EQ(records, 100u);

  CHECK_EQ(dump(&socket, &pair, &records, [](Pair* pair, const Request&) { ::shutdown(pair->ends[1], SHUT_WR); }), EBADMSG);
  CHECK_EQ(dump(&socket, &pair, &records, answer), 0);
  CHECK_EQ(pair.opened, 6);
}
