# Debian 12's packages; the list that installs them is packaging/dependencies.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(mariadb REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
find_package(date REQUIRED)
find_path(ENAMEL_TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)  # used as headers alone: the sanitizers then see it
pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl)
find_package(Boost 1.81 REQUIRED)  # headers only: Asio, Beast
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)

find_library(ENAMEL_RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
add_library(rapidcheck INTERFACE)
target_link_libraries(rapidcheck INTERFACE "${ENAMEL_RAPIDCHECK_LIBRARY}")
