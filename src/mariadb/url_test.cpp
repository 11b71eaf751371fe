#include "mariadb/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.h"

namespace enamel::mariadb {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string refusalOf(const std::string& url) {
  try {
    parseAddress(url);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << url;
    EXPECT_FALSE(error.hint().empty()) << url;
    return error.what();
  }
  ADD_FAILURE() << url << " was taken";
  return {};
}

TEST(UrlTest, readsHostPortAndName) {
  const Address address = parseAddress("mariadb://backup:s%3Acret@db.office.lan:3307/opendental");
  EXPECT_EQ(address.user, "backup");
  EXPECT_EQ(address.password, "s:cret");
  EXPECT_EQ(address.host, "db.office.lan");
  EXPECT_EQ(address.port, 3307);
  EXPECT_EQ(address.socket, "");
  EXPECT_EQ(address.database, "opendental");
}

TEST(UrlTest, readsASocket) {
  const Address address = parseAddress("mysql://root@localhost/opendental?socket=/run/my%20sql/s.sock");
  EXPECT_EQ(address.socket, "/run/my sql/s.sock");
  EXPECT_EQ(address.port, 3306);
}

TEST(UrlTest, readsIpv6AndNoName) {
  EXPECT_EQ(parseAddress("mariadb://u@[fe80::1%25eth0]:3310").host, "fe80::1%eth0");
  EXPECT_EQ(parseAddress("mariadb://u@[::1]/x").port, 3306);
  EXPECT_EQ(parseAddress("mariadb://u@h/").database, "");
}

TEST(UrlTest, takesAnAtSignInThePasswordAsPeopleTypeIt) {
  const Address address = parseAddress("mariadb://u:p@ss:w@h/x");
  EXPECT_EQ(address.password, "p@ss:w");
  EXPECT_EQ(address.host, "h");
}

TEST(UrlTest, displaysEverythingButThePassword) {
  EXPECT_EQ(parseAddress("mariadb://u:secret@h/x").display(), "mariadb://u@h:3306/x");
  EXPECT_EQ(parseAddress("mariadb://u:secret@localhost/x?socket=/s").display(),
            "mariadb://u@localhost/x?socket=/s");
}

TEST(UrlTest, refusesWhatIsNotAnAddress) {
  for (const char* url : {"",
                          "u@h/x",
                          "http://u@h/x",
                          "mariadb://",
                          "mariadb://h/x",
                          "mariadb://@h/x",
                          "mariadb://u@/x",
                          "mariadb://u@h:0/x",
                          "mariadb://u@h:65536/x",
                          "mariadb://u@h:3306x/x",
                          "mariadb://u@h:/x",
                          "mariadb://u@h/x/y",
                          "mariadb://u@h h/x",
                          "mariadb://u@[::1/x",
                          "mariadb://u@[nope]/x",
                          "mariadb://u@[::1]3306/x",
                          "mariadb://u%0@h/x",
                          "mariadb://u%zz@h/x",
                          "mariadb://u%00@h/x",
                          "mariadb://u@h/x#y",
                          "mariadb://u@localhost/x?socket=",
                          "mariadb://u@localhost/x?socket=rel",
                          "mariadb://u@localhost/x?socket=/a&socket=/b",
                          "mariadb://u@localhost/x?ssl=1",
                          "mariadb://u@h/x?socket=/s"}) {
    refusalOf(url);
  }
  refusalOf("mariadb://u@localhost/x?socket=/" + std::string(107, 'a'));
  refusalOf("mariadb://u@h/" + std::string(5000, 'a'));
}

TEST(UrlTest, neverRepeatsThePasswordInARefusal) {
  for (const char* url : {"mariadb://u:hunter2@h:x/y", "mariadb://u:hunter2%@h/y", "mariadb://u:hunter2/y",
                          "mariadb:/u:hunter2@h"}) {
    EXPECT_THAT(refusalOf(url), Not(HasSubstr("hunter2"))) << url;
  }
}

rc::Gen<std::string> textOf(const char* alphabet) {
  return rc::gen::container<std::string>(rc::gen::elementOf(std::string(alphabet)));
}

rc::Gen<std::string> anyText() {
  return rc::gen::container<std::string>(rc::gen::distinctFrom(rc::gen::arbitrary<char>(), '\0'));
}

RC_GTEST_PROP(UrlLaw, whatIsFormattedParsesToTheSame, ()) {
  Address address;
  address.user = *rc::gen::nonEmpty(anyText());
  address.password = *anyText();
  address.database = *anyText();
  address.port = static_cast<std::uint16_t>(*rc::gen::inRange(1, 65536));
  if (*rc::gen::arbitrary<bool>()) {
    address.socket = ("/" + *anyText()).substr(0, 107);
  } else if (*rc::gen::arbitrary<bool>()) {
    address.host = ":" + *textOf("0123456789abcdef:");
  } else {
    address.host = "h" + *textOf("abz09.-_");
  }
  const std::string url = formatAddress(address);
  RC_PRE(url.size() <= 4096U);
  RC_ASSERT(parseAddress(url) == address);
  Address without_password = address;
  without_password.password.clear();
  RC_ASSERT(address.display() == formatAddress(without_password));
}

}  // namespace
}  // namespace enamel::mariadb
