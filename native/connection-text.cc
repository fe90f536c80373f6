#include "connection-text.h"

#include <charconv>

namespace connections {

namespace {

constexpr std::uint8_t kNoDigit = 16;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  for (auto& digit : digits) digit = kNoDigit;
  for (int i = 0; i < 10; ++i) digits[static_cast<std::size_t>('0' + i)] = static_cast<std::uint8_t>(i);
  for (int i = 10; i < 16; ++i) {
    digits[static_cast<std::size_t>('a' + i - 10)] = static_cast<std::uint8_t>(i);
    digits[static_cast<std::size_t>('A' + i - 10)] = static_cast<std::uint8_t>(i);
  }
  return digits;
}

constexpr auto kDigits = make_digits();

// Two digits as a byte. False when either is none.
bool read_byte(const char* digits, std::uint8_t* out) {
  const std::uint8_t high = kDigits[static_cast<std::uint8_t>(digits[0])];
  const std::uint8_t low = kDigits[static_cast<std::uint8_t>(digits[1])];
  *out = static_cast<std::uint8_t>(high << 4 | (low & 15));
  return ((high | low) & kNoDigit) == 0;
}

// %08X or %pI6.
bool read_address(std::string_view word, std::uint8_t (&address)[16], bool* is_six) {
  bool is_good = true;
  *is_six = word.size() == 39;
  if (*is_six) {
    for (std::size_t i = 0; i < 8; ++i) {
      is_good &= read_byte(word.data() + 5 * i, &address[2 * i]) & read_byte(word.data() + 5 * i + 2, &address[2 * i + 1]);
      if (i < 7) is_good &= word[5 * i + 4] == ':';
    }
    return is_good;
  }
  if (word.size() != 8) return false;
  for (std::size_t i = 0; i < 4; ++i) is_good &= read_byte(word.data() + 2 * i, &address[i]);
  return is_good;
}

bool read_port(std::string_view word, std::uint16_t* port) {
  std::uint8_t high, low;
  if (word.size() != 4 || !read_byte(word.data(), &high) || !read_byte(word.data() + 2, &low)) return false;
  *port = static_cast<std::uint16_t>(high << 8 | low);
  return true;
}

template <typename Number>
bool read_decimal(std::string_view word, Number* out) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), *out);
  return error == std::errc{} && end == word.data() + word.size();
}

struct Protocol {
  std::string_view printed;
  std::string_view name;
  std::uint8_t number;
};

// ip_vs_proto_name(). The usual ones first.
constexpr Protocol kProtocols[] = {
    {"TCP", "tcp", 6},   {"UDP", "udp", 17},   {"SCTP", "sctp", 132},
    {"IP", "ip", 0},     {"ICMP", "icmp", 1},  {"ICMPv6", "icmpv6", 58},
};

std::uint8_t protocol_number(std::string_view word) {
  for (const Protocol& protocol : kProtocols) {
    if (word == protocol.printed) return protocol.number;
  }
  std::uint8_t number;
  return word.starts_with("IP_") && read_decimal(word.substr(3), &number) ? number : kUnknownProtocol;
}

// Takes words from the front of a line.
struct Words {
  std::string_view rest;

  std::string_view next() {
    const std::size_t start = rest.find_first_not_of(' ');
    if (start == std::string_view::npos) return {};
    rest.remove_prefix(start);
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    return word;
  }
};

bool read_origin(std::string_view word, std::uint32_t* bits) {
  if (word != "LOCAL" && word != "SYNC") return false;
  *bits |= kOriginKnown | (word == "SYNC" ? kOriginSync : 0);
  return true;
}

}  // namespace

LineKind parse_line(std::string_view line, bool has_origin, Line* out) {
  if (line.starts_with("Pro FromIP ")) return LineKind::kTitle;
  ConnectionRow& row = out->row;
  row = {};
  Words words{line};
  const std::string_view protocol = words.next();
  if (protocol.empty() || protocol.size() > 16) return LineKind::kUnknown;
  row.protocol = protocol_number(protocol);
  bool is_client_six, is_virtual_six, is_to_six;
  if (!read_address(words.next(), row.client, &is_client_six) || !read_port(words.next(), &row.client_port) ||
      !read_address(words.next(), row.virtual_address, &is_virtual_six) || !read_port(words.next(), &row.virtual_port) ||
      !read_address(words.next(), row.server, &is_to_six) || !read_port(words.next(), &row.server_port) ||
      is_client_six != is_virtual_six) {
    return LineKind::kUnknown;
  }
  row.bits = (is_client_six ? kSix : 0) | (is_to_six ? kServerSix : 0);
  out->state = words.next();
  if (out->state.empty() || out->state.size() > kLongestState) return LineKind::kUnknown;
  if (has_origin && !read_origin(words.next(), &row.bits)) return LineKind::kUnknown;
  if (!read_decimal(words.next(), &row.expires_s)) return LineKind::kUnknown;
  out->engine = words.rest.substr(words.rest.empty() ? 0 : 1);
  if (out->engine.size() > kLongestEngine || (has_origin && !out->engine.empty())) return LineKind::kUnknown;
  // An FTP data connection whose client's port is not known yet has port 0 too, but a TCP state.
  if (out->state == "ASSURED" || (out->state == "NONE" && row.client_port == 0)) row.bits |= kTemplate;
  return LineKind::kConnection;
}

std::string_view protocol_name(std::uint8_t number, std::array<char, 8>* memory) {
  for (const Protocol& protocol : kProtocols) {
    if (protocol.number == number) return protocol.name;
  }
  std::memcpy(memory->data(), "ip_", 3);
  const auto [end, error] = std::to_chars(memory->data() + 3, memory->data() + memory->size(), number);
  (void)error;
  return {memory->data(), static_cast<std::size_t>(end - memory->data())};
}

}  // namespace connections
