#include "jobs/drill_images.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <random>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/letter_case.h"
#include "base/time.h"
#include "opendental/practice.h"
#include "repository/verify_blobs.h"

namespace enamel::jobs {

using repository::BlobId;
using repository::BlobType;
using repository::Node;
using repository::NodeType;
using repository::Repository;
using repository::Tree;

namespace {

constexpr int kDepthMax = 200;

bool isDamage(const Error& e) {
  return e.code() == ErrorCode::kCorrupt || e.code() == ErrorCode::kNotFound || e.code() == ErrorCode::kLimit;
}

struct Chosen {
  std::string path;
  Node node;
};

// Chooses some of all files that it is shown: a quarter are the newest, which no drill before can have read;
// the rest are drawn by chance, each as likely as any other, so that every drill reads others.
class Choice {
 public:
  explicit Choice(std::size_t wanted) : newest_max_((wanted + 3) / 4), drawn_max_(wanted - newest_max_) {
    std::uint8_t seed[4];
    randomBytes(seed);
    random_.seed(loadLe32(seed));
  }

  void see(Chosen file) {
    if (newest_max_ == 0) return;
    if (newest_.size() == newest_max_) {
      if (newer(file, newest_.front())) {  // the oldest of the newest
        std::pop_heap(newest_.begin(), newest_.end(), newer);
        std::swap(file, newest_.back());
        std::push_heap(newest_.begin(), newest_.end(), newer);
      }
      return draw(std::move(file));
    }
    newest_.push_back(std::move(file));
    std::push_heap(newest_.begin(), newest_.end(), newer);
  }

  std::vector<Chosen> take() {
    std::vector<Chosen> all = std::move(newest_);
    std::move(drawn_.begin(), drawn_.end(), std::back_inserter(all));
    std::sort(all.begin(), all.end(), [](const Chosen& a, const Chosen& b) { return a.path < b.path; });
    return all;
  }
  std::size_t newest() const { return newest_.size(); }
  std::size_t drawn() const { return drawn_.size(); }

 private:
  static bool newer(const Chosen& a, const Chosen& b) { return a.node.mtime.ns > b.node.mtime.ns; }

  // A reservoir.
  void draw(Chosen file) {
    ++seen_;
    if (drawn_.size() < drawn_max_) {
      drawn_.push_back(std::move(file));
    } else if (drawn_max_ > 0) {
      const auto at = std::uniform_int_distribution<std::uint64_t>(0, seen_ - 1)(random_);
      if (at < drawn_.size()) drawn_[at] = std::move(file);
    }
  }

  const std::size_t newest_max_, drawn_max_;
  std::vector<Chosen> newest_;  // a heap, the oldest in front
  std::vector<Chosen> drawn_;
  std::uint64_t seen_ = 0;  // files that were drawn from
  std::mt19937 random_;
};

// The check of the image folder; run() is the table of contents.
class ImageCheck {
 public:
  ImageCheck(const Repository& repository, const DrillOptions& options, DrillReport& report,
             Progress& progress, const CancelToken& cancel)
      : repository_(repository), options_(options), report_(report), progress_(progress), cancel_(cancel) {}

  DrillCheck run(const BlobId& images) {
    check_.name = "images";
    check_.title = kImagesTitle;
    progress_.setPhase("looking for the pieces of all image files");
    Choice choice(readsAll() ? 0 : options_.read_images);
    std::vector<BlobId> blobs;
    forEachFile(images, [&](const std::string& path, const Node& node) {
      ++report_.images;
      if (!isComplete(path, node)) return;
      ++complete_;
      complete_bytes_ += node.size;
      if (readsAll()) {
        blobs.insert(blobs.end(), node.content.begin(), node.content.end());
      } else {
        choice.see({path, node});
      }
    });
    const std::string chosen = wordsFor(choice);
    report_.images_chosen = readsAll() ? "all" : options_.read_images == 0 ? "none" : "newest_and_random";
    progress_.setPhase("reading image files back");
    if (readsAll()) {
      readAll(images, std::move(blobs));
    } else {
      read(choice.take());
    }
    summarise(chosen);
    return std::move(check_);
  }

 private:
  // A file's pieces are looked at one after the other; the first that is damaged says why.
  using Damaged = std::unordered_map<BlobId, std::string>;

  bool readsAll() const { return options_.read_images == DrillOptions::kAllImages; }

  void find(std::string finding) { addFinding(check_, std::move(finding), options_.findings_max); }

  // Every file below the tree; folders that cannot be read are findings, each once.
  void forEachFile(const BlobId& tree, const std::function<void(const std::string&, const Node&)>& body) {
    walk(tree, "", 0, body);
  }
  void walk(const BlobId& id, const std::string& path, int depth,
            const std::function<void(const std::string&, const Node&)>& body) {
    cancel_.check();
    if (depth > kDepthMax) {
      if (unread_.insert(path).second)
        find(path + ": more than " + std::to_string(kDepthMax) + " folders deep");
      return;
    }
    try {
      for (const Node& node : repository_.loadTree(id).nodes) {
        const std::string below = path.empty() ? node.name : path + "/" + node.name;
        if (node.type == NodeType::kDirectory && node.subtree) walk(*node.subtree, below, depth + 1, body);
        if (node.type == NodeType::kFile) body(below, node);
      }
    } catch (const Error& e) {
      if (!isDamage(e)) throw;
      if (unread_.insert(path).second) find((path.empty() ? "the image folder" : path) + ": " + e.what());
    }
  }

