#pragma once

#include <filesystem>
#include <string>

namespace enamel::service {

// How commands on this computer reach the running service: an address, and a token that is good as long as
// this service runs. It stands in the file "local-access" of the state folder, which its owner and root can
// read and nobody else: whoever can, could change the state itself.
struct LocalAccess {
  std::string url;      // "https://backup-pc:8480"
  std::string token;    // for "Authorization: Bearer"
  std::string ca_file;  // whom to trust; empty: the system's authorities
  std::string address;  // "127.0.0.1:8480": where to connect, whatever the name in url
};

// Puts the file in place, whole or not at all, mode 0600. Throws what writing throws.
void writeLocalAccess(const std::filesystem::path& state, const LocalAccess& access);

// Throws kNotFound if no service uses the folder, kPermission for who may not read it, kCorrupt.
LocalAccess readLocalAccess(const std::filesystem::path& state);

void removeLocalAccess(const std::filesystem::path& state) noexcept;

}  // namespace enamel::service
