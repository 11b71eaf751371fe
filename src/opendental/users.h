#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mariadb/connection.h"
#include "opendental/password.h"

namespace enamel::opendental {

// One row of userod.
struct User {
  std::uint64_t number = 0;  // UserNum
  std::string name;          // UserName as stored; any bytes: printable() before it is shown
  // IsHidden is anything but 0: may not sign in. (Open Dental does not delete users, it hides them.)
  bool hidden = false;
  StoredPassword password;
  bool is_security_admin = false;  // PermType 24
  bool has_backup_right = false;   // PermType 28

  bool mayDoEverything() const { return is_security_admin; }
  bool mayBackUpAndRestore() const { return is_security_admin || has_backup_right; }
};

// The users of a practice, a copy of what the database held when it was read.
struct Users {
  std::vector<User> users;  // by number
  // What is missing or odd in the database and therefore in users, for people: "table grouppermission is not
  // there: nobody has rights". Without values of the rows.
  std::vector<std::string> warnings;

  // The user who signs in with this name; nullptr if there is none. As in Open Dental, hidden users are not
  // found, case and spaces around the typed name make no difference, and accents do. Open Dental gives no
  // visible user a name that is in use; if two have one all the same (by hand, or imported), both programs
  // take one of them: Open Dental the first in the server's order, this the one with the lowest number. Valid
  // as long as this object is.
  const User* find(std::string_view name) const;

  // Security administrators who may sign in and whom Open Dental asks for no password: whoever sits down at a
  // workstation is one. Valid as long as this object is.
  std::vector<const User*> administratorsWithoutPassword() const;
};

// Reads the users of the database selected on the connection, with the rights their groups give. Groups are
// those of usergroupattach; only where an old version has no such table it is the one of
// userod.UserGroupNum, a column that later versions keep and no longer write. Three statements, not one
// instant: a right taken away meanwhile may be seen still, as in any program. Rows whose numbers are none are
// left out and warned of. Throws Error(kNotFound) if there is no table userod with the columns UserNum,
// UserName and Password that this account may read, Error(kLimit) past 100,000 users (or ten times as many
// attached groups or rights), and what Connection throws.
Users readUsers(mariadb::Connection& connection);

}  // namespace enamel::opendental
