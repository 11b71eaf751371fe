#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sample/calendar.h"
#include "sample/practice_options.h"
#include "sample/random.h"
#include "sample/row_text.h"

namespace enamel::sample {

// One file of the image folder, decided before anything is written.
struct ImageFile {
  enum class Kind { kJpeg, kPng, kPdf };
  std::string path;           // below the image folder: "S/SmithAnna12/SmithAnna35.jpg"
  std::string name;           // its last part, as in document.FileName
  std::uint64_t patient = 0;  // 0: an e-mail's attachment
  Kind kind = Kind::kJpeg;
  std::uint64_t bytes = 0;    // wanted size; the file comes close
  std::uint64_t content = 0;  // seed of what is in it: equal for duplicates
};

// How many rows of each bulky table there are; all in proportion to the patients.
struct Counts {
  explicit Counts(std::uint64_t patients);
  std::uint64_t patients, appointments, procedures, claims, claim_procs, claim_payments, payments, splits,
      adjustments, notes, commlogs, security_logs, tasks, task_changes, emails, recalls, plans, wiki_changes;
};

// Everything about the practice that several tables must agree on, computed from the seed and a row's number
// alone, so that rows can be made in any order and in parallel.
class World {
 public:
  explicit World(const PracticeOptions& options);

  const PracticeOptions& options() const { return options_; }
  const Counts& counts() const { return counts_; }
  const std::vector<ImageFile>& images() const { return images_; }

  // Numbers that belong to row `item` of `table`; `table` is any text that is used once.
  Random random(std::string_view table, std::uint64_t item) const;

  // The day of row n of count rows that were entered one after the other over the years.
  Day dayOf(std::uint64_t n, std::uint64_t count) const;

  std::string_view lastName(std::uint64_t patient) const;
  std::string_view firstName(std::uint64_t patient) const;
  // Letters of the names, then the number: "SmithAnna12".
  std::string imageFolder(std::uint64_t patient) const;
  std::uint64_t appointmentPatient(std::uint64_t appointment) const;
  std::uint64_t procedureAppointment(std::uint64_t procedure) const;
  std::size_t procedureKind(std::uint64_t procedure) const;
  std::uint64_t paymentPatient(std::uint64_t payment) const;
  std::uint64_t claimPatient(std::uint64_t claim) const;

 private:
  void planImages();

  PracticeOptions options_;
  Counts counts_;
  std::vector<ImageFile> images_;
};

constexpr std::uint64_t kProviders = 8;  // 1 to 4 dentists, 5 to 8 hygienists
constexpr std::uint64_t kUsers = 12;
constexpr std::uint64_t kOperatories = 8;

// The rows of one table: row(out, n) writes the fields of row n, from 1, in the order of `columns`.
struct TableRows {
  std::string table;
  std::string columns;  // "PayNum,PatNum"
  std::uint64_t count = 0;
  std::function<void(RowText& out, std::uint64_t n)> row;
};

// Parts of all tables; world must outlive them.
std::vector<TableRows> peopleRows(const World& world);
std::vector<TableRows> accountRows(const World& world);
std::vector<TableRows> historyRows(const World& world);
std::vector<TableRows> officeRows(const World& world);
// All of them, the biggest first.
std::vector<TableRows> allRows(const World& world);

// Some sentences a dental office writes.
std::string noteText(Random& random, unsigned sentences_max);

}  // namespace enamel::sample
