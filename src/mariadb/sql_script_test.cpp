#include "mariadb/sql_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.h"

namespace enamel::mariadb {
namespace {

using testing::ElementsAre;

std::vector<std::string> textsOf(std::string_view script) {
  std::vector<std::string> texts;
  for (const Statement& statement : splitScript(script, "test.sql")) texts.push_back(statement.text);
  return texts;
}

StatementKind kindOf(std::string_view text) {
  return classifyStatement(text).kind;
}

Statement asStatement(std::string_view text) {
  Statement statement;
  statement.text = text;
  return statement;
}

TEST(SqlScriptTest, cutsAtDelimitersOutsideQuotesAndComments) {
  EXPECT_THAT(textsOf("SET NAMES a; SET NAMES 'x;y';\nSET NAMES \"a\\\";b\" ; SET NAMES `c;``d`"),
              ElementsAre("SET NAMES a", "SET NAMES 'x;y'", "SET NAMES \"a\\\";b\" ", "SET NAMES `c;``d`"));
  EXPECT_THAT(textsOf("-- one; two\nSET NAMES a # three;\n; /* four; */ SET NAMES b;--\n;"),
              ElementsAre("SET NAMES a # three;\n", "SET NAMES b"));
  EXPECT_THAT(textsOf("SET NAMES 5--1;"), ElementsAre("SET NAMES 5--1"));
  EXPECT_THAT(textsOf(""), ElementsAre());
}

TEST(SqlScriptTest, followsDelimiterLines) {
  EXPECT_THAT(textsOf("delimiter ;;\nCREATE TRIGGER t BEGIN SELECT 1; END;;\nDELIMITER ;\nSET NAMES x;"),
              ElementsAre("CREATE TRIGGER t BEGIN SELECT 1; END", "SET NAMES x"));
  EXPECT_THAT(textsOf("DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\n"),
              ElementsAre("CREATE PROCEDURE p() BEGIN SELECT 1; END"));
  EXPECT_THROW(splitScript("DELIMITER\nSET NAMES x;", "f"), Error);
}

TEST(SqlScriptTest, readsTheInsideOfConditionalComments) {
  const auto statements = splitScript(
      "/*!50003 SET sql_mode = '' */ ;\n/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER `t` "
      "BEFORE "
      "INSERT ON `x` FOR EACH ROW SET NEW.a = ';' */;\n",
      "f");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].kind, StatementKind::kSetSession);
  EXPECT_EQ(statements[1].kind, StatementKind::kCreateTrigger);
  EXPECT_EQ(statements[1].name, "t");
  EXPECT_EQ(statements[1].text.substr(0, 15), "/*!50003 CREATE");
}

TEST(SqlScriptTest, readsBackslashesAsTheModeInForceSays) {
  EXPECT_THAT(
      textsOf("SET sql_mode='NO_BACKSLASH_ESCAPES';SET NAMES 'a\\';SET sql_mode='';SET NAMES 'b\\';c';"),
      ElementsAre("SET sql_mode='NO_BACKSLASH_ESCAPES'", "SET NAMES 'a\\'", "SET sql_mode=''",
                  "SET NAMES 'b\\';c'"));
}

TEST(SqlScriptTest, namesTheLineOfAQuoteThatDoesNotEnd) {
  try {
    splitScript("SET NAMES a;\n\nSET NAMES 'b;\n", "x.sql");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kCorrupt);
    EXPECT_STREQ(e.what(), "x.sql: the statement in line 3 has a quote or comment that does not end");
  }
  EXPECT_THROW(splitScript("SET NAMES a /* b", "f"), Error);
}

