// A file being read: faults of its system calls, the budget, going on, and being told to stop.

#include <cerrno>
#include <thread>

#include "../connection-file.h"
#include "check.h"
#include "connection-bench.h"

namespace {

using bench::kTitle;
using bench::V4;
using connections::ConnectionFile;
using connections::FileCalls;
using connections::ReadState;

constexpr std::uint64_t kSecond = 1'000'000'000;

// A kernel in the place of the file: each answer is text, or an errno, or the end.
struct Script {
  std::vector<std::pair<std::string, int>> answers;
  std::size_t next = 0;
  std::function<void()> before_read = [] {};
  int open_number = 0;
  int opened = 0;
  int closed = 0;
  std::atomic<std::uint64_t> now_ns{0};
  std::uint64_t read_takes_ns = 1'000'000;

  FileCalls calls() {
    FileCalls calls;
    calls.open = [this](const char* path) {
      CHECK_EQ(std::string(path), "/the/file");
      if (open_number != 0) return errno = open_number, -1;
      return ++opened, 42;
    };
    calls.read = [this](int fd, void* memory, std::size_t size) -> ssize_t {
      CHECK_EQ(fd, 42);
      CHECK(size >= 64 << 10);
      before_read();
      now_ns += read_takes_ns;
      if (next == answers.size()) return 0;
      const auto& [text, number] = answers[next++];
      if (number != 0) return errno = number, -1;
      std::memcpy(memory, text.data(), text.size());
      return static_cast<ssize_t>(text.size());
    };
    calls.close = [this](int fd) {
      CHECK_EQ(fd, 42);
      return ++closed, 0;
    };
    calls.now_ns = [this] { return now_ns.load(); };
    return calls;
  }

  void say(std::string text) { answers.emplace_back(std::move(text), 0); }
  void refuse(int number) { answers.emplace_back("", number); }
};

// Ten pieces, each with one row.
void say_ten(Script* script) {
  script->say(kTitle + V4{}.line());
  for (unsigned i = 1; i < 10; ++i) script->say(V4{.client_port = i}.line());
}

}  // namespace

TEST("to its end, in one go; the file is closed once, and what was read stays") {
  Script script;
  say_ten(&script);
  {
    ConnectionFile file("/the/file", bench::plan(), script.calls());
    CHECK_EQ(file.open(), 0);
    CHECK_EQ(file.open(), 0);
    CHECK(file.progress().state == ReadState::kPaused);
    CHECK_EQ(file.run(kSecond), 0);
    const auto progress = file.progress();
    CHECK(progress.state == ReadState::kComplete);
    CHECK_EQ(progress.tally.rows, 10u);
    CHECK_EQ(progress.took_ns, 11'000'000u);
    CHECK_EQ(script.closed, 1);
    CHECK_EQ(file.connections().held().size(), 10u);
    // Again: nothing happens, and it stays complete, also when cancelled.
    CHECK_EQ(file.run(kSecond), 0);
    file.cancel();
    CHECK(file.progress().state == ReadState::kComplete);
  }
  CHECK_EQ(script.opened, 1);
  CHECK_EQ(script.closed, 1);
}

TEST("a budget ends it between two pieces, and it goes on with the next") {
  Script script;
  say_ten(&script);
  ConnectionFile file("/the/file", bench::plan(), script.calls());
  CHECK_EQ(file.open(), 0);
  CHECK_EQ(file.run(3'000'000), 0);
  CHECK(file.progress().state == ReadState::kPaused);
  CHECK_EQ(file.progress().tally.rows, 3u);
  CHECK_EQ(file.progress().took_ns, 3'000'000u);
  CHECK_EQ(script.closed, 0);
  script.now_ns += 60 * kSecond;
  CHECK_EQ(file.progress().took_ns, 3'000'000u);
  // No budget at all is one piece.
  CHECK_EQ(file.run(0), 0);
  CHECK_EQ(file.progress().tally.rows, 4u);
  CHECK_EQ(file.run(kSecond), 0);
  CHECK(file.progress().state == ReadState::kComplete);
  CHECK_EQ(file.progress().tally.rows, 10u);
  CHECK_EQ(file.progress().took_ns, 11'000'000u);
  CHECK_EQ(script.opened, 1);
}

TEST("a signal in between is no end") {
  Script script;
  script.refuse(EINTR);
  script.say(kTitle);
  script.refuse(EINTR);
  script.say(V4{}.line());
  ConnectionFile file("/the/file", bench::plan(), script.calls());
  CHECK_EQ(file.open(), 0);
  CHECK_EQ(file.run(kSecond), 0);
  CHECK(file.progress().state == ReadState::kComplete);
  CHECK_EQ(file.progress().tally.rows, 1u);
}

