#include "mariadb/locked_read.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "base/fd.h"

namespace enamel::mariadb {
namespace {

// Work for one thread between two looks at the list: 2 MiB of rows, a tenth of a millisecond.
constexpr std::uint64_t kRangeChunks = 32;
// Kept blocks one thread stores between two looks at the list.
constexpr std::size_t kStoreBatch = 16;
// What everybody waits for goes before other work of the machine, where we may say so.
constexpr int kUrgentNice = -10;
// How much of the time that may be taken passes before the speed is judged: a disk that hesitates for a
// moment must not cost a table its backup.
constexpr double kJudgedAfter = 1.0 / 6;

}  // namespace

LockedRead::LockedRead(const DatabaseFolder& folder, const BlockHasher& hasher, PreCopy& precopy,
                       KeptBlocks& kept, WorkerPool& workers, const FileCloner* cloner, LockedReadPace pace)
    : folder_(folder),
      hasher_(hasher),
      precopy_(precopy),
      kept_(kept),
      workers_(workers),
      cloner_(cloner),
      pace_(std::move(pace)) {}

void LockedRead::plan(const Listing& listing, const std::set<std::string>& stems) {
  for (const std::string& stem : stems) {
    const auto set = listing.find(stem);
    if (set == listing.end() || precopy_.problems().count(stem) != 0) continue;
    for (const TableFile& file : set->second.files) {
      present_.insert(file.name);
      if (file.stat_error != 0) {  // its size is not known: it would pass for an empty file
        problems_.emplace(stem, systemError("read " + file.name, file.stat_error).what());
        continue;
      }
      if (precopy_.isCurrent(file)) continue;
      Reread reread{.stem = stem, .file = file, .bytes = file.stamp.size};
      reread.header_only = file.kind == FileKind::kIndexes && !precopy_.options().keep_indexes;
      const auto known = precopy_.files().find(file.name);
      if (known != precopy_.files().end()) reread.known = known->second.hashes;
      if (reread.known.empty() && !reread.header_only) unknown_bytes_ += file.stamp.size;
      reread.chunk_bytes =
          reread.known.empty() ? chunkBytesFor(file.kind, reread.bytes) : known->second.chunk_bytes;
      reread.cloning = cloner_ != nullptr && !reread.header_only && reread.bytes >= kCloneBytesMin;
      rereads_.push_back(std::move(reread));
      if (!rereads_.back().cloning) addRanges(rereads_.size() - 1, ranges_);
    }
  }
}

void LockedRead::addRanges(std::size_t reread, std::vector<Range>& ranges) const {
  const Reread& of = rereads_[reread];
  const std::uint64_t chunks = of.header_only ? 1 : (of.bytes + of.chunk_bytes - 1) / of.chunk_bytes;
  for (std::uint64_t first = 0; first < chunks; first += kRangeChunks)
    ranges.push_back({reread, first, std::min(kRangeChunks, chunks - first)});
}

// What cannot be cloned is read.
void LockedRead::makeClones() {
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < rereads_.size(); ++i)
    if (rereads_[i].cloning) wanted.push_back(i);
  std::atomic<std::size_t> next{0};
  for (std::size_t t = 0; t < std::min(workers_.threads(), wanted.size()); ++t) {
    workers_.submit([&] {
      for (std::size_t i = next++; i < wanted.size(); i = next++) {
        Reread& reread = rereads_[wanted[i]];
        try {
          reread.clone = cloner_->clone(folder_.open(reread.file.name));
        } catch (const Error&) {
          // Reading it will say what is wrong with it.
        }
      }
    });
  }
  workers_.wait();
  for (const std::size_t i : wanted)
    if (!rereads_[i].clone) addRanges(i, ranges_);
}

void LockedRead::readHeader(Reread& reread, std::size_t index, std::vector<Changed>& changed) {
  const Fd fd = folder_.open(reread.file.name);
  std::uint8_t buffer[MyiHeader::kHeaderBytesMax];
  const std::size_t got = readFullAt(fd.get(), buffer, 0, reread.file.name);
  reread.header = parseMyiHeader({buffer, got});
  if (!reread.header || reread.header->header_bytes > got)
    throw Error(ErrorCode::kCorrupt, reread.file.name + " does not begin as a MyISAM index file does");
  reread.bytes = reread.header->header_bytes;
  const ByteView header(buffer, reread.bytes);
  changed.push_back({index, 0, hasher_(header), kept_.add(header)});
}

