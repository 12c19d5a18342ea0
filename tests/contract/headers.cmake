# What every header's text must hold to: where it may look, what it may not do, how long it may be.
cmake_minimum_required(VERSION 3.25)

# The table in include/curtail/README.md: a room may include itself and these.
set(core_sees "")
set(table_sees core)
set(statistics_sees core table)
set(artifact_sees core table)
set(payload_sees core table statistics artifact/artifact_sink.hpp)
set(receive_sees core payload/result_payload.hpp payload/message/keys.hpp statistics/prediction_stats.hpp)
set(render_sees core payload/result_payload.hpp payload/message/keys.hpp statistics/prediction_stats.hpp)

# Where a costly or optional foreign header may enter.
set(nlohmann_rooms "^curtail/payload/payload_json[.]hpp$")
set(fccp_rooms "^curtail/table/csv/field_policy")
set(dragonbox_rooms "^curtail/core/number/shortest_digits")
set(openssl_rooms "^curtail/artifact/sha256_output")
set(libdeflate_rooms "^curtail/artifact/gzip/gzip_member")

set(file_rooms "^curtail/(artifact/system/(kernel_sync|posix_process|posix_system|windows_system|windows_calls)|table/csv/byte_source)")

# Whatever a message says, nothing that reads or draws it can open a file or a connection.
set(opens "^(c?stdio|stdio[.]h|fstream|filesystem|fcntl[.]h|unistd[.]h|dirent[.]h|netdb[.]h|sys/.*)$")
set(opening "[^A-Za-z0-9_](f?open|openat|freopen|opendir|popen|system|socket|connect)[(]|[^A-Za-z0-9_][io]?fstream[^A-Za-z0-9_]")

# Private macros, which no_macro_leaks.cmake counts, and those that <windows.h> asks for.
set(macro_headers "^curtail/(core/compiled/(linkage|attributes)|compiled|core/number/standard_arithmetic|artifact/system/windows_system)[.]hpp$")

# Asks which compiler it is before it uses what others lack.
set(compilers "^curtail/core/number/standard_arithmetic[.]hpp$")

set(longest 350)
set(fullest 14)

set(umbrellas "^curtail/[a-z]+[.]hpp$")
set(machinery "^curtail/[a-z]+/[a-z]+/")
# Aggregates that a user fills in.
set(options "(_options|/csv_dialect|/budget)[.]hpp$")

# What would print, end the process or ask the environment, but in a comment or a text. A member function may be called
# abort(); whether the one of <cstdlib> is reached is for no_console.cmake to say.
set(forbidden
    "std::w?(cout|cerr|clog|cin)[^A-Za-z0-9_]"
    "[^A-Za-z0-9_.>](std::|::)?(v?f?printf|puts|fputs|putchar|perror|getenv)[(]"
    "(std)?::(abort|exit|_Exit|quick_exit|terminate)[(]")

