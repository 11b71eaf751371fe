#include "sample/practice.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "mariadb/connection.h"
#include "mariadb/private_server.h"
#include "sample/image_content.h"
#include "sample/loader.h"
#include "sample/world.h"

namespace enamel::sample {
namespace fs = std::filesystem;
using mariadb::PrivateServer;

namespace {

constexpr int kFormat = 1;
constexpr const char* kDatabase = "opendental";
constexpr const char* kFileName = "practice.json";

// Room to sort big indexes in memory; nobody else works on this server meanwhile.
const std::vector<std::string>& loadingOptions() {
  static const std::vector<std::string> options = {
      "--key-buffer-size=256M",        "--myisam-sort-buffer-size=384M",  "--myisam-max-sort-file-size=64G",
      "--bulk-insert-buffer-size=64M", "--innodb-buffer-pool-size=512M",  "--innodb-log-file-size=512M",
      "--innodb-log-buffer-size=64M",  "--aria-pagecache-buffer-size=32M"};
  return options;
}

// As a practice's server would be set up, in small.
const std::vector<std::string>& workingOptions() {
  static const std::vector<std::string> options = {"--key-buffer-size=256M", "--innodb-buffer-pool-size=256M",
                                                   "--innodb-log-file-size=256M",
                                                   "--myisam-sort-buffer-size=128M"};
  return options;
}

void writeDescription(const Practice& practice, bool complete) {
  const nlohmann::ordered_json json = {{"enamel_sample", kFormat},
                                       {"complete", complete},
                                       {"patients", practice.options.patients},
                                       {"images_mb", practice.options.images_mb},
                                       {"engine", engineName(practice.options.engine)},
                                       {"seed", practice.options.seed},
                                       {"database", kDatabase},
                                       {"image_folder", practice.images.string()},
                                       {"url", practice.url()}};
  const std::string text = json.dump(2) + '\n';
  const ByteView parts[] = {asBytes(text)};
  writeFileDurably(practice.folder / kFileName, parts, 0644);
}

struct Description {
  PracticeOptions options;
  bool complete = false;
};

// nullopt if the folder holds no practice.
std::optional<Description> readDescription(const fs::path& folder) {
  const fs::path path = folder / kFileName;
  if (!fs::exists(path)) return std::nullopt;
  const Bytes text = readFile(path, 1 << 16);
  const auto damaged = [&] {
    return Error(ErrorCode::kCorrupt, path.string() + " does not describe a sample practice",
                 "choose another folder, or remove this one if it holds nothing you need");
  };
  try {
    const nlohmann::json json = nlohmann::json::parse(text.begin(), text.end());
    if (json.at("enamel_sample").get<int>() != kFormat) throw damaged();
    Description description;
    description.complete = json.at("complete").get<bool>();
    description.options.patients = json.at("patients").get<std::uint64_t>();
    description.options.images_mb = json.at("images_mb").get<std::uint64_t>();
    description.options.engine = parseEngine(json.at("engine").get<std::string>());
    description.options.seed = json.at("seed").get<std::uint64_t>();
    return description;
  } catch (const nlohmann::json::exception&) {
    throw damaged();
  }
}

Practice practiceIn(const fs::path& folder, const PracticeOptions& options) {
  Practice practice;
  practice.folder = fs::canonical(folder);
  practice.images = practice.folder / "OpenDentImages";
  practice.options = options;
  practice.address = PrivateServer::findRunning(practice.folder / "server", kDatabase);
  return practice;
}

void fill(const Practice& practice, Progress& progress, const CancelToken& cancel) {
  const World world(practice.options);
  progress.files_total = world.images().size();
  progress.setPhase("writing images");
  writeImages(world, practice.images, progress, cancel);

  progress.setPhase("loading tables");
  PrivateServer::Options server_options;
  server_options.folder = practice.folder / "server";
  server_options.local_infile = true;
  server_options.server_options = loadingOptions();
  PrivateServer server(server_options, cancel);
  mariadb::Connection(server.address())
      .execute(fmt::format("CREATE DATABASE {} CHARACTER SET utf8", kDatabase));
  loadTables(world, server.address(kDatabase), progress, cancel);
  server.stop();
}

}  // namespace

std::string Practice::url() const {
  return address ? mariadb::formatAddress(*address) : "";
}

Practice createPractice(const fs::path& folder, const PracticeOptions& options, Progress& progress,
                        const CancelToken& cancel) {
  if (options.patients == 0) throw Error(ErrorCode::kUsage, "a practice needs at least one patient");
  if (options.patients > 5000000 || options.images_mb > 10000000) {
    throw Error(ErrorCode::kUsage, "that is more than a practice can have",
                "at most 5000000 patients and 10000000 MB of images");
  }
  fs::create_directories(folder);
  if (const auto existing = readDescription(folder)) {
    if (existing->complete && existing->options == options) return practiceIn(folder, options);
    if (existing->complete) {
      throw Error(ErrorCode::kExists, folder.string() + " already holds another sample practice",
                  "choose another folder, or stop and remove that one");
    }
    stopPractice(folder);
    for (const char* part : {"server", "OpenDentImages"}) fs::remove_all(folder / part);
  } else if (!fs::is_empty(folder)) {
    throw Error(ErrorCode::kExists, folder.string() + " is not empty",
                "choose a new folder for the practice");
  }
  const Practice practice = practiceIn(folder, options);
  writeDescription(practice, false);
  fill(practice, progress, cancel);
  writeDescription(practice, true);
  return practice;
}

Practice openPractice(const fs::path& folder) {
  const auto description = readDescription(folder);
  if (!description) {
    throw Error(ErrorCode::kNotFound, "there is no sample practice in " + folder.string(),
                "make one with: enamel sample create " + folder.string());
  }
  if (!description->complete) {
    throw Error(ErrorCode::kIncomplete,
                "the making of the sample practice in " + folder.string() + " was interrupted",
                "run again: enamel sample create " + folder.string());
  }
  return practiceIn(folder, description->options);
}

Practice startPractice(const fs::path& folder, const std::vector<std::string>& server_options,
                       const CancelToken& cancel) {
  Practice practice = openPractice(folder);
  if (practice.address) return practice;
  PrivateServer::Options options;
  options.folder = practice.folder / "server";
  options.local_infile = true;
  options.keep_running = true;
  options.server_options = workingOptions();
  options.server_options.insert(options.server_options.end(), server_options.begin(), server_options.end());
  PrivateServer server(options, cancel);
  practice.address = server.address(kDatabase);
  writeDescription(practice, true);
  server.release();
  return practice;
}

bool stopPractice(const fs::path& folder) {
  if (!readDescription(folder)) openPractice(folder);  // says that there is none
  return PrivateServer::stopRunning(folder / "server");
}

}  // namespace enamel::sample