void LockedRead::readRange(const Range& range, Bytes& buffer, std::vector<Changed>& changed) {
  Reread& reread = rereads_[range.reread];
  if (reread.header_only) return readHeader(reread, range.reread, changed);
  const Fd fd = folder_.open(reread.file.name);
  for (std::uint64_t i = range.first; i < range.first + range.count; ++i) {
    const std::uint64_t offset = i * reread.chunk_bytes;
    const MutableByteView want(buffer.data(),
                               std::min<std::uint64_t>(reread.chunk_bytes, reread.bytes - offset));
    if (readFullAt(fd.get(), want, offset, reread.file.name) != want.size())
      throw Error(ErrorCode::kIo, reread.file.name + " became shorter while the lock was held");
    bytes_read_ += want.size();
    if (i == 0 && reread.file.kind == FileKind::kIndexes) reread.header = parseMyiHeader(want);
    const std::uint64_t hash = hasher_(want);
    if (i >= reread.known.size() || reread.known[i] != hash)
      changed.push_back({range.reread, i, hash, kept_.add(want)});
  }
}

std::uint64_t LockedRead::rangeBytes(const Range& range) const {
  const Reread& of = rereads_[range.reread];
  if (of.header_only) return 0;
  const std::uint64_t begin = range.first * of.chunk_bytes;
  return std::min(range.count * of.chunk_bytes, of.bytes - begin);
}

bool LockedRead::isSlow() {
  if (is_slow_) return true;
  const std::uint64_t behind = bytes_behind_;
  const double passed_s = pace_.now_s() - begin_s_;
  if (behind == bytes_to_read_ || passed_s < kJudgedAfter * pace_.seconds_max) return false;
  if (passed_s * static_cast<double>(bytes_to_read_) < pace_.seconds_max * static_cast<double>(behind))
    return false;
  const std::lock_guard lock(mutex_);
  slow_after_s_ = passed_s;
  is_slow_ = true;
  return true;
}

void LockedRead::findSlow() {
  std::map<std::string, std::uint64_t> by_stem;
  for (const Range& range : ranges_) by_stem[rereads_[range.reread].stem] += rangeBytes(range);
  std::vector<std::pair<std::uint64_t, std::string>> tables;
  for (const auto& [stem, bytes] : by_stem) tables.emplace_back(bytes, stem);
  std::sort(tables.rbegin(), tables.rend());
  const std::uint64_t behind = bytes_behind_;
  const double seconds_per_byte = slow_after_s_ / static_cast<double>(std::max<std::uint64_t>(behind, 1));
  std::uint64_t left = bytes_to_read_;
  for (const auto& [bytes, stem] : tables) {
    const bool rest_fits =
        !pace_.give_up_all && static_cast<double>(left) * seconds_per_byte <= pace_.seconds_max / 2;
    if (!slow_.empty() && (rest_fits || bytes == 0)) break;
    const double seconds = static_cast<double>(bytes) * seconds_per_byte;
    const std::string pace = behind == 0 ? "far too long"
                                         : "some " + std::to_string(static_cast<std::uint64_t>(seconds) + 1) +
                                               " s at the speed of the data folder";
    slow_.emplace(stem,
                  "somebody writes to it, and to read its " + formatSize(bytes) +
                      " again while the office waits would take " + pace +
                      "; run the backup when nobody writes to the table, or on the database server itself");
    left -= bytes;
  }
}

LockedRead::Outcome LockedRead::read(const Listing& listing, const std::set<std::string>& stems, bool force) {
  plan(listing, stems);
  if (!force && unknown_bytes_ > kUnknownBytesMax) return Outcome::kMuchNew;
  makeClones();
  for (const Range& range : ranges_) bytes_to_read_ += rangeBytes(range);
  begin_s_ = pace_.now_s();
  std::atomic<std::size_t> next{0};
  for (std::size_t t = 0; t < std::min(workers_.threads(), ranges_.size()); ++t) {
    workers_.submit([&] {
      static_cast<void>(::setpriority(PRIO_PROCESS, 0, kUrgentNice));  // of this thread alone
      Bytes buffer(kChunkBytesMax);
      std::vector<Changed> changed;
      for (std::size_t i = next++; i < ranges_.size() && !isSlow(); i = next++) {
        try {
          readRange(ranges_[i], buffer, changed);
        } catch (const Error& e) {
          const std::lock_guard lock(mutex_);
          problems_.emplace(rereads_[ranges_[i].reread].stem, e.what());
        }
        bytes_behind_ += rangeBytes(ranges_[i]);
      }
      const std::lock_guard lock(mutex_);
      changed_.insert(changed_.end(), changed.begin(), changed.end());
    });
  }
  workers_.wait();
  if (!is_slow_) return Outcome::kRead;
  findSlow();
  return Outcome::kSlow;
}

