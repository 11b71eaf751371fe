#include "jobs/drill_images.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/time.h"
#include "opendental/practice.h"

namespace enamel::jobs {

using repository::BlobId;
using repository::BlobType;
using repository::Node;
using repository::NodeType;
using repository::Repository;
using repository::Tree;

namespace {

constexpr int kDepthMax = 200;

struct Sample {
  std::string path;
  Node node;
};

class ImageWalk {
 public:
  ImageWalk(const Repository& repository, const DrillOptions& options, DrillReport& report,
            Progress& progress, const CancelToken& cancel, DrillCheck& check)
      : repository_(repository),
        options_(options),
        report_(report),
        progress_(progress),
        cancel_(cancel),
        check_(check) {
    std::uint8_t seed[4];
    randomBytes(seed);
    random_.seed(loadLe32(seed));
  }

  void walk(const BlobId& id, const std::string& path, int depth) {
    cancel_.check();
    if (depth > kDepthMax) {
      addFinding(check_, path + ": more than " + std::to_string(kDepthMax) + " folders deep",
                 options_.findings_max);
      return;
    }
    try {
      for (const Node& node : repository_.loadTree(id).nodes) {
        const std::string below = path.empty() ? node.name : path + "/" + node.name;
        if (node.type == NodeType::kDirectory && node.subtree) walk(*node.subtree, below, depth + 1);
        if (node.type == NodeType::kFile) seeFile(below, node);
      }
    } catch (const Error& e) {
      rethrowUnlessDamage(e);
      addFinding(check_, (path.empty() ? "the image folder" : path) + ": " + e.what(), options_.findings_max);
    }
  }

  // Returns the number of files read.
  std::size_t readSamples() {
    for (const Sample& sample : samples_) {
      cancel_.check();
      progress_.setCurrent(sample.path);
      try {
        std::uint64_t bytes = 0;
        for (const BlobId& blob : sample.node.content)
          bytes += repository_.loadBlob(BlobType::kData, blob).size();
        if (bytes != sample.node.size) {
          addFinding(check_,
                     sample.path + ": has " + std::to_string(bytes) + " bytes, not " +
                         std::to_string(sample.node.size),
                     options_.findings_max);
        }
        report_.image_bytes += bytes;
      } catch (const Error& e) {
        rethrowUnlessDamage(e);
        addFinding(check_, sample.path + ": " + e.what(), options_.findings_max);
      }
    }
    return samples_.size();
  }

  static void rethrowUnlessDamage(const Error& e) {
    if (e.code() != ErrorCode::kCorrupt && e.code() != ErrorCode::kNotFound && e.code() != ErrorCode::kLimit)
      throw;
  }

 private:
  void seeFile(const std::string& path, const Node& node) {
    ++report_.images;
    for (const BlobId& blob : node.content) {
      if (repository_.has(BlobType::kData, blob)) continue;
      addFinding(check_, path + ": a piece of it is not in the repository", options_.findings_max);
      return;
    }
    // A reservoir: each file is as likely to be read as any other.
    if (samples_.size() < options_.image_samples) {
      samples_.push_back({path, node});
    } else if (options_.image_samples > 0) {
      const auto at = std::uniform_int_distribution<std::uint64_t>(0, report_.images - 1)(random_);
      if (at < samples_.size()) samples_[at] = {path, node};
    }
  }

  const Repository& repository_;
  const DrillOptions& options_;
  DrillReport& report_;
  Progress& progress_;
  const CancelToken& cancel_;
  DrillCheck& check_;
  std::mt19937 random_;
  std::vector<Sample> samples_;
};

bool sameIgnoringCase(const std::string& a, const std::string& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// Windows does not tell upper from lower case, so neither may this.
const Node* findAnyCase(const Tree& tree, const std::string& name) {
  if (const Node* node = tree.find(name)) return node;
  for (const Node& node : tree.nodes) {
    if (sameIgnoringCase(node.name, name)) return &node;
  }
  return nullptr;
}

// Looks paths up in a tree; the folder found last is kept, as documents of one patient come in a row.
class TreeLookup {
 public:
  TreeLookup(const Repository& repository, const BlobId& root) : repository_(repository), root_(root) {}

  bool hasFile(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
    if (!folder_ || folder_path_ != folder) {
      folder_ = load(folder);
      folder_path_ = folder;
    }
    const Node* node = findAnyCase(*folder_, path.substr(slash == std::string::npos ? 0 : slash + 1));
    return node != nullptr && node->type == NodeType::kFile;
  }

 private:
  Tree load(const std::string& folder) const {
    Tree tree = repository_.loadTree(root_);
    for (std::size_t begin = 0; begin < folder.size();) {
      const std::size_t end = std::min(folder.find('/', begin), folder.size());
      const Node* node = findAnyCase(tree, folder.substr(begin, end - begin));
      if (node == nullptr || !node->subtree) return {};
      Tree below = repository_.loadTree(*node->subtree);
      tree = std::move(below);
      begin = end + 1;
    }
    return tree;
  }

  const Repository& repository_;
  const BlobId root_;
  std::optional<Tree> folder_;
  std::string folder_path_;
};

}  // namespace

void addFinding(DrillCheck& check, std::string finding, std::size_t findings_max) {
  check.outcome = CheckOutcome::kFailed;
  ++check.findings_total;
  if (check.findings.size() < findings_max) check.findings.push_back(std::move(finding));
}

DrillCheck checkImages(const Repository& repository, const BlobId& images, const DrillOptions& options,
                       DrillReport& report, Progress& progress, const CancelToken& cancel) {
  DrillCheck check;
  check.name = "images";
  check.title = "image files are in the repository and can be read";
  const double start = monotonicSeconds();
  ImageWalk walk(repository, options, report, progress, cancel, check);
  walk.walk(images, "", 0);
  const std::size_t read = walk.readSamples();
  check.summary = std::to_string(report.images) + " files; " + std::to_string(read) +
                  " of them read whole (" + formatSize(report.image_bytes) + ")";
  check.seconds = monotonicSeconds() - start;
  return check;
}

DrillCheck checkDocuments(mariadb::Connection& connection, const Repository& repository, const BlobId& images,
                          const DrillOptions& options, DrillReport& report, const CancelToken& cancel) {
  DrillCheck check;
  check.name = "documents";
  check.title = "every document has its image file";
  const double start = monotonicSeconds();
  TreeLookup lookup(repository, images);
  opendental::forEachDocument(connection, [&](const opendental::DocumentFile& document) {
    if (++report.documents % 1024 == 0) cancel.check();
    const std::string name = "document " + std::to_string(document.document);
    if (document.path.empty()) {
      addFinding(check, name + ": " + document.problem, options.findings_max);
      return;
    }
    try {
      if (!lookup.hasFile(document.path)) {
        addFinding(check, name + ": " + document.path + " is not in the snapshot", options.findings_max);
      }
    } catch (const Error& e) {
      ImageWalk::rethrowUnlessDamage(e);
      addFinding(check, name + ": " + e.what(), options.findings_max);
    }
  });
  check.summary = std::to_string(report.documents) + " document rows, " +
                  std::to_string(check.findings_total) + " without their file";
  check.seconds = monotonicSeconds() - start;
  return check;
}

}  // namespace enamel::jobs
