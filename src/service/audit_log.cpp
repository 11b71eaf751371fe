#include "service/audit_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/printable.h"

namespace enamel::service {
namespace {

constexpr std::string_view kHeadFirstLine = "enamel-audit-head 1\n";
constexpr std::uint64_t kHeadBytesMax = 4096;
constexpr std::string_view kCutMark = " [cut]";

constexpr std::string_view kColumns =
    "SELECT sequence, time_ns, user, account, address, action, object, outcome, details, hash FROM "
    "audit_log ";
constexpr std::string_view kWhere =
    "WHERE (?1 IS NULL OR user = ?1) AND (?2 IS NULL OR action = ?2) AND (?3 IS NULL OR time_ns >= ?3) "
    "AND (?4 IS NULL OR time_ns <= ?4) ";

std::string tidy(const std::string& text, std::size_t bytes_max) {
  std::string out = printable(std::string_view(text).substr(0, bytes_max));
  if (text.size() <= bytes_max && out.size() <= bytes_max) return out;
  std::size_t end = std::min(out.size(), bytes_max - kCutMark.size());
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80) --end;  // whole characters
  out.resize(end);
  return out.append(kCutMark);
}

AuditEntry entryOf(const AuditEvent& event) {
  AuditEntry entry;
  entry.user = tidy(event.user, AuditLog::kFieldBytesMax);
  entry.account = tidy(event.account, AuditLog::kFieldBytesMax);
  entry.address = tidy(event.address, AuditLog::kFieldBytesMax);
  entry.action = tidy(event.action, AuditLog::kFieldBytesMax);
  entry.object = tidy(event.object, AuditLog::kFieldBytesMax);
  entry.outcome = tidy(event.outcome, AuditLog::kFieldBytesMax);
  entry.details = tidy(event.details, AuditLog::kDetailsBytesMax);
  return entry;
}

AuditEntry entryOf(const Row& row) {
  AuditEntry entry;
  entry.sequence = row.integer(0);
  entry.time.ns = row.integer(1);
  entry.user = row.text(2);
  entry.account = row.text(3);
  entry.address = row.text(4);
  entry.action = row.text(5);
  entry.object = row.text(6);
  entry.outcome = row.text(7);
  entry.details = row.text(8);
  const Bytes hash = row.blob(9);
  if (hash.size() == entry.hash.bytes.size()) std::copy(hash.begin(), hash.end(), entry.hash.bytes.begin());
  return entry;
}

std::optional<std::int64_t> nanoseconds(const std::optional<Timestamp>& time) {
  return time ? std::optional(time->ns) : std::nullopt;
}

std::string entries(std::int64_t first, std::int64_t last) {
  return first == last ? "entry " + std::to_string(first)
                       : "entries " + std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace

Sha256 AuditEntry::hashAfter(const Sha256& previous) const {
  Sha256Hasher hasher;
  hasher.update(previous.bytes);
  const std::string number = std::to_string(sequence), nanos = std::to_string(time.ns);
  const std::array<std::string_view, 10> texts = {"enamel-audit-1", number, nanos,  user,    account,
                                                  address,          action, object, outcome, details};
  for (const std::string_view text : texts) {
    hasher.update(asBytes(std::to_string(text.size()) + ":"));
    hasher.update(asBytes(text));
    hasher.update(asBytes(","));
  }
  return hasher.finish();
}

AuditLog::AuditLog(Database& database, std::filesystem::path head_path, const Clock& clock)
    : database_(database), head_path_(std::move(head_path)), clock_(clock) {}

AuditEntry AuditLog::append(const AuditEvent& event) {
  AuditEntry entry = entryOf(event);
  const std::lock_guard lock(mutex_);
  ENAMEL_CHECK(!database_.inTransaction());
  database_.transaction([&] {
    AuditEntry newest;  // of an empty log: number 0 and a hash of zeros
    database_.query(std::string(kColumns) + "ORDER BY sequence DESC LIMIT 1", {},
                    [&](const Row& row) { newest = entryOf(row); });
    entry.sequence = newest.sequence + 1;
    entry.time = clock_.now();
    entry.hash = entry.hashAfter(newest.hash);
    database_.execute("INSERT INTO audit_log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {entry.sequence, entry.time.ns, entry.user, entry.account, entry.address, entry.action,
                       entry.object, entry.outcome, entry.details, toBytes(entry.hash.bytes)});
  });
  writeHead(entry);
  return entry;
}

AuditVerdict AuditLog::verify() const {
  std::optional<Head> head;
  std::int64_t newest = 0;
  {
    const std::lock_guard lock(mutex_);
    newest = database_.integer("SELECT max(sequence) FROM audit_log").value_or(0);
    try {
      head = readHead();
    } catch (const Error& error) {
      return {.entries = 0, .finding = AuditFinding{.sequence = newest, .what = error.what()}};
    }
  }
  AuditVerdict verdict;
  Sha256 previous;
  forEach({}, [&](const AuditEntry& entry) {
    if (verdict.finding || entry.sequence > newest) return;
    const std::int64_t expected = verdict.entries + 1;
    if (entry.sequence < expected)
      verdict.finding = {.sequence = entry.sequence,
                         .what = entries(entry.sequence, entry.sequence) + " was slipped in past the log"};
    else if (entry.sequence > expected)
      verdict.finding = {.sequence = expected, .what = entries(expected, entry.sequence - 1) + " missing"};
    else if (entry.hash != entry.hashAfter(previous))
      verdict.finding = {.sequence = expected,
                         .what = entries(expected, expected) +
                                 " does not fit its hash: it was changed, or what was before it"};
    else if (head && head->sequence == expected && head->hash != entry.hash)
      verdict.finding = {
          .sequence = expected,
          .what = entries(expected, expected) +
                  " is another one than was written: the log was replaced from there or before"};
    if (verdict.finding) return;
    verdict.entries = expected;
    previous = entry.hash;
  });
  if (!verdict.finding) verdict.finding = compareWithHead(head, newest);
  return verdict;
}

std::optional<AuditFinding> AuditLog::compareWithHead(const std::optional<Head>& head,
                                                      std::int64_t newest) const {
  if (head && head->sequence > newest)
    return AuditFinding{.sequence = newest + 1,
                        .what = entries(newest + 1, head->sequence) + " removed from the end of the log"};
  // The first entry of all may have been written just before a crash, its head not yet.
  if (!head && newest > 1)
    return AuditFinding{
        .sequence = newest,
        .what = head_path_.string() + " is missing, so nobody can tell whether newer entries were removed"};
  return std::nullopt;
}

AuditVerdict AuditLog::verifyAndRecord() {
  AuditVerdict verdict = verify();
  if (verdict.finding)
    append({.account = "service",
            .address = "local",
            .action = "audit.verify",
            .object = "entry " + std::to_string(verdict.finding->sequence),
            .outcome = "failed",
            .details = verdict.finding->what});
  return verdict;
}

std::vector<AuditEntry> AuditLog::page(const AuditFilter& filter, std::size_t limit,
                                       std::optional<std::int64_t> before) const {
  std::vector<AuditEntry> found;
  database_.query(std::string(kColumns).append(kWhere) +
                      "AND (?5 IS NULL OR sequence < ?5) ORDER BY sequence DESC LIMIT ?6",
                  {valueOrNull(filter.user), valueOrNull(filter.action),
                   valueOrNull(nanoseconds(filter.from)), valueOrNull(nanoseconds(filter.to)),
                   valueOrNull(before), static_cast<std::int64_t>(std::min(limit, kPageMax))},
                  [&](const Row& row) { found.push_back(entryOf(row)); });
  return found;
}

void AuditLog::forEach(const AuditFilter& filter, const std::function<void(const AuditEntry&)>& each) const {
  const std::int64_t newest = database_.integer("SELECT max(sequence) FROM audit_log").value_or(0);
  std::int64_t after = std::numeric_limits<std::int64_t>::min();
  std::vector<AuditEntry> some;
  do {
    some.clear();
    database_.query(
        std::string(kColumns).append(kWhere) +
            "AND sequence > ?5 AND sequence <= ?6 ORDER BY sequence LIMIT ?7",
        {valueOrNull(filter.user), valueOrNull(filter.action), valueOrNull(nanoseconds(filter.from)),
         valueOrNull(nanoseconds(filter.to)), after, newest, static_cast<std::int64_t>(kPageMax)},
        [&](const Row& row) { some.push_back(entryOf(row)); });
    for (const AuditEntry& entry : some) each(entry);
    if (!some.empty()) after = some.back().sequence;
  } while (some.size() == kPageMax);
}

std::optional<AuditLog::Head> AuditLog::readHead() const {
  if (!std::filesystem::exists(std::filesystem::symlink_status(head_path_))) return std::nullopt;
  const Bytes bytes = readFile(head_path_, kHeadBytesMax);
  std::string_view text = asText(bytes);
  const Error damaged(ErrorCode::kCorrupt, head_path_.string() + " is damaged");
  if (text.substr(0, kHeadFirstLine.size()) != kHeadFirstLine) throw damaged;
  text.remove_prefix(kHeadFirstLine.size());
  Head head;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), head.sequence);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (failed != std::errc() || head.sequence < 1 || text.size() != 66 || text.front() != ' ' ||
      text.back() != '\n')
    throw damaged;
  const auto hash = Sha256::parse(text.substr(1, 64));
  if (!hash) throw damaged;
  head.hash = *hash;
  return head;
}

void AuditLog::writeHead(const AuditEntry& newest) const {
  const std::string text =
      std::string(kHeadFirstLine) + std::to_string(newest.sequence) + " " + newest.hash.hex() + "\n";
  const ByteView part = asBytes(text);
  writeFileDurably(head_path_, std::span(&part, 1), 0600);
}

}  // namespace enamel::service
