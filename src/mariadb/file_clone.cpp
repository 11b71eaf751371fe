#include "mariadb/file_clone.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

#include "base/error.h"

namespace enamel::mariadb {

FileCloner::FileCloner(const DatabaseFolder& folder, const std::string& name) : folder_(folder) {
  try {
    works_ = static_cast<bool>(clone(folder.open(name)));
  } catch (const Error&) {
    works_ = false;  // dropped just now, perhaps; then this capture does without
  }
}

Fd FileCloner::clone(const Fd& file) const {
  Fd copy = folder_.openUnnamed();
  if (copy && ::ioctl(copy.get(), FICLONE, file.get()) != 0) copy.reset();
  return copy;
}

}  // namespace enamel::mariadb
