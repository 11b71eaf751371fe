#include "opendental/free_dental_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/file.h"

namespace enamel::opendental {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// As Open Dental itself writes it: no declaration, three spaces, lines of Windows.
std::string config(const std::string& elements) {
  return "<ConnectionSettings>\r\n   <DatabaseConnection>\r\n" + elements +
         "   </DatabaseConnection>\r\n</ConnectionSettings>";
}
std::string element(const std::string& name, const std::string& text) {
  return "      <" + name + ">" + text + "</" + name + ">\r\n";
}
const std::string kServer =
    element("ComputerName", "SERVER") + element("Database", "opendental") + element("User", "root");

FreeDentalConfig parse(const std::string& text) {
  Bytes content = toBytes(asBytes(text));
  return parseFreeDentalConfig(content);
}

Error failure(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    EXPECT_FALSE(error.hint().empty() && error.code() != ErrorCode::kLimit) << error.what();
    return error;
  }
  ADD_FAILURE() << "nothing was thrown for " << text;
  return Error(ErrorCode::kInternal, "nothing was thrown");
}

TEST(FreeDentalConfigTest, readsAWorkstationsConnection) {
  const FreeDentalConfig read =
      parse(config(kServer + element("Password", "") + element("UserLow", "") + element("PasswordLow", "") +
                   element("NoShowOnStartup", "True") + element("DatabaseType", "MySql")));
  EXPECT_EQ(read.address.host, "SERVER");
  EXPECT_EQ(read.address.port, 3306);
  EXPECT_EQ(read.address.database, "opendental");
  EXPECT_EQ(read.address.user, "root");
  EXPECT_EQ(read.address.password, "");
  EXPECT_FALSE(read.password_obfuscated);
}

TEST(FreeDentalConfigTest, readsAPort) {
  const auto host = [](const std::string& name) {
    const auto read =
        parse(config(element("ComputerName", name) + element("Database", "d") + element("User", "u")));
    return read.address.host + " " + std::to_string(read.address.port);
  };
  EXPECT_EQ(host("db.local:3307"), "db.local 3307");
  EXPECT_EQ(host(" 10.0.0.5 "), "10.0.0.5 3306");
  EXPECT_EQ(host("fe80::1"), "fe80::1 3306");
}

TEST(FreeDentalConfigTest, readsAPasswordAsItIs) {
  EXPECT_EQ(parse(config(kServer + element("Password", " p&amp;&lt;&#228;&#x1F9B7;ß "))).address.password,
            " p&<ä🦷ß ");
  EXPECT_EQ(parse(config(kServer + element("Password", "<![CDATA[a<b]]>"))).address.password, "a<b");
}

TEST(FreeDentalConfigTest, tellsOfAPasswordThatItCannotRead) {
  const std::string obfuscated = element("MySQLPassHash", "odv2e$0a1b2c");
  const FreeDentalConfig hidden = parse(config(kServer + element("Password", "") + obfuscated));
  EXPECT_TRUE(hidden.password_obfuscated);
  EXPECT_EQ(hidden.address.password, "");
  const FreeDentalConfig both = parse(config(kServer + element("Password", "plain") + obfuscated));
  EXPECT_FALSE(both.password_obfuscated) << "Open Dental takes the plain one first";
  EXPECT_EQ(both.address.password, "plain");
  EXPECT_FALSE(parse(config(kServer + element("MySQLPassHash", ""))).password_obfuscated);
}

TEST(FreeDentalConfigTest, takesADeclarationAMarkAndComments) {
  const std::string text = "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- x -->" +
                           config("<!-- y -->" + kServer + element("AdminCompNames", "<c>x</c>"));
  EXPECT_EQ(parse(text).address.host, "SERVER");
}

