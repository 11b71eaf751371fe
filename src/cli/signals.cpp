#include "cli/signals.h"

#include <atomic>
#include <csignal>

namespace enamel::cli {
namespace {

std::atomic<CancelToken*> g_cancel{nullptr};
std::atomic<bool> g_stopped{false};

void onSignal(int number, siginfo_t* info, void*) {
  // A hang-up that a process sent asks whether we live: restic does so before it removes a lock of ours as
  // stale. The one of a terminal that closes comes from the kernel.
  if (number == SIGHUP && info->si_code <= 0) return;
  if (g_stopped.exchange(true)) {
    std::signal(number, SIG_DFL);
    std::raise(number);
    return;
  }
  if (CancelToken* cancel = g_cancel.load()) cancel->cancel();
}

}  // namespace

void installSignalHandlers(CancelToken& cancel) {
  g_cancel = &cancel;
  struct sigaction action {};
  action.sa_sigaction = onSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);  // nohup, background jobs
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);  // ignored, as who started us may have it, no child's exit status is known
}

bool stoppedBySignal() {
  return g_stopped;
}

}  // namespace enamel::cli
