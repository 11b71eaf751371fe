#include <fmt/format.h>

#include "opendental/password.h"
#include "sample/vocabulary.h"
#include "sample/world.h"

// The rows of the office's own tables: settings, people who work there, lists to choose from.
namespace enamel::sample {
namespace {

std::int64_t asSigned(std::uint64_t n) {
  return static_cast<std::int64_t>(n);
}

struct Preference {
  std::string_view name;
  std::string_view value;
};

constexpr Preference kPreferences[] = {
    {"PracticeTitle", "Sample Dental"},
    {"DataBaseVersion", "24.3.35.0"},
    {"ProgramVersion", "24.3.35.0"},
    {"AtoZfolderUsed", "1"},
    {"DocPath", "C:\\OpenDentImages\\"},
    {"RandomPrimaryKeys", "0"},
    {"BackupFromPath", "C:\\mysql\\data\\"},
    {"BackupToPath", "D:\\"},
    {"BackupRestoreFromPath", "D:\\"},
    {"BackupRestoreToPath", "C:\\mysql\\data\\"},
    {"BackupRestoreAtoZToPath", "C:\\OpenDentImages\\"},
    {"BackupExcludeImageFolder", "0"},
    {"BackupReminderLastDateRun", "2026-11-16"},
    {"ArchiveDoBackupFirst", "1"},
    {"ArchiveDate", "0001-01-01"},
    {"ArchiveServerName", ""},
    {"ArchiveUserName", ""},
    {"SupplementalBackupEnabled", "0"},
    {"SupplementalBackupDateLastComplete", "0001-01-01"},
    {"SupplementalBackupNetworkPath", ""},
    {"PracticeAddress", "12 Elm St"},
    {"PracticeCity", "Ashford"},
    {"PracticeST", "OR"},
    {"PracticeZip", "97001"},
    {"PracticePhone", "5035550100"},
    {"PracticeDefaultProv", "1"},
    {"EasyNoClinics", "1"},
    {"SecurityLockDate", "0001-01-01"},
};

// Rights as numbers of grouppermission.PermType: 24 SecurityAdmin, 28 Backup, the others everyday work.
constexpr int kAdminRights[] = {24, 28, 8, 9, 16, 20, 25, 27};
constexpr int kBackupRights[] = {28, 16, 25, 27};
constexpr int kStaffRights[] = {9, 16, 20, 25, 27};

struct UserOd {
  std::string_view name;
  std::string_view password;
  int group;
};

// Invented, like the patients; the README tells the passwords.
constexpr UserOd kUserNames[] = {{"Admin", "sample admin", 1}, {"Manager", "sample manager", 2},
                                 {"Anna", "sample", 3},        {"Ben", "sample", 3},
                                 {"Carla", "sample", 3},       {"David", "sample", 3},
                                 {"Emma", "sample", 3},        {"Felix", "sample", 3},
                                 {"Grace", "sample", 3},       {"Hugo", "sample", 3},
                                 {"Ida", "sample", 3},         {"Kiosk", "", 3}};
static_assert(std::size(kUserNames) == kUsers);

constexpr std::uint64_t kScheduleDays = 2600;

struct GroupRight {
  int group;
  int right;
};

std::vector<GroupRight> groupRights() {
  std::vector<GroupRight> rights;
  for (const int right : kAdminRights) rights.push_back({1, right});
  for (const int right : kBackupRights) rights.push_back({2, right});
  for (const int right : kStaffRights) rights.push_back({3, right});
  return rights;
}

void userRow(const World& world, RowText& out, std::uint64_t n) {
  const UserOd& user = kUserNames[n - 1];
  Random random = world.random("userod", n);
  const std::string salt = fmt::format("{:016x}", random.next());
  out.number(asSigned(n)).text(user.name);
  out.text(user.password.empty() ? "None$$" : opendental::formatPassword(salt, user.password)).number(0);
  out.number(asSigned(n))
      .number(0)
      .number(1)
      .dateTime(kUnsetDay, 0)
      .number(0)
      .dateTime(kLastDay, 28900)
      .endRow();
}

TableRows named(std::string table, std::string columns, std::vector<std::string> names) {
  const std::uint64_t count = names.size();
  return {std::move(table), std::move(columns), count,
          [names](RowText& out, std::uint64_t n) { out.number(asSigned(n)).text(names[n - 1]).endRow(); }};
}

template <std::size_t N>
std::vector<std::string> strings(const std::array<std::string_view, N>& views) {
  return {views.begin(), views.end()};
}

}  // namespace

std::vector<TableRows> officeRows(const World& world) {
  const World* const w = &world;
  const std::vector<GroupRight> rights = groupRights();
  return {
      {"preference", "PrefNum,PrefName,ValueString", std::size(kPreferences),
       [](RowText& out, std::uint64_t n) {
         out.number(asSigned(n)).text(kPreferences[n - 1].name).text(kPreferences[n - 1].value).endRow();
       }},
      {"userod",
       "UserNum,UserName,Password,UserGroupNum,EmployeeNum,IsHidden,PasswordIsStrong,DateTFail,"
       "FailedAttempts,"
       "DateTLastLogin",
       kUsers, [w](RowText& out, std::uint64_t n) { userRow(*w, out, n); }},
      named("usergroup", "UserGroupNum,Description", {"Admin", "Office managers", "Staff"}),
      {"usergroupattach", "UserGroupAttachNum,UserNum,UserGroupNum", kUsers,
       [](RowText& out, std::uint64_t n) {
         out.number(asSigned(n)).number(asSigned(n)).number(kUserNames[n - 1].group).endRow();
       }},
      {"grouppermission", "GroupPermNum,UserGroupNum,PermType", rights.size(),
       [rights](RowText& out, std::uint64_t n) {
         out.number(asSigned(n)).number(rights[n - 1].group).number(rights[n - 1].right).endRow();
       }},
      {"definition", "DefNum,Category,ItemOrder,ItemName,ItemValue", 320,
       [](RowText& out, std::uint64_t n) {
         out.number(asSigned(n))
             .number(asSigned(n / 9))
             .number(asSigned(n % 9))
             .text(fmt::format("Item {}", n));
         out.text("").endRow();
       }},
      {"provider",
       "ProvNum,Abbr,ItemOrder,LName,FName,Suffix,FeeSched,IsSecondary,DateTStamp,WebSchedDescript",
       kProviders,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("provider", n);
         out.number(asSigned(n)).text(fmt::format("{}{}", n <= 4 ? "DOC" : "HYG", n)).number(asSigned(n));
         out.text(random.pick(kLastNames))
             .text(random.pick(kFirstNames))
             .text(n <= 4 ? "DDS" : "RDH")
             .number(1);
         out.number(n > 4).dateTime(kFirstDay, 0).text("").endRow();
       }},
      {"employee", "EmployeeNum,LName,FName,ClockStatus", kUsers,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("employee", n);
         out.number(asSigned(n))
             .text(random.pick(kLastNames))
             .text(random.pick(kFirstNames))
             .text("Home")
             .endRow();
       }},
      named("clinic", "ClinicNum,Description", {"Sample Dental"}),
      {"operatory", "OperatoryNum,OpName,Abbrev,ItemOrder,ProvDentist,ProvHygienist,DateTStamp", kOperatories,
       [](RowText& out, std::uint64_t n) {
         out.number(asSigned(n))
             .text(fmt::format("Room {}", n))
             .text(fmt::format("R{}", n))
             .number(asSigned(n));
         out.number(asSigned(1 + n % 4)).number(asSigned(5 + n % 4)).dateTime(kFirstDay, 0).endRow();
       }},
      named("carrier", "CarrierNum,CarrierName", strings(kCarriers)),
      {"procedurecode",
       "CodeNum,ProcCode,Descript,AbbrDesc,ProcTime,DefaultNote,DateTStamp,DefaultClaimNote,DefaultTPNote",
       kProcedures.size(),
       [](RowText& out, std::uint64_t n) {
         const ProcedureKind& kind = kProcedures[n - 1];
         out.number(asSigned(n)).text(kind.code).text(kind.name).text(kind.short_name).text("/XX/").text("");
         out.dateTime(kFirstDay, 0).text("").text("").endRow();
       }},
      named("feesched", "FeeSchedNum,Description", {"Standard", "PPO", "Medicaid"}),
      {"fee", "FeeNum,Amount,FeeSched,CodeNum,SecDateEntry,SecDateTEdit", kProcedures.size() * 3,
       [](RowText& out, std::uint64_t n) {
         const std::size_t kind = (n - 1) % kProcedures.size();
         const auto schedule = asSigned((n - 1) / kProcedures.size());
         out.number(asSigned(n))
             .money(kProcedures[kind].fee_cents * (10 - 2 * schedule) / 10)
             .number(schedule + 1);
         out.number(asSigned(kind + 1)).date(kFirstDay).dateTime(kFirstDay, 0).endRow();
       }},
      named("recalltype", "RecallTypeNum,Description", {"Prophy", "Child prophy", "Perio", "4BW"}),
      named("medication", "MedicationNum,MedName", strings(kMedications)),
      named("allergydef", "AllergyDefNum,Description", strings(kAllergies)),
      named("tasklist", "TaskListNum,Descript",
            {"Front desk", "Insurance", "Lab cases", "Recalls", "Supplies", "Doctor"}),
      {"schedule", "ScheduleNum,SchedDate,StartTime,StopTime,SchedType,ProvNum,Note,DateTStamp",
       kScheduleDays * kProviders,
       [](RowText& out, std::uint64_t n) {
         const Day day = kLastDay - static_cast<Day>(kScheduleDays) + asSigned(n / kProviders);
         out.number(asSigned(n)).date(day).text("08:00:00").text("17:00:00").number(1);
         out.number(asSigned(1 + n % kProviders)).text("").dateTime(day - 60, 30000).endRow();
       }},
      {"signalod", "SignalNum,DateViewing,SigDateTime,FKeyType,IType,MsgValue", 2000,
       [w](RowText& out, std::uint64_t n) {
         out.number(asSigned(n))
             .date(kUnsetDay)
             .dateTime(kLastDay, asSigned(28800 + n * 15))
             .text("Undefined");
         out.number(w->random("signalod", n).between(0, 90)).text("").endRow();
       }},
      {"wikilistheaderwidth", "WikiListHeaderWidthNum,ListName,ColName,ColWidth,PickList", 5,
       [](RowText& out, std::uint64_t n) {
         constexpr std::string_view kColumns[] = {"suppliersNum", "Company", "Contact", "Phone", "Remarks"};
         out.number(asSigned(n)).text("suppliers").text(kColumns[n - 1]).number(100).text("").endRow();
       }},
      {"wikilist_suppliers", "suppliersNum,Company,Contact,Phone,Remarks", 25,
       [w](RowText& out, std::uint64_t n) {
         Random random = w->random("wikilist_suppliers", n);
         out.number(asSigned(n)).text(fmt::format("{} Dental Supply", random.pick(kLastNames)));
         out.text(random.pick(kFirstNames)).text(fmt::format("(800)555-{:04d}", random.below(10000)));
         if (random.chance(50)) {
           out.null();
         } else {
           out.text(noteText(random, 1));
         }
         out.endRow();
       }},
  };
}

}  // namespace enamel::sample
