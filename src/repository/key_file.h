#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/secret.h"
#include "repository/key.h"

namespace enamel::repository {

// One password's key file: the master key sealed under a key that scrypt makes of the password.
// Format: restic's design document, "Keys, Encryption and MAC".
struct KeyFile {
  Timestamp created;
  std::string username, hostname;
  std::string kdf = "scrypt";
  KdfParameters parameters;
  Bytes salt, data;
};

Bytes encodeKeyFile(const KeyFile& key);
// Throws kCorrupt, or kUnsupported for a kdf other than scrypt.
KeyFile decodeKeyFile(ByteView json, const std::string& name);

// Seals master (crypto::Box::kKeyBytes) under the password with a fresh salt.
KeyFile sealMasterKey(ByteView master, std::string_view password, const KdfParameters& parameters,
                      Timestamp created, std::string username, std::string hostname);

// The master key; nullopt if the password does not fit. Throws kCorrupt if what it opens is not a master key.
std::optional<crypto::Secret> openMasterKey(const KeyFile& key, std::string_view password,
                                            const std::string& name);

}  // namespace enamel::repository
