// Ends a move at each of its statements, in every way it can be ended: no row is ever lost, and the same move
// again, or an undo, brings both databases to one of the two states that people know.
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "mariadb/testing/move_fixture.h"

namespace enamel::mariadb {
namespace {

using testing::DatabaseMoveTest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::runSql;

// How a move is cut off at its n-th point, before or after a statement.
enum class Cut { kConnection, kServer };

class CutMoveTest : public DatabaseMoveTest {
 protected:
  using Move = std::function<void(const MoveOptions&)>;

  // False once the move came through without meeting the point. The points after a statement and before the
  // next one leave the same: the loops take each second one.
  bool cutAt(int point, Cut how, const Move& move) { return cut(point, how, {}, move); }
  // The same for the points around tables that move one by one, as if a server died in the middle of a
  // RENAME.
  bool cutBetweenTables(int point, const Move& move) {
    return cut(point, Cut::kConnection, "RENAME TABLE `", move);
  }
  std::string where_;

 private:
  bool cut(int point, Cut how, const std::string& statements, const Move& move) {
    int at = 0;
    bool cut = false;
    MoveOptions options;
    options.tables_a_rename = statements.empty() ? 0 : 1;
    options.on_statement = [&](std::string_view sql, bool done) {
      if (!sql.starts_with(statements) || at++ != point) return;
      cut = true;
      where_ = std::string(done ? "after " : "before ") + std::string(sql.substr(0, 100));
      throw Error(ErrorCode::kDatabaseUnreachable, "cut off");
    };
    try {
      move(options);
    } catch (const Error& error) {
      EXPECT_TRUE(cut) << error.what() << error.hint();
    }
    if (cut && how == Cut::kServer) killServer();
    return cut;
  }
};

TEST_F(CutMoveTest, aGoLiveCutOffAnywhereIsCompleted) {
  int cuts = 0;
  const auto complete = [&] {
    ++cuts;
    SCOPED_TRACE(where_);
    try {
      EXPECT_THAT(goLive().errors, IsEmpty());
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("are live already"));  // cut off when all was done
    }
    expectLive();
    undo();
    expectAsBefore();
    return !HasFailure();
  };
  const auto move = [&](const MoveOptions& options) { goLive(options); };
  for (int point = 0; cutAt(point, Cut::kConnection, move); point += 2)
    if (!complete()) return;
  EXPECT_GT(cuts, 40);
  cuts = 0;
  undo();
  for (int point = 0; cutBetweenTables(point, move); point += 2)
    if (!complete()) return;
  EXPECT_GT(cuts, 12);
}

TEST_F(CutMoveTest, aGoLiveCutOffAnywhereIsTakenBack) {
  int cuts = 0, nothing = 0;
  const auto takeBack = [&] {
    ++cuts;
    SCOPED_TRACE(where_);
    try {
      undo();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kNotFound) << error.what();
      ++nothing;  // it had not begun
      // An empty database is all that may be left of it.
      if (databases().size() == 3) runSql(server_->address(), "", "DROP DATABASE livebackup_11_29_2026");
    }
    expectAsBefore();
    return !HasFailure();
  };
  const auto move = [&](const MoveOptions& options) { goLive(options); };
  for (int point = 0; cutAt(point, Cut::kConnection, move); point += 2)
    if (!takeBack()) return;
  EXPECT_GT(cuts - nothing, 20);
  undo();
  for (int point = 0; cutBetweenTables(point, move); point += 2)
    if (!takeBack()) return;
}

TEST_F(CutMoveTest, anUndoCutOffAnywhereIsCompleted) {
  int cuts = 0;
  const auto complete = [&] {
    ++cuts;
    SCOPED_TRACE(where_);
    try {
      EXPECT_THAT(undo().errors, IsEmpty());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kNotFound) << error.what();  // cut off when all was done
    }
    expectAsBefore();
    goLive();
    return !HasFailure();
  };
  const auto move = [&](const MoveOptions& options) { undo(options); };
  goLive();
  for (int point = 0; cutAt(point, Cut::kConnection, move); point += 2)
    if (!complete()) return;
  EXPECT_GT(cuts, 40);
  cuts = 0;
  goLive();
  for (int point = 0; cutBetweenTables(point, move); point += 2)
    if (!complete()) return;
  EXPECT_GT(cuts, 12);
}

// What a killed server had not finished is up to its recovery.
TEST_F(CutMoveTest, aServerKilledAnywhereLosesNothing) {
  int cuts = 0;
  for (int point = 0; cutAt(point, Cut::kServer, [&](const MoveOptions& options) { goLive(options); });
       point += 5) {
    ++cuts;
    SCOPED_TRACE(where_);
    EXPECT_THAT(goLive().errors, IsEmpty());
    expectLive();
    undo();
    expectAsBefore();
    if (HasFailure()) return;
  }
  EXPECT_GT(cuts, 15);
}

// A statement that a killed process had sent is run by the server all the same.
TEST_F(CutMoveTest, aProcessKilledAnywhereLosesNothing) {
  int kills = 0;
  for (int point = 0;; point += 4) {
    const pid_t child = ::fork();
    if (child == 0) {
      int at = 0;
      MoveOptions options;
      options.on_statement = [&](std::string_view, bool) {
        if (at++ == point) ::kill(::getpid(), SIGKILL);
      };
      try {
        goLive(options);
      } catch (...) {
        ::_exit(1);
      }
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      break;
    }
    ++kills;
    EXPECT_THAT(goLive().errors, IsEmpty());
    expectLive();
    undo();
    expectAsBefore();
    if (HasFailure()) return;
  }
  EXPECT_GT(kills, 15);
}

}  // namespace
}  // namespace enamel::mariadb
