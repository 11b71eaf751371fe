#include "service/local_access.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/error.h"
#include "base/file.h"

namespace enamel::service {
namespace {

ErrorCode codeOfReading(const std::filesystem::path& state, std::string* what = nullptr) {
  try {
    (void)readLocalAccess(state);
  } catch (const Error& error) {
    if (what != nullptr) *what = error.what();
    return error.code();
  }
  return ErrorCode::kInternal;
}

TEST(LocalAccess, WhatGoesInComesOutForItsOwnerAlone) {
  const TempDirectory folder;
  writeLocalAccess(folder.path(), {.url = "https://[::1]:8480",
                                   .token = "a \"token\"",
                                   .ca_file = "/etc/enamel/certificate.pem",
                                   .address = "127.0.0.1:8480"});
  const LocalAccess read = readLocalAccess(folder.path());
  EXPECT_EQ(read.url, "https://[::1]:8480");
  EXPECT_EQ(read.token, "a \"token\"");
  EXPECT_EQ(read.ca_file, "/etc/enamel/certificate.pem");
  EXPECT_EQ(read.address, "127.0.0.1:8480");
  struct stat st {};
  ASSERT_EQ(::stat((folder.path() / "local-access").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0600U);
}

TEST(LocalAccess, NobodyServesAFolderWithoutIt) {
  const TempDirectory folder;
  EXPECT_EQ(codeOfReading(folder.path()), ErrorCode::kNotFound);
  writeLocalAccess(folder.path(), {});
  removeLocalAccess(folder.path());
  EXPECT_EQ(codeOfReading(folder.path()), ErrorCode::kNotFound);
  removeLocalAccess(folder.path());
}

TEST(LocalAccess, ADamagedFileIsSaidWithoutWhatIsInIt) {
  const TempDirectory folder;
  for (const char* text : {"", "{", "[]", R"({"url":1,"token":"secret","ca_file":"","address":""})",
                           R"({"url":"","token":"secret)"}) {
    std::ofstream(folder.path() / "local-access") << text;
    std::string what;
    EXPECT_EQ(codeOfReading(folder.path(), &what), ErrorCode::kCorrupt) << text;
    EXPECT_EQ(what.find("secret"), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace enamel::service
