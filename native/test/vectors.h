// The recorded answers of a real kernel (record.cc), and what mutation tests do to them.

#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "../wire.h"

namespace vectors {

using Buffer = std::vector<std::uint8_t>;

// The bytes of test/vectors/<name>.bin. Ends the program when there is no such file.
inline Buffer load(const std::string& name) {
  const std::string here = __FILE__;
  std::ifstream file(here.substr(0, here.rfind('/')) + "/vectors/" + name + ".bin", std::ios::binary);
  Buffer bytes{std::istreambuf_iterator<char>(file), {}};
  if (!bytes.empty()) return bytes;
  std::fprintf(stderr, "no vector named %s\n", name.c_str());
  std::exit(1);
}

struct Reply {
  nlmsghdr header;
  Buffer payload;
  // What follows the generic netlink header.
  Buffer attributes() const {
    return payload.size() < GENL_HDRLEN ? Buffer{} : Buffer(payload.begin() + GENL_HDRLEN, payload.end());
  }
};

inline std::vector<Reply> messages(const Buffer& bytes) {
  std::vector<Reply> found;
  wire::MessageReader reader(bytes);
  for (wire::Message message; reader.next(&message);) {
    found.push_back({message.header, Buffer(message.payload.begin(), message.payload.end())});
  }
  if (reader.malformed()) std::exit(1);
  return found;
}

// The replies of one command, DONE and errors left out.
inline std::vector<Buffer> replies(const std::string& name, std::uint8_t command) {
  std::vector<Buffer> found;
  for (const Reply& reply : messages(load(name))) {
    if (reply.header.nlmsg_type >= NLMSG_MIN_TYPE && reply.payload.at(0) == command) found.push_back(reply.attributes());
  }
  if (found.empty()) std::exit(1);
  return found;
}

// Calls with the bytes in memory of exactly their size, so that the sanitizer sees a read behind them.
template <typename Use>
void with_exact_copy(const std::uint8_t* bytes, std::size_t size, Use use) {
  std::uint8_t* copy = static_cast<std::uint8_t*>(std::malloc(size));
  if (size != 0) std::memcpy(copy, bytes, size);
  use(wire::Bytes{copy, size});
  std::free(copy);
}

// Calls with every prefix of the bytes, and with the bytes where any single one has any other value.
template <typename Use>
void each_mutation(const Buffer& bytes, Use use) {
  for (std::size_t size = 0; size < bytes.size(); ++size) with_exact_copy(bytes.data(), size, use);
  Buffer bent = bytes;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned value = 0; value < 256; ++value) {
      bent[at] = static_cast<std::uint8_t>(value);
      if (bent[at] != bytes[at]) with_exact_copy(bent.data(), bent.size(), use);
    }
    bent[at] = bytes[at];
  }
}

// The same attributes without the PAD ones that only some machines' kernels send. Nests are those of the given types.
inline Buffer without_pads(wire::Bytes attributes, int depth = 0) {
  wire::Writer out;
  wire::AttributeReader reader(attributes);
  for (wire::Attribute attribute; reader.next(&attribute);) {
    // Depth 0 the record, 1 its fields, 2 the statistics.
    const bool is_statistics = depth == 1 && attribute.value.size() > 64;
    if (depth == 2 && attribute.value.empty()) continue;
    if (depth == 0 || is_statistics) {
      const Buffer inner = without_pads(attribute.value, depth + 1);
      out.put_bytes(attribute.type, inner.data(), inner.size());
    } else {
      out.put_bytes(attribute.type, attribute.value.data(), attribute.value.size());
    }
  }
  return Buffer(out.bytes().begin(), out.bytes().end());
}

}  // namespace vectors