TEST("no file, no right, and a module that is unloaded while it is read") {
  for (const int number : {ENOENT, EACCES, EPERM, EMFILE}) {
    Script script;
    script.open_number = number;
    ConnectionFile file("/the/file", bench::plan(), script.calls());
    CHECK_EQ(file.open(), number);
    CHECK_EQ(file.run(kSecond), EBADF);
    CHECK_EQ(script.closed, 0);
  }
  Script script;
  script.say(kTitle + V4{}.line());
  script.refuse(EIO);
  ConnectionFile file("/the/file", bench::plan(), script.calls());
  CHECK_EQ(file.open(), 0);
  CHECK_EQ(file.run(kSecond), EIO);
  CHECK(file.progress().state == ReadState::kCancelled);
  CHECK_EQ(file.connections().held().size(), 1u);
  CHECK_EQ(script.closed, 1);
  CHECK_EQ(file.run(kSecond), 0);
  CHECK(file.progress().state == ReadState::kCancelled);
}

TEST("a file of something else") {
  Script script;
  script.say("sl  local_address rem_address   st tx_queue rx_queue\n");
  ConnectionFile file("/the/file", bench::plan(), script.calls());
  CHECK_EQ(file.open(), 0);
  CHECK_EQ(file.run(kSecond), EPROTO);
  CHECK(file.progress().state == ReadState::kCancelled);
}

TEST("cancelled while it reads, while it waits, and at the moment its budget ends") {
  for (const std::uint64_t budget_ns : {kSecond, std::uint64_t{0}}) {
    Script script;
    say_ten(&script);
    ConnectionFile file("/the/file", bench::plan(), script.calls());
    CHECK_EQ(file.open(), 0);
    script.before_read = [&] {
      CHECK(file.progress().state == ReadState::kReading);
      file.cancel();
      CHECK(file.progress().state == ReadState::kReading);
    };
    CHECK_EQ(file.run(budget_ns), 0);
    CHECK(file.progress().state == ReadState::kCancelled);
    CHECK_EQ(file.progress().tally.rows, 1u);
    CHECK_EQ(script.closed, 1);
    CHECK_EQ(file.run(kSecond), 0);
    CHECK_EQ(file.progress().tally.rows, 1u);
  }
  Script script;
  say_ten(&script);
  ConnectionFile file("/the/file", bench::plan(), script.calls());
  CHECK_EQ(file.open(), 0);
  CHECK_EQ(file.run(0), 0);
  file.cancel();
  CHECK(file.progress().state == ReadState::kCancelled);
  CHECK_EQ(file.run(kSecond), 0);
  CHECK_EQ(file.progress().tally.rows, 1u);
  file.close();
  CHECK_EQ(script.closed, 1);
  CHECK_EQ(file.connections().held().size(), 0u);
}

TEST("seen and stopped by another thread") {
  Script script;
  for (unsigned i = 0; i < 1'000'000; ++i) script.answers.emplace_back(V4{.client_port = i % 65536}.line(), 0);
  ConnectionFile file("/the/file", bench::plan(), script.calls());
  CHECK_EQ(file.open(), 0);
  std::thread reader([&] { CHECK_EQ(file.run(1'000'000 * kSecond), 0); });
  std::uint64_t rows = 0;
  std::uint64_t took_ns = 0;
  while (rows < 1000) {
    const auto progress = file.progress();
    CHECK(progress.tally.rows >= rows && progress.took_ns >= took_ns);
    rows = progress.tally.rows;
    took_ns = progress.took_ns;
    std::this_thread::yield();
  }
  file.cancel();
  reader.join();
  CHECK(file.progress().state == ReadState::kCancelled);
  CHECK(file.progress().tally.rows >= rows && file.progress().tally.rows < 1'000'000);
}

TEST("a real file, with the system's own calls") {
  const std::string here = __FILE__;
  const std::string folder = here.substr(0, here.rfind('/')) + "/vectors/connections/";
  ConnectionFile file(folder + "synced.bin", bench::plan());
  CHECK_EQ(file.open(), 0);
  CHECK_EQ(file.run(10 * kSecond), 0);
  CHECK(file.progress().state == ReadState::kComplete);
  CHECK(file.progress().tally.rows > 60);
  CHECK_EQ(file.progress().tally.unknown, 0u);
  CHECK(file.progress().took_ns > 0 && file.progress().took_ns < 10 * kSecond);
  ConnectionFile missing(folder + "nothing", bench::plan());
  CHECK_EQ(missing.open(), ENOENT);
  ConnectionFile directory(folder, bench::plan());
  CHECK_EQ(directory.open(), 0);
  CHECK_EQ(directory.run(kSecond), EISDIR);
}
