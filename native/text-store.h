// Texts under numbers, without an allocation each. Bounded in bytes.

#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "row-counts.h"

namespace connections {

class TextStore {
 public:
  explicit TextStore(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // The text's number, from 1 on; 0 when there is no room for it. Texts are shorter than a block.
  std::uint32_t add(std::string_view text) {
    if (text.size() > std::size_t{kBlock} - used_) {
      if ((blocks_.size() + 1) * kBlock > max_bytes_) return 0;
      blocks_.push_back(map_pages<char, kBlock>());
      used_ = 0;
    }
    std::copy(text.begin(), text.end(), blocks_.back().get() + used_);
    places_.push_back({static_cast<std::uint32_t>(blocks_.size() - 1), used_, static_cast<std::uint16_t>(text.size())});
    used_ = static_cast<std::uint16_t>(used_ + text.size());
    return static_cast<std::uint32_t>(places_.size());
  }

  // "" for 0.
  std::string_view operator[](std::uint32_t number) const {
    if (number == 0) return {};
    const Place& place = places_[number - 1];
    return {blocks_[place.block].get() + place.start, place.length};
  }

  void clear() {
    blocks_ = decltype(blocks_)();
    places_.clear();
    used_ = kBlock;
  }

 private:
  static constexpr std::uint16_t kBlock = 32768;

  struct Place {
    std::uint32_t block;
    std::uint16_t start;
    std::uint16_t length;
  };

  std::size_t max_bytes_;
  std::vector<Pages<char, kBlock>> blocks_;
  std::uint16_t used_ = kBlock;
  Chunks<Place> places_;
};

}  // namespace connections
