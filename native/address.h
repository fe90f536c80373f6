// Addresses as text. No name is ever looked up.

#pragma once

#include <arpa/inet.h>

#include <cstdint>
#include <string>

namespace ipvs {

// "" for a family that is neither IPv4 nor IPv6.
inline std::string format_address(std::uint16_t family, const std::uint8_t (&address)[16]) {
  char text[INET6_ADDRSTRLEN] = "";
  return inet_ntop(family, address, text, sizeof(text)) == nullptr ? "" : text;
}

// False when it is neither four decimal numbers nor IPv6 groups.
inline bool parse_address(const std::string& text, std::uint16_t* family, std::uint8_t (&address)[16]) {
  if (text.find('\0') != std::string::npos) return false;
  *family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
  return inet_pton(*family, text.c_str(), address) == 1;
}

}  // namespace ipvs
