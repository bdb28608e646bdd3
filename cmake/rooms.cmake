# A room is one static library made of the sources in one folder.
#
#   landbook_room(NAME dir/of/room [PRECOMPILED] [LINKS rooms and libraries...] [PRIVATE_LINKS ...]
#                 [TEST_LINKS ...] [SUBDIRS ...])
#
# makes the library landbook_NAME from *.cc of the folder (and SUBDIRS), and when there are any
# *_test.cc beside them the test binary landbook_NAME_tests, with the *_testing.cc that they share; of
# *_bench.cc the binary landbook_NAME_bench, and of each *_fuzz.cc a fuzz target in the fuzz preset.
# Includes are written from the root of the repository ("geo/boundary.h"). The library's include path
# is a folder that holds nothing but a link to the room itself, so that a target sees the headers of
# the rooms it links, and no others.

function(landbook_room_sources out_lib out_test out_fuzz directory)
  set(lib "")
  set(test "")
  set(fuzz "")
  foreach(folder IN ITEMS ${directory} ${ARGN})
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cc)
    foreach(file IN LISTS found)
      if(file MATCHES "_(test|testing)\\.cc$")
        list(APPEND test ${file})
      elseif(file MATCHES "_fuzz\\.cc$")
        list(APPEND fuzz ${file})
      elseif(NOT file MATCHES "(_bench|main)\\.cc$")
        list(APPEND lib ${file})
      endif()
    endforeach()
  endforeach()
  set(${out_lib} ${lib} PARENT_SCOPE)
  set(${out_test} ${test} PARENT_SCOPE)
  set(${out_fuzz} ${fuzz} PARENT_SCOPE)
endfunction()

function(landbook_room name directory)
  cmake_parse_arguments(ROOM "PRECOMPILED" "" "LINKS;PRIVATE_LINKS;TEST_LINKS;SUBDIRS" ${ARGN})
  landbook_room_sources(lib test fuzz ${directory} ${ROOM_SUBDIRS})

  set(view ${CMAKE_BINARY_DIR}/rooms/${name})
  get_filename_component(parent ${directory} DIRECTORY)
  file(MAKE_DIRECTORY ${view}/${parent})
  if(NOT EXISTS ${view}/${directory})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${directory} ${view}/${directory} SYMBOLIC)
  endif()

  add_library(landbook_${name} STATIC ${lib})
  target_include_directories(landbook_${name} PUBLIC ${view})
  target_link_libraries(landbook_${name} PUBLIC ${ROOM_LINKS} PRIVATE ${ROOM_PRIVATE_LINKS})
  if(ROOM_PRECOMPILED)
    landbook_precompile(landbook_${name} landbook_precompiled)
  endif()

  if(LANDBOOK_TEST_FILES)
    list(FILTER test INCLUDE REGEX ${LANDBOOK_TEST_FILES})
  endif()
  if(test)
    add_executable(landbook_${name}_tests ${test})
    target_link_libraries(landbook_${name}_tests PRIVATE landbook_${name} ${ROOM_PRIVATE_LINKS}
                          ${ROOM_TEST_LINKS} GTest::gtest_main GTest::gmock rapidcheck)
    target_compile_definitions(landbook_${name}_tests PRIVATE
                               LANDBOOK_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    if(ROOM_PRECOMPILED)
      landbook_precompile(landbook_${name}_tests landbook_precompiled_tests)
    endif()
    add_test(NAME ${name} COMMAND landbook_${name}_tests)
  endif()
  file(GLOB bench CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${directory}/*_bench.cc)
  if(bench)
    add_executable(landbook_${name}_bench ${bench})
    target_link_libraries(landbook_${name}_bench PRIVATE landbook_${name} benchmark::benchmark_main)
  endif()
  if(LANDBOOK_FUZZ)
    foreach(file IN LISTS fuzz)
      get_filename_component(target ${file} NAME_WE)
      add_executable(${target} ${file})
      target_link_libraries(${target} PRIVATE landbook_${name} ${ROOM_PRIVATE_LINKS})
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()
