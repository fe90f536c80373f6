// A file of connections being read: in large pieces, for a time at most, until someone says stop; and on from there.
// run() on one thread at a time; progress(), cancel() on any, without a lock.

#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "connections.h"

namespace connections {

// In the order of the names that JavaScript has for them.
enum class ReadState : std::uint32_t { kReading, kPaused, kComplete, kCancelled };

struct Progress {
  ReadState state;
  Tally tally;
  std::uint64_t took_ns;  // spent reading
};

// The system calls and the clock, as parameters: a test answers in the kernel's place, or with EINTR.
struct FileCalls {
  std::function<int(const char*)> open = [](const char* path) { return ::open(path, O_RDONLY | O_CLOEXEC); };
  std::function<ssize_t(int, void*, std::size_t)> read = ::read;
  std::function<int(int)> close = ::close;
  std::function<std::uint64_t()> now_ns;  // default: the monotonic clock
};

class ConnectionFile {
 public:
  ConnectionFile(std::string path, Plan plan, FileCalls calls = {});
  ~ConnectionFile();
  ConnectionFile(const ConnectionFile&) = delete;
  ConnectionFile& operator=(const ConnectionFile&) = delete;

  // 0 or an errno.
  int open();

  // Reads until the end, for the budget, or until cancel(). 0 or an errno: EPROTO when nothing in the file was
  // understood; after one the read is cancelled, with what it has kept.
  int run(std::uint64_t budget_ns);

  Progress progress() const;
  void cancel();

  // Gives up what was kept, and the file. Not while run() is under way.
  void close();

  Connections& connections() { return connections_; }

 private:
  int read_on(std::uint64_t until_ns);
  void disconnect();

  std::string path_;
  FileCalls calls_;
  Connections connections_;
  int fd_ = -1;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::atomic<bool> is_cancelled_{false};
  std::atomic<ReadState> state_{ReadState::kPaused};
  std::atomic<std::uint64_t> took_ns_{0};
  std::atomic<std::uint64_t> started_ns_{0};  // 0: not under way
};

}  // namespace connections
