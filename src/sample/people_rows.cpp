#include <fmt/format.h>

#include "sample/vocabulary.h"
#include "sample/world.h"

// The rows of tables about patients.
namespace enamel::sample {
namespace {

std::string phone(Random& random) {
  const std::uint64_t area = 200 + random.below(700);
  return fmt::format("({:03d})555-{:04d}", area, random.below(10000));
}

void patientRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("patient", n);
  const std::string_view last = world.lastName(n);
  const std::string_view first = world.firstName(n);
  const Day entered = world.dayOf(n, world.counts().patients);
  const std::uint64_t guarantor = random.chance(60) ? n : 1 + random.below(n);
  // The first patients came over from an older program that knew no dates.
  const bool old = n * 50 <= world.counts().patients;
  const std::int64_t balance = random.chance(30) ? random.between(-5000, 60000) : 0;
  out.number(static_cast<std::int64_t>(n)).text(last).text(first);
  out.text(random.chance(40) ? std::string(1, static_cast<char>('A' + random.below(26))) : "");
  out.number(random.chance(85) ? 0 : random.between(1, 5)).number(random.between(0, 1));
  out.date(old ? kZeroDay : kLastDay - random.between(900, 32000));
  out.text(random.chance(50) ? fmt::format("{:09d}", 900000000 + random.below(100000000)) : "");
  const std::uint64_t house = 1 + random.below(9800);
  out.text(fmt::format("{} {}", house, random.pick(kStreets)));
  out.text(random.pick(kCities)).text("OR").text(fmt::format("{:05d}", 97000 + random.below(900)));
  out.text(phone(random)).text(random.chance(40) ? phone(random) : "").text(phone(random));
  out.number(static_cast<std::int64_t>(guarantor));
  out.text(random.chance(70) ? fmt::format("{}.{}{}@example.com", first, last, n) : "");
  out.number(random.between(1, 4)).number(random.between(0, 8)).number(random.between(40, 44));
  out.text(world.imageFolder(n));
  if (random.chance(20)) {
    out.text(noteText(random, 2));
  } else {
    out.null();
  }
  out.text(random.chance(10) ? "Premedication needed" : "").text(n % 7 == 0 ? fmt::format("C{}", n) : "");
  out.money(balance > 0 ? balance : 0).money(balance);
  out.date(old ? kUnsetDay : entered)
      .dateTime(old ? kZeroDay : entered, 30600)
      .number(random.between(1, kUsers));
  out.date(old ? kZeroDay : entered);
  out.endRow();
}

void recallRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("recall", n);
  const Day due = kLastDay + random.between(-700, 300);
  out.number(static_cast<std::int64_t>(n)).number(static_cast<std::int64_t>(1 + (n - 1) / 2));
  out.date(due)
      .date(due)
      .date(random.chance(10) ? kZeroDay : due - 182)
      .number(393217 + 65536 * (n % 2 == 0));
  out.text(random.chance(10) ? noteText(random, 1) : "")
      .number(random.between(1, 4))
      .dateTime(due - 182, 40000);
  out.endRow();
}

void documentRow(const World& world, const std::vector<const ImageFile*>& files, RowText& out,
                 std::uint64_t n) {
  Random random = world.random("document", n);
  const ImageFile& file = *files[n - 1];
  const Day day = world.dayOf(n, files.size());
  const bool is_pdf = file.kind == ImageFile::Kind::kPdf;
  out.number(static_cast<std::int64_t>(n)).text(is_pdf ? "Letter" : random.chance(60) ? "BW" : "Photo");
  out.dateTime(day, random.between(28800, 64000)).number(is_pdf ? 138 : 136);
  out.number(static_cast<std::int64_t>(file.patient)).text(file.name).number(is_pdf ? 0 : 2);
  out.text(random.chance(30) ? std::to_string(random.between(1, 32)) : "").text("");
  out.dateTime(day, 64800).text("").text("").number(random.between(1, kProviders));
  out.endRow();
}

void planRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("insplan", n);
  out.number(static_cast<std::int64_t>(n)).text(fmt::format("{} employees", random.pick(kCities)));
  out.text(fmt::format("{:06d}", random.below(1000000)));
  if (random.chance(30)) {
    out.text("Waiting period of 12 months on major services");
  } else {
    out.null();
  }
  out.number(random.between(1, 3)).number(random.between(1, kCarriers.size()));
  out.endRow();
}

}  // namespace