TEST(SqlScriptTest, tellsWhatAStatementMakes) {
  const Statement table = classifyStatement("create table if not exists `a``b` (x int)");
  EXPECT_EQ(table.kind, StatementKind::kCreateTable);
  EXPECT_EQ(table.name, "a`b");
  const Statement view = classifyStatement(
      "CREATE ALGORITHM=UNDEFINED DEFINER=`table`@`%` SQL SECURITY DEFINER VIEW `d`.`v` AS select 1");
  EXPECT_EQ(view.kind, StatementKind::kCreateView);
  EXPECT_EQ(view.schema, "d");
  EXPECT_EQ(view.name, "v");
  EXPECT_EQ(kindOf("CREATE DEFINER=view@localhost PROCEDURE p() SELECT 1"), StatementKind::kCreateRoutine);
  EXPECT_EQ(kindOf("CREATE OR REPLACE AGGREGATE FUNCTION f() RETURNS INT RETURN 1"),
            StatementKind::kCreateRoutine);
  EXPECT_EQ(kindOf("CREATE PACKAGE BODY b AS END"), StatementKind::kCreateRoutine);
  EXPECT_EQ(kindOf("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1"), StatementKind::kCreateEvent);
  EXPECT_EQ(kindOf("CREATE SEQUENCE s START WITH 1"), StatementKind::kCreateSequence);
  EXPECT_EQ(kindOf("SELECT SETVAL(`s`, 5, 0)"), StatementKind::kSelectSetval);
  EXPECT_EQ(kindOf("DROP TABLE IF EXISTS t"), StatementKind::kPreparation);
  EXPECT_EQ(kindOf("USE x"), StatementKind::kPreparation);
}

TEST(SqlScriptTest, runsNothingItDoesNotExpect) {
  for (const char* text : {"INSERT INTO t VALUES (1)",
                           "GRANT ALL ON *.* TO x",
                           "CREATE USER x",
                           "SELECT 1",
                           "LOAD DATA INFILE 'x'",
                           "SET GLOBAL sql_mode=''",
                           "SET @@global.read_only=1",
                           "SET PASSWORD='x'",
                           "SET NAMES x, GLOBAL read_only=1",
                           "SET sql_mode='', PERSIST x=1",
                           "CREATE TEMPORARY TABLE t (a INT)",
                           "CREATE",
                           "SHUTDOWN",
                           "ALTER TABLE x FORCE",
                           "SET time_zone=(SELECT 1), GLOBAL general_log=1",
                           "CREATE SERVER s FOREIGN DATA WRAPPER w",
                           "CREATE TABLE t (a INT) SELECT 1",
                           "CREATE TABLE t (a INT) AS SELECT * FROM mysql.global_priv",
                           "CREATE TABLE t LIKE mysql.user",
                           "CREATE TABLE t (a INT DEFAULT (SELECT 1))",
                           "CREATE TABLE t /*!50000 (a INT) SELECT 1 */",
                           "CREATE VIEW v AS SELECT 1 INTO OUTFILE '/tmp/x'",
                           "CREATE VIEW v AS SELECT 1 INTO DUMPFILE '/tmp/x'",
                           "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
                           "CREATE OR REPLACE AGGREGATE FUNCTION d.f RETURNS INTEGER SONAME 'x.so'",
                           "SET @a = (SELECT LOAD_FILE('/etc/passwd'))",
                           "SET @x = evil()",
                           "SET @x = 1 + 1",
                           "SET @x = d.evil()",
                           "SET @x = 'a' 'b'",
                           "SET @x",
                           "SET time_zone",
                           "SET NAMES evil()",
                           "SET @@session.sql_mode = concat('a,', 'b')",
                           "SELECT SETVAL(s, 1), LOAD_FILE('x')",
                           "SELECT SETVAL(s, 1) INTO OUTFILE '/tmp/x'",
                           "SELECT SETVAL(s, f())",
                           "SELECT SETVAL(s)",
                           "SELECT SETVAL(s, (SELECT 1))",
                           "SELECT SETVAL(s, 1"}) {
    EXPECT_EQ(kindOf(text), StatementKind::kOther) << text;
  }
  for (const char* text : {"SET NAMES utf8", "SET @old=@@sql_mode, sql_mode='x'",
                           "SET SESSION time_zone='+00:00'", "set @@session.sql_mode = 'a,b'",
                           "SET character_set_client = utf8mb4", "SET NAMES 'utf8mb4' COLLATE utf8mb4_bin",
                           "SET @a := -1.5, @`b` = @a, time_zone = @@global.time_zone",
                           "SET max_statement_time = 0, sql_mode = '', collation_connection = 'x'"}) {
    EXPECT_EQ(kindOf(text), StatementKind::kSetSession) << text;
  }
}

