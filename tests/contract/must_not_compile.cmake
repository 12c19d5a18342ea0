# A mistake must not compile, and the first error must name the cure. Compiles must_not_compile.cpp as it is and once with
# each block between #ifdef and #endif turned on; and the umbrellas as C++17.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/compiler.cmake)
# Declarations alone, and no further than the first error: it is a second per mistake less.
list(APPEND flags -Wall -Werror -Wno-unused -DCURTAIL_COMPILED)
set(SOURCE ${CMAKE_CURRENT_LIST_DIR}/must_not_compile.cpp)
precompile_includes(${SOURCE})

execute_process(COMMAND ${COMPILER} ${flags} ${SOURCE} RESULT_VARIABLE status ERROR_VARIABLE output)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "without any mistake the file must compile:\n${output}")
endif()
list(APPEND flags -Wunused-result -Wfatal-errors)

# Fails the test unless the compiler fails and its first error is about `expected`.
function(expect_mistake mistake expected)
    execute_process(COMMAND ${COMPILER} ${ARGN} RESULT_VARIABLE status ERROR_VARIABLE output)
    string(REGEX MATCH "error: [^\n]*" first "${output}")
    if(status EQUAL 0)
        message(SEND_ERROR "${mistake} compiles")
    elseif(NOT first MATCHES "${expected}")
        message(SEND_ERROR "${mistake} does not compile, but the first error is not '${expected}':\n${output}")
    endif()
endfunction()

file(READ ${SOURCE} text)
string(REGEX MATCHALL "#ifdef [A-Z_]+\n// expect: [^\n]+" blocks "${text}")
list(LENGTH blocks count)
if(count LESS 100)
    message(FATAL_ERROR "only ${count} mistakes found in ${SOURCE}")
endif()
foreach(block IN LISTS blocks)
    string(REGEX REPLACE "#ifdef ([A-Z_]+)\n// expect: (.+)" "\\1" mistake "${block}")
    string(REGEX REPLACE "#ifdef ([A-Z_]+)\n// expect: (.+)" "\\2" expected "${block}")
    expect_mistake(${mistake} "${expected}" ${flags} -D${mistake} ${SOURCE})
endforeach()

# Without the header that makes the sink.
file(WRITE ${WORK}/without_a_sink.cpp "#include <curtail/payload/result_payload_builder.hpp>\n"
    "#include <curtail/table/columns.hpp>\n"
    "void f(const std::vector<int>& ages) {\n"
    "    auto made = curtail::ResultPayloadBuilder(\"job\").build(curtail::columns(curtail::column(\"age\", ages)), \"/data\");\n"
    "}\n")
set(without_head ${flags})
list(REMOVE_ITEM without_head -include ${WORK}/head.hpp)
expect_mistake("build(table, directory) without csv_sink.hpp" "#include <curtail/artifact/csv_sink.hpp>" ${without_head}
    ${WORK}/without_a_sink.cpp)

foreach(umbrella IN ITEMS curtail worker bot)
    expect_mistake("C++17 with ${umbrella}.hpp" "curtail is written in C..20: compile with -std=c..20"
        -std=c++17 -fsyntax-only -Wfatal-errors -I${SOURCE_DIR}/include -x c++ ${SOURCE_DIR}/include/curtail/${umbrella}.hpp)
endforeach()
