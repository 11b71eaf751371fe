#pragma once

namespace enamel::files {

// Something of the source could not be read. Not an Error: it concerns that one thing, is caught where the
// thing is named, and can never be mistaken for a failure of the repository.
class FileReadError {
 public:
  explicit FileReadError(int error_number) : error_number_(error_number) {}
  int errorNumber() const { return error_number_; }

 private:
  int error_number_;
};

}  // namespace enamel::files
