#include "repository/tree.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <utility>

#include "repository/go_quote.h"
#include "repository/json_read.h"

namespace enamel::repository {
namespace {

// Go's os.FileMode bits beyond the nine of permissions.
constexpr std::uint32_t kGoDirectory = 1U << 31;
constexpr std::uint32_t kGoSymlink = 1U << 27;
constexpr std::uint32_t kGoDevice = 1U << 26;
constexpr std::uint32_t kGoNamedPipe = 1U << 25;
constexpr std::uint32_t kGoSocket = 1U << 24;
constexpr std::uint32_t kGoSetuid = 1U << 23;
constexpr std::uint32_t kGoSetgid = 1U << 22;
constexpr std::uint32_t kGoCharDevice = 1U << 21;
constexpr std::uint32_t kGoSticky = 1U << 20;
constexpr std::uint32_t kGoIrregular = 1U << 19;

constexpr std::array<std::pair<NodeType, std::string_view>, 8> kTypeNames = {{
    {NodeType::kFile, "file"},
    {NodeType::kDirectory, "dir"},
    {NodeType::kSymlink, "symlink"},
    {NodeType::kDevice, "dev"},
    {NodeType::kCharDevice, "chardev"},
    {NodeType::kFifo, "fifo"},
    {NodeType::kSocket, "socket"},
    {NodeType::kIrregular, "irregular"},
}};

std::string_view nameOf(NodeType type) {
  for (const auto& [t, name] : kTypeNames) {
    if (t == type) return name;
  }
  ENAMEL_CHECK(false);
}

// A file whose content list would not fit any memory is damage, not data.
constexpr std::size_t kNameBytesMax = 4096;

bool isSafeName(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.size() <= kNameBytesMax &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

// Members in the order of restic's Node, left out where restic leaves them out, so that a tree restic has
// read and writes again has the same bytes; its `rewrite` refuses others.
class NodeWriter {
 public:
  explicit NodeWriter(std::string& out) : out_(out) {}

  void write(const Node& node) {
    out_ += '{';
    text("name", goQuote(node.name));
    text("type", nameOf(node.type));
    if (node.mode != 0) number("mode", node.mode);
    text("mtime", formatRfc3339(node.mtime));
    text("atime", formatRfc3339(node.atime));
    text("ctime", formatRfc3339(node.ctime));
    number("uid", node.uid);
    number("gid", node.gid);
    if (!node.user.empty()) text("user", node.user);
    if (!node.group.empty()) text("group", node.group);
    if (node.inode != 0) number("inode", node.inode);
    if (node.device_id != 0) number("device_id", node.device_id);
    if (node.size != 0) number("size", node.size);
    if (node.links != 0) number("links", node.links);
    if (!node.link_target.empty()) linkTarget(node.link_target);
    if (!node.extended_attributes.empty()) attributes(node.extended_attributes);
    if (node.device != 0) number("device", node.device);
    content(node);
    if (node.subtree) text("subtree", node.subtree->hex());
    if (!node.error.empty()) text("error", node.error);
    out_ += '}';
  }

 private:
  void key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    appendGoJson(out_, value);
  }
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    out_ += std::to_string(value);
  }
  void linkTarget(const std::string& target) {
    key("linktarget");
    // restic reads the raw bytes back and escapes what stands for them; elsewhere the stand-in is all it has.
    appendGoJson(out_, target, "\\ufffd");
    if (!isUtf8(target)) text("linktarget_raw", toBase64(asBytes(target)));
  }
  void attributes(const std::vector<ExtendedAttribute>& list) {
    key("extended_attributes");
    char separator = '[';
    for (const ExtendedAttribute& attribute : list) {
      out_ += separator;
      out_ += '{';
      text("name", attribute.name);
      text("value", toBase64(attribute.value));
      out_ += '}';
      separator = ',';
    }
    out_ += ']';
  }
  void content(const Node& node) {
    key("content");
    if (node.type != NodeType::kFile) {
      out_ += "null";
      return;
    }
    out_ += '[';
    for (const BlobId& id : node.content) {
      if (out_.back() != '[') out_ += ',';
      out_ += '"';
      out_ += id.hex();
      out_ += '"';
    }
    out_ += ']';
  }