file(GLOB_RECURSE headers RELATIVE ${INCLUDE_DIR} ${INCLUDE_DIR}/curtail/*.hpp)
list(LENGTH headers count)
if(count LESS 10)
    message(FATAL_ERROR "only ${count} headers under ${INCLUDE_DIR}: nothing was tested")
endif()
foreach(header IN LISTS headers)
    file(READ ${INCLUDE_DIR}/${header} text)
    if(NOT text MATCHES "^// SPDX-License-Identifier: MIT\n#pragma once\n// [A-Z][^\n]+\n")
        message(SEND_ERROR "${header}: begins with the licence line, #pragma once and one sentence on its job")
    endif()
    # Users must not name machinery. One namespace for all of it says so.
    string(REGEX MATCHALL "\n(inline )?namespace [^\n]*" namespaces "${text}")
    foreach(namespace IN LISTS namespaces)
        if(header MATCHES "${machinery}" AND NOT namespace STREQUAL "\nnamespace curtail::inline v0::detail {")
            message(SEND_ERROR "${header}: machinery defines nothing outside curtail::detail, but has:${namespace}")
        endif()
    endforeach()
    # Backslash continuations, brackets and semicolons mean something to CMake's lists: they are of no use here.
    string(REGEX REPLACE "\\\\." "" text "${text}")
    string(REGEX REPLACE "[][;]" " " text "${text}")
    string(REGEX REPLACE "\n$" "" text "${text}")
    string(REGEX REPLACE "\n" ";" lines "${text}")
    list(LENGTH lines length)
    if(length GREATER ${longest})
        message(SEND_ERROR "${header}: ${length} lines, and no header has more than ${longest}")
    endif()

    string(REGEX REPLACE "^curtail/([^/]+)/.*$" "\\1" room "${header}")
    foreach(line IN LISTS lines)
        if(line MATCHES "^ *# *define ([A-Za-z0-9_]+)" AND NOT CMAKE_MATCH_1 STREQUAL "CURTAIL_VERSION"
           AND NOT header MATCHES "${macro_headers}")
            message(SEND_ERROR "${header}: defines the macro ${CMAKE_MATCH_1}")
        endif()
        if(line MATCHES "^ *# *include *[<\"]([^>\"]+)")
            set(included ${CMAKE_MATCH_1})
            if(included STREQUAL "iostream")
                message(SEND_ERROR "${header}: includes <iostream>, which costs every user's program a static object")
            elseif(included MATCHES "^nlohmann/" AND NOT header MATCHES "${nlohmann_rooms}")
                message(SEND_ERROR "${header}: includes <${included}>, which enters through payload/payload_json only, by its names")
            elseif(included MATCHES "csv[.]h$" AND NOT header MATCHES "${fccp_rooms}")
                message(SEND_ERROR "${header}: includes <${included}>, which enters through table/csv/field_policy only")
            elseif(included MATCHES "^dragonbox/" AND NOT header MATCHES "${dragonbox_rooms}")
                message(SEND_ERROR "${header}: includes <${included}>, which enters through core/number/shortest_digits only")
            elseif(included MATCHES "${opens}" AND NOT header MATCHES "${file_rooms}")
                message(SEND_ERROR "${header}: includes <${included}>, which opens files: that is for the systems and the reader of input alone")
            elseif(included MATCHES "^openssl/" AND NOT header MATCHES "${openssl_rooms}")
                message(SEND_ERROR "${header}: includes <${included}>, which enters through artifact/sha256_output only")
            elseif(included MATCHES "^libdeflate" AND NOT header MATCHES "${libdeflate_rooms}")
                message(SEND_ERROR "${header}: includes <${included}>, which enters through artifact/gzip/gzip_member only")
            elseif(included MATCHES "^curtail/" AND NOT header MATCHES "${umbrellas}")
                string(REGEX REPLACE "^curtail/" "" target "${included}")
                string(REGEX REPLACE "/.*$" "" target_room "${target}")
                if(header MATCHES "${options}" AND target MATCHES "/.*/" AND NOT target_room STREQUAL "core")
                    message(SEND_ERROR "${header}: options are included by the machinery and never include <${included}>")
                endif()
                if(NOT DEFINED ${room}_sees)
                    message(SEND_ERROR "${header}: is in a room that the map does not have")
                elseif(NOT target_room STREQUAL room AND NOT target_room IN_LIST ${room}_sees
                       AND NOT target IN_LIST ${room}_sees)
                    message(SEND_ERROR "${header}: includes <${included}>, which its room may not")
                endif()
            endif()
        else()
            string(REGEX REPLACE "\"[^\"]*\"" "" code "${line}")
            string(REGEX REPLACE "//.*$" "" code "${code}")
            if(room MATCHES "^(receive|render)$" AND " ${code}" MATCHES "${opening}")
                message(SEND_ERROR "${header}: what reads a message opens nothing: ${line}")
            endif()
            if(code MATCHES "__builtin_|__attribute__|__asm__" AND NOT header MATCHES "${compilers}")
                message(SEND_ERROR "${header}: not every compiler has this: ${line}")
            endif()
            foreach(pattern IN LISTS forbidden)
                if(" ${code}" MATCHES "${pattern}")
                    message(SEND_ERROR "${header}: no header prints, ends the process or asks the environment: ${line}")
                endif()
            endforeach()
        endif()
    endforeach()
endforeach()

# A folder with more headers than a reader can survey holds more than one job.
foreach(header IN LISTS headers)
    cmake_path(GET header PARENT_PATH folder)
    list(APPEND folders ${folder})
    math(EXPR files_in_${folder} "0${files_in_${folder}} + 1")
endforeach()
list(REMOVE_DUPLICATES folders)
foreach(folder IN LISTS folders)
    if(files_in_${folder} GREATER ${fullest} AND NOT folder STREQUAL "curtail/table")
        message(SEND_ERROR "${folder} holds ${files_in_${folder}} headers, and no folder has more than ${fullest}")
    endif()
endforeach()
