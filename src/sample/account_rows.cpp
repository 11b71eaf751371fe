#include <fmt/format.h>

#include "sample/vocabulary.h"
#include "sample/world.h"

// The rows of tables about visits and money.
namespace enamel::sample {
namespace {

std::int64_t asSigned(std::uint64_t n) {
  return static_cast<std::int64_t>(n);
}

constexpr const char* kAppointmentColumns =
    "PatNum,AptStatus,Pattern,Confirmed,Op,Note,ProvNum,ProvHyg,AptDateTime,ProcDescript,IsHygiene,"
    "DateTStamp,"
    "DateTimeArrived,ProcsColored,SecUserNumEntry,SecDateTEntry";

// The fields appointment and histappointment share.
void appointmentFields(const World& world, RowText& out, std::uint64_t appointment, int status) {
  Random random = world.random("appointment", appointment);
  const Day day = world.dayOf(appointment, world.counts().appointments);
  const std::int64_t second = 28800 + 900 * random.between(0, 36);
  const bool old = appointment * 100 <= world.counts().appointments;
  out.number(asSigned(world.appointmentPatient(appointment))).number(status);
  out.text(random.chance(50) ? "//XXXX//" : "/XXXXXXXXXX/").number(random.between(19, 22));
  out.number(random.between(1, kOperatories)).text(random.chance(60) ? noteText(random, 3) : "");
  out.number(random.between(1, 4)).number(random.chance(50) ? random.between(5, 8) : 0);
  out.dateTime(day, second);
  const std::string_view first_procedure = random.pick(kProcedures).short_name;
  out.text(fmt::format("{}, {}", first_procedure, random.pick(kProcedures).short_name));
  out.number(random.between(0, 1)).dateTime(day, second + 3600);
  out.dateTime(old ? kZeroDay : day, second - 300).text("");
  out.number(random.between(1, kUsers)).dateTime(old ? kUnsetDay : day - 20, second);
}

void procedureRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("procedurelog", n);
  const std::uint64_t appointment = world.procedureAppointment(n);
  const ProcedureKind& kind = kProcedures[world.procedureKind(n)];
  const Day day = world.dayOf(appointment, world.counts().appointments);
  const bool done = random.chance(88);
  const bool old = n * 50 <= world.counts().procedures;
  out.number(asSigned(n))
      .number(asSigned(world.appointmentPatient(appointment)))
      .number(asSigned(appointment));
  out.date(day).money(kind.fee_cents).text(random.chance(30) ? "MO" : "");
  out.text(random.chance(50) ? std::to_string(random.between(1, 32)) : "")
      .number(random.chance(20) ? 142 : 0);
  out.number(done ? 2 : 1).number(random.between(1, kProviders)).date(old ? kZeroDay : day);
  out.number(asSigned(world.procedureKind(n) + 1)).number(1).number(0).date(old ? kZeroDay : day - 14);
  out.number(asSigned(random.chance(60) ? n % 90000 : 0));
  out.dateTime(day, 61200).text(random.chance(15) ? "K02.9" : "").number(random.between(1, kUsers)).date(day);
  out.date(done ? day : kUnsetDay).endRow();
}

void claimRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("claim", n);
  const Day day = world.dayOf(n, world.counts().claims);
  const std::int64_t fee = random.between(6000, 180000);
  const bool paid = random.chance(93);
  out.number(asSigned(n))
      .number(asSigned(world.claimPatient(n)))
      .date(day)
      .date(day + 1)
      .text(paid ? "R" : "S");
  out.date(paid ? day + 21 : kUnsetDay).number(random.between(1, asSigned(world.counts().plans)));
  out.number(random.between(1, kProviders)).money(fee).money(fee * 6 / 10).money(paid ? fee * 6 / 10 : 0);
  if (random.chance(80)) {
    out.null();
  } else {
    out.text("Radiographs attached, narrative on file");
  }
  out.text("P").number(random.between(1, 4)).number(asSigned(1 + n % (world.counts().patients * 4 / 5 + 1)));
  out.text(fmt::format("{}/{}", world.claimPatient(n), n)).number(random.between(1, kUsers)).date(day);
  out.dateTime(day + 21, 43200).date(day + 1).endRow();
}

void claimProcedureRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("claimproc", n);
  const Counts& counts = world.counts();
  const std::uint64_t procedure = 1 + (n - 1) * counts.procedures / counts.claim_procs;
  const std::uint64_t claim = 1 + (n - 1) * counts.claims / counts.claim_procs;
  const std::uint64_t appointment = world.procedureAppointment(procedure);
  const ProcedureKind& kind = kProcedures[world.procedureKind(procedure)];
  const Day day = world.dayOf(appointment, counts.appointments);
  const std::int64_t estimate = kind.fee_cents * random.between(5, 10) / 10;
  const bool received = random.chance(90);
  out.number(asSigned(n)).number(asSigned(procedure)).number(asSigned(claim));
  out.number(asSigned(world.appointmentPatient(appointment))).number(random.between(1, kProviders));
  out.money(kind.fee_cents).money(estimate).number(received ? 1 : 0).money(received ? estimate : 0);
  out.text(random.chance(5) ? "Downgraded to amalgam" : "");
  out.number(asSigned(received ? 1 + (n - 1) * counts.claim_payments / counts.claim_procs : 0));
  out.number(random.between(1, asSigned(counts.plans))).date(received ? day + 21 : day);
  out.money(kind.fee_cents / 10).text(kind.code).number(random.between(5, 10) * 10).money(estimate).date(day);
  out.date(day).number(asSigned(1 + n % 5)).text("").number(asSigned(1 + n % (counts.patients * 4 / 5 + 1)));
  out.number(random.between(1, kUsers))
      .date(day)
      .dateTime(day + 21, 43200)
      .date(received ? day + 21 : kUnsetDay);
  out.endRow();
}

void paymentRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("payment", n);
  const Day day = world.dayOf(n, world.counts().payments);
  const bool old = n * 50 <= world.counts().payments;
  const bool check = random.chance(25);
  out.number(asSigned(n)).number(random.between(69, 73)).date(old ? kZeroDay : day);
  out.money(random.between(1000, 90000)).text(check ? std::to_string(1000 + random.below(9000)) : "");
  out.text(random.chance(20) ? noteText(random, 1) : "").number(1).number(asSigned(world.paymentPatient(n)));
  out.date(day).number(random.chance(60) ? asSigned(n / 40) : 0).text("").number(random.between(1, kUsers));
  out.dateTime(day, random.between(28800, 64000)).endRow();
}

void splitRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("paysplit", n);
  const Counts& counts = world.counts();
  const std::uint64_t payment = 1 + (n - 1) * counts.payments / counts.splits;
  const Day day = world.dayOf(payment, counts.payments);
  const bool old = n * 50 <= counts.splits;
  out.number(asSigned(n)).money(random.between(500, 60000)).number(asSigned(world.paymentPatient(payment)));
  out.date(old ? kZeroDay : day).number(asSigned(payment)).number(random.between(1, kProviders));
  out.date(day).number(asSigned(1 + (n - 1) * counts.procedures / counts.splits)).date(day);
  out.number(random.between(1, kUsers)).dateTime(day, 64000).endRow();
}

}  // namespace

