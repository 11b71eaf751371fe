#pragma once

#include <filesystem>
#include <string>

namespace enamel::http::testing {

// A self-signed certificate for 127.0.0.1 and localhost, and its key, as PEM files in a folder.
struct TestCertificate {
  explicit TestCertificate(const std::filesystem::path& folder);

  std::string certificate_file;
  std::string key_file;
};

}  // namespace enamel::http::testing
