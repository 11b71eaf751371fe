#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "http/request.h"
#include "http/response.h"

namespace enamel::http {

// "text/html; charset=utf-8"; by the name's ending, application/octet-stream for one that is not known.
std::string_view contentType(std::string_view file_name);

// Serves the files of one folder, as a single-page application wants it: Router::setFallback takes handle().
// Nothing outside the folder is ever served: the kernel confines each look-up to it, and links that lead out
// are as good as missing. Names that begin with a dot are not served. Thread-safe.
class StaticFiles {
 public:
  struct Options {
    std::string index = "index.html";
    // Paths below these are never the application's: what is not found there is 404.
    std::vector<std::string> not_pages = {"/api/", "/assets/"};
    // Files below it with a hash in their name never change under that name.
    std::string immutable_below = "/assets/";
  };
  // Throws systemError if the folder cannot be opened. It may be replaced while it is served, file by file.
  explicit StaticFiles(const std::filesystem::path& folder);
  StaticFiles(const std::filesystem::path& folder, Options options);

  // The file of that path with an ETag made of its content; "name.gz" beside it where the client takes that;
  // the index for "/" and for paths that no file has. Throws Problem(404), or Error for what cannot be read.
  Response handle(const Request& request) const;

 private:
  // Which content had which hash.
  struct Version {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t modified_ns = 0, changed_ns = 0;
    friend auto operator<=>(const Version&, const Version&) = default;
  };

  Fd open(const std::string& relative_path) const;
  Response serve(const Request& request, const std::string& relative_path, Fd file) const;
  std::string tagOf(int file, const std::string& name) const;
  bool isPage(const std::string& path) const;
  std::string cacheControl(const std::string& path) const;

  const Options options_;
  const Fd folder_;
  mutable std::mutex mutex_;
  mutable std::map<Version, std::string> tags_;  // guarded by mutex_
};

}  // namespace enamel::http
