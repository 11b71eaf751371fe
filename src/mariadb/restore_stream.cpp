#include "mariadb/restore_stream.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/scratch_folder.h"
#include "mariadb/byte_channel.h"
#include "mariadb/restore_count.h"
#include "mariadb/restore_files.h"
#include "mariadb/restore_rows.h"
#include "mariadb/restore_session.h"
#include "mariadb/row_dump.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {
namespace {

constexpr std::size_t kPieceBytes = 256U << 10;
constexpr std::size_t kChannelBytes = 2U << 20;
constexpr std::uint64_t kRowBytesMax = 96U << 20;
constexpr std::string_view kDatabaseName = "tables";
// What a private server takes on the disk beside the tables: its log, system tables, temporary files.
constexpr std::uint64_t kServerBytes = 128U << 20;

// Takes one value's text into `out`. full(), called when out is long, may send it off and empty it.
template <class Full>
void escapeInto(std::string& out, std::string_view value, const Full& full) {
  constexpr std::string_view kEscaped{"\0\t\n\\", 4};
  while (!value.empty()) {
    const std::string_view slice = value.substr(0, kPieceBytes);
    const std::string_view plain = slice.substr(0, slice.find_first_of(kEscaped));
    out += plain;
    value.remove_prefix(plain.size());
    if (plain.size() < slice.size()) {
      out += '\\';
      out += value.front() == '\0' ? '0' : value.front();
      value.remove_prefix(1);
    }
    if (out.size() >= kPieceBytes) full();
  }
}

template <class Full>
void appendRow(std::string& out, const Row& row, const Full& full) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) out += '\t';
    if (row[i].isNull()) {
      out += "\\N";
    } else {
      escapeInto(out, row[i].text(), full);
    }
  }
  out += '\n';
}

// Whether a value of the type may be longer than a TEXT.
bool mayBeLong(const TableColumn& column) {
  static constexpr std::array<std::string_view, 13> kTypes{
      "mediumtext",      "mediumblob",   "longtext",          "longblob", "json",
      "geometry",        "point",        "linestring",        "polygon",  "multipoint",
      "multilinestring", "multipolygon", "geometrycollection"};
  return std::find(kTypes.begin(), kTypes.end(), column.type) != kTypes.end();
}

// Lets only so many streams go on that their longest rows fit into kRowBytesMax together: the client library
// holds a row as a whole. One that is longer goes alone.
class RowMemory {
 public:
  class Share {
   public:
    Share(RowMemory& memory, std::uint64_t bytes, const CancelToken& cancel)
        : memory_(memory), bytes_(std::min(bytes, kRowBytesMax)) {
      std::unique_lock lock(memory_.mutex_);
      while (memory_.used_ + bytes_ > kRowBytesMax) {
        memory_.changed_.wait_for(lock, std::chrono::milliseconds(100));
        cancel.check();
      }
      memory_.used_ += bytes_;
    }
    ~Share() {
      const std::lock_guard lock(memory_.mutex_);
      memory_.used_ -= bytes_;
      memory_.changed_.notify_all();
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    RowMemory& memory_;
    const std::uint64_t bytes_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t used_ = 0;  // guarded by mutex_
};

// An upper bound of a row's length where that is enough, else the longest row, which takes reading them all.
std::uint64_t longestRow(Connection& connection, const std::string& name,
                         const std::vector<TableColumn>& columns, std::uint64_t table_bytes) {
  std::string lengths;
  for (const TableColumn& column : columns) {
    if (!mayBeLong(column)) continue;
    lengths += (lengths.empty() ? "" : " + ") + ("IFNULL(OCTET_LENGTH(" + quoteName(column.name) + "), 0)");
  }
  if (lengths.empty() || table_bytes <= kRowBytesMax / 16) return lengths.empty() ? 0 : table_bytes;
  const std::string longest =
      connection.queryValue("SELECT MAX(" + lengths + ") FROM " + name + " USE INDEX ()").value_or("0");
  return std::strtoull(longest.c_str(), nullptr, 10);
}

}  // namespace

void appendTabRow(std::string& out, const Row& row) {
  appendRow(out, row, [] {});
}

struct RowStreamer::State {
  State(const RestoreSource& restore_source, const std::string& scratch_folder)
      : source(restore_source), folder("tables", scratch_folder) {}

