# Each door and each umbrella compiles alone, without a warning. Machinery is not tried: some 200 more headers would take
# minutes, and odr_a.cpp and odr_b.cpp include all of them in both orders.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/compiler.cmake)
file(GLOB headers RELATIVE ${SOURCE_DIR}/include ${SOURCE_DIR}/include/curtail/*.hpp ${SOURCE_DIR}/include/curtail/*/*.hpp)
list(LENGTH headers count)
if(count LESS 40)
    message(FATAL_ERROR "only ${count} headers found: nothing was tested")
endif()
file(WRITE ${WORK}/empty.cpp "")
foreach(header IN LISTS headers)
    execute_process(
        COMMAND ${COMPILER} ${flags} -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -include ${header} ${WORK}/empty.cpp
        RESULT_VARIABLE status ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        message(SEND_ERROR "${header} does not compile alone:\n${output}")
    endif()
endforeach()
