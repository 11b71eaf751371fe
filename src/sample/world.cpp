#include "sample/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "sample/vocabulary.h"

namespace enamel::sample {
namespace {

// Each doubling of the size is half as frequent: 24 KB to 6 MB, 162 KB on the average.
constexpr std::uint64_t kImageBytesMin = 24000;
constexpr unsigned kImageDoublingsMax = 7;
constexpr std::uint64_t kImageBytesMean = 162000;

std::uint64_t streamOf(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::string lettersOf(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) out += c;
  }
  return out;
}

const char* extensionOf(ImageFile::Kind kind) {
  switch (kind) {
    case ImageFile::Kind::kJpeg:
      return "jpg";
    case ImageFile::Kind::kPng:
      return "png";
    case ImageFile::Kind::kPdf:
      break;
  }
  return "pdf";
}

}  // namespace

std::string engineName(Engine engine) {
  return engine == Engine::kMyisam ? "myisam" : engine == Engine::kInnodb ? "innodb" : "mixed";
}

Engine parseEngine(const std::string& name) {
  for (const Engine engine : {Engine::kMyisam, Engine::kInnodb, Engine::kMixed}) {
    if (engineName(engine) == name) return engine;
  }
  throw Error(ErrorCode::kUsage, "there is no engine '" + name + "'", "say myisam, innodb or mixed");
}

Counts::Counts(std::uint64_t p)
    : patients(p),
      appointments(p * 35 / 3),
      procedures(p * 50),
      claims(p * 26 / 3),
      claim_procs(p * 33),
      claim_payments(p * 2),
      payments(p * 10),
      splits(p * 50 / 3),
      adjustments(p * 3),
      notes(p * 25),
      commlogs(p * 40 / 3),
      security_logs(p * 400 / 3),
      tasks(p / 2 + 5),
      task_changes(p * 20 / 3),
      emails(p * 3 / 2),
      recalls(p * 2),
      plans(p / 20 + 5),
      wiki_changes(p / 20 + 20) {}

World::World(const PracticeOptions& options) : options_(options), counts_(options.patients) {
  planImages();
}

Random World::random(std::string_view table, std::uint64_t item) const {
  return Random(options_.seed, streamOf(table), item);
}

Day World::dayOf(std::uint64_t n, std::uint64_t count) const {
  return kFirstDay + static_cast<Day>((n - 1) * static_cast<std::uint64_t>(kLastDay - kFirstDay) /
                                      std::max<std::uint64_t>(count - 1, 1));
}

std::string_view World::lastName(std::uint64_t patient) const {
  return random("last name", patient).pick(kLastNames);
}

std::string_view World::firstName(std::uint64_t patient) const {
  return random("first name", patient).pick(kFirstNames);
}

std::string World::imageFolder(std::uint64_t patient) const {
  return lettersOf(lastName(patient)) + lettersOf(firstName(patient)) + std::to_string(patient);
}

std::uint64_t World::appointmentPatient(std::uint64_t appointment) const {
  return 1 + random("appointment's patient", appointment).below(counts_.patients);
}

std::uint64_t World::procedureAppointment(std::uint64_t procedure) const {
  return 1 + (procedure - 1) * counts_.appointments / counts_.procedures;
}

std::size_t World::procedureKind(std::uint64_t procedure) const {
  return static_cast<std::size_t>(random("procedure's kind", procedure).below(kProcedures.size()));
}

std::uint64_t World::paymentPatient(std::uint64_t payment) const {
  return 1 + random("payment's patient", payment).below(counts_.patients);
}

std::uint64_t World::claimPatient(std::uint64_t claim) const {
  return 1 + random("claim's patient", claim).below(counts_.patients);
}

// 85 % of the bytes do not compress, 5 % of the files are copies.
void World::planImages() {
  const std::uint64_t count = options_.images_mb * 1000000 / kImageBytesMean;
  for (std::uint64_t n = 1; n <= count; ++n) {
    Random random = this->random("image", n);
    ImageFile file;
    unsigned doublings = 0;
    while (doublings < kImageDoublingsMax && random.chance(50)) ++doublings;
    file.bytes = (kImageBytesMin + random.below(kImageBytesMin)) << doublings;
    const std::uint64_t kind = random.below(100);
    file.kind = kind < 72   ? ImageFile::Kind::kJpeg
                : kind < 86 ? ImageFile::Kind::kPng
                            : ImageFile::Kind::kPdf;
    file.content = random.next();
    const bool attachment = random.chance(3);
    const bool copy = random.chance(5);
    const std::uint64_t patient = 1 + random.below(counts_.patients);
    const std::uint64_t original = n > 1 ? random.below(n - 1) : 0;
    if (copy && n > 1) {
      file.kind = images_[original].kind;
      file.bytes = images_[original].bytes;
      file.content = images_[original].content;
    }
    if (attachment) {
      file.name = fmt::format("{:08d}_{}.{}", n, random.below(1000000), extensionOf(file.kind));
      file.path = "EmailAttachments/" + file.name;
    } else {
      file.patient = patient;
      const std::string folder = imageFolder(patient);
      file.name = fmt::format("{}{}{}.{}", lettersOf(lastName(patient)), lettersOf(firstName(patient)), n,
                              extensionOf(file.kind));
      const char letter = static_cast<char>(std::toupper(static_cast<unsigned char>(folder.front())));
      file.path = std::string(1, letter) + '/' + folder + '/' + file.name;
    }
    images_.push_back(std::move(file));
  }
}

std::string noteText(Random& random, unsigned sentences_max) {
  std::string text;
  for (std::uint64_t i = 1 + random.below(sentences_max); i > 0; --i) {
    text += random.pick(kNotePhrases);
    text += ". ";
  }
  text.pop_back();
  return text;
}

std::vector<TableRows> allRows(const World& world) {
  std::vector<TableRows> all;
  for (auto* part : {peopleRows, accountRows, historyRows, officeRows}) {
    for (TableRows& rows : part(world)) all.push_back(std::move(rows));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const TableRows& a, const TableRows& b) { return a.count > b.count; });
  return all;
}

}  // namespace enamel::sample
