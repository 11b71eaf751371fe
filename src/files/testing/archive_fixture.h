#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/file.h"
#include "files/testing/file_tree.h"

namespace enamel::files {

inline constexpr ArchiveOptions kOneThread{.threads = 1, .priority = Priority::kNormal};

MATCHER_P2(ProblemWith, path, text, "") {
  return arg.path == std::filesystem::path(path).string() && arg.what.find(text) != std::string::npos;
}

// A source folder, a repository in memory, and looks at what was stored.
class ArchiveFixture : public ::testing::Test {
 protected:
  ArchiveFixture() {
    std::filesystem::create_directory(source_);
    std::filesystem::permissions(temp_.path(), std::filesystem::perms(0755));
  }

  repository::Node nodeAt(const ArchiveResult& result, const std::filesystem::path& path) {
    repository::Node node = result.root;
    for (const std::filesystem::path& name : path) {
      const repository::Tree tree = repository_.repository().loadTree(node.subtree.value());
      const repository::Node* found = tree.find(name.string());
      if (found == nullptr) throw std::runtime_error("not in the tree: " + path.string());
      node = *found;
    }
    return node;
  }
  bool isStored(const ArchiveResult& result, const std::string& name) {
    return repository_.repository().loadTree(*result.root.subtree).find(name) != nullptr;
  }
  std::string contentOf(const repository::Node& node) {
    std::string out;
    for (const repository::BlobId& id : node.content)
      out += asText(repository_.repository().loadBlob(repository::BlobType::kData, id));
    return out;
  }
  // In and out again: equal in everything.
  void expectRoundTrip(const ArchiveOptions& options = {.priority = Priority::kNormal}) {
    const ArchiveResult stored = repository_.archive(source_, {}, options);
    EXPECT_THAT(stored.errors, ::testing::IsEmpty());
    EXPECT_THAT(stored.warnings, ::testing::Each(::testing::Field(
                                     &Problem::what, ::testing::HasSubstr("is a link to a folder"))));
    repository_.reopen();
    const TempDirectory target;
    const RestoreResult restored = repository_.restore(*stored.root.subtree, target.path());
    EXPECT_THAT(restored.errors, ::testing::IsEmpty());
    EXPECT_EQ(describeTree(source_), describeTree(target.path()));
  }

  TempDirectory temp_;
  std::filesystem::path source_ = temp_.path() / "source";
  TestRepository repository_;
};

}  // namespace enamel::files
