#pragma once

#include <string>

#include "cli/context.h"

namespace enamel::mariadb {
struct Address;
}

namespace enamel::cli {

// The repository's password, from the first of: --password-file, ENAMEL_PASSWORD_FILE, ENAMEL_PASSWORD,
// RESTIC_PASSWORD_FILE, RESTIC_PASSWORD, RESTIC_PASSWORD_COMMAND, the person at the terminal. Files and
// commands as restic reads them: white space around the password does not count. Throws kUsage if there is
// none or it is empty.
std::string repositoryPassword(const Context& context);

// The same for a password that is new: a person is asked twice.
std::string newPassword(const Context& context, const std::string& prompt);
// A new password from a file, or from the person at the terminal if file is empty.
std::string newPasswordFrom(const Context& context, const std::string& file, const std::string& prompt);

// The database of a --database URL; a URL without a password gets it from password_file (the option), else
// from ENAMEL_DATABASE_PASSWORD_FILE.
mariadb::Address databaseAddress(const Context& context, const std::string& url,
                                 const std::string& password_file);

}  // namespace enamel::cli
