# Compiler settings that every target shares. GCC 12 and Clang 14 must both accept the code.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "how to compile" FORCE)
endif()
option(ENAMEL_BENCH "build the micro-benchmarks in bench/" OFF)
option(ENAMEL_FUZZ "build the libFuzzer targets (Clang only)" OFF)
set(ENAMEL_SANITIZE "" CACHE STRING "value for -fsanitize=, empty for none")

find_program(ENAMEL_CCACHE ccache)
if(ENAMEL_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${ENAMEL_CCACHE}")
endif()

add_library(enamel_flags INTERFACE)
target_compile_options(enamel_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Wno-missing-field-initializers
  -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Wrong about std::string's operator+ and std::vector's insert when GCC 12 inlines them (GCC bug 105651 and its like).
  target_compile_options(enamel_flags INTERFACE -Wno-restrict -Wno-stringop-overflow)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(enamel_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
target_link_options(enamel_flags INTERFACE -Wl,-z,relro,-z,now)
if(ENAMEL_SANITIZE)
  target_compile_options(enamel_flags INTERFACE -fsanitize=${ENAMEL_SANITIZE}
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(enamel_flags INTERFACE -fsanitize=${ENAMEL_SANITIZE})
endif()
if(ENAMEL_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "ENAMEL_FUZZ needs Clang: use the preset 'fuzz'")
  endif()
  target_compile_options(enamel_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
