#pragma once

#include <atomic>
#include <cstdint>

#include "base/error.h"
#include "storage/storage.h"

namespace enamel::storage {

// Passes everything on to another storage and breaks at the n-th operation, counted over all that read or
// write.
class FaultyStorage final : public Storage {
 public:
  enum class Fault {
    kFail,      // the operation does nothing and throws kIo; later ones work
    kDie,       // so does every later one: the process was killed, the cable pulled
    kLostReply  // the operation is done, then throws; every later one throws as well
  };
  FaultyStorage(Storage& inner, std::uint64_t operation, Fault fault)
      : inner_(inner), at_(operation), fault_(fault) {}

  // True if the operation to break was reached.
  bool hit() const { return count_ > at_; }
  std::uint64_t operations() const { return count_; }

  using Storage::put;
  void put(const FileHandle& file, std::span<const ByteView> parts) override {
    around(file, [&] { inner_.put(file, parts); });
  }
  void getRange(const FileHandle& file, std::uint64_t offset, MutableByteView buffer) override {
    around(file, [&] { inner_.getRange(file, offset, buffer); });
  }
  Bytes get(const FileHandle& file, std::uint64_t size_max) override {
    Bytes out;
    around(file, [&] { out = inner_.get(file, size_max); });
    return out;
  }
  std::optional<std::uint64_t> size(const FileHandle& file) override {
    std::optional<std::uint64_t> out;
    around(file, [&] { out = inner_.size(file); });
    return out;
  }
  std::vector<FileInfo> list(FileType type) override {
    std::vector<FileInfo> out;
    around({type, "list"}, [&] { out = inner_.list(type); });
    return out;
  }
  void remove(const FileHandle& file) override {
    around(file, [&] { inner_.remove(file); });
  }
  void create() override {
    around({}, [&] { inner_.create(); });
  }
  std::string location() const override { return inner_.location(); }

 private:
  template <class Operation>
  void around(const FileHandle& file, Operation operation) {
    const std::uint64_t number = count_++;
    if (number == at_ && fault_ == Fault::kLostReply) operation();
    if (number == at_ || (number > at_ && fault_ != Fault::kFail)) {
      throw Error(ErrorCode::kIo,
                  "injected fault at operation " + std::to_string(number) + " on " + file.describe());
    }
    operation();
  }

  Storage& inner_;
  const std::uint64_t at_;
  const Fault fault_;
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace enamel::storage
