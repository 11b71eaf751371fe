#include "hash/sha256.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/error.h"
#include "hash/sha256_lanes.h"

namespace enamel {
namespace {

using sha256::kBlockBytes;
using sha256::kLanesMax;
using sha256::Lane;

// Fetched once: EVP_sha256() looks its provider up anew at every use, which costs more than hashing a small
// blob.
const EVP_MD* sha256Method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ENAMEL_CHECK(method != nullptr);
  return method;
}

// The end of a message: what is left after its last whole block, padded (FIPS 180-4, 5.1.1).
struct Padding {
  std::array<std::uint8_t, 2 * kBlockBytes> bytes{};
  std::size_t blocks = 0;

  Padding(ByteView rest, std::uint64_t message_bytes) : blocks(rest.size() + 9 <= kBlockBytes ? 1 : 2) {
    std::copy(rest.begin(), rest.end(), bytes.begin());
    bytes[rest.size()] = 0x80;
    const std::uint64_t bits = message_bytes * 8;
    for (std::size_t i = 0; i < 8; ++i)
      bytes[blocks * kBlockBytes - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
  }
};

Sha256 digestOf(const sha256::Words& words) {
  Sha256 digest;
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte)
      digest.bytes[4 * i + byte] = static_cast<std::uint8_t>(words[i] >> (24 - 8 * byte));
  }
  return digest;
}

// A lane with its work: whole blocks, then perhaps a padded end.
class Job {
 public:
  // Of a whole message.
  Job(ByteView message, Sha256& digest)
      : blocks_(message.size() / kBlockBytes),
        padding_(std::in_place, message.subspan(blocks_ * kBlockBytes), message.size()),
        digest_(&digest) {
    lane_.next = message.data();
    if (blocks_ == 0) nextSegment();
  }
  // More whole blocks of a message begun elsewhere. The state is read with words() when it is done.
  Job(ByteView more, const sha256::Words& words) : blocks_(more.size() / kBlockBytes) {
    lane_ = {words, more.data()};
  }
  Job(const Job&) = delete;  // its lane may point into its padding
  Job& operator=(const Job&) = delete;

  Lane* lane() { return &lane_; }
  std::size_t blocks() const { return blocks_; }
  const sha256::Words& words() const { return lane_.words; }

  // Notes that so many blocks were worked in; true if that was all.
  bool advance(std::size_t blocks) {
    blocks_ -= blocks;
    return blocks_ == 0 && !nextSegment();
  }

 private:
  bool nextSegment() {
    if (!padding_) return false;
    if (!in_padding_) {
      in_padding_ = true;
      lane_.next = padding_->bytes.data();
      blocks_ = padding_->blocks;
      return true;
    }
    *digest_ = digestOf(lane_.words);
    return false;
  }

  Lane lane_;
  std::size_t blocks_;
  std::optional<Padding> padding_;
  bool in_padding_ = false;
  Sha256* digest_ = nullptr;
};

