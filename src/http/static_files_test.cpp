#include "http/static_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>

#include "base/error.h"
#include "base/file.h"
#include "http/problem.h"

namespace enamel::http {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    write("page/index.html", "<index>");
    write("page/robots.txt", "robots");
    write("page/assets/index-B4x81kQz.js", "script");
    write("page/assets/index-B4x81kQz.js.gz", "zipped");
    write("page/assets/plain.css", "style");
    write("page/.secret", "hidden");
    write("outside", "outside");
    fs::create_symlink("../outside", folder_.path() / "page/out");
    fs::create_symlink((folder_.path() / "outside").string(), folder_.path() / "page/absolute");
    fs::create_symlink("robots.txt", folder_.path() / "page/inside.txt");
    fs::create_directory_symlink("..", folder_.path() / "page/up");
    EXPECT_EQ(::mkfifo((folder_.path() / "page/fifo").c_str(), 0600), 0);
  }

  void write(const std::string& name, const std::string& content) {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << content;
  }

  Response ask(const std::string& path, Headers headers = {}) {
    Request request;
    request.method = "GET";
    request.path = path;
    request.headers = std::move(headers);
    return files().handle(request);
  }

  StaticFiles& files() {
    if (!files_) files_ = std::make_unique<StaticFiles>(folder_.path() / "page");
    return *files_;
  }

  static std::string bodyOf(const Response& response) {
    const auto& file = std::get<FileBody>(response.body);
    std::string text(file.size, '\0');
    readFullAt(file.file.get(), {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}, file.offset,
               "body");
    return text;
  }

  int statusOf(const std::string& path) {
    try {
      return ask(path).status;
    } catch (const Problem& problem) {
      return problem.status();
    }
  }

  const TempDirectory folder_{"enamel-http-"};
  std::unique_ptr<StaticFiles> files_;
};

TEST_F(StaticFilesTest, ServesFilesWithTheirKind) {
  const Response robots = ask("/robots.txt");
  EXPECT_EQ(bodyOf(robots), "robots");
  EXPECT_EQ(*robots.headers.find("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(*robots.headers.find("Cache-Control"), "no-cache");
  EXPECT_EQ(bodyOf(ask("/inside.txt")), "robots") << "a link that stays inside is one of ours";
  for (const auto& [name, type] : {std::pair{"a.html", "text/html; charset=utf-8"},
                                   {"a.js", "text/javascript; charset=utf-8"},
                                   {"a.css", "text/css; charset=utf-8"},
                                   {"A.SVG", "image/svg+xml"},
                                   {"a.png", "image/png"},
                                   {"a.woff2", "font/woff2"},
                                   {"a.json", "application/json"},
                                   {"a.webmanifest", "application/manifest+json"},
                                   {"a.ico", "image/x-icon"},
                                   {"a.unknown", "application/octet-stream"},
                                   {"html", "application/octet-stream"}})
    EXPECT_EQ(contentType(name), type) << name;
}

TEST_F(StaticFilesTest, UnknownPathsAreTheApplications) {
  for (const char* path : {"/", "/backup/today", "/robots.txt/x", "/page/"})
    EXPECT_EQ(bodyOf(ask(path)), "<index>") << path;
  EXPECT_EQ(*ask("/backup").headers.find("Content-Type"), "text/html; charset=utf-8");
  for (const char* path : {"/api", "/api/v1/x", "/assets/gone.js", "/assets/", "/assets"})
    EXPECT_EQ(statusOf(path), 404) << path;
}

TEST_F(StaticFilesTest, NothingOutsideIsServed) {
  for (const char* path : {"/out", "/absolute", "/up/outside", "/fifo", "//etc/passwd"})
    EXPECT_EQ(bodyOf(ask(path)), "<index>") << path;
  for (const char* path : {"/.secret", "/assets/.x", "/.git/config", "/../outside"})
    EXPECT_EQ(statusOf(path), 404) << path;
}

TEST_F(StaticFilesTest, TheTagIsThatOfTheContent) {
  const std::string first = *ask("/robots.txt").headers.find("ETag");
  EXPECT_EQ(*ask("/robots.txt").headers.find("ETag"), first);
  EXPECT_EQ(ask("/robots.txt", {{"If-None-Match", first}}).status, 304);
  write("page/new.txt", "other words");
  fs::rename(folder_.path() / "page/new.txt", folder_.path() / "page/robots.txt");
  const Response changed = ask("/robots.txt", {{"If-None-Match", first}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(bodyOf(changed), "other words");
}

TEST_F(StaticFilesTest, ZippedFilesGoToWhoTakesThem) {
  const char* path = "/assets/index-B4x81kQz.js";
  const Response plain = ask(path);
  EXPECT_EQ(bodyOf(plain), "script");
  EXPECT_FALSE(plain.headers.contains("Content-Encoding"));
  EXPECT_EQ(*plain.headers.find("Vary"), "Accept-Encoding");
  for (const char* accepted : {"gzip", "br, GZIP", "gzip;q=0.5"}) {
    const Response zipped = ask(path, {{"Accept-Encoding", accepted}});
    EXPECT_EQ(bodyOf(zipped), "zipped") << accepted;
    EXPECT_EQ(*zipped.headers.find("Content-Encoding"), "gzip");
    EXPECT_EQ(*zipped.headers.find("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_NE(*zipped.headers.find("ETag"), *plain.headers.find("ETag"));
  }
  for (const char* accepted : {"br", "gzip;q=0", "gzip; q=0.000", "xgzip", ""})
    EXPECT_EQ(bodyOf(ask(path, {{"Accept-Encoding", accepted}})), "script") << accepted;
  EXPECT_EQ(bodyOf(ask("/robots.txt", {{"Accept-Encoding", "gzip"}})), "robots") << "there is no zipped one";
}

TEST_F(StaticFilesTest, NamesWithAHashNeverChange) {
  EXPECT_EQ(*ask("/assets/index-B4x81kQz.js").headers.find("Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(*ask("/assets/plain.css").headers.find("Cache-Control"), "no-cache");
  EXPECT_EQ(*ask("/").headers.find("Cache-Control"), "no-cache");
}

TEST(StaticFiles, NeedAFolder) {
  EXPECT_THROW(StaticFiles("/nowhere/at/all"), Error);
}

}  // namespace
}  // namespace enamel::http
