#include "cli/signals.h"

#include <atomic>
#include <csignal>

namespace enamel::cli {
namespace {

std::atomic<CancelToken*> g_cancel{nullptr};
std::atomic<bool> g_stopped{false};

void onSignal(int number) {
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
  action.sa_handler = onSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);  // nohup, background jobs
  }
  std::signal(SIGPIPE, SIG_IGN);
}

bool stoppedBySignal() {
  return g_stopped;
}

}  // namespace enamel::cli
