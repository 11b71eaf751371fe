#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/progress.h"
#include "sample/world.h"

namespace enamel::sample {

// Makes the bytes of image files: valid JPEG, PNG and PDF of a wanted size, other bytes for each seed, at the
// speed of a memory copy or so. The JPEGs are put together from the restart intervals of two pictures that
// are encoded once: an interval decodes by itself, so any choice of them in any order is a picture.
// Thread-safe after construction.
class ImageContent {
 public:
  ImageContent();
  ~ImageContent();
  ImageContent(const ImageContent&) = delete;
  ImageContent& operator=(const ImageContent&) = delete;

  // About file.bytes bytes (JPEGs have a largest size near 8 MB).
  Bytes make(const ImageFile& file) const;

 private:
  struct Picture;
  Bytes makeJpeg(std::uint64_t size, std::uint64_t seed) const;

  std::unique_ptr<const Picture> small_, large_;
};

// Writes all files of world.images() and the empty folders a practice has below `folder`, with the times of
// their documents.
void writeImages(const World& world, const std::string& folder, Progress& progress,
                 const CancelToken& cancel);

}  // namespace enamel::sample
