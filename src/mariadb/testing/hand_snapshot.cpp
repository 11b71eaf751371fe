#include "mariadb/testing/hand_snapshot.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/connection.h"
#include "mariadb/file_name.h"
#include "mariadb/myi_header.h"
#include "mariadb/restore_rows.h"
#include "mariadb/restore_session.h"
#include "mariadb/restore_stream.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb::testing {
namespace fs = std::filesystem;
using repository::BlobId;
using repository::BlobType;
using repository::BlobWriter;
using repository::Node;
using repository::NodeType;

namespace {

constexpr std::string_view kPassword = "test";

Node fileNode(BlobWriter& writer, const std::string& name, std::string_view content,
              std::size_t chunk_bytes) {
  Node node;
  node.name = name;
  node.mode = 0640;
  node.size = content.size();
  for (std::size_t i = 0; i < content.size(); i += chunk_bytes) {
    node.content.push_back(writer.save(BlobType::kData, asBytes(content.substr(i, chunk_bytes))).id);
  }
  return node;
}

Node folderNode(BlobWriter& writer, const std::string& name, std::vector<Node> nodes) {
  std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return a.name < b.name; });
  Node node;
  node.name = name;
  node.type = NodeType::kDirectory;
  node.mode = repository::goMode(S_IFDIR | 0755);
  repository::Tree tree;
  tree.nodes = std::move(nodes);
  node.subtree = writer.saveTree(tree);
  return node;
}

std::string value(Connection& connection, const std::string& sql, std::size_t column) {
  return connection.query(sql).at(0).at(column).value_or("");
}

class HandSnapshot {
 public:
  HandSnapshot(repository::Repository& repository, const PrivateServer& server, const std::string& database,
               const HandSnapshotOptions& options)
      : options_(options),
        database_(database),
        folder_(server.dataFolder() / encodeFileName(database)),
        connection_(openRestoreConnection(server.address())),
        writer_(repository.newWriter()) {}

  BlobId store() {
    connection_.execute("USE " + quoteName(database_));
    connection_.execute("FLUSH TABLES");
    manifest_.database = database_;
    manifest_.instant = Clock::system().now();
    manifest_.server_version = connection_.serverVersion();
    const std::string schema =
        " FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " + quoteValue(database_);
    manifest_.character_set =
        connection_.queryValue("SELECT DEFAULT_CHARACTER_SET_NAME" + schema).value_or("");
    manifest_.collation = connection_.queryValue("SELECT DEFAULT_COLLATION_NAME" + schema).value_or("");
    manifest_.lock_method = "none";
    for (const StoredRow& row : connection_.query("SHOW FULL TABLES")) {
      if (row.at(1) != "VIEW") storeTable(row.at(0).value_or(""));
    }
    const std::string definitions = storeDefinitions();
    if (options_.change_manifest) options_.change_manifest(manifest_);
    const std::string stem = encodeFileName(database_);
    std::vector<Node> top{folderNode(*writer_, stem, std::move(nodes_)),
                          fileNode(*writer_, stem + ".sql", definitions, options_.chunk_bytes),
                          fileNode(*writer_, "manifest.json", asText(encodeManifest(manifest_)), 1U << 20)};
    const BlobId id = *folderNode(*writer_, "database", std::move(top)).subtree;
    writer_->flush();
    return id;
  }

 private:
  void add(const std::string& name, std::string content) {
    if (options_.change_file) {
      options_.change_file(name, content);
      if (content.empty()) return;
    }
    nodes_.push_back(fileNode(*writer_, name, content, options_.chunk_bytes));
  }

  void storeTable(const std::string& name) {
    ManifestTable table;
    table.name = name;
    table.file = encodeFileName(name);
    const std::string where =
        " FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " +
        quoteValue(name);
    table.engine = connection_.queryValue("SELECT ENGINE" + where).value_or("");
    const std::string definition = value(connection_, "SHOW CREATE TABLE " + quoteName(name), 1);
    if (table.engine == "MRG_MyISAM") {
      table.form = TableForm::kDefinition;
      add(table.file + ".sql", definition + ";\n");
    } else {
      table.rows =
          std::stoull(connection_.queryValue("SELECT COUNT(*) FROM " + quoteName(name)).value_or(""));
      if (table.engine == "MyISAM" && !options_.rows_only) {
        table.form = options_.keep_indexes ? TableForm::kFilesKeyed : TableForm::kFiles;
        storeFiles(table.file);
      } else {
        table.form = TableForm::kRows;
        add(table.file + ".sql", definition + ";\n");
        storeRows(table);
      }
    }
    manifest_.tables.push_back(table);
  }

