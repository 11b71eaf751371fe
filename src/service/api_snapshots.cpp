// Backups: the list, what is in one, and single files out of it.

#include <algorithm>
#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "http/problem.h"
#include "jobs/snapshot_json.h"
#include "jobs/tree_path.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/caller.h"

namespace enamel::service {
namespace {

using http::Problem;
using http::Request;
using http::Response;
using nlohmann::ordered_json;
using repository::Node;
using repository::NodeType;

constexpr std::int64_t kEntriesMax = 1000;
constexpr std::int64_t kSnapshotsMax = 1000;

// With what the history knows of it.
ordered_json snapshotWithHistory(const ApiParts& parts, const repository::Snapshot& snapshot) {
  ordered_json object = jobs::snapshotJson(snapshot);
  object["complete"] = !snapshot.hasTag(repository::kIncompleteTag);
  object["drill"] = nullptr;
  if (const auto drill = parts.runs.lastDrill(snapshot.id.hex()))
    object["drill"] = {
        {"run", drill->id}, {"passed", drill->state == RunState::kDone}, {"ended", timeJson(drill->ended)}};
  return object;
}

Response list(const ApiParts& parts, const Request& request) {
  const std::int64_t limit = numberOf(request, "limit", 1, kSnapshotsMax).value_or(100);
  const std::int64_t skip = numberOf(request, "skip", 0, 1'000'000'000).value_or(0);
  const SnapshotList found = parts.repository.snapshots();
  ordered_json array = ordered_json::array();
  const auto total = static_cast<std::int64_t>(found.snapshots.size());
  for (std::int64_t i = skip; i < std::min(total, skip + limit); ++i)
    array.push_back(snapshotWithHistory(parts, found.snapshots[static_cast<std::size_t>(i)]));
  return jsonResponse({{"snapshots", array}, {"total", total}, {"damaged", found.damaged}});
}

struct Opened {
  std::shared_ptr<const LoadedRepository> repository;
  repository::Snapshot snapshot;
};

Opened open(const ApiParts& parts, const Request& request) {
  auto repository = parts.repository.get();
  repository::Snapshot snapshot = (*repository)->findSnapshot(request.parameter("id"));
  return {std::move(repository), std::move(snapshot)};
}

// What look(opened) gives. Where something is missing it may be the index that is old: it is read again,
// once.
template <class Look>
auto withOpened(const ApiParts& parts, const Request& request, Look look) {
  Opened opened = open(parts, request);
  try {
    return look(opened);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCorrupt && error.code() != ErrorCode::kNotFound) throw;
  }
  opened.repository = parts.repository.getNewerThan(opened.repository);
  return look(opened);
}

std::string pathOf(const Request& request) {
  const std::string* const path = request.query.find("path");
  return path == nullptr ? "/" : *path;
}

Node nodeAt(const Opened& opened, const std::string& path) {
  auto node = jobs::findNode(**opened.repository, opened.snapshot.tree, path);
  if (!node)
    throw Problem(404, "that is not in backup " + opened.snapshot.id.shortHex(), "not_found",
                  "look at the folder it should be in");
  return std::move(*node);
}

ordered_json entryJson(const Node& node) {
  return {{"name", node.name},
          // Names may be any bytes; this one leads back to the file whatever they are.
          {"encoded_name", http::percentEncode(node.name)},
          {"type", jobs::nodeTypeName(node.type)},
          {"size", node.type == NodeType::kFile ? ordered_json(node.size) : ordered_json(nullptr)},
          {"modified", formatRfc3339(node.mtime)}};
}

// A page of a folder's entries, by name: after the one that the last page ended with.
Response entries(const Opened& opened, const Request& request) {
  const Node folder = nodeAt(opened, pathOf(request));
  if (!folder.subtree) throw Problem(400, "that is no folder", "no_folder", "ask for the file instead");
  const repository::Tree tree = (*opened.repository)->loadTree(*folder.subtree);
  const auto limit =
      static_cast<std::size_t>(numberOf(request, "limit", 1, kEntriesMax).value_or(kEntriesMax));
  auto at = tree.nodes.begin();
  if (const std::string* after = request.query.find("after"))
    at = std::upper_bound(tree.nodes.begin(), tree.nodes.end(), *after,
                          [](const std::string& name, const Node& node) { return name < node.name; });
  ordered_json array = ordered_json::array();
  for (; at != tree.nodes.end() && array.size() < limit; ++at) array.push_back(entryJson(*at));
  return jsonResponse({{"entries", array}, {"total", tree.nodes.size()}, {"more", at != tree.nodes.end()}});
}

Response tables(const Opened& opened) {
  const auto manifest = manifestOf(**opened.repository, opened.snapshot);
  if (!manifest) throw Problem(404, "there is no database in this backup", "not_found");
  ordered_json array = ordered_json::array();
  for (const mariadb::ManifestTable& table : manifest->tables)
    array.push_back({{"name", table.name},
                     {"engine", table.engine},
                     {"rows", table.rows},
                     {"bytes", table.bytes},
                     {"error", table.error.empty() ? ordered_json(nullptr) : ordered_json(table.error)}});
  return jsonResponse({{"database", manifest->database},
                       {"server_version", manifest->server_version},
                       {"instant", formatRfc3339(manifest->instant)},
                       {"office_paused_s", manifest->lock_seconds},
                       {"rows", manifest->rowCount()},
                       {"tables", array}});
}

// Always to be saved, never shown: what is in a backup came from anywhere (RFC 6266, RFC 8187).
std::string disposition(const std::string& name) {
  return "attachment; filename*=UTF-8''" + http::percentEncode(name);
}

// A slow client keeps one of the server's workers for as long as it takes: some are left for all others.
class Downloads {
 public:
  static constexpr int kAtOnceMax = 4;