std::vector<TableRows> peopleRows(const World& world) {
  const World* const w = &world;
  const Counts& counts = world.counts();
  std::vector<const ImageFile*> documents;
  for (const ImageFile& file : world.images()) {
    if (file.patient != 0) documents.push_back(&file);
  }
  const std::uint64_t document_count = documents.size();
  return {
      {"patient",
       "PatNum,LName,FName,MiddleI,PatStatus,Gender,Birthdate,SSN,Address,City,State,Zip,HmPhone,WkPhone,"
       "WirelessPhone,Guarantor,Email,PriProv,SecProv,BillingType,ImageFolder,FamFinUrgNote,MedUrgNote,"
       "ChartNumber,EstBalance,BalTotal,DateFirstVisit,DateTStamp,SecUserNumEntry,SecDateEntry",
       counts.patients, [w](RowText& out, std::uint64_t n) { patientRow(*w, out, n); }},
      {"patientnote", "PatNum,Medical,Service,ICEName,ICEPhone,SecDateTEntry,SecDateTEdit", counts.patients,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("patientnote", n);
         out.number(static_cast<std::int64_t>(n)).text(random.chance(25) ? noteText(random, 2) : "");
         out.text(random.chance(25) ? noteText(random, 2) : "")
             .text(random.pick(kFirstNames))
             .text(phone(random));
         const Day day = w->dayOf(n, w->counts().patients);
         out.dateTime(day, 32000).dateTime(day, 32000).endRow();
       }},
      {"recall",
       "RecallNum,PatNum,DateDueCalc,DateDue,DatePrevious,RecallInterval,Note,RecallTypeNum,DateTStamp",
       counts.recalls, [w](RowText& out, std::uint64_t n) { recallRow(*w, out, n); }},
      {"allergy", "AllergyNum,AllergyDefNum,PatNum,Reaction,StatusIsActive,DateAdverseReaction",
       counts.patients / 2,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("allergy", n);
         out.number(static_cast<std::int64_t>(n)).number(random.between(1, kAllergies.size()));
         out.number(random.between(1, static_cast<std::int64_t>(w->counts().patients)));
         out.text(random.chance(50) ? "Rash" : "Swelling").number(1).date(kUnsetDay).endRow();
       }},
      {"medicationpat", "MedicationPatNum,PatNum,MedicationNum,PatNote,DateStart,DateStop,ProvNum",
       counts.patients,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("medicationpat", n);
         out.number(static_cast<std::int64_t>(n));
         out.number(random.between(1, static_cast<std::int64_t>(w->counts().patients)));
         out.number(random.between(1, kMedications.size()));
         if (random.chance(70)) {
           out.null();
         } else {
           out.text("once a day");
         }
         out.date(kLastDay - random.between(30, 3000)).date(kUnsetDay).number(random.between(1, 4)).endRow();
       }},
      {"patplan", "PatPlanNum,PatNum,Ordinal,InsSubNum", counts.patients * 4 / 5,
       [](RowText& out, std::uint64_t n) {
         const auto number = static_cast<std::int64_t>(n);
         out.number(number).number(number).number(1).number(number).endRow();
       }},
      {"inssub",
       "InsSubNum,PlanNum,Subscriber,DateEffective,ReleaseInfo,AssignBen,SubscriberID,BenefitNotes,SubscNote",
       counts.patients * 4 / 5,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("inssub", n);
         out.number(static_cast<std::int64_t>(n));
         out.number(random.between(1, static_cast<std::int64_t>(w->counts().plans)));
         out.number(static_cast<std::int64_t>(n))
             .date(random.chance(5) ? kZeroDay : kFirstDay)
             .number(1)
             .number(1);
         out.text(fmt::format("{:09d}", random.below(1000000000))).text("").text("").endRow();
       }},
      {"insplan", "PlanNum,GroupName,GroupNum,PlanNote,FeeSched,CarrierNum", counts.plans,
       [w](RowText& out, std::uint64_t n) { planRow(*w, out, n); }},
      {"document",
       "DocNum,Description,DateCreated,DocCategory,PatNum,FileName,ImgType,ToothNumbers,Note,DateTStamp,"
       "RawBase64,Thumbnail,ProvNum",
       document_count, [w, documents](RowText& out, std::uint64_t n) { documentRow(*w, documents, out, n); }},
  };
}

}  // namespace enamel::sample
