#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mariadb/private_server.h"

namespace enamel::mariadb {

// What a private server needs before and around its start; parts of private_server.cpp.

// The account a private server runs as: mysql for root, else nobody in particular (empty).
std::string serverAccount();

// Gives the path to the account (if not empty) and makes the folders above it passable for it where they are
// scratch; throws kPermission naming the first that is not.
void giveFolderTo(const std::string& account, const std::filesystem::path& folder);

// `arguments` so that they run as the account (if not empty), still ending with this process if
// die_with_parent.
std::vector<std::string> runAs(const std::string& account, bool die_with_parent,
                               const std::vector<std::string>& arguments);

// Makes folder/data with the system tables in one step: a run that was cut off leaves no data folder.
// root@localhost has no password: who may open the socket is the question, and the folder answers it.
void makeSystemTables(const std::filesystem::path& folder, const std::string& account);

// All arguments of the server but the caller's own.
std::vector<std::string> serverArguments(const PrivateServer::Options& options, const std::string& socket);

// The last lines of folder/log, for an error text.
std::string logTail(const std::filesystem::path& folder);

}  // namespace enamel::mariadb
