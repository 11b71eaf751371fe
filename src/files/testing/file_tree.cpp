#include "files/testing/file_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <utility>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "files/extended_attributes.h"
#include "files/folder_list.h"
#include "hash/sha256.h"

namespace enamel::files {
namespace {

constexpr uid_t kNobody = 65534;
constexpr std::string_view kPassword = "password";

struct Describer {
  std::map<std::string, std::string> lines;
  std::map<std::pair<dev_t, ino_t>, std::string> first_names;

  void folder(int fd, const std::string& prefix) {
    for (const ListedName& listed : listNames(fd)) entry(fd, listed.name, prefix + listed.name);
  }

  void entry(int parent, const std::string& name, const std::string& path) {
    struct stat st {};
    if (fstatat(parent, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0)
      throw systemError("stat " + path, errno);
    std::string line = "mode " + std::to_string(st.st_mode) + " owner " + std::to_string(st.st_uid) + ":" +
                       std::to_string(st.st_gid) + " mtime " + std::to_string(st.st_mtim.tv_sec) + "." +
                       std::to_string(st.st_mtim.tv_nsec);
    if (S_ISLNK(st.st_mode)) line += " to " + readLink(parent, name);
    if (S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode)) line += " device " + std::to_string(st.st_rdev);
    if (!S_ISDIR(st.st_mode) && st.st_nlink > 1) {
      const auto [first, fresh] = first_names.try_emplace({st.st_dev, st.st_ino}, path);
      if (!fresh) line += " same as " + first->second;
    }
    if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) {
      const Fd fd(::openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
      if (!fd) throw systemError("open " + path, errno);
      for (const auto& attribute : readExtendedAttributes({.fd = fd.get()}))
        line += " " + attribute.name + "=" + toHex(attribute.value);
      if (S_ISREG(st.st_mode))
        line += " size " + std::to_string(st.st_size) + " sha256 " + hash(fd.get(), path);
      lines[path] = line;
      if (S_ISDIR(st.st_mode)) folder(fd.get(), path + "/");
    } else {
      lines[path] = line;
    }
  }

  static std::string hash(int fd, const std::string& path) {
    Sha256Hasher hasher;
    Bytes buffer(1U << 20);
    while (const std::size_t n = readFull(fd, buffer, path)) hasher.update(ByteView(buffer).first(n));
    return hasher.finish().hex();
  }
};

}  // namespace

std::map<std::string, std::string> describeTree(const std::filesystem::path& root) {
  Describer describer;
  const Fd fd = openFile(root.string(), O_RDONLY | O_DIRECTORY);
  describer.folder(fd.get(), "");
  return std::move(describer.lines);
}

void setTimes(const std::filesystem::path& path, std::int64_t seconds, std::int64_t ns) {
  const timespec times[2] = {{seconds, ns}, {seconds, ns}};
  if (utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
    throw systemError("set the times of " + path.string(), errno);
}

void writeText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string noise(std::size_t count, std::uint64_t seed) {
  std::string out(count, '\0');
  std::uint64_t state = seed * 2862933555777941757ULL + 3037000493ULL;
  for (char& byte : out) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<char>(state >> 56);
  }
  return out;
}

TestRepository::TestRepository() {
  repository::Repository::create(storage_, kPassword, repository::KdfParameters::cheap(), Clock::system());
  reopen();
}

void TestRepository::reopen() {
  repository_ = repository::Repository::open(storage_, kPassword);
  repository_->loadIndex();
}

ArchiveResult TestRepository::archive(const std::filesystem::path& folder,
                                      const std::optional<repository::BlobId>& parent,
                                      const ArchiveOptions& options, const HookedWriter::Hook& hook,
                                      const CancelToken& cancel) {
  HookedWriter writer(repository_->newWriter(), hook);
  Progress progress;
  ArchiveResult result = archiveFolder(folder, parent, *repository_, writer, options, progress, cancel);
  writer.flush();
  stats_ = writer.stats();
  return result;
}

RestoreResult TestRepository::restore(const repository::BlobId& tree, const std::filesystem::path& target,
                                      const RestoreOptions& options) {
  Progress progress;
  return restoreTree(*repository_, tree, target, options, progress, CancelToken::never());
}

OrdinaryUser::OrdinaryUser() : was_root_(geteuid() == 0) {
  if (was_root_ && seteuid(kNobody) != 0) throw systemError("become an ordinary user", errno);
}

OrdinaryUser::~OrdinaryUser() {
  if (was_root_ && seteuid(0) != 0) std::abort();  // every later test would run with the wrong rights
}

}  // namespace enamel::files
