// Names and texts of the error numbers, the same whatever C library and language the machine has.

#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace ipvs {

// "ESRCH" for ESRCH; "E524" for a number that has no name here.
inline std::string error_name(int number) {
  switch (number) {
#define NAME(name) case name: return #name
    NAME(EPERM); NAME(ENOENT); NAME(ESRCH); NAME(EINTR); NAME(EIO); NAME(EBADF); NAME(EAGAIN); NAME(ENOMEM);
    NAME(EACCES); NAME(EFAULT); NAME(EBUSY); NAME(EEXIST); NAME(ENODEV); NAME(EINVAL); NAME(ENFILE); NAME(EMFILE);
    NAME(ENOSPC); NAME(ERANGE); NAME(EPROTO); NAME(EBADMSG); NAME(EOVERFLOW); NAME(EMSGSIZE); NAME(EPROTONOSUPPORT);
    NAME(ENOPROTOOPT); NAME(ESOCKTNOSUPPORT); NAME(EOPNOTSUPP); NAME(EAFNOSUPPORT); NAME(EADDRINUSE);
    NAME(EADDRNOTAVAIL); NAME(ENETDOWN); NAME(ENETUNREACH); NAME(ECONNRESET); NAME(ENOBUFS); NAME(ETIMEDOUT);
    NAME(ECONNREFUSED); NAME(EALREADY); NAME(ECANCELED);
#undef NAME
    default: return std::string("E").append(std::to_string(number));
  }
}

// What the kernel said, or else the usual sentence for the number.
inline std::string error_text(int number, const std::string& said) {
  return said.empty() ? std::generic_category().message(number) : said;
}

}  // namespace ipvs