  void storeFiles(const std::string& stem) {
    connection_.execute("FLUSH TABLES");
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
      const std::string name = entry.path().filename();
      if (splitTableFile(name).stem != stem || !isTableFile(name)) continue;
      const Bytes bytes = readFile(entry.path(), 1U << 30);
      std::string content(asText(bytes));
      if (!options_.keep_indexes && name.size() > 4 && name.substr(name.size() - 4) == ".MYI") {
        content.resize(parseMyiHeader(bytes)->header_bytes);
      }
      if (content.empty()) {
        nodes_.push_back(fileNode(*writer_, name, content, options_.chunk_bytes));
      } else {
        add(name, std::move(content));
      }
    }
  }

  void storeRows(const ManifestTable& table) {
    std::string columns;
    for (const TableColumn& column : readColumns(connection_, database_, table.name).columns) {
      if (column.generated) continue;
      columns += (columns.empty() ? "" : ", ") + quoteName(column.name);
      if (column.type == "float") columns += " + 0e0";
    }
    std::string rows;
    connection_.execute("SET character_set_results = NULL");
    connection_.stream("SELECT " + columns + " FROM " + quoteName(table.name),
                       [&](const Row& row) { appendTabRow(rows, row); });
    connection_.execute("SET NAMES utf8mb4");
    if (rows.empty()) {
      nodes_.push_back(fileNode(*writer_, table.file + ".txt", rows, options_.chunk_bytes));
    } else {
      add(table.file + ".txt", std::move(rows));
    }
  }

  std::string storeDefinitions() {
    std::string sql = "-- made by hand\nSET NAMES utf8mb4;\nDELIMITER ;;\n";
    for (const StoredRow& row : connection_.query("SHOW FULL TABLES")) {
      if (row.at(1) != "VIEW") continue;
      sql += value(connection_, "SHOW CREATE VIEW " + quoteName(row.at(0).value_or("")), 1) + ";;\n";
      ++manifest_.views;
    }
    for (const StoredRow& row : connection_.query("SHOW TRIGGERS")) {
      sql += value(connection_, "SHOW CREATE TRIGGER " + quoteName(row.at(0).value_or("")), 2) + ";;\n";
      ++manifest_.triggers;
    }
    for (const StoredRow& row :
         connection_.query("SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES "
                           "WHERE ROUTINE_SCHEMA = DATABASE()")) {
      sql += value(connection_,
                   "SHOW CREATE " + row.at(0).value_or("") + " " + quoteName(row.at(1).value_or("")), 2) +
             ";;\n";
      ++manifest_.routines;
    }
    for (const StoredRow& row : connection_.query("SHOW EVENTS")) {
      sql += value(connection_, "SHOW CREATE EVENT " + quoteName(row.at(1).value_or("")), 3) + ";;\n";
      ++manifest_.events;
    }
    return sql;
  }

  const HandSnapshotOptions& options_;
  const std::string database_;
  const fs::path folder_;
  Connection connection_;
  std::unique_ptr<BlobWriter> writer_;
  Manifest manifest_;
  std::vector<Node> nodes_;
};

}  // namespace

MemoryRepository::MemoryRepository() {
  repository::Repository::create(storage_, kPassword, repository::KdfParameters::cheap(), Clock::system());
  repository_ = repository::Repository::open(storage_, kPassword);
  repository_->loadIndex();
}

BlobId storeByHand(repository::Repository& repository, const PrivateServer& server,
                   const std::string& database, const HandSnapshotOptions& options) {
  return HandSnapshot(repository, server, database, options).store();
}

std::string checksums(const Address& address, const std::string& database) {
  Connection connection = openRestoreConnection(address);
  std::vector<std::string> lines;
  for (const StoredRow& row : connection.query("SHOW FULL TABLES FROM " + quoteName(database))) {
    if (row.at(1) == "VIEW") continue;
    const std::string table = row.at(0).value_or("");
    const std::string name = qualified(database, table);
    const std::string where =
        " WHERE TABLE_SCHEMA = " + quoteValue(database) + " AND TABLE_NAME = " + quoteValue(table);
    // MariaDB 10.11 gives an InnoDB table with generated columns another CHECKSUM from one moment to the
    // next.
    std::string sql = "SELECT COUNT(*), SUM(CRC32(CONCAT_WS(','";
    const bool innodb =
        connection.queryValue("SELECT ENGINE FROM information_schema.TABLES" + where) == "InnoDB";
    if (innodb) {
      for (const StoredRow& column :
           connection.query("SELECT COLUMN_NAME FROM information_schema.COLUMNS" + where)) {
        sql += ", IFNULL(HEX(CONCAT(" + quoteName(column.at(0).value_or("")) + ")), '-')";
      }
      sql += "))) FROM " + name;
    } else {
      sql = "CHECKSUM TABLE " + name;
    }
    const StoredRow sum = connection.query(sql).at(0);
    lines.push_back(table + "=" + (innodb ? sum.at(0).value_or("none") + "/" : "") +
                    sum.at(1).value_or("none"));
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

void copyTableFiles(const fs::path& folder, const std::string& from, const std::string& to) {
  for (const char* ending : {".frm", ".MYD", ".MYI"}) {
    const fs::path original = folder / (from + ending), copy = folder / (to + ending);
    fs::copy_file(original, copy);
    struct stat info {};
    if (::stat(original.c_str(), &info) != 0 || ::chown(copy.c_str(), info.st_uid, info.st_gid) != 0)
      throw systemError("give " + copy.string() + " to the server", errno);
  }
}

void runSql(const Address& address, const std::string& database, const std::string& sql) {
  Connection connection = openRestoreConnection(address);
  if (!database.empty()) connection.execute("USE " + quoteName(database));
  std::size_t begin = 0;
  while (begin < sql.size()) {
    const std::size_t end = std::min(sql.find(";\n", begin), sql.size());
    if (end > begin) connection.execute(sql.substr(begin, end - begin));
    begin = end + 2;
  }
}

}  // namespace enamel::mariadb::testing
