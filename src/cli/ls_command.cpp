#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/open.h"
#include "cli/output.h"
#include "jobs/snapshot_json.h"
#include "jobs/tree_path.h"

namespace enamel::cli {
namespace {

using repository::Node;
using repository::NodeType;

// Deeper than any path a file system allows; a tree that goes on is damaged or hostile.
constexpr int kDepthMax = 4096;

struct LsOptions {
  std::string snapshot, path;
  bool long_listing = false, recursive = false;
};

class Listing {
 public:
  Listing(Context& context, const repository::Repository& repository, const LsOptions& options)
      : context_(context), repository_(repository), options_(options) {}

  // The node itself and what is inside: all of it, or one level.
  void print(const Node& node, const std::string& path, bool whole, int depth = 0) {
    if (!path.empty()) printNode(node, path);
    if (!node.subtree) return;
    if (depth == kDepthMax)
      throw Error(ErrorCode::kCorrupt, "the snapshot's folders are nested too deeply at " + path);
    const repository::Tree tree = repository_.loadTree(*node.subtree);
    for (const Node& child : tree.nodes) {
      context_.cancel.check();
      const std::string child_path = path + "/" + child.name;
      if (whole) {
        print(child, child_path, whole, depth + 1);
      } else {
        printNode(child, child_path);
      }
    }
  }

 private:
  void printNode(const Node& node, const std::string& path) {
    if (context_.shared.json) {
      printJson(context_.out, jobs::nodeJson(node, path));
      return;
    }
    if (options_.long_listing) {
      context_.out << fmt::format("{} {:>5} {:>5} {:>12} {} ", jobs::permissionText(node), node.uid, node.gid,
                                  node.size, formatLocal(node.mtime));
    }
    context_.out << printable(path);
    if (options_.long_listing && node.type == NodeType::kSymlink)
      context_.out << " -> " << printable(node.link_target);
    context_.out << '\n';
    if (!context_.out.good()) throw Error(ErrorCode::kIo, "standard output could not be written");
  }

  Context& context_;
  const repository::Repository& repository_;
  const LsOptions& options_;
};

int runLs(Context& context, const LsOptions& options) {
  const OpenRepository repository = openRepository(context);
  std::vector<std::string> damaged;
  const repository::Snapshot snapshot = repository->findSnapshot(options.snapshot, &damaged);
  if (context.shared.json) {
    for (const std::string& text : damaged)  // there is no summary to hold them
      printJson(context.err, {{"message_type", "warning"}, {"message", text}});
  }
  printWarnings(context, damaged);
  repository->loadIndex(context.cancel);
  const std::optional<Node> node = jobs::findNode(*repository, snapshot.tree, options.path);
  if (!node)
    throw Error(ErrorCode::kNotFound, options.path + " is not in snapshot " + snapshot.id.shortHex(),
                "`enamel ls " + snapshot.id.shortHex() + "` lists what is");
  if (context.shared.json) {
    nlohmann::ordered_json object = {{"message_type", "snapshot"}, {"struct_type", "snapshot"}};
    object.update(jobs::snapshotJson(snapshot));
    printJson(context.out, object);
  }
  std::string path;
  for (const std::string& part : jobs::splitPath(options.path)) path += "/" + part;
  Listing(context, *repository, options).print(*node, path, path.empty() || options.recursive);
  return 0;
}

}  // namespace

void addLsCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<LsOptions>();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "ls",
                  .summary = "List what is in a backup",
                  .examples = "enamel ls -r /backup/practice latest\n"
                              "enamel ls -r /backup/practice latest /images/A/AdamsTom12 -l\n"
                              "enamel ls -r /backup/practice 5f3a99c1 /database --recursive --json"},
                 [&context, options] { return runLs(context, *options); });
  addRepositoryOptions(*command, context);
  command->add_option("SNAPSHOT", options->snapshot, "The snapshot's id, its first digits, or latest")
      ->type_name("")
      ->required();
  command->add_option("PATH", options->path, "Only this file, or this folder and what is in it")
      ->type_name("");
  command->add_flag("-l,--long", options->long_listing, "Rights, owner, size and time too");
  command->add_flag("--recursive", options->recursive, "With PATH: folders inside too");
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
