#include "mariadb/precopy.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/fd.h"
#include "base/time.h"

namespace enamel::mariadb {
namespace {

// Chunks one thread reads before it looks for other work: 8 MiB of rows.
constexpr std::uint64_t kRangeChunks = 128;
constexpr std::uint64_t kRenewChunks = 8 * kRangeChunks;
// Smaller files are read in no time however they lie in memory.
constexpr std::uint64_t kRenewBytesMin = 16U << 20;

}  // namespace

PreCopy::PreCopy(const DatabaseFolder& folder, const BlockHasher& hasher, repository::BlobWriter& writer,
                 files::RateLimiter& limiter, Options options, Progress& progress, const CancelToken& cancel)
    : folder_(folder),
      hasher_(hasher),
      writer_(writer),
      limiter_(limiter),
      options_(std::move(options)),
      progress_(progress),
      cancel_(cancel) {}

bool PreCopy::isSettled(const TableFile& file) const {
  return options_.trust_times &&
         std::max(file.stamp.mtime_ns, file.stamp.ctime_ns) + options_.time_step_ns < options_.now_ns();
}

bool PreCopy::isCurrent(const TableFile& file) const {
  const auto it = files_.find(file.name);
  return it != files_.end() && it->second.settled && it->second.file.stamp == file.stamp;
}

void PreCopy::note(const std::string& stem, const std::string& problem) {
  const std::lock_guard lock(mutex_);
  problems_.emplace(stem, problem);
}

bool PreCopy::takeFromParent(const TableFile& file) {
  if (options_.parent == nullptr || !isSettled(file)) return false;
  const repository::Node* node = options_.parent->find(file.name);
  if (node == nullptr || node->type != repository::NodeType::kFile) return false;
  if (node->inode != file.stamp.inode || node->mtime.ns != file.stamp.mtime_ns ||
      node->ctime.ns != file.stamp.ctime_ns ||
      std::max(node->mtime.ns, node->ctime.ns) + options_.time_step_ns >= options_.parent_instant_ns)
    return false;
  CapturedFile captured{.name = file.name, .kind = file.kind, .file = file, .settled = true};
  captured.bytes = node->size;
  captured.content = node->content;
  std::uint64_t expected = file.stamp.size;
  if (file.kind == FileKind::kIndexes) {
    readHeader(captured);
    captured.header_only = !options_.keep_indexes;
    if (captured.header_only) expected = captured.header->header_bytes;
  }
  if (node->size != expected) return false;
  if (!std::all_of(node->content.begin(), node->content.end(), options_.is_stored)) return false;
  files_[file.name] = std::move(captured);
  progress_.bytes_done += node->size;
  return true;
}

void PreCopy::readHeader(CapturedFile& captured) {
  const Fd fd = folder_.open(captured.name);
  std::uint8_t prefix[MyiHeader::kPrefixBytes];
  const std::size_t got = readFullAt(fd.get(), prefix, 0, captured.name);
  captured.header = parseMyiHeader({prefix, got});
  if (!captured.header)
    throw Error(ErrorCode::kCorrupt, captured.name + " does not begin as a MyISAM index file does");
}

void PreCopy::begin(const std::string& stem, const TableFile& file, std::vector<Range>& ranges) {
  if (file.stat_error != 0) throw systemError("read " + file.name, file.stat_error);
  CapturedFile& captured = files_[file.name];
  // Read before and changed since: everybody will wait for it under the lock.
  captured.renew_above.reset();
  if (!captured.renewed && !captured.hashes.empty() && captured.bytes >= kRenewBytesMin &&
      !folder_.remote() && captured.cache_cost.known()) {
    captured.renew_above = captured.cache_cost;
    captured.renewed = true;
  }
  captured.cache_cost = {};
  captured.name = file.name;
  captured.kind = file.kind;
  captured.file = file;
  captured.settled = isSettled(file);
  captured.bytes = file.stamp.size;
  if (file.kind == FileKind::kIndexes) {
    readHeader(captured);
    captured.header_only = !options_.keep_indexes;
    if (captured.header_only) captured.bytes = captured.header->header_bytes;
  }
  if (captured.hashes.empty()) captured.chunk_bytes = chunkBytesFor(file.kind, captured.bytes);
  const std::uint64_t chunks = captured.chunkCount(captured.bytes);
  captured.content.resize(chunks);
  // What the parent's content hashed to is not known: all of it counts as new here, and costs nothing to
  // store again.
  if (captured.hashes.empty())
    std::fill(captured.content.begin(), captured.content.end(), repository::BlobId());
  captured.hashes.resize(chunks);
  // Longer ones, where the first part shows whether the others are worth it.
  const std::uint64_t range_chunks = captured.renew_above ? kRenewChunks : kRangeChunks;
  for (std::uint64_t first = 0; first < chunks; first += range_chunks)
    ranges.push_back({&captured, &stem, first, std::min(range_chunks, chunks - first)});
}

// Of the part of a range that begins with a chunk.
std::uint64_t PreCopy::partBytes(const Range& range, std::uint64_t chunk) {
  return std::min(kRangeChunks, range.first + range.count - chunk) * range.file->chunk_bytes;
}

// False once the disk turns out too slow for it.
bool PreCopy::renewPart(int fd, std::uint64_t offset, std::uint64_t bytes) {
  if (!may_renew_) return false;
  const double begin_s = monotonicSeconds();
  renewInCache(fd, offset, bytes);
  if (static_cast<double>(bytes) < kRenewBytesPerSecondMin * (monotonicSeconds() - begin_s))
    may_renew_ = false;
  return true;
}

// Reading fails for one file, and ends one table; storing fails for all.
void PreCopy::readRange(const Range& range) {
  CapturedFile& captured = *range.file;
  Bytes buffer(captured.chunk_bytes);
  Fd fd;
  CacheCost cost;
  bool renew = captured.renew_above.has_value();
  for (std::uint64_t i = range.first; i < range.first + range.count; ++i) {
    cancel_.check();
    const std::uint64_t offset = i * captured.chunk_bytes;
    const MutableByteView want(buffer.data(),
                               std::min<std::uint64_t>(buffer.size(), captured.bytes - offset));
    limiter_.take(want.size(), cancel_);
    std::size_t got = 0;
    try {
      if (!fd) fd = folder_.open(captured.name);
      if (renew && (i - range.first) % kRangeChunks == 0) {
        if (i > range.first) renew = cost.muchFasterThan(*captured.renew_above);
        renew = renew && renewPart(fd.get(), offset, partBytes(range, i));
      }
      bool cached = readCached(fd.get(), want, offset, cost);
      if (!cached && !renew && captured.bytes >= kRenewBytesMin && !folder_.remote() &&
          (i - range.first) % kRangeChunks == 0) {
        bringIntoCache(fd.get(), offset, partBytes(range, i));  // it has to come from the disk anyway
        cached = readCached(fd.get(), want, offset, cost);
      }
      got = cached ? want.size() : readFullAt(fd.get(), want, offset, captured.name);
    } catch (const Error& e) {
      if (e.code() != ErrorCode::kNotFound) note(*range.stem, e.what());
    }
    if (got != want.size()) {  // vanished or cut off since it was listed
      const std::lock_guard lock(mutex_);
      torn_.insert(captured.name);
      return;
    }
    const std::uint64_t hash = hasher_(want);
    if (captured.content[i].isZero()) progress_.bytes_done += want.size();
    if (captured.content[i].isZero() || captured.hashes[i] != hash) {
      captured.content[i] = writer_.save(repository::BlobType::kData, want).id;
      captured.hashes[i] = hash;
      new_bytes_ += want.size();
    }
  }
  const std::lock_guard lock(mutex_);
  captured.cache_cost.bytes += cost.bytes;
  captured.cache_cost.cpu_ns += cost.cpu_ns;
}

std::uint64_t PreCopy::pass(const Listing& listing, const std::set<std::string>& stems) {
  new_bytes_ = 0;
  std::vector<Range> ranges;
  std::set<std::string> present;
  for (const std::string& stem : stems) {
    const auto it = listing.find(stem);
    if (it == listing.end() || problems_.count(stem) != 0) continue;
    try {
      for (const TableFile& file : it->second.files) {
        present.insert(file.name);
        const bool known = files_.count(file.name) != 0;
        if (isCurrent(file)) continue;
        if (!known && file.stat_error == 0 && takeFromParent(file)) continue;
        begin(stem, file, ranges);
      }
    } catch (const Error& e) {
      // One that was dropped just now is missing in the next listing.
      if (e.code() != ErrorCode::kNotFound) note(stem, e.what());
      for (const TableFile& file : it->second.files) {
        files_.erase(file.name);
        std::erase_if(ranges, [&](const Range& range) { return range.stem == &stem; });
      }
    }
  }
  std::erase_if(files_, [&](const auto& entry) { return present.count(entry.first) == 0; });
  const std::size_t threads = options_.threads != 0 ? options_.threads : cpuCount();
  parallelFor(ranges.size(), threads, options_.priority, [&](std::size_t i) {
    progress_.setCurrent(ranges[i].file->name);
    readRange(ranges[i]);
  });
  // A file that was not read whole is unknown: the next look reads all of it.
  for (const std::string& name : torn_) files_.erase(name);
  torn_.clear();
  return new_bytes_;
}

}  // namespace enamel::mariadb
