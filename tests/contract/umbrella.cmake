# Each umbrella is a sorted list of doors and nothing else: curtail.hpp of all of them, worker.hpp and bot.hpp of those that
# each end needs. What is left out is left out for a reason.
cmake_minimum_required(VERSION 3.25)

# What a user includes by name, because it needs another library: the digest, the compressed file and the CSV source.
set(opt_in curtail/artifact/sha256_output.hpp curtail/artifact/gzip_output.hpp curtail/table/csv_input.hpp)

# A bot also needs the payload, and the messages and the guard for what it sends itself.
set(rooms_of_curtail "core|table|statistics|artifact|payload|receive|render")
set(rooms_of_worker "core|table|statistics|artifact|payload")
set(rooms_of_bot "core|receive|render")
set(more_of_bot curtail/payload/messages.hpp curtail/payload/result_payload.hpp curtail/payload/size_guard.hpp)

# A worker includes by name what is for files of earlier runs, and for tables in parts, because a file that needs neither
# would compile all of it: 2 s of 18.
set(less_of_worker curtail/artifact/csv_artifact.hpp curtail/artifact/find_artifact.hpp
    curtail/artifact/housekeeping.hpp curtail/artifact/part_file.hpp curtail/artifact/parts_artifact.hpp
    curtail/artifact/parts_directory.hpp curtail/payload/part_merger.hpp)

# What curtail::compiled compiles once must be in its one source.
file(READ ${INCLUDE_DIR}/curtail/compiled.hpp compiled)
foreach(header IN LISTS opt_in)
    file(READ ${INCLUDE_DIR}/${header} text)
    if(text MATCHES "#if CURTAIL_DEFINITIONS" AND NOT compiled MATCHES "#include <${header}>")
        message(SEND_ERROR "compiled.hpp does not include ${header}, whose definitions it must compile")
    endif()
endforeach()

file(GLOB doors RELATIVE ${INCLUDE_DIR} ${INCLUDE_DIR}/curtail/*/*.hpp)
list(REMOVE_ITEM doors ${opt_in})
list(LENGTH doors count)
if(count LESS 30 OR count GREATER 56)
    message(SEND_ERROR "${count} doors: a header that stands directly in a room is one for users")
endif()

foreach(umbrella IN ITEMS curtail worker bot)
    set(expected ${doors})
    list(FILTER expected INCLUDE REGEX "^curtail/(${rooms_of_${umbrella}})/")
    list(APPEND expected ${more_of_${umbrella}})
    list(REMOVE_ITEM expected "" ${less_of_${umbrella}})
    list(SORT expected)

    file(STRINGS ${INCLUDE_DIR}/curtail/${umbrella}.hpp lines)
    set(included "")
    foreach(line IN LISTS lines)
        if(line MATCHES "^#include <([^>]+)>")
            list(APPEND included ${CMAKE_MATCH_1})
        elseif(NOT line MATCHES "^(//.*|#pragma once|)$")
            message(SEND_ERROR "${umbrella}.hpp is a list of includes and nothing else, but has: ${line}")
        endif()
    endforeach()
    if(NOT included STREQUAL expected)
        set(missing ${expected})
        list(REMOVE_ITEM missing ${included})
        set(superfluous ${included})
        list(REMOVE_ITEM superfluous ${expected})
        message(SEND_ERROR "${umbrella}.hpp is not the sorted list of its doors. Missing: [${missing}]. Superfluous: "
            "[${superfluous}]. (Both empty: wrong order.)")
    endif()
endforeach()

# fwd.hpp declares classes of the doors, and includes nothing.
set(classes "")
foreach(door IN LISTS doors opt_in)
    file(STRINGS ${INCLUDE_DIR}/${door} lines REGEX "^(class|struct) [A-Z][A-Za-z0-9]*")
    list(TRANSFORM lines REPLACE "^((class|struct) [A-Za-z0-9]+).*" "\\1")
    list(APPEND classes ${lines})
endforeach()
file(STRINGS ${INCLUDE_DIR}/curtail/fwd.hpp declared REGEX "^(class|struct|#include) ")
foreach(line IN LISTS declared)
    string(REGEX MATCH "^[a-z#]+ [^; ]+" class "${line}")
    if(NOT class IN_LIST classes)
        message(SEND_ERROR "fwd.hpp declares what no door defines: ${class}")
    endif()
endforeach()
