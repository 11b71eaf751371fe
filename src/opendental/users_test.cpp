#include "opendental/users.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "opendental/testing/database_fixture.h"

namespace enamel::opendental {
namespace {

using mariadb::Connection;
using mariadb::quoteValue;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class UsersTest : public testing::DatabaseTest {
 protected:
  // The columns as versions 21 to 24 have them, as far as they matter here.
  void makeTables() {
    run(
        {"CREATE TABLE userod (UserNum BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, UserName VARCHAR(255) "
         "DEFAULT "
         "'', Password VARCHAR(255) DEFAULT '', UserGroupNum BIGINT NOT NULL, IsHidden TINYINT NOT NULL) "
         "ENGINE=MyISAM",
         "CREATE TABLE usergroupattach (UserGroupAttachNum BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, "
         "UserNum "
         "BIGINT NOT NULL, UserGroupNum BIGINT NOT NULL) ENGINE=MyISAM",
         "CREATE TABLE grouppermission (GroupPermNum BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, NewerDate "
         "DATE "
         "NOT NULL DEFAULT '0001-01-01', NewerDays INT NOT NULL, UserGroupNum BIGINT NOT NULL, PermType "
         "TINYINT "
         "UNSIGNED NOT NULL DEFAULT 0, FKey BIGINT NOT NULL) ENGINE=MyISAM",
         // Group 1: administrators, 2: may back up, 3: neither.
         "INSERT INTO grouppermission (UserGroupNum, PermType) VALUES (1, 24), (1, 16), (2, 28), (2, 0), (3, "
         "16)"});
  }
  void addUser(std::uint64_t number, const std::string& name, const std::string& password,
               const std::vector<int>& groups, bool hidden = false) {
    const std::string key = std::to_string(number);
    run({"INSERT INTO userod (UserNum, UserName, Password, IsHidden) VALUES (" + key + ", " +
         quoteValue(name) + ", " + quoteValue(password) + ", " + (hidden ? "1" : "0") + ")"});
    for (const int group : groups) {
      run({"INSERT INTO usergroupattach (UserNum, UserGroupNum) VALUES (" + key + ", " +
           std::to_string(group) + ")"});
    }
  }
  Users read() { return readUsers(sql()); }
};

std::vector<std::string> names(const std::vector<const User*>& users) {
  std::vector<std::string> names;
  for (const User* user : users) names.push_back(user->name);
  return names;
}

TEST_F(UsersTest, rightsAreThoseOfAllGroupsOfAUser) {
  makeTables();
  addUser(1, "Admin", "", {1});
  addUser(2, "Manager", "", {3, 2});
  addUser(3, "Anna", "", {3});
  addUser(4, "Lost", "", {});
  addUser(5, "Strange", "", {77});
  const Users users = read();
  EXPECT_THAT(users.warnings, IsEmpty());
  ASSERT_EQ(users.users.size(), 5U);
  EXPECT_TRUE(users.users[0].mayDoEverything());
  EXPECT_TRUE(users.users[0].mayBackUpAndRestore());
  EXPECT_FALSE(users.users[1].mayDoEverything());
  EXPECT_TRUE(users.users[1].mayBackUpAndRestore());
  for (std::size_t i = 2; i < 5; ++i) {
    EXPECT_FALSE(users.users[i].mayDoEverything()) << i;
    EXPECT_FALSE(users.users[i].mayBackUpAndRestore()) << i;
  }
}

TEST_F(UsersTest, passwordsAreRead) {
  makeTables();
  addUser(7, "Zoë", formatPassword("salt", "open sesame"), {2});
  const Users users = read();
  const User* user = users.find("zoË");
  ASSERT_NE(user, nullptr);
  EXPECT_EQ(user->number, 7U);
  EXPECT_EQ(user->name, "Zoë");
  EXPECT_TRUE(passwordMatches(user->password, asBytes("open sesame")));
  EXPECT_FALSE(passwordMatches(user->password, asBytes("open")));
}

TEST_F(UsersTest, namesAreFoundAsOpenDentalFindsThem) {
  makeTables();
  addUser(1, "Anna", "", {}, /*hidden=*/true);
  addUser(9, "ANNA", "", {});
  addUser(5, "anna", "", {});
  addUser(6, "Zoe", "", {});
  const Users users = read();
  ASSERT_NE(users.find(" aNNa\t"), nullptr);
  EXPECT_EQ(users.find(" aNNa\t")->number, 5U);
  EXPECT_EQ(users.find("Zoë"), nullptr);
  EXPECT_EQ(users.find("Ann"), nullptr);
  EXPECT_EQ(users.find(""), nullptr);
  EXPECT_EQ(users.find("anna' OR '1'='1"), nullptr);
}

TEST_F(UsersTest, anEmptyNameIsNobodys) {
  makeTables();
  addUser(1, "", "", {1});
  addUser(2, "  ", "", {1});
  EXPECT_EQ(read().find(""), nullptr);
  EXPECT_EQ(read().find(" "), nullptr);
}

TEST_F(UsersTest, administratorsWithoutPasswordAreTold) {
  makeTables();
  addUser(1, "Admin", "", {1});
  addUser(2, "Second", "None$$", {3, 1});
  addUser(3, "Third", formatPassword("s", "x"), {1});
  addUser(4, "Damaged", "???", {1});
  addUser(5, "Gone", "", {1}, /*hidden=*/true);
  addUser(6, "Kiosk", "", {2});
  const Users users = read();
  EXPECT_THAT(names(users.administratorsWithoutPassword()), ElementsAre("Admin", "Second"));
}

TEST_F(UsersTest, oldVersionsHaveOneGroupInTheUsersRow) {
  makeTables();
  addUser(1, "Admin", "", {});
  addUser(2, "Anna", "", {});
  run({"UPDATE userod SET UserGroupNum = 1 WHERE UserNum = 1", "DROP TABLE usergroupattach"});
  const Users users = read();
  EXPECT_THAT(users.warnings, IsEmpty());
  EXPECT_TRUE(users.users.at(0).is_security_admin);
  EXPECT_FALSE(users.users.at(1).is_security_admin);
}

TEST_F(UsersTest, theUsersRowGivesNoRightOnceGroupsAreAttached) {
  makeTables();
  addUser(1, "Former", "", {3});
  run({"UPDATE userod SET UserGroupNum = 1"});
  EXPECT_FALSE(read().users.at(0).is_security_admin);
  run({"DELETE FROM usergroupattach"});
  EXPECT_FALSE(read().users.at(0).is_security_admin);
}

TEST_F(UsersTest, theSmallestOldTableIsEnough) {
  run({"CREATE TABLE userod (usernum INT, username VARCHAR(40), password VARCHAR(40))",
       "INSERT INTO userod VALUES (1, 'Admin', '8tS+266af9GALWj2WzWPKg==')"});
  const Users users = read();
  EXPECT_THAT(users.warnings,
              ElementsAre(HasSubstr("grouppermission"), HasSubstr("does not say which groups")));
  ASSERT_EQ(users.users.size(), 1U);
  EXPECT_FALSE(users.users[0].hidden);
  EXPECT_FALSE(users.users[0].mayBackUpAndRestore());
  EXPECT_TRUE(passwordMatches(users.users[0].password, asBytes("päss")));
}

TEST_F(UsersTest, withoutUsersItIsNoPractice) {
  const auto failure = [&] {
    try {
      read();
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorCode::kInternal, "nothing was thrown");
  };
  EXPECT_EQ(failure().code(), ErrorCode::kNotFound);
  run({"CREATE TABLE userod (UserNum INT, UserName VARCHAR(40))"});
  EXPECT_EQ(failure().code(), ErrorCode::kNotFound);
  EXPECT_THAT(failure().what(), HasSubstr("Password"));
  EXPECT_THAT(failure().hint(), HasSubstr("may this account read"));
}

TEST_F(UsersTest, anAccountThatMayNotReadRightsGivesNone) {
  makeTables();
  addUser(1, "Admin", "", {1});
  run({"CREATE OR REPLACE USER some@localhost IDENTIFIED BY 'x'",
       "GRANT SELECT ON practice.userod TO some@localhost",
       "GRANT SELECT ON practice.usergroupattach TO some@localhost"});
  mariadb::Address some = address();
  some.user = "some";
  some.password = "x";
  Connection connection(some);
  const Users users = readUsers(connection);
  EXPECT_THAT(users.warnings, ElementsAre(HasSubstr("grouppermission")));
  EXPECT_FALSE(users.users.at(0).is_security_admin);
}

// A damaged or hostile database: columns of other types, no keys, values that are none.
TEST_F(UsersTest, oddValuesGiveNoRightsAndDoNoHarm) {
  run(
      {"CREATE TABLE userod (UserNum TEXT, UserName LONGBLOB, Password LONGBLOB, UserGroupNum TEXT, IsHidden "
       "TEXT)",
       "CREATE TABLE usergroupattach (UserNum TEXT, UserGroupNum TEXT)",
       "CREATE TABLE grouppermission (UserGroupNum TEXT, PermType TEXT)",
       "INSERT INTO grouppermission VALUES ('1', '24'), ('2', '24x'), ('3', ' 24'), ('4', '-24'), ('5', "
       "NULL), "
       "(NULL, '24'), ('0', '24'), ('18446744073709551616', '24')",
       "INSERT INTO usergroupattach VALUES ('10', '1'), ('9', '2'), ('9', '3'), ('9', '4'), ('9', '5'), "
       "('9', "
       "'0'), ('9', NULL), (NULL, '1'), ('9', '18446744073709551616')",
       "INSERT INTO userod VALUES ('10', 'ten', '', '', '0'), ('9', REPEAT('n', 100000), REPEAT('p', "
       "100000), '1', "
       "'0'), ('8', NULL, NULL, NULL, NULL), ('7', X'FF00', X'FF00', '1', '2'), ('0', 'zero', '', '1', '0'), "
       "(NULL, 'null', '', '1', '0'), ('x', 'x', '', '1', '0'), ('-1', 'minus', '', '1', '0')"});
  const Users users = read();
  ASSERT_EQ(users.users.size(), 4U);
  EXPECT_EQ(users.users[0].number, 7U);
  EXPECT_TRUE(users.users[0].hidden);
  EXPECT_EQ(users.users[0].name, std::string("\xff\0", 2));
  EXPECT_EQ(users.users[0].password.kind, PasswordKind::kUnreadable);
  EXPECT_EQ(users.users[1].number, 8U);
  EXPECT_TRUE(users.users[1].hidden) << "not said";
  EXPECT_EQ(users.users[2].number, 9U);
  EXPECT_LE(users.users[2].name.size(), 255U);
  EXPECT_EQ(users.users[2].password.kind, PasswordKind::kUnreadable);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_FALSE(users.users[i].is_security_admin) << i;
  EXPECT_EQ(users.users[3].number, 10U);
  EXPECT_TRUE(users.users[3].is_security_admin);
  EXPECT_THAT(users.warnings, ElementsAre(HasSubstr("rows of users, groups or rights")));
}

TEST_F(UsersTest, errorsHoldNoValues) {
  makeTables();
  addUser(1, "Admin", "secret hash", {1});
  run({"DROP TABLE userod",
       "CREATE VIEW userod AS SELECT 1 AS UserNum, 'Admin' AS UserName, (SELECT 'secret hash' "
       "FROM (SELECT 1 UNION SELECT 2) t) AS Password"});
  try {
    read();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("secret hash")));
  }
}

}  // namespace
}  // namespace enamel::opendental
