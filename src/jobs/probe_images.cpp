#include "jobs/probe_images.h"

#include <deque>
#include <fstream>

#include "jobs/image_folder.h"
#include "mariadb/connection.h"
#include "opendental/practice.h"
#include "opendental/tables.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kConnectSeconds = 5;
constexpr unsigned kAnswerSeconds = 60;
constexpr std::uint64_t kFilesAFolder = 20;
constexpr std::uint64_t kFoldersMax = 2000;

class Prober {
 public:
  Prober(const fs::path& folder, const CancelToken& cancel) : folder_(folder), cancel_(cancel) {}

  ImagesProbe run(const std::optional<mariadb::Address>& database) {
    guarded([&] {
      root_ = inspectImageFolder(folder_, {}, "").path;
      probe_.exists = true;
    });
    std::error_code error;
    probe_.exists = probe_.exists || fs::is_directory(folder_, error);
    if (root_.empty()) return std::move(probe_);
    probe_.readable = true;
    guarded([&] { sample(); });
    if (database) guarded([&] { lookForDocuments(*database); });
    return std::move(probe_);
  }

 private:
  template <class Step>
  void guarded(Step step) {
    cancel_.check();
    try {
      step();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      probe_.problems.push_back(ProbeProblem::of(error));
    }
  }

  // Breadth first, so that each letter has its turn.
  void sample() {
    std::deque<fs::path> folders = {root_};
    for (std::uint64_t seen = 0; !folders.empty() && seen < kFoldersMax; ++seen) {
      cancel_.check();
      if (probe_.files_sampled >= ImagesProbe::kSampleFiles) return;
      const fs::path folder = std::move(folders.front());
      folders.pop_front();
      sampleFolder(folder, folders);
    }
  }

  void sampleFolder(const fs::path& folder, std::deque<fs::path>& below) {
    std::error_code error;
    std::uint64_t files = 0;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      std::error_code ignored;  // what vanished meanwhile is none of it
      const fs::file_status status = entry->symlink_status(ignored);
      if (fs::is_directory(status) && below.size() < kFoldersMax) below.push_back(entry->path());
      if (!fs::is_regular_file(status) || files >= kFilesAFolder) continue;
      if (files++ == 0 && !std::ifstream(entry->path()).is_open())
        return unreadable("the file " + entry->path().string());
      ++probe_.files_sampled;
      const auto size = entry->file_size(ignored);
      if (!ignored) probe_.bytes_sampled += size;
    }
    if (error) unreadable("the folder " + folder.string());
  }

  void unreadable(const std::string& what) {
    if (!probe_.readable) return;  // one of them is said
    probe_.readable = false;
    probe_.problems.push_back(
        {.code = "unreadable",
         .message = what + " may not be read by this user, and there may be more of them",
         .hint = "give the user that Enamel runs as the right to read the whole folder"});
  }

  void lookForDocuments(const mariadb::Address& address) {
    mariadb::Connection connection(address,
                                   {.connect_timeout_s = kConnectSeconds, .read_timeout_s = kAnswerSeconds});
    if (!opendental::hasTable(connection, "document") || !opendental::hasTable(connection, "patient")) return;
    const auto rows = connection.query(
        "SELECT d.FileName, p.ImageFolder FROM document d JOIN patient p ON p.PatNum = d.PatNum WHERE "
        "d.FileName "
        "<> '' ORDER BY d.DocNum DESC LIMIT " +
        std::to_string(ImagesProbe::kSampleDocuments));
    std::string missing;
    for (const auto& row : rows) {
      const std::string path = opendental::documentPath(row.at(1).value_or(""), row.at(0).value_or(""));
      if (path.empty()) continue;
      ++probe_.documents_checked;
      std::error_code error;
      if (fs::is_regular_file(root_ / path, error))
        ++probe_.documents_found;
      else if (missing.empty())
        missing = path;
    }
    if (probe_.documents_found == probe_.documents_checked) return;
    const bool none = probe_.documents_found == 0;
    probe_.problems.push_back(
        {.code = none ? "wrong_practice" : "documents_missing",
         .message = "of the " + std::to_string(probe_.documents_checked) +
                    " newest documents in the database " +
                    std::to_string(probe_.documents_checked - probe_.documents_found) +
                    " have no file here, such as " + missing,
         .hint = none ? "it is not this practice's image folder, or a folder above or below it"
                      : "open one of them in Open Dental: if it shows, the folder is not the right one"});
  }

  const fs::path& folder_;
  const CancelToken& cancel_;
  fs::path root_;
  ImagesProbe probe_;
};

}  // namespace

ImagesProbe probeImages(const fs::path& folder, const std::optional<mariadb::Address>& database,
                        const CancelToken& cancel) {
  return Prober(folder, cancel).run(database);
}

}  // namespace enamel::jobs
