#include "netns.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>

namespace netns {
namespace {

void require(int answer, const char* step) {
  if (answer != 0) throw Failure{errno, step};
}

}  // namespace

void enter(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw Failure{errno, "open"};
  const int entered = ::setns(fd, CLONE_NEWNET);
  const int number = errno;
  ::close(fd);
  if (entered != 0) throw Failure{number, "setns"};
  require(::unshare(CLONE_NEWNS), "unshare");
  // What the host mounts from now on is still seen here, and nothing of here over there.
  require(::mount("", "/", nullptr, MS_SLAVE | MS_REC, nullptr), "mount");
  ::umount2("/sys", MNT_DETACH);
  require(::mount("sysfs", "/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NOEXEC | MS_NODEV, nullptr), "mount");
}

void keep_open(int fd) { require(::fcntl(fd, F_SETFD, 0) < 0 ? -1 : 0, "fcntl"); }

}  // namespace netns
