#include "socket.h"

#include <linux/netlink.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace netlink {
namespace {

using wire::Bytes;

// The kernel fills dump messages up to the largest buffer it has ever seen on a socket, 32 KiB at most: a smaller one
// later would lose the tail. So all buffers have one size, and it is large.
constexpr std::size_t kDatagramBytes = 64 * 1024;

// Datagrams taken with one system call. Most are short: a dump's DONE comes in a datagram of its own.
constexpr unsigned kSlots = 32;

// What an acknowledgement may cost of the receive buffer, the kernel's bookkeeping and an extended text included
// (768 bytes measured on 6.1 without a text).
constexpr std::uint32_t kAnswerBytes = 2048;

struct Answer {
  int number;
  std::string_view text;
};

std::string_view find_text(Bytes attributes) {
  wire::AttributeReader reader(attributes);
  for (wire::Attribute attribute; reader.next(&attribute);) {
    if (attribute.type != NLMSGERR_ATTR_MSG) continue;
    const auto* text = reinterpret_cast<const char*>(attribute.value.data());
    return {text, strnlen(text, attribute.value.size())};
  }
  return {};
}

// Reads an ERROR or DONE: an errno, negative, then maybe the request, then maybe attributes. False when too short.
bool read_answer(const wire::Message& message, Answer* out) {
  int number = 0;
  Bytes rest = message.payload;
  if (rest.size() < sizeof(number)) return false;
  std::memcpy(&number, rest.data(), sizeof(number));
  // INT_MIN has no positive counterpart, and no errno is that large.
  *out = {number < 0 && number >= -4095 ? -number : number == 0 ? 0 : EPROTO, {}};
  if (!(message.header.nlmsg_flags & NLM_F_ACK_TLVS)) return true;

  std::size_t skip = sizeof(number);
  if (message.header.nlmsg_type == NLMSG_ERROR) {
    nlmsghdr echoed;
    if (rest.size() < sizeof(number) + sizeof(echoed)) return false;
    std::memcpy(&echoed, rest.data() + sizeof(number), sizeof(echoed));
    const bool is_capped = message.header.nlmsg_flags & NLM_F_CAPPED;
    skip += is_capped || number == 0 ? sizeof(echoed) : NLMSG_ALIGN(static_cast<std::size_t>(echoed.nlmsg_len));
  }
  if (skip <= rest.size()) out->text = find_text(rest.subspan(skip));
  return true;
}

using Clock = std::chrono::steady_clock;

}  // namespace

struct Socket::Slots {
  mmsghdr headers[kSlots] = {};
  iovec vectors[kSlots] = {};
  sockaddr_nl senders[kSlots] = {};
  unsigned used = kSlots;
  std::unique_ptr<std::uint8_t[]> bytes{new std::uint8_t[kSlots * kDatagramBytes]};

  Slots() {
    for (unsigned i = 0; i < kSlots; ++i) {
      vectors[i] = {bytes.get() + i * kDatagramBytes, kDatagramBytes};
      headers[i].msg_hdr.msg_name = &senders[i];
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
  }

  // The kernel writes over these two in the slots that it fills.
  void prepare() {
    for (unsigned i = 0; i < used; ++i) {
      headers[i].msg_hdr.msg_namelen = sizeof(sockaddr_nl);
      headers[i].msg_hdr.msg_flags = 0;
    }
    used = 0;
  }

  Bytes datagram(unsigned i) const { return {bytes.get() + i * kDatagramBytes, headers[i].msg_len}; }
  bool is_from_kernel(unsigned i) const {
    return headers[i].msg_hdr.msg_namelen == sizeof(sockaddr_nl) && senders[i].nl_pid == 0;
  }
};

Socket::Socket(Options options, SystemCalls calls)
    : options_(options),
      calls_(std::move(calls)),
      slots_(std::make_unique<Slots>()),
      sequence_(static_cast<std::uint32_t>(Clock::now().time_since_epoch().count())) {}

Socket::~Socket() { disconnect(); }

void Socket::disconnect() {
  if (fd_ >= 0) calls_.close(fd_);
  fd_ = -1;
}

void Socket::fail(int number, std::string text) {
  disconnect();
  throw Failure{number, std::move(text), false, nullptr};
}

void Socket::open() {
  if (fd_ >= 0) return;
  fd_ = calls_.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  if (fd_ < 0) fail(errno);

  const timeval timeout{static_cast<time_t>(options_.timeout_ms / 1000),
                        static_cast<suseconds_t>(options_.timeout_ms % 1000 * 1000)};
  if (calls_.setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0) fail(errno);

  // Wishes: an older kernel that knows neither answers longer and without a sentence, which is read as well.
  const int on = 1;
  calls_.setsockopt(fd_, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
  calls_.setsockopt(fd_, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));

  // FORCE passes net.core.rmem_max, with the capability that the table needs anyway.
  const int wanted = static_cast<int>(std::min<std::uint32_t>(options_.receive_buffer_bytes, 1u << 30));
  if (calls_.setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof(wanted)) < 0) {
    calls_.setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof(wanted));
  }
  int granted = 0;
  socklen_t size = sizeof(granted);
  if (calls_.getsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &granted, &size) < 0) fail(errno);
  // One is the barrier's. The smallest buffer there is, 2304 bytes, holds two short answers.
  window_ = std::max<std::uint32_t>(2, static_cast<std::uint32_t>(std::max(granted, 0)) / kAnswerBytes) - 1;
}

