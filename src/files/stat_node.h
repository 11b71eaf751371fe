#pragma once

#include <sys/stat.h>

#include <string>

#include "files/owner_names.h"
#include "repository/tree.h"

namespace enamel::files {

// The node of what stat says, with the fields restic fills: no content, subtree, link target or attributes
// yet. Access times are stored as modification times, as restic does by default: they would make every
// backup differ. REQUIRES: st is of a type that Node knows.
repository::Node nodeFromStat(std::string name, const struct stat& st, OwnerNames& owners);

// True if st's type is one that Node knows.
bool isStorable(const struct stat& st);

// True if the content was not touched since the parent's node was made: type, size, times of content and of
// status, and inode are as they were. Never for a node that notes an error: what could not be read then is
// missing in it.
bool contentUnchanged(const repository::Node& parent, const repository::Node& now);

// True if two nodes are equal but for what a stat does not show (content, subtree, link target, attributes).
bool sameMetadata(const repository::Node& a, const repository::Node& b);

Timestamp timestampOf(const timespec& time);
timespec timespecOf(Timestamp time);

}  // namespace enamel::files
