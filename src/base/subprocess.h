#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace enamel {

// A child process started without a shell. Secrets never go into `arguments` (they show in process lists).
// The child dies when this process dies (PR_SET_PDEATHSIG), so a kill -9 of Enamel leaves no server behind.
// The kernel watches the thread that started it, not the process: a child that is to outlive that thread must
// be started by another one, or without die_with_parent.
class Subprocess {
 public:
  struct Options {
    std::string working_directory;         // empty: the caller's
    std::vector<std::string> environment;  // "NAME=value", added to the caller's
    std::string stdin_file = "/dev/null";
    std::string output_file;  // standard output and error, appended; empty: /dev/null
    bool die_with_parent = true;
    bool own_session = false;  // setsid: not stopped by the terminal's Ctrl-C
  };
  // arguments[0] is looked up in PATH. Throws systemError if it cannot be started.
  Subprocess(const std::vector<std::string>& arguments, const Options& options);
  Subprocess(Subprocess&& other) noexcept;
  Subprocess& operator=(Subprocess&&) = delete;
  // SIGKILLs and reaps a child that is still running.
  ~Subprocess();

  pid_t pid() const { return pid_; }
  // True while it runs; reaps it when it ended.
  bool running();
  // Waits for the end; returns the exit status, 128 + signal if a signal ended it.
  int wait();
  void signal(int number);
  // SIGTERM, then SIGKILL after grace_seconds. Returns the exit status as wait() does.
  int terminate(double grace_seconds = 30);
  // Lets it live on its own; the destructor then does nothing.
  pid_t release();

 private:
  pid_t pid_ = -1;
  int status_ = -1;
};

// Runs a program to its end; output is what it wrote to standard output and error (the first 1 MiB).
struct CommandResult {
  int exit_status = 0;
  std::string output;
};
CommandResult runCommand(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment = {});

// The program's full path in PATH or in the usual sbin folders; empty if there is none.
std::string findProgram(const std::string& name);

}  // namespace enamel
