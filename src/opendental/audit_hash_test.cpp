#include "opendental/audit_hash.h"

#include <gtest/gtest.h>

namespace enamel::opendental {
namespace {

TEST(AuditHashTest, hashesUtf16) {
  // printf '1632026-11-20 08:15:00Payment42' | iconv -t UTF-16LE | openssl dgst -sha256 -binary | base64
  EXPECT_EQ(auditHash("1632026-11-20 08:15:00Payment42"), "OFMtqUzfGuIjfnPl8hol8dE62/9DhKhUsp1aorEvGEg=");
}

}  // namespace
}  // namespace enamel::opendental