// Works off all jobs, as many at a time as there are lanes. Jobs without blocks are done already.
void runJobs(std::span<Job* const> jobs) {
  std::array<Job*, kLanesMax> active{};
  std::array<Lane*, kLanesMax> lanes{};
  std::size_t count = 0, next = 0;
  for (;;) {
    while (count < kLanesMax && next < jobs.size()) {
      if (jobs[next]->blocks() > 0) active[count++] = jobs[next];
      ++next;
    }
    if (count == 0) return;
    std::size_t blocks = active[0]->blocks();
    for (std::size_t i = 0; i < count; ++i) {
      lanes[i] = active[i]->lane();
      blocks = std::min(blocks, active[i]->blocks());
    }
    sha256::compress({lanes.data(), count}, blocks);
    for (std::size_t i = count; i-- > 0;) {
      if (active[i]->advance(blocks)) active[i] = active[--count];
    }
  }
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

// By lanes where the CPU has them, so that another message can be hashed beside; else by OpenSSL.
struct Sha256Hasher::State {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context;
  sha256::Words words = sha256::kInitialWords;
  std::array<std::uint8_t, kBlockBytes> rest{};  // bytes of a block that is not yet whole
  std::size_t rest_bytes = 0;
  std::uint64_t bytes = 0;

  State() {
    if (sha256::lanesSupported()) return;
    context.reset(EVP_MD_CTX_new());
    ENAMEL_CHECK(context && EVP_DigestInit_ex2(context.get(), sha256Method(), nullptr) == 1);
  }

  // Takes bytes until no block is begun; returns what follows.
  ByteView fillBlock(ByteView data) {
    if (rest_bytes == 0) return data;
    const std::size_t n = std::min(kBlockBytes - rest_bytes, data.size());
    std::copy_n(data.begin(), n, rest.begin() + static_cast<std::ptrdiff_t>(rest_bytes));
    rest_bytes += n;
    if (rest_bytes == kBlockBytes) {
      rest_bytes = 0;
      Job job(ByteView(rest), words);
      runJobs(std::array{&job});
      words = job.words();
    }
    return data.subspan(n);
  }

  // Hashes the data and, with it, other jobs.
  void update(ByteView data, Job* alongside) {
    bytes += data.size();
    data = fillBlock(data);
    Job job(data, words);
    if (alongside != nullptr) {
      runJobs(std::array{&job, alongside});
    } else {
      runJobs(std::array{&job});
    }
    words = job.words();
    data = data.subspan(data.size() / kBlockBytes * kBlockBytes);
    if (data.empty()) return;
    std::copy(data.begin(), data.end(), rest.begin());
    rest_bytes = data.size();
  }
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

void Sha256Hasher::update(ByteView data) {
  if (state_->context) {
    ENAMEL_CHECK(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) == 1);
  } else {
    state_->update(data, nullptr);
  }
}

Sha256 Sha256Hasher::updateAlongside(ByteView data, ByteView message) {
  if (state_->context) {
    update(data);
    return Sha256::of(message);
  }
  Sha256 digest;
  Job job(message, digest);
  state_->update(data, &job);
  return digest;
}

Sha256 Sha256Hasher::finish() {
  Sha256 digest;
  if (state_->context) {
    ENAMEL_CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.bytes.data(), nullptr) == 1);
    return digest;
  }
  const Padding padding(ByteView(state_->rest).first(state_->rest_bytes), state_->bytes);
  Job job(ByteView(padding.bytes).first(padding.blocks * kBlockBytes), state_->words);
  runJobs(std::array{&job});
  return digestOf(job.words());
}

Sha256 Sha256::of(ByteView data) {
  Sha256 digest;
  sha256OfEach({&data, 1}, {&digest, 1});
  return digest;
}

void sha256OfEach(std::span<const ByteView> messages, std::span<Sha256> digests) {
  ENAMEL_CHECK(messages.size() == digests.size());
  if (!sha256::lanesSupported()) {
    for (std::size_t i = 0; i < messages.size(); ++i) {
      Sha256Hasher hasher;
      hasher.update(messages[i]);
      digests[i] = hasher.finish();
    }
    return;
  }
  constexpr std::size_t kAtOnce = 32;
  while (!messages.empty()) {
    const std::size_t n = std::min(kAtOnce, messages.size());
    std::array<std::optional<Job>, kAtOnce> jobs;
    std::array<Job*, kAtOnce> pointers{};
    for (std::size_t i = 0; i < n; ++i) pointers[i] = &jobs[i].emplace(messages[i], digests[i]);
    runJobs({pointers.data(), n});
    messages = messages.subspan(n);
    digests = digests.subspan(n);
  }
}

std::optional<Sha256> Sha256::parse(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  for (const char c : text) {
    if (c >= 'A' && c <= 'F') return std::nullopt;
  }
  const auto bytes = fromHex(text);
  if (!bytes) return std::nullopt;
  Sha256 digest;
  std::memcpy(digest.bytes.data(), bytes->data(), digest.bytes.size());
  return digest;
}

}  // namespace enamel