  // One of the places, given back when the last copy is gone. Throws Problem(503) if all are taken.
  static std::shared_ptr<void> take(const std::shared_ptr<std::atomic<int>>& taken) {
    if (taken->fetch_add(1) >= kAtOnceMax) {
      taken->fetch_sub(1);
      Problem problem(503, "too many files are being downloaded", "busy", "wait until one of them has ended");
      problem.headers().set("Retry-After", "5");
      throw problem;
    }
    return {nullptr, [taken](void*) { taken->fetch_sub(1); }};
  }
};

Response fileResponse(const Opened& opened, const Node& node, std::shared_ptr<void> place) {
  if (node.type != NodeType::kFile) throw Problem(400, "that is no file", "no_file");
  Response response = Response::stream(
      "application/octet-stream",
      [repository = opened.repository, node, place = std::move(place)](http::BodyWriter& out) {
        for (const repository::BlobId& id : node.content)
          out.write((*repository)->loadBlob(repository::BlobType::kData, id));
      });
  response.headers.add("Content-Disposition", disposition(node.name));
  return response;
}

// Who takes patients' data out of a backup is on record, before it goes.
Response file(const ApiParts& parts, const std::shared_ptr<std::atomic<int>>& downloads,
              const Request& request) {
  return withOpened(parts, request, [&](const Opened& opened) {
    const std::string path = pathOf(request);
    Response response = fileResponse(opened, nodeAt(opened, path), Downloads::take(downloads));
    if (request.method != "HEAD")
      parts.audit.append(callerOf(request).event(request, "file.download",
                                                 "snapshot " + opened.snapshot.id.hex(), "done", path));
    return response;
  });
}

}  // namespace

void addSnapshotRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/api/v1/snapshots", [parts](const Request& request) { return list(parts, request); });
  router.get("/api/v1/snapshots/{id}", [parts](const Request& request) {
    return jsonResponse(snapshotWithHistory(parts, open(parts, request).snapshot));
  });
  router.get("/api/v1/snapshots/{id}/entries", [parts](const Request& request) {
    return withOpened(parts, request, [&](const Opened& opened) { return entries(opened, request); });
  });
  router.get("/api/v1/snapshots/{id}/tables", [parts](const Request& request) {
    return withOpened(parts, request, [](const Opened& opened) { return tables(opened); });
  });
  router.get("/api/v1/snapshots/{id}/file",
             [parts, downloads = std::make_shared<std::atomic<int>>(0)](const Request& request) {
               return file(parts, downloads, request);
             });
}

}  // namespace enamel::service
