# Every header has a test of its own at the same path, so that what a header promises is found where it is looked for.
cmake_minimum_required(VERSION 3.25)

# Those that have none, and why.
set(untested
    "^[a-z]+[.]hpp$"                # umbrellas and fwd.hpp only list others: umbrella.cmake and fwd.cpp hold them
    "^core/version[.]hpp$")         # one macro, which CMakeLists.txt and the packages read

file(GLOB_RECURSE headers RELATIVE ${SOURCE_DIR}/include/curtail ${SOURCE_DIR}/include/curtail/*.hpp)
list(LENGTH headers count)
if(count LESS 10)
    message(FATAL_ERROR "only ${count} headers under ${SOURCE_DIR}/include/curtail: nothing was tested")
endif()
foreach(header IN LISTS headers)
    string(REGEX REPLACE "[.]hpp$" ".test.cpp" test "${header}")
    set(reason "")
    foreach(pattern IN LISTS untested)
        if(header MATCHES "${pattern}")
            set(reason "${pattern}")
        endif()
    endforeach()
    if(NOT EXISTS ${SOURCE_DIR}/tests/${test})
        if(NOT reason)
            message(SEND_ERROR "${header}: has no test tests/${test}")
        endif()
        continue()
    endif()
    if(reason)
        message(SEND_ERROR "${header}: has a test, so ${reason} need not except it")
    endif()
    file(READ ${SOURCE_DIR}/tests/${test} text)
    if(NOT text MATCHES "#include <curtail/${header}>")
        message(SEND_ERROR "tests/${test}: does not include its header")
    endif()
    if(NOT text MATCHES "TEST_CASE[(]")
        message(SEND_ERROR "tests/${test}: has no test case")
    endif()
endforeach()
