// The text of /proc/net/ip_vs_conn and /proc/net/ip_vs_conn_sync, line by line
// (ip_vs_conn_seq_show and ip_vs_conn_sync_seq_show, linux net/netfilter/ipvs/ip_vs_conn.c).
// Nothing here allocates, and nothing reads outside of what it was given.

#pragma once

#include <array>
#include <cstring>
#include <string_view>

#include "connection-row.h"
#include "wire.h"

namespace connections {

// The kernel's longest: IPv6 with an engine's name of 16 and its data of 255 bytes, about 400.
inline constexpr std::size_t kLongestLine = 1024;
inline constexpr std::size_t kLongestState = 15;
inline constexpr std::size_t kLongestEngine = 16 + 1 + 255;

// A line that was understood. Its views are into the line.
struct Line {
  ConnectionRow row;  // state and the engine's number are 0: they belong to a read
  std::string_view state;
  std::string_view engine;  // `NAME DATA`; "" for none
};

enum class LineKind { kTitle, kConnection, kUnknown };

// @param has_origin whether the line is of ip_vs_conn_sync
LineKind parse_line(std::string_view line, bool has_origin, Line* out);

// "tcp" for 6, "ip" for 0, "ip_47" for a protocol that IPVS has no name for.
std::string_view protocol_name(std::uint8_t protocol, std::array<char, 8>* memory);

// Cuts chunks of bytes into lines, wherever the chunks are cut.
class LineCutter {
 public:
  // Calls on_line(std::string_view) for each line that ends in the chunk, without its line feed, and on_overlong() for
  // each that is longer than kLongestLine.
  template <typename OnLine, typename OnOverlong>
  void feed(wire::Bytes chunk, OnLine on_line, OnOverlong on_overlong) {
    const char* at = reinterpret_cast<const char*>(chunk.data());
    const char* const end = at + chunk.size();
    while (at < end) {
      const auto* feed = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
      const std::string_view piece(at, static_cast<std::size_t>((feed == nullptr ? end : feed) - at));
      at += piece.size() + 1;
      if (kept_ == 0 && feed != nullptr && piece.size() <= kLongestLine && !is_overlong_) {
        on_line(piece);
        continue;
      }
      keep(piece);
      if (feed == nullptr) return;
      if (is_overlong_) on_overlong();
      else on_line(std::string_view(line_.data(), kept_));
      kept_ = 0;
      is_overlong_ = false;
    }
  }

  // Whether the bytes so far end within a line.
  bool is_within_line() const { return kept_ != 0 || is_overlong_; }

 private:
  void keep(std::string_view piece) {
    if (is_overlong_ || piece.size() > kLongestLine - kept_) {
      is_overlong_ = true;
      kept_ = 0;
      return;
    }
    std::memcpy(line_.data() + kept_, piece.data(), piece.size());
    kept_ += piece.size();
  }

  std::array<char, kLongestLine> line_;
  std::size_t kept_ = 0;
  bool is_overlong_ = false;
};

}  // namespace connections
