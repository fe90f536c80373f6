// Counts rows by a key that is a row itself, of which only what counts is set. Bounded in keys; grows in chunks.

#pragma once

#include <sys/random.h>

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "connection-row.h"
#include "pages.h"

namespace connections {

// A list that grows without ever moving what is in it.
template <typename T, std::size_t kPerChunk = 4096>
class Chunks {
 public:
  void push_back(const T& value) {
    if (size_ % kPerChunk == 0) chunks_.push_back(map_pages<T, kPerChunk>());
    chunks_.back()[size_++ % kPerChunk] = value;
  }
  T& operator[](std::size_t index) { return chunks_[index / kPerChunk][index % kPerChunk]; }
  const T& operator[](std::size_t index) const { return chunks_[index / kPerChunk][index % kPerChunk]; }
  std::size_t size() const { return size_; }
  void clear() {
    chunks_ = decltype(chunks_)();
    size_ = 0;
  }

 private:
  std::vector<Pages<T, kPerChunk>> chunks_;
  std::size_t size_ = 0;
};

class RowCounts {
 public:
  struct Entry {
    ConnectionRow key;
    std::uint32_t count;
  };

  explicit RowCounts(std::size_t max_keys) : max_keys_(max_keys), slots_(kFirstSlots, kFree) {
    // Clients choose their addresses: without a secret they could choose them to fall on one slot.
    if (getrandom(&secret_, sizeof(secret_), GRND_NONBLOCK) != static_cast<ssize_t>(sizeof(secret_))) secret_.fill(kOdd);
  }

  // False when the key is new and there is no room for it.
  bool add(const ConnectionRow& key) {
    std::uint32_t* slot = find(key);
    if (*slot != kFree) return ++entries_[*slot].count, true;
    if (entries_.size() >= max_keys_) return is_full_ = true, false;
    *slot = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({key, 1});
    if (entries_.size() * 2 > slots_.size()) grow();
    return true;
  }

  // 0 for a key that was never added.
  std::uint32_t count(const ConnectionRow& key) {
    const std::uint32_t* slot = find(key);
    return *slot == kFree ? 0 : entries_[*slot].count;
  }

  // Whether a key was turned away, so that 0 may mean that it was not counted.
  bool is_full() const { return is_full_; }
  std::size_t size() const { return entries_.size(); }
  const Entry& operator[](std::size_t index) const { return entries_[index]; }

  void clear() {
    entries_.clear();
    slots_ = std::vector<std::uint32_t>(kFirstSlots, kFree);
  }

 private:
  static constexpr std::uint32_t kFree = UINT32_MAX;
  static constexpr std::size_t kFirstSlots = 64;
  static constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;

  std::size_t hash(const ConnectionRow& key) const {
    std::array<std::uint64_t, sizeof(ConnectionRow) / 8> words;
    std::memcpy(words.data(), &key, sizeof(key));
    std::uint64_t sum = secret_[0];
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto product = static_cast<unsigned __int128>(sum ^ words[i]) * (secret_[1 + i] | 1);
      sum = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    return static_cast<std::size_t>(sum ^ sum >> 32);
  }

  // The slot that the key has or would get.
  std::uint32_t* find(const ConnectionRow& key) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash(key) & mask;; at = (at + 1) & mask) {
      if (slots_[at] == kFree || std::memcmp(&entries_[slots_[at]].key, &key, sizeof(key)) == 0) return &slots_[at];
    }
  }

  void grow() {
    slots_ = std::vector<std::uint32_t>(slots_.size() * 2, kFree);
    for (std::size_t i = 0; i < entries_.size(); ++i) *find(entries_[i].key) = static_cast<std::uint32_t>(i);
  }

  std::size_t max_keys_;
  Chunks<Entry> entries_;
  std::vector<std::uint32_t> slots_;
  std::array<std::uint64_t, 1 + sizeof(ConnectionRow) / 8> secret_;
  bool is_full_ = false;
};

}  // namespace connections
