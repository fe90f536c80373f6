// A growing table of rows with their counters and gauges, in three arrays that can be handed over without a copy.

#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "row.h"

namespace ipvs {

// An array of plain records in malloc's memory: std::vector cannot give its memory away.
template <typename T>
class Column {
 public:
  Column() = default;
  Column(Column&& other) noexcept : data_(std::move(other.data_)), capacity_(std::exchange(other.capacity_, 0)) {}
  Column& operator=(Column&& other) noexcept {
    data_ = std::move(other.data_);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  T& operator[](std::size_t index) { return data_.get()[index]; }
  T* data() { return data_.get(); }

  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    void* moved = std::realloc(data_.get(), capacity * sizeof(T));
    if (moved == nullptr) throw std::bad_alloc();
    (void)data_.release();
    data_.reset(static_cast<T*>(moved));
    capacity_ = capacity;
  }

  // The memory, which the caller frees with free().
  T* release() {
    capacity_ = 0;
    return data_.release();
  }

 private:
  struct Free {
    void operator()(T* data) const { std::free(data); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t capacity_ = 0;
};

// Remembers which keys have been seen, by the index of the row that has them.
class KeyIndex {
 public:
  void clear() {
    count_ = 0;
    ++generation_;
  }

  // False when an earlier row since clear() has the same key. rows is the array that all indexes point into.
  bool insert(const Row* rows, std::uint32_t index) {
    if (count_ * 2 >= slots_.size()) rehash(rows);
    const std::size_t at = find(rows, rows[index]);
    if (slots_[at].generation == generation_) return false;
    slots_[at] = {generation_, index};
    ++count_;
    return true;
  }

 private:
  struct Slot {
    std::uint32_t generation;
    std::uint32_t index;
  };

  static std::uint64_t hash(const Row& row) {
    std::uint64_t words[4] = {};
    std::memcpy(words, reinterpret_cast<const std::uint8_t*>(&row) + kKeyOffset, kKeyBytes);
    std::uint64_t mixed = 0;
    for (const std::uint64_t word : words) {
      mixed = (mixed ^ word) * 0x9e3779b97f4a7c15u;
      mixed ^= mixed >> 29;
    }
    return mixed;
  }

  // The slot that holds the key, or the free one where it belongs.
  std::size_t find(const Row* rows, const Row& row) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash(row) & mask;
    while (slots_[at].generation == generation_ && !same_key(rows[slots_[at].index], row)) at = (at + 1) & mask;
    return at;
  }

  void rehash(const Row* rows) {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2, Slot{});
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.generation == generation_) slots_[find(rows, rows[slot.index])] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
  std::uint32_t generation_ = 1;
};

class Table {
 public:
  std::uint32_t rows() const { return rows_; }

  void reserve(std::uint32_t capacity) {
    config.reserve(capacity);
    counters.reserve(capacity);
    gauges.reserve(capacity);
    capacity_ = capacity;
  }

  void append(const Row& row, const Counters& totals, const Gauges& held) {
    if (rows_ >= capacity_) reserve(rows_ < 32 ? 64 : rows_ * 2);
    config[rows_] = row;
    counters[rows_] = totals;
    gauges[rows_] = held;
    ++rows_;
  }

  // Forgets all rows from that one on.
  void truncate(std::uint32_t rows) { rows_ = rows; }

  Column<Row> config;
  Column<Counters> counters;
  Column<Gauges> gauges;

 private:
  std::uint32_t rows_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace ipvs
