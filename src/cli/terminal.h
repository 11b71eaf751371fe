#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/cancel.h"

namespace enamel::cli {

// Asks on the terminal with the echo off; the terminal is put back in order even when a signal stops the
// program. Throws kCancelled at the end of input, kIo if standard input is no terminal.
std::string askOnTerminal(const std::string& prompt, const CancelToken& cancel);

// The same for what may be seen: the echo stays on.
std::string askLineOnTerminal(const std::string& prompt, const CancelToken& cancel);

// Asks for a line that may be seen, on the terminal or from whatever standard input is; nullopt at its end.
// Throws kCancelled when a signal stops the program.
std::optional<std::string> readAnswer(const std::string& prompt, const CancelToken& cancel);

bool isTerminal(int fd);
// Columns of the terminal behind standard error, 80 if unknown.
std::size_t terminalWidth();

}  // namespace enamel::cli
