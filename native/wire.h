// Netlink's framing: messages made of a header and attributes, attributes made of a length, a type and bytes.
// Nothing here reads outside the bytes it was given, whatever lengths they claim. Source: linux/netlink.h, rfc3549.

#pragma once

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace wire {

using Bytes = std::span<const std::uint8_t>;

// Reads a value of exactly its own width in host order. False when the width differs; *out is then untouched.
template <typename T>
bool read(Bytes value, T* out) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (value.size() != sizeof(T)) return false;
  std::memcpy(out, value.data(), sizeof(T));
  return true;
}

inline std::uint16_t swap16(std::uint16_t value) {
  if constexpr (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) return __builtin_bswap16(value);
  return value;
}

// Like read(), for the ports that travel in network order.
inline bool read_port(Bytes value, std::uint16_t* out) {
  std::uint16_t raw;
  if (!read(value, &raw)) return false;
  *out = swap16(raw);
  return true;
}

struct Attribute {
  std::uint16_t type;  // without the nested and byte-order bits
  Bytes value;
};

// Walks attributes laid side by side. Fewer than four bytes at the end are padding, as the kernel's own parser takes them.
class AttributeReader {
 public:
  explicit AttributeReader(Bytes bytes) : rest_(bytes) {}

  // The next attribute, or false at the end and at the first length that does not fit (then malformed()).
  bool next(Attribute* out) {
    if (malformed_ || rest_.size() < sizeof(nlattr)) return false;
    nlattr header;
    std::memcpy(&header, rest_.data(), sizeof(header));
    if (header.nla_len < sizeof(nlattr) || header.nla_len > rest_.size()) {
      malformed_ = true;
      return false;
    }
    out->type = header.nla_type & NLA_TYPE_MASK;
    out->value = rest_.subspan(sizeof(nlattr), header.nla_len - sizeof(nlattr));
    const std::size_t step = NLA_ALIGN(header.nla_len);
    rest_ = step < rest_.size() ? rest_.subspan(step) : Bytes{};
    return true;
  }

  bool malformed() const { return malformed_; }

 private:
  Bytes rest_;
  bool malformed_ = false;
};

struct Message {
  nlmsghdr header;
  Bytes payload;  // what follows the header, alignment bytes left out
};

// Walks the messages of one datagram; the last one may lack its alignment bytes.
class MessageReader {
 public:
  explicit MessageReader(Bytes datagram) : rest_(datagram) {}

  // The next message, or false at the end and at the first length that does not fit (then malformed()).
  bool next(Message* out) {
    if (malformed_ || rest_.empty()) return false;
    if (rest_.size() < sizeof(nlmsghdr)) return fail();
    std::memcpy(&out->header, rest_.data(), sizeof(nlmsghdr));
    const std::size_t length = out->header.nlmsg_len;
    if (length < sizeof(nlmsghdr) || length > rest_.size()) return fail();
    out->payload = rest_.subspan(sizeof(nlmsghdr), length - sizeof(nlmsghdr));
    const std::size_t step = (length + NLMSG_ALIGNTO - 1) / NLMSG_ALIGNTO * NLMSG_ALIGNTO;
    rest_ = step < rest_.size() ? rest_.subspan(step) : Bytes{};
    return true;
  }

  bool malformed() const { return malformed_; }

 private:
  bool fail() {
    malformed_ = true;
    return false;
  }

  Bytes rest_;
  bool malformed_ = false;
};

// Appends generic netlink messages to one buffer, which may hold several.
class Writer {
 public:
  void clear() { bytes_.clear(); }
  Bytes bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }

  void begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, std::uint8_t command, std::uint8_t version) {
    message_ = bytes_.size();
    append(nlmsghdr{0, type, flags, sequence, 0});
    append(genlmsghdr{command, version, 0});
  }

  void end() { patch(message_, static_cast<std::uint32_t>(bytes_.size() - message_)); }

  template <typename T>
  void put(std::uint16_t type, const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    put_bytes(type, &value, sizeof(T));
  }

  void put_port(std::uint16_t type, std::uint16_t host_order) { put(type, swap16(host_order)); }

  // With the NUL that the kernel asks for.
  void put_string(std::uint16_t type, std::string_view text) {
    put_header(type, text.size() + 1);
    append_bytes(text.data(), text.size());
    bytes_.push_back(0);
    pad();
  }

  void put_bytes(std::uint16_t type, const void* data, std::size_t size) {
    put_header(type, size);
    append_bytes(data, size);
    pad();
  }

  // Returns the mark that end_nest() wants.
  std::size_t begin_nest(std::uint16_t type) {
    const std::size_t mark = bytes_.size();
    put_header(type | NLA_F_NESTED, 0);
    return mark;
  }

  void end_nest(std::size_t mark) { patch(mark, static_cast<std::uint16_t>(bytes_.size() - mark)); }

 private:
  template <typename T>
  void append(const T& value) {
    append_bytes(&value, sizeof(T));
  }

  void append_bytes(const void* data, std::size_t size) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + size);
    if (size != 0) std::memcpy(bytes_.data() + at, data, size);
  }

  void put_header(std::uint16_t type, std::size_t size) {
    append(nlattr{static_cast<std::uint16_t>(sizeof(nlattr) + size), type});
  }

  void pad() { bytes_.resize(NLA_ALIGN(bytes_.size()), 0); }

  template <typename T>
  void patch(std::size_t at, T length) {
    std::memcpy(bytes_.data() + at, &length, sizeof(T));
  }

  std::vector<std::uint8_t> bytes_;
  std::size_t message_ = 0;
};

}  // namespace wire