  // Whether the repository's index has all of the file's pieces, and they make its length.
  bool isComplete(const std::string& path, const Node& node) {
    std::uint64_t bytes = 0;
    for (const BlobId& blob : node.content) {
      const auto at = repository_.locate(BlobType::kData, blob);
      if (!at) {
        find(path + ": a piece of it is not in the repository");
        return false;
      }
      bytes += at->plaintext_bytes;
    }
    if (bytes == node.size) return true;
    find(path + ": its pieces have " + std::to_string(bytes) + " bytes, not " + std::to_string(node.size));
    return false;
  }

  Damaged verify(std::vector<BlobId> blobs) {
    Damaged damaged;
    progress_.bytes_total = progress_.bytes_done.load();  // the restore counted what it did, with no total
    repository::verifyBlobs(
        repository_, std::move(blobs), options_.threads,
        [&](const BlobId& id, const std::string& why) { damaged.emplace(id, why); }, progress_, cancel_);
    return damaged;
  }

  void judge(const std::string& path, const Node& node, const Damaged& damaged) {
    for (const BlobId& blob : node.content) {
      const auto it = damaged.find(blob);
      if (it == damaged.end()) continue;
      return find(path + ": " + it->second);
    }
    ++report_.images_read;
    report_.image_bytes += node.size;
  }

  void read(const std::vector<Chosen>& files) {
    std::vector<BlobId> blobs;
    for (const Chosen& file : files)
      blobs.insert(blobs.end(), file.node.content.begin(), file.node.content.end());
    const Damaged damaged = verify(std::move(blobs));
    for (const Chosen& file : files) judge(file.path, file.node, damaged);
    tried_ = files.size();
  }

  void readAll(const BlobId& images, std::vector<BlobId> blobs) {
    const Damaged damaged = verify(std::move(blobs));
    tried_ = complete_;
    if (damaged.empty()) {
      report_.images_read = complete_;
      report_.image_bytes = complete_bytes_;
      return;
    }
    // Which files they belong to is asked for only now: nobody keeps a million paths for the good case.
    // What turned out damaged may be in no index any more.
    forEachFile(images, [&](const std::string& path, const Node& node) {
      const bool tried = std::all_of(node.content.begin(), node.content.end(), [&](const BlobId& blob) {
        return damaged.count(blob) != 0 || repository_.has(BlobType::kData, blob);
      });
      if (tried) judge(path, node, damaged);
    });
  }

  std::string wordsFor(const Choice& choice) const {
    if (readsAll() || choice.newest() + choice.drawn() == complete_) return {};
    if (choice.drawn() == 0) return ", the newest";
    return ", the " + formatCount(choice.newest()) + " newest and " + formatCount(choice.drawn()) +
           " chosen by chance";
  }

  // What was done, and no more than that.
  void summarise(const std::string& chosen) {
    const std::string files = formatCount(report_.images, "file");
    std::string text = files + (complete_ == report_.images ? ", all their pieces are in the repository; "
                                                            : ", the pieces of " + formatCount(complete_) +
                                                                  " of them are all in the repository; ");
    if (tried_ == 0) {
      text += "none was read back";
    } else {
      const bool all = report_.images_read == report_.images;
      text += (all ? "all" : formatCount(report_.images_read)) + " of them read back whole (" +
              formatSize(report_.image_bytes) + chosen + ")";
      // However it came about: what was not read back whole is never passed over.
      if (report_.images_read < tried_ && check_.findings_total == 0)
        find(formatCount(tried_ - report_.images_read) + " image files could not be read back");
      if (report_.images_read < tried_)
        text += ", " + formatCount(tried_ - report_.images_read) + " not whole";
    }
    check_.summary = text;
  }

  const Repository& repository_;
  const DrillOptions& options_;
  DrillReport& report_;
  Progress& progress_;
  const CancelToken& cancel_;
  DrillCheck check_;
  std::set<std::string> unread_;                     // folders
  std::uint64_t complete_ = 0, complete_bytes_ = 0;  // files whose pieces the index has
  std::uint64_t tried_ = 0;                          // files that were to be read back
};

// Windows does not tell upper from lower case, so neither may this.
const Node* findAnyCase(const Tree& tree, const std::string& name) {
  if (const Node* node = tree.find(name)) return node;
  const std::string upper = upperCase(name);
  for (const Node& node : tree.nodes) {
    if (upperCase(node.name) == upper) return &node;
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
  const double start = monotonicSeconds();
  DrillCheck check = ImageCheck(repository, options, report, progress, cancel).run(images);
  check.seconds = monotonicSeconds() - start;
  return check;
}

DrillCheck checkDocuments(mariadb::Connection& connection, const Repository& repository, const BlobId& images,
                          const LeftOut& left_out, const DrillOptions& options, DrillReport& report,
                          const CancelToken& cancel) {
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
      if (lookup.hasFile(document.path)) return;
      if (left_out.has(document.path)) {
        ++report.documents_left_out;
        return;
      }
      addFinding(check, name + ": " + document.path + " is not in the snapshot", options.findings_max);
    } catch (const Error& e) {
      if (!isDamage(e)) throw;
      addFinding(check, name + ": " + e.what(), options.findings_max);
    }
  });
  check.summary = formatCount(report.documents, "document row") + ", " + formatCount(check.findings_total) +
                  " without their file";
  if (report.documents_left_out != 0)
    check.summary +=
        ", " + formatCount(report.documents_left_out) + " with their file left out on request (--exclude)";
  check.seconds = monotonicSeconds() - start;
  return check;
}

}  // namespace enamel::jobs
