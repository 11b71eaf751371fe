#include "repository/index_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "repository/json_read.h"

namespace enamel::repository {
namespace {

PackedBlob blobFrom(const JsonObject& object, const std::string& name) {
  PackedBlob blob;
  blob.id = parseId<BlobId>(stringMember(object, "id"));
  const std::string type = stringMember(object, "type");
  if (type != "data" && type != "tree")
    throw Error(ErrorCode::kCorrupt, name + " is damaged: blob of unknown type");
  blob.type = type == "tree" ? BlobType::kTree : BlobType::kData;
  blob.offset = number32Member(object, "offset");
  blob.stored_bytes = number32Member(object, "length");
  blob.uncompressed_bytes = number32Member(object, "uncompressed_length");
  if (blob.stored_bytes < crypto::Box::kOverheadBytes || blob.offset > 0xFFFFFFFFU - blob.stored_bytes) {
    throw Error(ErrorCode::kCorrupt, name + " is damaged: a blob has an impossible place");
  }
  return blob;
}

}  // namespace

Bytes encodeIndex(const std::vector<IndexedPack>& packs) {
  std::string out = R"({"packs":[)";
  for (const IndexedPack& pack : packs) {
    if (&pack != &packs.front()) out += ',';
    nlohmann::ordered_json json;
    json["id"] = pack.id.hex();
    auto& list = json["blobs"] = nlohmann::ordered_json::array();
    for (const PackedBlob& blob : pack.blobs) {
      nlohmann::ordered_json entry = {{"id", blob.id.hex()},
                                      {"type", blob.type == BlobType::kTree ? "tree" : "data"},
                                      {"offset", blob.offset},
                                      {"length", blob.stored_bytes}};
      if (blob.uncompressed_bytes != 0) entry["uncompressed_length"] = blob.uncompressed_bytes;
      list.push_back(std::move(entry));
    }
    out += json.dump();
  }
  out += "]}";
  return toBytes(asBytes(out));
}

std::vector<IndexedPack> decodeIndex(ByteView json, const std::string& name) {
  // A repository of format version 1 may hold index files from before 2015 that are bare arrays; nobody has
  // them.
  return readJson(json, name, [&](const JsonObject& object) {
    std::vector<IndexedPack> packs;
    const auto list = member(object, "packs");
    if (!list) return packs;
    for (const JsonElement item : list->get_array()) {
      const JsonObject entry = item.get_object();
      IndexedPack pack;
      pack.id = parseId<PackId>(stringMember(entry, "id"));
      const auto blobs = entry["blobs"].get_array().value();
      pack.blobs.reserve(blobs.size());
      for (const JsonElement blob : blobs) pack.blobs.push_back(blobFrom(blob.get_object(), name));
      // The order of offsets is the pack's own; index files may list blobs in any.
      std::sort(pack.blobs.begin(), pack.blobs.end(),
                [](const PackedBlob& a, const PackedBlob& b) { return a.offset < b.offset; });
      packs.push_back(std::move(pack));
    }
    return packs;
  });
}

}  // namespace enamel::repository