// Text that the server skips, or does not, so that what seems to be a string is code to it, or the other way
// round.
TEST(SqlScriptTest, runsNothingThatAServerMayReadOtherwise) {
  for (const char* text :
       {"SET sql_mode='' /*!999999 ' */ , GLOBAL long_query_time=7.5 /*!999999 ' */",
        "SET sql_mode='' /*!80000 ' */ , GLOBAL long_query_time=7.5 /*!80000 ' */",
        "SET sql_mode='' --\x01 '\n , GLOBAL long_query_time=7.5 --\x01 '", "SET NAMES utf8 /*M! , @a = 1 */",
        "CREATE TABLE ctas (z int) /*!999999 ' */ AS SELECT User FROM mysql.global_priv /*!999999 ' */",
        "CREATE TABLE t (z int) /*M!999999 ' */ AS SELECT User FROM mysql.global_priv /*M!999999 ' */",
        "CREATE TABLE t (z int default (1 */* ' */ 1)) AS SELECT User FROM mysql.global_priv /* ' */",
        "CREATE TABLE t /*!999999 ( */ LIKE mysql.user /*!999999 ) */",
        "CREATE TABLE t (a int) COMMENT=\"a\\\" SELECT 1 COMMENT=\"\"",
        "CREATE /*!999999 TABLE t */ USER evil", "CREATE /*!999999 TRIGGER t */ USER evil",
        "CREATE FUNCTION f /*!999999 () */ RETURNS STRING SONAME 'x.so'",
        "CREATE FUNCTION f RETURNS /*!50003 */ STRING SONAME 'x.so'",
        "CREATE EVENT mysql /*!999999 x */ .e ON SCHEDULE EVERY 1 DAY DO SELECT 1"}) {
    EXPECT_EQ(kindOf(text), StatementKind::kOther) << text;
  }
}

// How strings end must be known of every statement that is run after the SET.
TEST(SqlScriptTest, takesNoModeOrCharacterSetThatOnlyTheServerKnows) {
  for (const char* text : {"SET sql_mode='NO_\\BACKSLASH_ESCAPES'", "SET sql_mode=1048576", "SET sql_mode=@a",
                           "SET sql_mode=@@global.sql_mode", "SET sql_mode=DEFAULT", "SET NAMES gbk",
                           "SET character_set_client=@a", "SET @@character_set_client='sjis'"}) {
    EXPECT_EQ(kindOf(text), StatementKind::kOther) << text;
  }
  // A value of another variable says nothing of it.
  EXPECT_EQ(classifyStatement("SET sql_mode='', @a='no_backslash_escapes'").backslash_escapes, true);
  EXPECT_EQ(classifyStatement("SET sql_mode='no_backslash_escapes'").backslash_escapes, false);
  EXPECT_EQ(classifyStatement("SET @a='no_backslash_escapes'").backslash_escapes, std::nullopt);
}

TEST(SqlScriptTest, ignoresModesThatAreNotRun) {
  constexpr const char* kScript =
      "SET sql_mode='NO_BACKSLASH_ESCAPES';\n"
      "CREATE TABLE t (a int comment '\\' , b int comment ') AS SELECT User FROM mysql.global_priv -- ')";
  EXPECT_EQ(splitScript(kScript, "f", ScriptModes::kRun).at(1).kind, StatementKind::kCreateTable);
  EXPECT_EQ(splitScript(kScript, "f", ScriptModes::kIgnored).at(1).kind, StatementKind::kOther);
}

