// The connections fuzzer's kept inputs, once each: what it has ever reached stays reached.

#include "../fuzz/connections.cc"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "check.h"

TEST("every input of native/fuzz/connections-corpus") {
  const auto here = std::filesystem::path(__FILE__).parent_path();
  std::size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(here / "../fuzz/connections-corpus")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++inputs;
  }
  CHECK(inputs >= 50);
}
