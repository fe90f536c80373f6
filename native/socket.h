// One generic netlink socket: requests out, the replies that belong to them in.
// Not for several threads at once. After any fault of the transport the socket is thrown away, since replies may still
// be under way on it, and the next request opens a new one.

#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "wire.h"

namespace netlink {

// The system calls, as parameters: a test answers in the kernel's place, or with EINTR.
struct SystemCalls {
  std::function<int(int, int, int)> socket = ::socket;
  std::function<int(int, int, int, const void*, socklen_t)> setsockopt = ::setsockopt;
  std::function<int(int, int, int, void*, socklen_t*)> getsockopt = ::getsockopt;
  std::function<ssize_t(int, const void*, std::size_t, int)> send = ::send;
  std::function<int(int, mmsghdr*, unsigned, int)> receive = [](int fd, mmsghdr* slots, unsigned count, int flags) {
    return ::recvmmsg(fd, slots, count, flags, nullptr);
  };
  std::function<int(int)> close = ::close;
};

struct Options {
  std::uint32_t timeout_ms = 3000;  // of silence, not of the whole exchange
  std::uint32_t receive_buffer_bytes = 1 << 20;  // asked for; what the kernel grants bounds how much is pipelined
};

// What went wrong with an exchange.
struct Failure {
  int number;  // errno
  std::string text;  // the kernel's own sentence when it sent one; "" for the errno's usual text
  bool refused;  // the kernel answered with this error; otherwise the transport failed and the socket is gone
  const char* operation;  // "family" when the family could not be resolved; nullptr: the call's own
};

struct Tally {
  std::uint32_t messages = 0;  // replies that belonged to a request, the closing ones included
  std::uint32_t receives = 0;  // system calls
};

class Socket {
 public:
  // Given the payload behind the netlink header of each reply; a sentence about it means that it makes no sense.
  using OnReply = std::function<const char*(wire::Bytes payload)>;
  // Given the answer to the index-th request of a batch: 0 or an errno, and the kernel's own sentence or "".
  using OnAnswer = std::function<void(std::uint32_t index, int number, std::string_view text)>;

  explicit Socket(Options options, SystemCalls calls = {});
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // The sequence number for the next message; they are consecutive.
  std::uint32_t next_sequence() { return sequence_++; }

  // Sends one request that ends in a single reply, an acknowledgement or, with NLM_F_DUMP, in a DONE.
  // Returns false when the kernel marked the dump as interrupted, so that it has to be made again.
  // Throws Failure.
  bool exchange(const wire::Writer& request, std::uint32_t sequence, const OnReply& on_reply);

  // Sends count requests with consecutive sequence numbers in one go, and waits until the kernel is through with all.
  // A barrier is appended to them, whose answer says so: the kernel takes requests in their order, and answers a refused
  // one always, one that it has done only with NLM_F_ACK, and one that ends in EINTR (stopping a sync daemon whose thread
  // never ran does) not at all. Of a request without an answer on_answer is given silence.
  // count must not pass window(). Throws Failure when the transport fails; refusals go to on_answer.
  void batch(wire::Writer* requests, std::uint32_t first_sequence, std::uint32_t count, int silence,
             const OnAnswer& on_answer);

  // How many requests of a batch the receive buffer can hold the answers of. Opens the socket. Throws Failure.
  std::uint32_t window();

  // Closes; the next request opens a new socket.
  void disconnect();

  Tally tally;

 private:
  // What a handler says of a message: whether the exchange is over.
  enum class Step { kMore, kOver };
  using OnMessage = std::function<Step(const wire::Message&)>;

  void open();
  [[noreturn]] void fail(int number, std::string text = "");
  void send(wire::Bytes bytes);
  void receive(std::uint32_t first_sequence, std::uint32_t count, const OnMessage& on_message);
  unsigned receive_datagrams();

  struct Slots;

  Options options_;
  SystemCalls calls_;
  std::unique_ptr<Slots> slots_;
  int fd_ = -1;
  std::uint32_t window_ = 0;
  std::uint32_t sequence_;
};

}  // namespace netlink
