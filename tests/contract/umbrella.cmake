# curtail.hpp includes every header, sorted, and nothing else; what is left out is left out for a reason.
cmake_minimum_required(VERSION 3.25)

# What a user includes by name: the CSV source, because it needs fast-cpp-csv-parser, with its parts, and the digest,
# because of OpenSSL.
set(opt_in curtail/artifact/sha256_output.hpp curtail/table/byte_source.hpp curtail/table/csv_column_type.hpp
    curtail/table/csv_fault.hpp curtail/table/csv_input.hpp curtail/table/csv_records.hpp curtail/table/fccp.hpp)

file(GLOB_RECURSE headers RELATIVE ${INCLUDE_DIR} ${INCLUDE_DIR}/curtail/*.hpp)
list(SORT headers)
list(REMOVE_ITEM headers curtail/curtail.hpp ${opt_in})

file(STRINGS ${INCLUDE_DIR}/curtail/curtail.hpp lines)
set(included "")
foreach(line IN LISTS lines)
    if(line MATCHES "^#include <([^>]+)>")
        list(APPEND included ${CMAKE_MATCH_1})
    elseif(NOT line MATCHES "^(//.*|#pragma once|)$")
        message(SEND_ERROR "curtail.hpp is a list of includes and nothing else, but has: ${line}")
    endif()
endforeach()

if(NOT included STREQUAL headers)
    set(missing ${headers})
    list(REMOVE_ITEM missing ${included})
    set(superfluous ${included})
    list(REMOVE_ITEM superfluous ${headers})
    message(SEND_ERROR "curtail.hpp is not the sorted list of all headers. Missing: [${missing}]. Superfluous: "
        "[${superfluous}]. (Both empty: wrong order.)")
endif()