  std::string& out_;
};

Node fromJson(const JsonObject& object, const std::string& tree_name) {
  Node node;
  auto raw_name = goUnquote(stringMember(object, "name"));
  if (!raw_name || !isSafeName(*raw_name)) {
    throw Error(ErrorCode::kCorrupt, tree_name + " is damaged: it holds an entry whose name is no file name");
  }
  node.name = std::move(*raw_name);
  const std::string type = stringMember(object, "type");
  const auto known =
      std::find_if(kTypeNames.begin(), kTypeNames.end(), [&](const auto& t) { return t.second == type; });
  if (known == kTypeNames.end()) {
    throw Error(ErrorCode::kCorrupt, tree_name + " is damaged: entry of unknown type");
  }
  node.type = known->first;
  node.mode = number32Member(object, "mode");
  node.mtime = timeMember(object, "mtime");
  node.atime = timeMember(object, "atime");
  node.ctime = timeMember(object, "ctime");
  node.uid = number32Member(object, "uid");
  node.gid = number32Member(object, "gid");
  node.user = stringMember(object, "user");
  node.group = stringMember(object, "group");
  node.inode = numberMember(object, "inode");
  node.device_id = numberMember(object, "device_id");
  node.size = numberMember(object, "size");
  node.links = numberMember(object, "links");
  node.link_target = stringMember(object, "linktarget");
  if (member(object, "linktarget_raw")) node.link_target = asText(base64Member(object, "linktarget_raw"));
  if (const auto attributes = member(object, "extended_attributes")) {
    for (const JsonElement item : attributes->get_array()) {
      const JsonObject attribute = item.get_object();
      node.extended_attributes.push_back({stringMember(attribute, "name"), base64Member(attribute, "value")});
    }
  }
  node.device = numberMember(object, "device");
  if (const auto content = member(object, "content")) {
    const auto ids = content->get_array().value();
    node.content.reserve(ids.size());
    for (const JsonElement id : ids) node.content.push_back(parseId<BlobId>(id.get_string().value()));
  }
  node.subtree = idMember<BlobId>(object, "subtree");
  node.error = stringMember(object, "error");
  if (node.type == NodeType::kDirectory && !node.subtree) {
    throw Error(ErrorCode::kCorrupt, tree_name + " is damaged: the folder " + node.name + " has no tree");
  }
  return node;
}

}  // namespace

std::uint32_t goMode(mode_t st_mode) {
  std::uint32_t mode = st_mode & 0777;
  switch (st_mode & S_IFMT) {
    case S_IFDIR:
      mode |= kGoDirectory;
      break;
    case S_IFLNK:
      mode |= kGoSymlink;
      break;
    case S_IFBLK:
      mode |= kGoDevice;
      break;
    case S_IFCHR:
      mode |= kGoDevice | kGoCharDevice;
      break;
    case S_IFIFO:
      mode |= kGoNamedPipe;
      break;
    case S_IFSOCK:
      mode |= kGoSocket;
      break;
    case S_IFREG:
      break;
    default:
      mode |= kGoIrregular;
  }
  if ((st_mode & S_ISUID) != 0) mode |= kGoSetuid;
  if ((st_mode & S_ISGID) != 0) mode |= kGoSetgid;
  if ((st_mode & S_ISVTX) != 0) mode |= kGoSticky;
  return mode;
}

mode_t unixMode(std::uint32_t go_mode) {
  mode_t mode = go_mode & 0777;
  if ((go_mode & kGoDirectory) != 0) {
    mode |= S_IFDIR;
  } else if ((go_mode & kGoSymlink) != 0) {
    mode |= S_IFLNK;
  } else if ((go_mode & kGoCharDevice) != 0) {
    mode |= S_IFCHR;
  } else if ((go_mode & kGoDevice) != 0) {
    mode |= S_IFBLK;
  } else if ((go_mode & kGoNamedPipe) != 0) {
    mode |= S_IFIFO;
  } else if ((go_mode & kGoSocket) != 0) {
    mode |= S_IFSOCK;
  } else {
    mode |= S_IFREG;
  }
  if ((go_mode & kGoSetuid) != 0) mode |= S_ISUID;
  if ((go_mode & kGoSetgid) != 0) mode |= S_ISGID;
  if ((go_mode & kGoSticky) != 0) mode |= S_ISVTX;
  return mode;
}

const Node* Tree::find(std::string_view name) const {
  const auto it =
      std::lower_bound(nodes.begin(), nodes.end(), name,
                       [](const Node& node, std::string_view wanted) { return node.name < wanted; });
  return it != nodes.end() && it->name == name ? &*it : nullptr;
}

Bytes encodeTree(const Tree& tree) {
  std::string out = R"({"nodes":[)";
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    ENAMEL_CHECK(isSafeName(tree.nodes[i].name));
    ENAMEL_CHECK(i == 0 || tree.nodes[i - 1].name < tree.nodes[i].name);
    if (i != 0) out += ',';
    NodeWriter(out).write(tree.nodes[i]);
  }
  out += "]}\n";
  return toBytes(asBytes(out));
}

Tree decodeTree(ByteView json, const std::string& name) {
  return readJson(json, name, [&](const JsonObject& object) {
    Tree tree;
    if (const auto nodes = member(object, "nodes")) {
      const auto list = nodes->get_array().value();
      tree.nodes.reserve(list.size());
      for (const JsonElement item : list) {
        tree.nodes.push_back(fromJson(item.get_object(), name));
        if (tree.nodes.size() > 1 && !(tree.nodes[tree.nodes.size() - 2].name < tree.nodes.back().name)) {
          throw Error(ErrorCode::kCorrupt, name + " is damaged: its entries are out of order");
        }
      }
    }
    return tree;
  });
}

}  // namespace enamel::repository
