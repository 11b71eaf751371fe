#include "repository/key_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "crypto/box.h"
#include "crypto/scrypt.h"
#include "repository/json_read.h"

namespace enamel::repository {
namespace {

constexpr std::size_t kSaltBytes = 64;
constexpr std::size_t kCipherKeyBytes = 32;
constexpr std::size_t kMacPartBytes = 16;

// However a scope is left, memory in it that held a secret is overwritten.
class WipeAtEnd {
 public:
  explicit WipeAtEnd(MutableByteView memory) : memory_(memory) {}
  ~WipeAtEnd() { crypto::wipe(memory_); }
  WipeAtEnd(const WipeAtEnd&) = delete;
  WipeAtEnd& operator=(const WipeAtEnd&) = delete;

 private:
  MutableByteView memory_;
};

crypto::Box passwordBox(std::string_view password, ByteView salt, const KdfParameters& kdf) {
  return crypto::Box(crypto::scrypt(asBytes(password), salt, kdf.n, kdf.r, kdf.p, crypto::Box::kKeyBytes));
}

}  // namespace

KdfParameters KdfParameters::calibrate() {
  constexpr std::uint64_t kMemoryBytes = 60ULL << 20;
  constexpr double kSeconds = 0.5;
  KdfParameters kdf{.n = 2, .r = 8, .p = 1};
  while (128 * kdf.r * kdf.n * 2 <= kMemoryBytes) kdf.n *= 2;
  const double start = monotonicSeconds();
  (void)crypto::scrypt(asBytes("calibration"), asBytes("calibration"), kdf.n, kdf.r, kdf.p,
                       crypto::Box::kKeyBytes);
  const double once = monotonicSeconds() - start;
  while (kdf.p < 64 && once * (kdf.p + 1) <= kSeconds) ++kdf.p;
  return kdf;
}

Bytes encodeKeyFile(const KeyFile& key) {
  const nlohmann::ordered_json json = {{"created", formatRfc3339(key.created)},
                                       {"username", key.username},
                                       {"hostname", key.hostname},
                                       {"kdf", key.kdf},
                                       {"N", key.parameters.n},
                                       {"r", key.parameters.r},
                                       {"p", key.parameters.p},
                                       {"salt", toBase64(key.salt)},
                                       {"data", toBase64(key.data)}};
  return toBytes(asBytes(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
}

KeyFile decodeKeyFile(ByteView json, const std::string& name) {
  return readJson(json, name, [&](const JsonObject& object) {
    KeyFile key;
    key.created = timeMember(object, "created");
    key.username = stringMember(object, "username");
    key.hostname = stringMember(object, "hostname");
    key.kdf = stringMember(object, "kdf");
    key.parameters = {
        .n = numberMember(object, "N"), .r = number32Member(object, "r"), .p = number32Member(object, "p")};
    key.salt = base64Member(object, "salt");
    key.data = base64Member(object, "data");
    if (key.kdf != "scrypt")
      throw Error(ErrorCode::kUnsupported, name + " uses an unknown key derivation: " + key.kdf);
    if (key.salt.empty() || key.data.size() < crypto::Box::kOverheadBytes) {
      throw Error(ErrorCode::kCorrupt, name + " is damaged: salt or data is missing");
    }
    return key;
  });
}

KeyFile sealMasterKey(ByteView master, std::string_view password, const KdfParameters& parameters,
                      Timestamp created, std::string username, std::string hostname) {
  ENAMEL_CHECK(master.size() == crypto::Box::kKeyBytes);
  KeyFile key{.created = created,
              .username = std::move(username),
              .hostname = std::move(hostname),
              .parameters = parameters,
              .salt = Bytes(kSaltBytes),
              .data = {}};
  randomBytes(key.salt);
  const nlohmann::ordered_json json = {
      {"mac",
       {{"k", toBase64(master.subspan(kCipherKeyBytes, kMacPartBytes))},
        {"r", toBase64(master.subspan(kCipherKeyBytes + kMacPartBytes, kMacPartBytes))}}},
      {"encrypt", toBase64(master.first(kCipherKeyBytes))}};
  std::string plain = json.dump();
  const WipeAtEnd wipe_plain({reinterpret_cast<std::uint8_t*>(plain.data()), plain.size()});
  key.data = passwordBox(password, key.salt, parameters).seal(asBytes(plain));
  return key;
}

std::optional<crypto::Secret> openMasterKey(const KeyFile& key, std::string_view password,
                                            const std::string& name) {
  Bytes plain(key.data.size() - crypto::Box::kOverheadBytes);
  if (!passwordBox(password, key.salt, key.parameters).open(key.data, plain)) return std::nullopt;
  const WipeAtEnd wipe_plain(plain);
  crypto::Secret master(crypto::Box::kKeyBytes);
  std::size_t filled = 0;
  const auto take = [&](const JsonObject& object, const char* member) {
    Bytes part = base64Member(object, member);
    const WipeAtEnd wipe_part(part);
    if (part.size() <= master.size() - std::min(filled, master.size()))
      std::copy(part.begin(), part.end(), master.bytes().begin() + static_cast<std::ptrdiff_t>(filled));
    filled += part.size();
  };
  readJson(plain, name, [&](const JsonObject& object) {
    const JsonObject mac = object["mac"].get_object();
    take(object, "encrypt");
    take(mac, "k");
    take(mac, "r");
    return 0;
  });
  if (filled != master.size()) {
    throw Error(ErrorCode::kCorrupt, name + " is damaged: it opens, but holds no master key");
  }
  return master;
}

}  // namespace enamel::repository
