// Makes a repository with many backups and many files, quickly: for measuring what lists and looks into them.
//
//   many_backups FOLDER SNAPSHOTS FILES      password: bench

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "repository/repository.h"
#include "storage/local.h"

namespace {

using namespace enamel;
using namespace enamel::repository;

constexpr std::uint64_t kFilesPerFolder = 1000;
constexpr std::int64_t kHourNs = 3'600'000'000'000;
constexpr std::int64_t kFirstNs = 1'700'000'000'000'000'000;  // November 2023

Node entry(const char* format, std::uint64_t number, NodeType type) {
  char name[32];
  std::snprintf(name, sizeof name, format, static_cast<unsigned long long>(number));
  Node node;
  node.name = name;
  node.type = type;
  node.mode = type == NodeType::kDirectory ? goMode(S_IFDIR | 0755) : goMode(S_IFREG | 0644);
  node.mtime = node.atime = node.ctime = {kFirstNs};
  node.inode = number + 1;
  node.links = 1;
  return node;
}

BlobId storeFiles(BlobWriter& writer, std::uint64_t files) {
  const Bytes content(100, std::uint8_t{'x'});
  const BlobId blob = writer.save(BlobType::kData, content).id;
  Tree images;
  for (std::uint64_t done = 0; done < files; done += kFilesPerFolder) {
    Tree folder;
    for (std::uint64_t i = 0; i < kFilesPerFolder && done + i < files; ++i) {
      Node file = entry("image%07llu.jpg", done + i, NodeType::kFile);
      file.size = content.size();
      file.content = {blob};
      folder.nodes.push_back(std::move(file));
    }
    Node node = entry("folder%05llu", done / kFilesPerFolder, NodeType::kDirectory);
    node.subtree = writer.saveTree(folder);
    images.nodes.push_back(std::move(node));
  }
  Tree root;
  root.nodes.push_back(entry("images", 0, NodeType::kDirectory));
  root.nodes.back().name = "images";
  root.nodes.back().subtree = writer.saveTree(images);
  return writer.saveTree(root);
}

void make(const std::string& folder, std::uint64_t snapshots, std::uint64_t files) {
  storage::LocalStorage storage(folder);
  Repository::create(storage, "bench", KdfParameters::cheap(), Clock::system());
  const auto repository = Repository::open(storage, "bench");
  repository->loadIndex();
  const auto writer = repository->newWriter();
  const BlobId tree = storeFiles(*writer, files);
  writer->flush();
  for (std::uint64_t i = 0; i < snapshots; ++i) {
    Snapshot snapshot;
    snapshot.time = {kFirstNs + static_cast<std::int64_t>(i) * kHourNs};
    snapshot.tree = tree;
    snapshot.paths = {"/images"};
    snapshot.hostname = "practice";
    snapshot.username = "enamel";
    snapshot.summary = SnapshotSummary{.backup_start = snapshot.time,
                                       .backup_end = snapshot.time,
                                       .files_new = i,
                                       .total_files_processed = files,
                                       .total_bytes_processed = files * 100};
    repository->saveSnapshot(snapshot);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "many_backups FOLDER SNAPSHOTS FILES\n");
    return 2;
  }
  try {
    make(argv[1], std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10));
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "many_backups: %s\n", error.what());
    return 1;
  }
}
