#include "sample/history_rows.h"

#include <fmt/format.h>

#include "opendental/audit_hash.h"
#include "sample/vocabulary.h"
#include "sample/world.h"

namespace enamel::sample {
namespace {

std::int64_t asSigned(std::uint64_t n) {
  return static_cast<std::int64_t>(n);
}

std::string emailBody(Random& random, std::string_view first_name) {
  std::string body = fmt::format("Dear {},\r\n\r\n", first_name);
  for (int i = random.chance(50) ? 20 : 60; i > 0; --i) {
    body += noteText(random, 3);
    body += i % 4 == 0 ? "\r\n\r\n" : " ";
  }
  return body + "\r\nKind regards\r\nSample Dental\r\n";
}

void emailRow(const World& world, RowText& out, std::uint64_t n) {
  Random random = world.random("emailmessage", n);
  const std::uint64_t patient = 1 + random.below(world.counts().patients);
  const Day day = world.dayOf(n, world.counts().emails);
  const bool old = n * 50 <= world.counts().emails;
  const std::string address =
      fmt::format("{}.{}{}@example.com", world.firstName(patient), world.lastName(patient), patient);
  out.number(asSigned(n)).number(asSigned(patient)).text(address).text("office@sample-dental.example");
  out.text(random.chance(50) ? "Your appointment" : "Your statement");
  out.text(emailBody(random, world.firstName(patient)))
      .dateTime(old ? kZeroDay : day, random.between(28800, 64000));
  out.number(random.between(1, 4)).text(address).text("").text("").text("").number(random.between(1, kUsers));
  out.dateTime(day, 30000).dateTime(day, 30000).endRow();
}

void taskFields(RowText& out, Random& random, Day day, std::uint64_t patients) {
  out.number(random.between(1, 6)).date(kUnsetDay).number(asSigned(1 + random.below(patients)));
  out.text(noteText(random, 3)).number(random.between(0, 2)).number(1).dateTime(day, 36000);
  out.number(random.between(1, kUsers)).dateTime(random.chance(10) ? kZeroDay : day + 2, 50000);
  out.dateTime(day, 36000).dateTime(day, 50000);
}

constexpr const char* kTaskColumns =
    "TaskListNum,DateTask,KeyNum,Descript,TaskStatus,ObjectType,DateTimeEntry,UserNum,DateTimeFinished,"
    "DateTimeOriginal,SecDateTEdit";

std::string wikiPage(Random& random) {
  std::string page = "<h1>Protocol</h1>\n";
  for (std::uint64_t i = 3 + random.below(40); i > 0; --i) page += "* " + noteText(random, 3) + "\n";
  return page;
}

}  // namespace

LogEntry logEntry(const World& world, std::uint64_t n) {
  Random random = world.random("securitylog", n);
  LogEntry entry;
  entry.patient = 1 + random.below(world.counts().patients);
  entry.user = random.between(1, kUsers);
  entry.key = random.chance(60) ? asSigned(1 + random.below(world.counts().appointments)) : 0;
  entry.computer = random.pick(kComputers);
  // Some rows that an old program wrote without a time.
  const bool old = n * 200 <= world.counts().security_logs;
  entry.day = old ? kZeroDay : world.dayOf(n, world.counts().security_logs);
  entry.second = random.between(27000, 66000);
  entry.previous_day = random.chance(10) && !old ? entry.day : kUnsetDay;
  const std::string_view last = world.lastName(entry.patient);
  const std::string_view first = world.firstName(entry.patient);
  switch (random.below(5)) {
    case 0:
      entry.permission = 25;  // appointment created
      entry.text = fmt::format("{}, {}", random.pick(kProcedures).short_name, first);
      break;
    case 1:
      entry.permission = 16;  // payment
      entry.text = fmt::format("{}, {}, ${}.00", last, first, 10 + random.below(900));
      break;
    case 2:
      entry.permission = 27;  // appointment edited
      entry.text = fmt::format("{}, {}. Status changed to Complete", last, first);
      break;
    case 3:
      entry.permission = 9;  // sign-in
      entry.text = fmt::format("User: {} has logged on", entry.user);
      break;
    default: {
      entry.permission = 20;  // procedure completed
      const ProcedureKind& kind = random.pick(kProcedures);
      entry.text = fmt::format("{} {}", kind.code, kind.name);
    }
  }
  return entry;
}

std::string hashedFields(const LogEntry& entry) {
  std::string fields = std::to_string(entry.permission) + std::to_string(entry.user);
  appendDateTime(fields, entry.day == kZeroDay ? kUnsetDay : entry.day, entry.second);
  fields += entry.text;
  fields += std::to_string(entry.patient);
  if (entry.previous_day != kUnsetDay) appendDateTime(fields, entry.previous_day, entry.second);
  return fields;
}

std::vector<TableRows> historyRows(const World& world) {
  const World* const w = &world;
  const Counts& counts = world.counts();
  std::vector<const ImageFile*> attachments;
  for (const ImageFile& file : world.images()) {
    if (file.patient == 0) attachments.push_back(&file);
  }
  const std::uint64_t attachment_count = attachments.size();
  return {
      {"securitylog",
       "SecurityLogNum,PermType,UserNum,LogDateTime,LogText,PatNum,CompName,FKey,DateTPrevious",
       counts.security_logs,
       [w](RowText& out, std::uint64_t n) {
         const LogEntry entry = logEntry(*w, n);
         out.number(asSigned(n))
             .number(entry.permission)
             .number(entry.user)
             .dateTime(entry.day, entry.second);
         out.text(entry.text).number(asSigned(entry.patient)).text(entry.computer).number(entry.key);
         out.dateTime(entry.previous_day, entry.second).endRow();
       }},
      {"securityloghash", "SecurityLogHashNum,SecurityLogNum,LogHash", counts.security_logs,
       [w](RowText& out, std::uint64_t n) {
         out.number(asSigned(n))
             .number(asSigned(n))
             .text(opendental::auditHash(hashedFields(logEntry(*w, n))))
             .endRow();
       }},
      {"commlog",
       "CommlogNum,PatNum,CommDateTime,CommType,Note,Mode_,SentOrReceived,UserNum,Signature,DateTStamp,"
       "CommSource",
       counts.commlogs,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("commlog", n);
         const Day day = w->dayOf(n, w->counts().commlogs);
         out.number(asSigned(n)).number(asSigned(1 + random.below(w->counts().patients)));
         out.dateTime(n * 50 <= w->counts().commlogs ? kZeroDay : day, random.between(28800, 64000));
         out.number(random.between(224, 228)).text(noteText(random, 5)).number(random.between(0, 5));
         out.number(random.between(0, 2))
             .number(random.between(1, kUsers))
             .text("")
             .dateTime(day, 64100)
             .number(0);
         out.endRow();
       }},
      {"emailmessage",
       "EmailMessageNum,PatNum,ToAddress,FromAddress,Subject,BodyText,MsgDateTime,SentOrReceived,"
       "RecipientAddress,RawEmailIn,CcAddress,BccAddress,UserNum,SecDateTEntry,SecDateTEdit",
       counts.emails, [w](RowText& out, std::uint64_t n) { emailRow(*w, out, n); }},
      {"emailattach", "EmailAttachNum,EmailMessageNum,DisplayedFileName,ActualFileName", attachment_count,
       [w, attachments](RowText& out, std::uint64_t n) {
         const std::string& name = attachments[n - 1]->name;
         out.number(asSigned(n)).number(asSigned(1 + w->random("emailattach", n).below(w->counts().emails)));
         out.text("attachment" + name.substr(name.rfind('.'))).text(name).endRow();
       }},
      {"task", std::string("TaskNum,") + kTaskColumns, counts.tasks,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("task", n);
         out.number(asSigned(n));
         taskFields(out, random, w->dayOf(n, w->counts().tasks), w->counts().patients);
         out.endRow();
       }},
      {"taskhist", std::string("TaskHistNum,UserNumHist,DateTStamp,TaskNum,") + kTaskColumns,
       counts.task_changes,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("taskhist", n);
         const Day day = w->dayOf(n, w->counts().task_changes);
         out.number(asSigned(n))
             .number(random.between(1, kUsers))
             .dateTime(day, random.between(28800, 64000));
         out.number(asSigned(1 + (n - 1) * w->counts().tasks / w->counts().task_changes));
         taskFields(out, random, day, w->counts().patients);
         out.endRow();
       }},
      {"wikipage", "WikiPageNum,UserNum,PageTitle,PageContent,DateTimeSaved", 30,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("wikipage", n);
         out.number(asSigned(n)).number(random.between(1, kUsers)).text(fmt::format("Protocol {}", n));
         out.text(wikiPage(random)).dateTime(kLastDay - random.between(1, 900), 40000).endRow();
       }},
      {"wikipagehist", "WikiPageNum,UserNum,PageTitle,PageContent,DateTimeSaved,IsDeleted",
       counts.wiki_changes,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("wikipagehist", n);
         out.number(asSigned(n))
             .number(random.between(1, kUsers))
             .text(fmt::format("Protocol {}", 1 + n % 30));
         out.text(wikiPage(random)).dateTime(w->dayOf(n, w->counts().wiki_changes), 40000).number(0).endRow();
       }},
      {"wikilisthist", "WikiListHistNum,UserNum,ListName,ListHeaders,ListContent,DateTimeSaved",
       counts.wiki_changes,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("wikilisthist", n);
         out.number(asSigned(n)).number(random.between(1, kUsers)).text("suppliers");
         out.text("suppliersNum,60;Company,150;Contact,120;Phone,100;Remarks,200");
         out.text("<suppliers><row>" + noteText(random, 6) + "</row></suppliers>");
         out.dateTime(w->dayOf(n, w->counts().wiki_changes), 40000).endRow();
       }},
  };
}

}  // namespace enamel::sample
