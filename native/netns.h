// Entering another network namespace.

#pragma once

#include <string>

namespace netns {

// What could not be done, and errno: of the path, of the namespace, or of the view of /sys that belongs to it.
struct Failure {
  int number;
  const char* step;
};

// Moves the calling thread, and no other, into the network namespace that `path` names (setns(2)), with a view of its own
// of the file system in which /sys shows that namespace's devices: sysfs is of the namespace of whoever mounts it. The
// caller then starts its program anew (execve(2)), so that every thread is in it. Needs CAP_SYS_ADMIN. Throws Failure; the
// thread may be half way then.
void enter(const std::string& path);

// Has a descriptor outlive execve(2). Throws Failure.
void keep_open(int fd);

}  // namespace netns
