#include "mariadb/row_writer.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace enamel::mariadb {
namespace {

constexpr std::array<bool, 256> escapedBytes() {
  std::array<bool, 256> escaped{};
  escaped[0] = escaped['\t'] = escaped['\n'] = escaped['\\'] = true;
  return escaped;
}
constexpr auto kEscaped = escapedBytes();

// Writes the value's text to out, which has room for twice its bytes; returns the end.
std::uint8_t* escape(const char* data, std::size_t size, std::uint8_t* out) {
  const auto* at = reinterpret_cast<const std::uint8_t*>(data);
  for (const auto* const end = at + size; at != end; ++at) {
    if (kEscaped[*at]) {
      *out++ = '\\';
      *out++ = *at == 0 ? '0' : *at;
    } else {
      *out++ = *at;
    }
  }
  return out;
}

std::size_t longestText(const Row& row) {
  std::size_t bytes = 3 * row.size() + 1;
  for (const Field& field : row) bytes += 2 * field.size;
  return bytes;
}

}  // namespace

RowWriter::RowWriter(repository::BlobWriter& writer, const chunker::RowCutter& cutter, Progress& progress)
    : writer_(writer), cutter_(cutter), progress_(progress) {}

void RowWriter::save() {
  if (used_ == 0) return;
  content_.push_back(writer_.save(repository::BlobType::kData, ByteView(chunk_.data(), used_)).id);
  bytes_ += used_;
  progress_.bytes_done += used_;
  used_ = 0;
}

void RowWriter::add(const Row& row) {
  ++rows_;
  const std::size_t longest = longestText(row);
  if (longest > 2 * cutter_.options().size_max) return addLong(row);
  if (chunk_.size() < used_ + longest) chunk_.resize(std::max(used_ + longest, cutter_.options().size_max));
  std::uint8_t* const begin = chunk_.data() + used_;
  std::uint8_t* out = begin;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) *out++ = '\t';
    if (row[i].isNull()) {
      *out++ = '\\';
      *out++ = 'N';
    } else {
      out = escape(row[i].data, row[i].size, out);
    }
  }
  *out++ = '\n';
  const auto row_bytes = static_cast<std::size_t>(out - begin);
  if (cutter_.cutBefore(row_bytes, used_)) {
    const std::size_t at = used_;
    save();
    std::memmove(chunk_.data(), chunk_.data() + at, row_bytes);
  }
  const ByteView text(chunk_.data() + used_, row_bytes);
  used_ += row_bytes;
  if (cutter_.cutAfter(text, used_)) save();
}

void RowWriter::addLong(const Row& row) {
  save();
  const std::size_t piece = cutter_.options().size_max;
  chunk_.resize(std::max(chunk_.size(), piece + 2));
  const auto append = [&](const char* data, std::size_t size) {
    while (size > 0) {
      const std::size_t now = std::min(size, (piece - used_) / 2 + 1);
      used_ = static_cast<std::size_t>(escape(data, now, chunk_.data() + used_) - chunk_.data());
      data += now;
      size -= now;
      if (used_ >= piece) save();
    }
  };
  const auto appendRaw = [&](const char* text) {
    while (*text != '\0') chunk_[used_++] = static_cast<std::uint8_t>(*text++);
    if (used_ >= piece) save();
  };
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) appendRaw("\t");
    if (row[i].isNull()) {
      appendRaw("\\N");
    } else {
      append(row[i].data, row[i].size);
    }
  }
  appendRaw("\n");
  save();
}

void RowWriter::finish() {
  save();
  chunk_ = Bytes();
}

}  // namespace enamel::mariadb
