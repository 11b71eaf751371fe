#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>

#include "base/cancel.h"

namespace enamel::cli {

// Looks an environment variable up; nullopt if it is not set or empty. Passed in so that tests can set it.
using Environment = std::function<std::optional<std::string>(const char* name)>;

// The process's environment. Takes passwords out of it (they are kept for lookups), so that programs started
// later do not inherit them. REQUIRES: called once, before other threads.
Environment processEnvironment();

// Options that many commands share.
struct SharedOptions {
  std::string repository;     // -r, as typed
  std::string password_file;  // --password-file
  bool json = false;
  bool quiet = false;
};

// What a command works with: the shared options, where it writes, how it is stopped. One a process (or a
// test); outlives every command.
struct Context {
  Context(std::ostream& out_stream, std::ostream& err_stream, Environment env, CancelToken& cancel_token)
      : out(out_stream), err(err_stream), environment(std::move(env)), cancel(cancel_token) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  SharedOptions shared;
  std::ostream& out;  // results
  std::ostream& err;  // errors, warnings, the status line
  Environment environment;
  CancelToken& cancel;  // set by SIGINT and SIGTERM, and when a repository lock is lost
  // Asks a person for a password without showing it; empty where nobody can be asked.
  std::function<std::string(const std::string& prompt)> ask_secret = {};
  // Asks a person for a line that is shown as it is typed; empty where nobody can be asked.
  std::function<std::string(const std::string& prompt)> ask_line = {};
  // The same for scripts, too: a line of whatever standard input is, nullopt at its end. Empty in tests.
  std::function<std::optional<std::string>(const std::string& prompt)> read_answer = {};
  bool terminal = false;             // standard error is a terminal: a status line makes sense
  std::function<int()> action = {};  // what the command line asked for; set by parsing, run after it
};

}  // namespace enamel::cli
