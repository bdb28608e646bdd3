# The headers of libraries and of the generated messages, compiled once for all the rooms that see the
# messages: most of the time of a file went into reading them. Files include what they use all the
# same; the clang preset builds without this and tells when one does not.
#
#   landbook_precompile(TARGET landbook_precompiled|landbook_precompiled_tests)
set(LANDBOOK_PRECOMPILED_HEADERS
    <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span>
    <string> <string_view> <thread> <utility> <vector> <absl/functional/function_ref.h>
    <absl/status/status.h> <absl/status/statusor.h> <absl/time/time.h> <fmt/format.h>
    <landbook/v1/boundary_service.grpc.pb.h> <landbook/v1/journal.pb.h>
    <landbook/v1/registry_service.grpc.pb.h>)

function(landbook_precompiled_headers name)
  cmake_parse_arguments(HEADERS "" "" "LINKS;HEADERS" ${ARGN})
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "// Carries the precompiled headers.\n")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE landbook_proto absl::status absl::statusor absl::time fmt::fmt
                        ${HEADERS_LINKS})
  target_precompile_headers(${name} PRIVATE ${LANDBOOK_PRECOMPILED_HEADERS} ${HEADERS_HEADERS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${name} PRIVATE -fpch-preprocess)
  endif()
  if(CCACHE)
    set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER
                          "${CMAKE_SOURCE_DIR}/cmake/compile_and_sum;${CMAKE_CXX_COMPILER_LAUNCHER}")
  endif()
endfunction()

function(landbook_precompile target name)
  if(NOT LANDBOOK_PRECOMPILED)
    return()
  endif()
  target_precompile_headers(${target} REUSE_FROM ${name})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # From precompiled headers g++ 12 no longer knows that std::string is a system's, and tells of its
    # false alarms in it (PR 105329, 105651).
    target_compile_options(${target} PRIVATE -fpch-preprocess -Wno-array-bounds
                           -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict)
  endif()
endfunction()

if(LANDBOOK_PRECOMPILED)
  landbook_precompiled_headers(landbook_precompiled)
  landbook_precompiled_headers(landbook_precompiled_tests LINKS GTest::gmock GTest::gtest rapidcheck
                               HEADERS <gmock/gmock.h> <gtest/gtest.h> <rapidcheck/gtest.h>)
endif()
