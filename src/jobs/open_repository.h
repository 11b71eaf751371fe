#pragma once

#include <memory>
#include <string>

#include "mariadb/url.h"
#include "repository/repository.h"
#include "storage/storage.h"

namespace enamel::jobs {

// An open repository with its storage.
struct OpenRepository {
  std::unique_ptr<storage::Storage> storage;
  std::unique_ptr<repository::Repository> repository;
  repository::Repository& operator*() const { return *repository; }
  repository::Repository* operator->() const { return repository.get(); }
};

// The storage at a location as people write it: a folder, with or without "local:" before it. Throws
// kUnsupported for places of other kinds.
std::unique_ptr<storage::Storage> openStorage(std::string location);

// Opens the repository; the password is wiped.
OpenRepository openRepository(std::unique_ptr<storage::Storage> storage, std::string password);

// Without the white space around it, and a byte order mark, as restic reads what comes from files and
// programs.
std::string trimmedPassword(std::string text);
// What a file holds of a repository's password, trimmed. Throws kUsage if that is nothing.
std::string repositoryPasswordFrom(const std::string& file);
// The address with the password that a file holds, without the line's end.
mariadb::Address withPasswordFrom(const std::string& file, mariadb::Address address);

}  // namespace enamel::jobs
