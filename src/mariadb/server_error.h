#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace enamel::mariadb {

// What to do about an error number of a server (ER_..., from 1000) or of the client library (CR_..., from
// 2000).
ErrorCode codeOfServerError(unsigned number);

// The Error for a failed statement or sign-in. server: Address::display(). statement: the SQL, of which only
// the leading words up to the first value are told; empty: signing in. message: the server's own, left out
// where it would repeat values of the statement or of rows.
Error serverError(const std::string& server, unsigned number, std::string_view message,
                  std::string_view statement);

// The leading words of a statement, none of which can be a value: "INSERT INTO `payment`".
std::string firstWords(std::string_view statement);

}  // namespace enamel::mariadb