  const RestoreSource& source;
  ScratchFolder folder;
  RowMemory row_memory;
  std::unique_ptr<PrivateServer> server;
};

RowStreamer::RowStreamer(const RestoreSource& source, const std::vector<const ManifestTable*>& tables,
                         const std::string& scratch_folder, std::size_t threads,
                         std::vector<files::Problem>& problems, Progress& progress,
                         const CancelToken& cancel) {
  removeAbandonedScratch(scratch_folder);
  std::uint64_t bytes = kServerBytes;
  for (const ManifestTable* table : tables) bytes += source.bytesOf(*table);
  requireSpace(ScratchFolder::parentOf(scratch_folder), bytes, "the table files that are staged there",
               "--scratch-folder DIR");
  state_ = std::make_unique<State>(source, scratch_folder);
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
                                const std::string& as, Progress& progress, const CancelToken& cancel,
                                std::vector<std::string>& warnings) {
  try {
    Connection::Options options;
    options.use_database = false;
    Connection source(state_->server->address(), options);
    prepareRestoreSession(source);
    const std::string name = qualified(kDatabaseName, table.name);
    const std::vector<StoredRow> definition = source.query("SHOW CREATE TABLE " + name);
    if (definition.empty() || definition[0].size() < 2) return "the server does not say how it is defined";
    const Statement statement = classifyStatement(definition[0][1].value_or(""));
    if (statement.kind != StatementKind::kCreateTable) return "its definition is none of a table";
    std::string warning = createTable(target, database, table.name, as, statement);
    if (!warning.empty()) warnings.push_back(std::move(warning));

    std::uint64_t rows = table.rows;
    if (isSystemVersioned(source, std::string(kDatabaseName), table.name)) {
      const std::string all = countRestoredRows(source, std::string(kDatabaseName), table.name, table.form);
      if (all != std::to_string(rows))
        return "its files have " + all + " rows, the backup's manifest says " + std::to_string(rows);
      const std::string now =
          source.queryValue("SELECT COUNT(*) FROM " + name + " USE INDEX ()").value_or("0");
      rows = std::strtoull(now.c_str(), nullptr, 10);
      if (rows != table.rows)
        warnings.push_back(
            "table " + table.name + ": the " + std::to_string(table.rows - rows) +
            " rows of its history are not restored, only those of the backup's moment: a server "
            "takes history only as files, where its data folder is at hand");
    }

    std::string columns;
    const std::vector<TableColumn> all = readColumns(source, kDatabaseName, table.name).columns;
    for (const TableColumn& column : all) {
      if (!column.generated) columns += (columns.empty() ? "" : ", ") + loadableExpression(column);
    }
    const RowMemory::Share memory(state_->row_memory,
                                  longestRow(source, name, all, state_->source.bytesOf(table)), cancel);
    source.execute("SET SESSION character_set_results = NULL");  // bytes as they are stored

    ByteChannel channel(kChannelBytes);
    std::thread reader([&] {
      try {
        std::string piece;
        const auto send = [&] {
          progress.bytes_done += piece.size();
          if (!channel.write(std::exchange(piece, {})))
            throw Error(ErrorCode::kCancelled, "the target stopped");
        };
        source.stream("SELECT " + columns + " FROM " + name + " USE INDEX ()", [&](const Row& row) {
          cancel.check();
          appendRow(piece, row, send);
          if (piece.size() >= kPieceBytes) send();
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
      wrong =
          loadRows(target, database, as, rows, [&](MutableByteView buffer) { return channel.read(buffer); });
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
