#include "http/static_files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "hash/sha256.h"
#include "http/file_response.h"
#include "http/headers.h"
#include "http/problem.h"

namespace enamel::http {
namespace {

// Forgotten all together past it; they are found again by reading the files.
constexpr std::size_t kTagsMax = 4096;
constexpr std::size_t kReadBytes = 256U << 10;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool acceptsGzip(const Request& request) {
  const std::string* field = request.headers.find("Accept-Encoding");
  if (field == nullptr) return false;
  std::string_view rest = *field;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    const auto semicolon = item.find(';');
    if (!equalsIgnoringCase(trimmed(item.substr(0, semicolon)), "gzip")) continue;
    if (semicolon == std::string_view::npos) return true;
    const std::string_view weight = trimmed(item.substr(semicolon + 1));
    return weight.find_first_of("123456789") != std::string_view::npos;  // "q=0", "q=0.000": not at all
  }
  return false;
}

bool isHidden(std::string_view path) {
  return path.starts_with('.') || path.find("/.") != std::string_view::npos;
}

// "index-B4x81kQz.js": a hyphen or dot, then eight or more of base64's URL alphabet, then the ending.
bool hasHash(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot < 9) return false;
  const std::string_view stem = name.substr(0, dot);
  const auto before = stem.substr(0, stem.size() - 8).find_last_of("-.");
  if (before == std::string_view::npos) return false;
  const std::string_view hash = stem.substr(before + 1);
  return std::all_of(hash.begin(), hash.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

}  // namespace

std::string_view contentType(std::string_view file_name) {
  struct Type {
    std::string_view ending, type;
  };
  static constexpr std::array<Type, 16> kTypes{{{".html", "text/html; charset=utf-8"},
                                                {".js", "text/javascript; charset=utf-8"},
                                                {".mjs", "text/javascript; charset=utf-8"},
                                                {".css", "text/css; charset=utf-8"},
                                                {".svg", "image/svg+xml"},
                                                {".png", "image/png"},
                                                {".jpg", "image/jpeg"},
                                                {".webp", "image/webp"},
                                                {".ico", "image/x-icon"},
                                                {".woff2", "font/woff2"},
                                                {".json", "application/json"},
                                                {".map", "application/json"},
                                                {".webmanifest", "application/manifest+json"},
                                                {".txt", "text/plain; charset=utf-8"},
                                                {".pdf", "application/pdf"},
                                                {".wasm", "application/wasm"}}};
  const std::string name = lowerCase(file_name);
  for (const Type& type : kTypes)
    if (name.ends_with(type.ending)) return type.type;
  return "application/octet-stream";
}

StaticFiles::StaticFiles(const std::filesystem::path& folder) : StaticFiles(folder, Options()) {}

StaticFiles::StaticFiles(const std::filesystem::path& folder, Options options)
    : options_(std::move(options)), folder_(openFile(folder.string(), O_PATH | O_DIRECTORY)) {}

// An empty Fd for what is not there, no regular file, or led to by a link out of the folder.
Fd StaticFiles::open(const std::string& relative_path) const {
  if (relative_path.empty() || isHidden(relative_path)) return {};
  open_how how{};
  // A fifo would otherwise hold up the worker until somebody writes to it.
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  long result = -1;
  do {
    result = ::syscall(SYS_openat2, folder_.get(), relative_path.c_str(), &how, sizeof how);
  } while (result < 0 && (errno == EINTR || errno == EAGAIN));
  if (result < 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == EXDEV || errno == ELOOP || errno == ENAMETOOLONG ||
        errno == ENXIO)
      return {};
    throw systemError("open the page's file " + relative_path, errno);
  }
  Fd file(static_cast<int>(result));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw systemError("look at the page's file " + relative_path, errno);
  if (!S_ISREG(status.st_mode)) return {};
  return file;
}

std::string StaticFiles::tagOf(int file, const std::string& name) const {
  struct stat status {};
  if (::fstat(file, &status) != 0) throw systemError("look at the page's file " + name, errno);
  const Version version{.device = status.st_dev,
                        .inode = status.st_ino,
                        .size = static_cast<std::uint64_t>(status.st_size),
                        .modified_ns = nanoseconds(status.st_mtim),
                        .changed_ns = nanoseconds(status.st_ctim)};
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = tags_.find(version); found != tags_.end()) return found->second;
  }
  Sha256Hasher hasher;
  Bytes buffer(kReadBytes);
  std::uint64_t offset = 0;
  while (const std::size_t count = readFullAt(file, buffer, offset, name)) {
    hasher.update(ByteView(buffer).first(count));
    offset += count;
  }
  // 128 bits of it: enough to tell versions of a file apart, half as long in every answer.
  std::string tag = strongTag(hasher.finish().hex().substr(0, 32));
  const std::lock_guard lock(mutex_);
  if (tags_.size() >= kTagsMax) tags_.clear();
  tags_[version] = tag;
  return tag;
}

bool StaticFiles::isPage(const std::string& path) const {
  return std::none_of(options_.not_pages.begin(), options_.not_pages.end(),
                      [&path](const std::string& other) { return (path + "/").starts_with(other); });
}

std::string StaticFiles::cacheControl(const std::string& path) const {
  const bool immutable = path.starts_with(options_.immutable_below) && hasHash(path);
  return immutable ? "public, max-age=31536000, immutable" : "no-cache";
}

Response StaticFiles::serve(const Request& request, const std::string& relative_path, Fd file) const {
  bool zipped = false;
  if (acceptsGzip(request)) {
    if (Fd zipped_file = open(relative_path + ".gz")) {
      file = std::move(zipped_file);
      zipped = true;
    }
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw systemError("look at the page's file " + relative_path, errno);
  FileContent content{.size = static_cast<std::uint64_t>(status.st_size),
                      .content_type = std::string(contentType(relative_path)),
                      .etag = tagOf(file.get(), relative_path)};
  content.file = std::move(file);
  Response response = fileResponse(request, std::move(content));
  response.headers.set("Cache-Control", cacheControl("/" + relative_path));
  response.headers.set("Vary", "Accept-Encoding");
  if (zipped && response.status != 416) response.headers.set("Content-Encoding", "gzip");
  return response;
}

Response StaticFiles::handle(const Request& request) const {
  const std::string relative_path = request.path.substr(1);
  if (Fd file = open(relative_path)) return serve(request, relative_path, std::move(file));
  if (isPage(request.path) && !isHidden(relative_path)) {
    if (Fd file = open(options_.index)) return serve(request, options_.index, std::move(file));
  }
  throw Problem(404, "there is nothing at this address", "not_found");
}

}  // namespace enamel::http
