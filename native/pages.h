// Memory in pages of its own: straight from the kernel, and straight back to it. What malloc gets back of a large read it
// keeps, scattered over the arenas of the workers that asked for it.

#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace connections {

template <typename T, std::size_t kCount>
struct Unmap {
  void operator()(T* first) const { ::munmap(first, kCount * sizeof(T)); }
};

template <typename T, std::size_t kCount>
using Pages = std::unique_ptr<T[], Unmap<T, kCount>>;

// Zeroes. Throws std::bad_alloc.
template <typename T, std::size_t kCount>
Pages<T, kCount> map_pages() {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  void* memory = ::mmap(nullptr, kCount * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return Pages<T, kCount>(static_cast<T*>(memory));
}

}  // namespace connections
