#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace enamel::sample {

enum class Engine { kMyisam, kInnodb, kMixed };

// A table of the sample practice: Open Dental's names, a definition written for this project.
struct TableDefinition {
  std::string_view name;
  // "PayNum:pk PayDate:date ...": column and kind; see columnSql().
  std::string_view columns;
  // "PatNum ProcNum,SplitAmt LName(10)": one index each, besides the primary key.
  std::string_view indexes;
};

// All tables, in no particular order.
const std::vector<TableDefinition>& tableDefinitions();

// CREATE TABLE for the engine; with kMixed each table has the one that usesInnodb() says.
std::string createTableSql(const TableDefinition& table, Engine engine);
bool usesInnodb(std::string_view table, Engine engine);

// CREATE VIEW and whatever else is not a table.
std::vector<std::string> otherDefinitions();

}  // namespace enamel::sample
