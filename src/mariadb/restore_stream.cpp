#include "mariadb/restore_stream.h"

#include <thread>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/byte_channel.h"
#include "mariadb/restore_files.h"
#include "mariadb/restore_rows.h"
#include "mariadb/restore_session.h"
#include "mariadb/row_dump.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {
namespace {

constexpr std::size_t kPieceBytes = 256U << 10;
constexpr std::size_t kChannelBytes = 2U << 20;
constexpr std::string_view kDatabaseName = "tables";

void escapeInto(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '\0':
        out += "\\0";
        break;
      case '\t':
      case '\n':
      case '\\':
        out += '\\';
        out += c;
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

void appendTabRow(std::string& out, const Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) out += '\t';
    if (row[i].isNull()) {
      out += "\\N";
    } else {
      escapeInto(out, row[i].text());
    }
  }
  out += '\n';
}

struct RowStreamer::State {
  State(const std::string& scratch_folder) : folder("enamel-tables-", scratch_folder) {}

  TempDirectory folder;
  std::unique_ptr<PrivateServer> server;
};

RowStreamer::RowStreamer(const RestoreSource& source, const std::vector<const ManifestTable*>& tables,
                         const std::string& scratch_folder, std::size_t threads,
                         std::vector<files::Problem>& problems, Progress& progress, const CancelToken& cancel)
    : state_(std::make_unique<State>(scratch_folder)) {
  PrivateServer::Options options;
  options.folder = state_->folder.path() / "server";
  // Tables without their indexes are to be read as they are, not repaired on opening.
  options.server_options = {"--myisam-recover-options=OFF"};
  state_->server = std::make_unique<PrivateServer>(options, cancel);
  Connection connection = openRestoreConnection(state_->server->address());
  connection.execute("CREATE DATABASE " + quoteName(kDatabaseName));
  std::string reason;
  const auto folder =
      findTargetFolder(connection, std::string(kDatabaseName), state_->server->dataFolder(), reason);
  if (!folder)
    throw Error(ErrorCode::kPermission, "the private server's tables cannot be put in place: " + reason);
  problems = placeTableFiles(source, tables, *folder, threads, progress, cancel);
}

RowStreamer::~RowStreamer() = default;

std::string RowStreamer::stream(Connection& target, const std::string& database, const ManifestTable& table,
                                Progress& progress, const CancelToken& cancel) {
  try {
    Connection::Options options;
    options.use_database = false;
    Connection source(state_->server->address(), options);
    prepareRestoreSession(source);
    const std::string name = qualified(kDatabaseName, table.name);
    const std::vector<StoredRow> definition = source.query("SHOW CREATE TABLE " + name);
    if (definition.empty() || definition[0].size() < 2) return "the server does not say how it is defined";
    createTable(target, database, table.name, classifyStatement(definition[0][1].value_or("")));

    std::string columns;
    for (const TableColumn& column : readColumns(source, kDatabaseName, table.name).columns) {
      if (!column.generated) columns += (columns.empty() ? "" : ", ") + loadableExpression(column);
    }
    source.execute("SET SESSION character_set_results = NULL");  // bytes as they are stored

    ByteChannel channel(kChannelBytes);
    std::thread reader([&] {
      try {
        std::string piece;
        source.stream("SELECT " + columns + " FROM " + name + " USE INDEX ()", [&](const Row& row) {
          cancel.check();
          appendTabRow(piece, row);
          if (piece.size() < kPieceBytes) return;
          progress.bytes_done += piece.size();
          if (!channel.write(std::exchange(piece, {})))
            throw Error(ErrorCode::kCancelled, "the target stopped");
        });
        channel.write(std::move(piece));
        channel.close();
      } catch (...) {
        channel.close(std::current_exception());
      }
    });
    std::string wrong;
    std::exception_ptr failure;
    try {
      wrong = loadRows(target, database, table.name, table.rows,
                       [&](MutableByteView buffer) { return channel.read(buffer); });
    } catch (...) {
      failure = std::current_exception();
    }
    channel.abandon();
    reader.join();
    if (failure != nullptr) std::rethrow_exception(failure);
    return wrong;
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kDatabase && e.code() != ErrorCode::kCorrupt &&
        e.code() != ErrorCode::kNotFound) {
      throw;
    }
    return e.what();
  }
}

}  // namespace enamel::mariadb