void LockedRead::finish(repository::BlobWriter& writer, const CancelToken& cancel) {
  CapturedFiles& files = precopy_.files();
  std::erase_if(files, [&](const auto& entry) { return present_.count(entry.first) == 0; });
  std::vector<CapturedFile*> targets;
  for (const Reread& reread : rereads_) {
    CapturedFile& file = files[reread.file.name];
    file.name = reread.file.name;
    file.kind = reread.file.kind;
    file.file = reread.file;
    file.settled = precopy_.isSettled(reread.file);
    file.header_only = reread.header_only;
    file.bytes = reread.bytes;
    if (reread.header) file.header = reread.header;
    file.chunk_bytes = reread.chunk_bytes;
    file.content.resize(file.header_only ? 1 : file.chunkCount(file.bytes));
    file.hashes.resize(file.content.size());
    targets.push_back(&file);
  }
  storeClones(targets, writer, cancel);
  storeKept(targets, writer, cancel);
}

// Its blocks are read from the disk: beside the cache, which is the server's.
void LockedRead::storeClones(const std::vector<CapturedFile*>& targets, repository::BlobWriter& writer,
                             const CancelToken& cancel) {
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < rereads_.size(); ++i)
    if (rereads_[i].clone) addRanges(i, ranges);
  const PreCopy::Options& options = precopy_.options();
  const std::size_t threads = options.threads != 0 ? options.threads : cpuCount();
  parallelFor(ranges.size(), threads, options.priority, [&](std::size_t r) {
    const Range& range = ranges[r];
    const Reread& reread = rereads_[range.reread];
    CapturedFile& file = *targets[range.reread];
    Bytes buffer(reread.chunk_bytes);
    for (std::uint64_t i = range.first; i < range.first + range.count; ++i) {
      cancel.check();
      const std::uint64_t offset = i * reread.chunk_bytes;
      const MutableByteView want(buffer.data(),
                                 std::min<std::uint64_t>(reread.chunk_bytes, reread.bytes - offset));
      try {
        if (readFullAt(reread.clone.get(), want, offset, reread.file.name) != want.size())
          throw Error(ErrorCode::kIo, reread.file.name + " became shorter while the lock was held");
      } catch (const Error& e) {
        const std::lock_guard lock(mutex_);
        problems_.emplace(reread.stem, e.what());
        return;
      }
      if (i == 0 && reread.file.kind == FileKind::kIndexes) file.header = parseMyiHeader(want);
      const std::uint64_t hash = hasher_(want);
      if (i < reread.known.size() && reread.known[i] == hash) continue;
      file.content[i] = writer.save(repository::BlobType::kData, want).id;
      file.hashes[i] = hash;
    }
    ::posix_fadvise(reread.clone.get(), static_cast<off_t>(range.first * reread.chunk_bytes),
                    static_cast<off_t>(range.count * reread.chunk_bytes), POSIX_FADV_DONTNEED);
  });
  for (Reread& reread : rereads_) reread.clone.reset();
}

void LockedRead::storeKept(const std::vector<CapturedFile*>& targets, repository::BlobWriter& writer,
                           const CancelToken& cancel) {
  const std::size_t batches = (changed_.size() + kStoreBatch - 1) / kStoreBatch;
  const std::size_t threads = precopy_.options().threads != 0 ? precopy_.options().threads : cpuCount();
  parallelFor(batches, threads, precopy_.options().priority, [&](std::size_t batch) {
    Bytes buffer;
    for (std::size_t i = batch * kStoreBatch; i < std::min(changed_.size(), (batch + 1) * kStoreBatch); ++i) {
      cancel.check();
      const Changed& changed = changed_[i];
      CapturedFile& file = *targets[changed.reread];
      file.content[changed.chunk] =
          writer.save(repository::BlobType::kData, kept_.read(changed.slot, buffer)).id;
      file.hashes[changed.chunk] = changed.hash;
    }
  });
}

}  // namespace enamel::mariadb