TEST(FreeDentalConfigTest, saysWhereThereIsNoDatabaseConnection) {
  const Error middle_tier = failure(
      "<ConnectionSettings><ServerConnection><URI>http://server/x</URI></ServerConnection></"
      "ConnectionSettings>");
  EXPECT_EQ(middle_tier.code(), ErrorCode::kUnsupported);
  EXPECT_THAT(middle_tier.what(), HasSubstr("Middle Tier"));
  EXPECT_EQ(failure("<ConnectionSettings><ConnectionString>Server=x</ConnectionString></ConnectionSettings>")
                .code(),
            ErrorCode::kUnsupported);
  EXPECT_EQ(failure(config(element("ConnectionString", "Server=x"))).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(failure(config(kServer + element("DatabaseType", "Oracle"))).code(), ErrorCode::kUnsupported);
}

TEST(FreeDentalConfigTest, whatIsNoSuchFileIsCorrupt) {
  const std::string good = config(kServer);
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string("<"), std::string("<x/>"),
        std::string("<ConnectionSettings/>"), good.substr(0, good.size() - 3), config(""),
        config(element("ComputerName", "SERVER") + element("Database", "d")),
        config(kServer + element("Password", "<b>x</b>")), config(element("ComputerName", " ") + kServer),
        config(element("ComputerName", "a&#10;b") + element("Database", "d") + element("User", "u")),
        config(element("ComputerName", "x:") + kServer), config(element("ComputerName", "x:0") + kServer),
        config(element("ComputerName", "x:65536") + kServer),
        config(element("ComputerName", ":3306") + kServer),
        config(element("ComputerName", std::string(256, 'x')) + kServer), config(kServer + "\xff"),
        good + std::string(1, '\0'), std::string("\xff\xfe<\0", 4)}) {
    EXPECT_EQ(failure(text).code(), ErrorCode::kCorrupt) << text;
  }
}

// A document type could declare entities that take memory without end, or name files.
TEST(FreeDentalConfigTest, takesNoDocumentType) {
  const Error error = failure("<!DOCTYPE ConnectionSettings [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" +
                              config(kServer + element("Password", "&e;")));
  EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
  EXPECT_THAT(error.what(), HasSubstr("document type"));
}

TEST(FreeDentalConfigTest, readsNoMoreThanAMebibyte) {
  EXPECT_EQ(failure(config(kServer) + std::string(1U << 20, ' ')).code(), ErrorCode::kLimit);
}

TEST(FreeDentalConfigTest, nestingWithoutEndDoesNoHarm) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_EQ(failure(deep).code(), ErrorCode::kCorrupt);
  std::string closed = deep;
  for (int i = 0; i < 100'000; ++i) closed += "</a>";
  EXPECT_EQ(parse(config(kServer + closed)).address.host, "SERVER");
}

TEST(FreeDentalConfigTest, errorsAndMemoryHoldNoPassword) {
  const std::string password = "hunter2hunter2";
  for (const std::string& text :
       {config(element("Password", password)), config(kServer + element("Password", password)) + "<",
        config(kServer + element("Password", password + "<b/>")),
        config(kServer + element("Password", password))}) {
    Bytes content = toBytes(asBytes(text));
    try {
      parseFreeDentalConfig(content);
    } catch (const Error& error) {
      EXPECT_THAT(error.what() + error.hint(), Not(HasSubstr("hunter2")));
    }
    EXPECT_TRUE(std::all_of(content.begin(), content.end(), [](std::uint8_t byte) { return byte == 0; }));
  }
}

TEST(FreeDentalConfigTest, readsAFileAndNamesItInErrors) {
  TempDirectory folder;
  const auto path = folder.path() / "FreeDentalConfig.xml";
  std::ofstream(path) << config(kServer);
  EXPECT_EQ(readFreeDentalConfig(path).address.host, "SERVER");
  std::ofstream(path, std::ios::trunc) << "no";
  try {
    readFreeDentalConfig(path);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("FreeDentalConfig.xml: "));
  }
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

// Any password of printable characters comes back as it was written.
RC_GTEST_PROP(FreeDentalConfigLaw, passwordsComeBack, ()) {
  const auto letters = rc::gen::container<std::string>(rc::gen::inRange('!', '\x7f'));
  const std::string password = *letters;
  RC_PRE(password.size() <= 255U);
  RC_ASSERT(parse(config(kServer + element("Password", escaped(password)))).address.password == password);
}

}  // namespace
}  // namespace enamel::opendental