std::uint32_t Socket::window() {
  open();
  return window_;
}

void Socket::send(Bytes bytes) {
  open();
  for (;;) {
    const ssize_t sent = calls_.send(fd_, bytes.data(), bytes.size(), 0);
    if (sent == static_cast<ssize_t>(bytes.size())) return;
    if (sent >= 0) fail(EIO, "the request was cut short on its way to the kernel");
    if (errno != EINTR) fail(errno);
  }
}

unsigned Socket::receive_datagrams() {
  slots_->prepare();
  for (;;) {
    ++tally.receives;
    const int count = calls_.receive(fd_, slots_->headers, kSlots, MSG_WAITFORONE);
    if (count > 0) return slots_->used = static_cast<unsigned>(count);
    if (count == 0) fail(ECONNRESET);
    if (errno == EAGAIN || errno == EWOULDBLOCK) fail(ETIMEDOUT, "the kernel did not answer in time");
    if (errno == ENOBUFS) fail(ENOBUFS, "replies were lost because the receive buffer was full");
    if (errno != EINTR) fail(errno);
  }
}

void Socket::receive(std::uint32_t first_sequence, std::uint32_t count, const OnMessage& on_message) {
  // Started by the first datagram that was not for us: the clock is a system call where there is no vDSO.
  Clock::time_point silent_since{};
  for (;;) {
    const unsigned datagrams = receive_datagrams();
    bool is_relevant = false;
    bool is_over = false;
    for (unsigned i = 0; i < datagrams && !is_over; ++i) {
      // Any process may be let to write to this socket; only the kernel knows the table.
      if (!slots_->is_from_kernel(i)) continue;
      if (slots_->headers[i].msg_hdr.msg_flags & MSG_TRUNC) fail(EMSGSIZE, "a reply was longer than the buffer for it");
      if (slots_->datagram(i).empty()) fail(EBADMSG, "a reply was empty");
      wire::MessageReader reader(slots_->datagram(i));
      for (wire::Message message; !is_over && reader.next(&message);) {
        const std::uint32_t offset = message.header.nlmsg_seq - first_sequence;
        if (message.header.nlmsg_type == NLMSG_OVERRUN) fail(EOVERFLOW, "the kernel lost replies");
        if (message.header.nlmsg_type == NLMSG_NOOP) continue;
        if (static_cast<std::int32_t>(offset) < 0) continue;
        if (offset >= count) fail(EPROTO, "a reply carries a sequence number that was never sent");
        is_relevant = true;
        ++tally.messages;
        is_over = on_message(message) == Step::kOver;
      }
      if (reader.malformed()) fail(EBADMSG, "a reply is shorter than it says");
    }
    if (is_over) return;
    if (is_relevant) {
      silent_since = {};
      continue;
    }
    const auto now = Clock::now();
    if (silent_since == Clock::time_point{}) silent_since = now;
    if (now - silent_since > std::chrono::milliseconds(options_.timeout_ms)) {
      fail(ETIMEDOUT, "the kernel did not answer in time");
    }
  }
}

bool Socket::exchange(const wire::Writer& request, std::uint32_t sequence, const OnReply& on_reply) {
  send(request.bytes());
  bool is_consistent = true;
  receive(sequence, 1, [&](const wire::Message& message) {
    if (message.header.nlmsg_flags & NLM_F_DUMP_INTR) is_consistent = false;
    const bool is_done = message.header.nlmsg_type == NLMSG_DONE;
    if (is_done || message.header.nlmsg_type == NLMSG_ERROR) {
      Answer answer;
      if (!read_answer(message, &answer)) fail(EBADMSG, "an acknowledgement is too short");
      if (answer.number != 0) throw Failure{answer.number, std::string(answer.text), true, nullptr};
      return Step::kOver;
    }
    if (const char* complaint = on_reply(message.payload)) fail(EBADMSG, complaint);
    return message.header.nlmsg_flags & NLM_F_MULTI ? Step::kMore : Step::kOver;
  });
  return is_consistent;
}

void Socket::batch(wire::Writer* requests, std::uint32_t first_sequence, std::uint32_t count, int silence,
                   const OnAnswer& on_answer) {
  requests->begin(NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, next_sequence(), 0, 0);
  requests->end();
  send(requests->bytes());
  std::vector<bool> is_answered(count);
  receive(first_sequence, count + 1, [&](const wire::Message& message) {
    const std::uint32_t index = message.header.nlmsg_seq - first_sequence;
    if (index == count) return Step::kOver;
    Answer answer;
    if (message.header.nlmsg_type != NLMSG_ERROR) fail(EPROTO, "a change was answered with something else");
    if (!read_answer(message, &answer)) fail(EBADMSG, "an acknowledgement is too short");
    is_answered[index] = true;
    on_answer(index, answer.number, answer.text);
    return Step::kMore;
  });
  for (std::uint32_t index = 0; index < count; ++index) {
    if (!is_answered[index]) on_answer(index, silence, "");
  }
}

}  // namespace netlink
