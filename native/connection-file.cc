#include "connection-file.h"

#include <cerrno>
#include <chrono>

namespace connections {

namespace {

// seq_file answers with a page at a time up to Linux 6.12, whatever is asked for; later ones may give more.
constexpr std::size_t kPiece = 64 << 10;

std::uint64_t monotonic_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace

ConnectionFile::ConnectionFile(std::string path, Plan plan, FileCalls calls)
    : path_(std::move(path)), calls_(std::move(calls)), connections_(std::move(plan)) {
  if (!calls_.now_ns) calls_.now_ns = monotonic_ns;
}

ConnectionFile::~ConnectionFile() { disconnect(); }

int ConnectionFile::open() {
  if (fd_ >= 0) return 0;
  fd_ = calls_.open(path_.c_str());
  return fd_ < 0 ? errno : 0;
}

int ConnectionFile::run(std::uint64_t budget_ns) {
  const ReadState before = state_.load();
  if (before == ReadState::kComplete || before == ReadState::kCancelled) return 0;
  const std::uint64_t started_ns = calls_.now_ns();
  started_ns_ = started_ns;
  state_ = ReadState::kReading;
  const int number = read_on(started_ns + budget_ns);
  took_ns_ += calls_.now_ns() - started_ns;
  started_ns_ = 0;
  return number;
}

int ConnectionFile::read_on(std::uint64_t until_ns) {
  const auto end = [this](ReadState state, int number) {
    disconnect();
    state_ = state;
    return number;
  };
  if (fd_ < 0) return end(ReadState::kCancelled, EBADF);
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<std::uint8_t[]>(kPiece);
  while (!is_cancelled_) {
    const ssize_t count = calls_.read(fd_, buffer_.get(), kPiece);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return end(ReadState::kCancelled, errno);
    if (count == 0) {
      const bool is_known = connections_.finish();
      return is_known ? end(ReadState::kComplete, 0) : end(ReadState::kCancelled, EPROTO);
    }
    connections_.feed({buffer_.get(), static_cast<std::size_t>(count)});
    if (calls_.now_ns() >= until_ns) {
      // cancel() may have come since; then it is what counts.
      state_ = ReadState::kPaused;
      return is_cancelled_ ? end(ReadState::kCancelled, 0) : 0;
    }
  }
  return end(ReadState::kCancelled, 0);
}

Progress ConnectionFile::progress() const {
  const std::uint64_t started_ns = started_ns_.load();
  std::uint64_t took_ns = took_ns_.load();
  if (started_ns != 0) took_ns += calls_.now_ns() - started_ns;
  return {state_.load(), connections_.tally(), took_ns};
}

void ConnectionFile::cancel() {
  is_cancelled_ = true;
  // While run() is under way it is run() that says so, when it has stopped.
  ReadState paused = ReadState::kPaused;
  state_.compare_exchange_strong(paused, ReadState::kCancelled);
}

void ConnectionFile::close() {
  cancel();
  disconnect();
  connections_.clear();
  buffer_.reset();
}

void ConnectionFile::disconnect() {
  if (fd_ >= 0) calls_.close(fd_);
  fd_ = -1;
}

}  // namespace connections