TEST(SqlScriptTest, showsEveryServerTheAttributesThatOneHides) {
  EXPECT_EQ(classifyStatement("CREATE TABLE `t` (`a` text /*M!100301 COMPRESSED*/ COMMENT '/*M!100301 "
                              "COMPRESSED*/')")
                .text,
            "CREATE TABLE `t` (`a` text  COMPRESSED  COMMENT '/*M!100301 COMPRESSED*/')");
  EXPECT_EQ(kindOf("CREATE TABLE `t` (`a` text /*!100301 COMPRESSED*/)"), StatementKind::kCreateTable);
  EXPECT_EQ(
      kindOf("CREATE TABLE `t` (`a` int) /*!50100 PARTITION BY HASH (a) (PARTITION p COMMENT = '(') */"),
      StatementKind::kCreateTable);
}

TEST(SqlScriptTest, givesWhatIsMadeAnotherName) {
  EXPECT_EQ(withCreatedName(
                classifyStatement("CREATE TABLE IF NOT EXISTS `#mysql50#a b` (`#mysql50#a b` int)"), "a `b"),
            "CREATE TABLE IF NOT EXISTS `a ``b` (`#mysql50#a b` int)");
}

TEST(SqlScriptTest, switchesEventsOff) {
  EXPECT_EQ(withEventDisabled(asStatement(
                "CREATE DEFINER=`enable`@`%` EVENT `enable` ON SCHEDULE EVERY 1 DAY STARTS '2026-11-28 "
                "18:27:11' ON COMPLETION NOT PRESERVE ENABLE COMMENT 'DO' DO SET @a = 'ENABLE'")),
            "CREATE DEFINER=`enable`@`%` EVENT `enable` ON SCHEDULE EVERY 1 DAY STARTS '2026-11-28 "
            "18:27:11' ON COMPLETION NOT PRESERVE DISABLE COMMENT 'DO' DO SET @a = 'ENABLE'");
  const std::string off =
      "CREATE EVENT e ON SCHEDULE EVERY 1 DAY ON COMPLETION PRESERVE DISABLE ON SLAVE DO SELECT 1";
  EXPECT_EQ(withEventDisabled(asStatement(off)), off);
  for (const char* text :
       {"CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY ENABLE",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY /*!999999 DISABLE DO */ ENABLE DO SELECT 1"}) {
    EXPECT_EQ(withEventDisabled(asStatement(text)), "") << text;
  }
}

TEST(SqlScriptTest, takesDefinitionsAsServersWriteThem) {
  for (const char* text :
       {"CREATE TABLE `t` (`select` int COMMENT 'AS SELECT', `v` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL)",
        "CREATE TABLE t (a INT CHECK (a LIKE '1')) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN "
        "(10))",
        "CREATE TABLE t (a INT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START) WITH SYSTEM VERSIONING"}) {
    EXPECT_EQ(kindOf(text), StatementKind::kCreateTable) << text;
    EXPECT_EQ(classifyStatement(text).text, text);
  }
  EXPECT_EQ(kindOf("SELECT SETVAL(`s`, -5, 1, 2)"), StatementKind::kSelectSetval);
  EXPECT_EQ(kindOf("CREATE FUNCTION f() RETURNS INT BEGIN SELECT 1 INTO @soname; RETURN 1; END"),
            StatementKind::kCreateRoutine);
}

TEST(SqlScriptTest, keepsTablesFilesWithTheServersOwn) {
  EXPECT_EQ(
      classifyStatement("CREATE TABLE t (a INT) DATA DIRECTORY='/a' index directory \"/b\" COMMENT='DATA "
                        "DIRECTORY=/c'")
          .text,
      "CREATE TABLE t (a INT)   COMMENT='DATA DIRECTORY=/c'");
  EXPECT_EQ(
      classifyStatement("CREATE TABLE t (a INT) PARTITION BY HASH (a) (PARTITION p DATA DIRECTORY = '/a')")
          .text,
      "CREATE TABLE t (a INT) PARTITION BY HASH (a) (PARTITION p )");
}

TEST(SqlScriptTest, turnsQualifiedNamesToAnotherDatabase) {
  EXPECT_EQ(
      replaceSchema(
          asStatement(
              "CREATE VIEW `old`.`v` AS select `old`.`t`.`old` AS `old` from `old`.`t` where x='`old`.'"),
          "old", "n`w"),
      "CREATE VIEW `n``w`.`v` AS select `n``w`.`t`.`old` AS `old` from `n``w`.`t` where x='`old`.'");
  EXPECT_EQ(replaceSchema(asStatement("select `other`.`t`.`a`"), "old", "new"), "select `other`.`t`.`a`");
  EXPECT_TRUE(mentionsSchema(asStatement("INSERT INTO Old.t VALUES (1)"), "old"));
  EXPECT_TRUE(mentionsSchema(asStatement("INSERT INTO \"old\".t VALUES (1)"), "old"));
  EXPECT_FALSE(mentionsSchema(asStatement("INSERT INTO t VALUES ('old.t', t.old)"), "old"));
}

// Where the script says that backslashes are no escapes, a text ends where it would go on otherwise.
TEST(SqlScriptTest, findsNamesAsTheStatementIsRead) {
  const auto statements = splitScript(
      "SET sql_mode='NO_BACKSLASH_ESCAPES';\nDELIMITER //\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW "
      "BEGIN SET "
      "NEW.p = CONCAT('C:\\', NEW.f); INSERT INTO old.log VALUES ('x'); END //",
      "test.sql");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_TRUE(mentionsSchema(statements[1], "old"));
  EXPECT_FALSE(mentionsSchema(statements[1], "other"));
  EXPECT_TRUE(mentionsSchema(asStatement("CALL p(\"a\\\", old.t)"), "new")) << "servers read it differently";
  EXPECT_TRUE(mentionsAny(asStatement("CALL `Log`(1)"), {"LOG"}));
  EXPECT_FALSE(mentionsAny(asStatement("CALL other('log')"), {"LOG"}));
}

TEST(SqlScriptTest, takesTheDefinerAway) {
  EXPECT_EQ(withoutDefiner("CREATE DEFINER=`a`@`%` TRIGGER t"), "CREATE  TRIGGER t");
  EXPECT_EQ(withoutDefiner("CREATE DEFINER = CURRENT_USER() VIEW t"), "CREATE  VIEW t");
  EXPECT_EQ(withoutDefiner("CREATE DEFINER=role VIEW t"), "CREATE  VIEW t");
  EXPECT_EQ(withoutDefiner("CREATE VIEW t AS select 'DEFINER=x'"), "CREATE VIEW t AS select 'DEFINER=x'");
}

RC_GTEST_PROP(SqlScriptPropertyTest, survivesAnyText, ()) {
  static const std::string alphabet = "'\"`\\;-#/*! \nDELIMITER$CREATEVIEWSET=@.x";
  std::string text;
  for (const auto i :
       *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, alphabet.size()))) {
    text += alphabet[i];
  }
  try {
    std::size_t total = 0;
    for (const Statement& statement : splitScript(text, "f")) total += statement.text.size();
    RC_ASSERT(total <= text.size());
  } catch (const Error& e) {
    RC_ASSERT(e.code() == ErrorCode::kCorrupt);
  }
  replaceSchema(asStatement(text), "x", "y");
  withEventDisabled(asStatement(text));
  withCreatedName(classifyStatement(text), "x");
  withoutDefiner(text);
}

TEST(SqlScriptTest, aTriggerLosesTheDatabasesInItsHeaderOnly) {
  const auto moved = [](const char* text) { return withoutTriggerSchema(classifyStatement(text)); };
  EXPECT_EQ(
      moved(
          "CREATE DEFINER=`a.b`@`1.2.3.4` TRIGGER d.t BEFORE INSERT ON `d`.`x` FOR EACH ROW INSERT INTO d.y "
          "VALUES (1)"),
      "CREATE DEFINER=`a.b`@`1.2.3.4` TRIGGER t BEFORE INSERT ON `x` FOR EACH ROW INSERT INTO d.y VALUES "
      "(1)");
  EXPECT_EQ(moved("CREATE TRIGGER `t` AFTER DELETE ON x FOR EACH ROW SET @a = d.f()"),
            "CREATE TRIGGER `t` AFTER DELETE ON x FOR EACH ROW SET @a = d.f()");
}

}  // namespace
}  // namespace enamel::mariadb