std::vector<TableRows> accountRows(const World& world) {
  const World* const w = &world;
  const Counts& counts = world.counts();
  return {
      {"appointment", std::string("AptNum,") + kAppointmentColumns, counts.appointments,
       [w](RowText& out, std::uint64_t n) {
         out.number(asSigned(n));
         appointmentFields(*w, out, n, n * 1000 > w->counts().appointments * 998 ? 1 : 2);
         out.endRow();
       }},
      {"histappointment",
       std::string("HistApptNum,HistUserNum,HistDateTStamp,HistApptAction,AptNum,") + kAppointmentColumns,
       counts.appointments,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("histappointment", n);
         out.number(asSigned(n)).number(random.between(1, kUsers));
         out.dateTime(w->dayOf(n, w->counts().appointments) - 20, random.between(28800, 64000));
         out.number(random.between(0, 3)).number(asSigned(n));
         appointmentFields(*w, out, n, 1);
         out.endRow();
       }},
      {"procedurelog",
       "ProcNum,PatNum,AptNum,ProcDate,ProcFee,Surf,ToothNum,Priority,ProcStatus,ProvNum,DateEntryC,CodeNum,"
       "UnitQty,BaseUnits,DateTP,StatementNum,DateTStamp,DiagnosticCode,SecUserNumEntry,SecDateEntry,"
       "DateComplete",
       counts.procedures, [w](RowText& out, std::uint64_t n) { procedureRow(*w, out, n); }},
      {"procnote", "ProcNoteNum,PatNum,ProcNum,EntryDateTime,UserNum,Note", counts.notes,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("procnote", n);
         const std::uint64_t procedure = 1 + (n - 1) * w->counts().procedures / w->counts().notes;
         const std::uint64_t appointment = w->procedureAppointment(procedure);
         out.number(asSigned(n))
             .number(asSigned(w->appointmentPatient(appointment)))
             .number(asSigned(procedure));
         out.dateTime(w->dayOf(appointment, w->counts().appointments), random.between(28800, 64000));
         out.number(random.between(1, kUsers)).text(noteText(random, 6)).endRow();
       }},
      {"claim",
       "ClaimNum,PatNum,DateService,DateSent,ClaimStatus,DateReceived,PlanNum,ProvTreat,ClaimFee,InsPayEst,"
       "InsPayAmt,ClaimNote,ClaimType,ProvBill,InsSubNum,ClaimIdentifier,SecUserNumEntry,SecDateEntry,"
       "SecDateTEdit,DateSentOrig",
       counts.claims, [w](RowText& out, std::uint64_t n) { claimRow(*w, out, n); }},
      {"claimproc",
       "ClaimProcNum,ProcNum,ClaimNum,PatNum,ProvNum,FeeBilled,InsPayEst,Status,InsPayAmt,Remarks,"
       "ClaimPaymentNum,PlanNum,DateCP,WriteOff,CodeSent,Percentage,BaseEst,ProcDate,DateEntry,LineNumber,"
       "EstimateNote,InsSubNum,SecUserNumEntry,SecDateEntry,SecDateTEdit,DateInsFinalized",
       counts.claim_procs, [w](RowText& out, std::uint64_t n) { claimProcedureRow(*w, out, n); }},
      {"claimpayment",
       "ClaimPaymentNum,CheckDate,CheckAmt,CheckNum,Note,CarrierName,DateIssued,PayType,SecUserNumEntry,"
       "SecDateEntry",
       counts.claim_payments,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("claimpayment", n);
         const Day day = w->dayOf(n, w->counts().claim_payments);
         out.number(asSigned(n)).date(day).money(random.between(5000, 300000));
         out.text(std::to_string(100000 + random.below(900000)))
             .text("")
             .text(random.pick(kCarriers))
             .date(day - 3);
         out.number(random.between(310, 312)).number(random.between(1, kUsers)).date(day).endRow();
       }},
      {"payment",
       "PayNum,PayType,PayDate,PayAmt,CheckNum,PayNote,IsSplit,PatNum,DateEntry,DepositNum,Receipt,"
       "SecUserNumEntry,SecDateTEdit",
       counts.payments, [w](RowText& out, std::uint64_t n) { paymentRow(*w, out, n); }},
      {"paysplit",
       "SplitNum,SplitAmt,PatNum,ProcDate,PayNum,ProvNum,DatePay,ProcNum,DateEntry,SecUserNumEntry,"
       "SecDateTEdit",
       counts.splits, [w](RowText& out, std::uint64_t n) { splitRow(*w, out, n); }},
      {"adjustment",
       "AdjNum,AdjDate,AdjAmt,PatNum,AdjType,ProvNum,AdjNote,ProcDate,ProcNum,DateEntry,SecUserNumEntry,"
       "SecDateTEdit",
       counts.adjustments,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("adjustment", n);
         const Day day = w->dayOf(n, w->counts().adjustments);
         out.number(asSigned(n)).date(day).money(-random.between(500, 20000));
         out.number(random.between(1, asSigned(w->counts().patients))).number(random.between(186, 190));
         out.number(random.between(1, kProviders)).text("Courtesy adjustment").date(day);
         out.number(asSigned(1 + (n - 1) * w->counts().procedures / w->counts().adjustments)).date(day);
         out.number(random.between(1, kUsers)).dateTime(day, 60000).endRow();
       }},
  };
}

}  // namespace enamel::sample
