// Linked in with ld's --wrap, this takes the place of the kernel's netlink: a netlink socket is then a connection to the unix
// socket `peer.sock` that lies beside the library, whoever listens there. All else of the addon is as it was built.

#include <dlfcn.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <string>

extern "C" {

int __real_recvmmsg(int fd, mmsghdr* slots, unsigned count, int flags, timespec* timeout);
int __real_setsockopt(int fd, int level, int name, const void* value, socklen_t size);
int __real_socket(int domain, int type, int protocol);

int __wrap_socket(int domain, int type, int protocol) {
  if (domain != AF_NETLINK) return __real_socket(domain, type, protocol);
  Dl_info library{};
  sockaddr_un peer{AF_UNIX, {}};
  if (dladdr(reinterpret_cast<void*>(&__wrap_socket), &library) == 0) return errno = ENOENT, -1;
  const std::string path = library.dli_fname;
  const std::string beside = path.substr(0, path.rfind('/') + 1) + "peer.sock";
  if (beside.size() >= sizeof(peer.sun_path)) return errno = ENAMETOOLONG, -1;
  std::strcpy(peer.sun_path, beside.c_str());
  const int fd = __real_socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, reinterpret_cast<sockaddr*>(&peer), sizeof(peer)) != 0) return -1;
  return fd;
}

int __wrap_setsockopt(int fd, int level, int name, const void* value, socklen_t size) {
  return level == SOL_NETLINK ? 0 : __real_setsockopt(fd, level, name, value, size);
}

// Netlink says who sent a datagram, and 0 is the kernel.
int __wrap_recvmmsg(int fd, mmsghdr* slots, unsigned count, int flags, timespec* timeout) {
  const int received = __real_recvmmsg(fd, slots, count, flags, timeout);
  for (int i = 0; i < received; ++i) {
    const sockaddr_nl kernel{AF_NETLINK, 0, 0, 0};
    std::memcpy(slots[i].msg_hdr.msg_name, &kernel, sizeof(kernel));
    slots[i].msg_hdr.msg_namelen = sizeof(kernel);
  }
  return received;
}

}  // extern "C"
