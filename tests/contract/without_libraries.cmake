# Where an optional library's headers are not installed, the header that needs it still compiles, and the error of a file
# that uses it says what is missing. The headers may well be installed here, so the test compiles a copy that asks for them under another
# name.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${WORK})
set(flags -std=c++20 -fsyntax-only -Wall -Werror -I${WORK})
list(REMOVE_DUPLICATES INCLUDE_DIRS)
foreach(dir IN LISTS INCLUDE_DIRS)
    list(APPEND flags -I${dir})
endforeach()

# test_without HEADER FOREIGN FILE MESSAGE: compiles HEADER without FOREIGN, and a sink on FILE, which needs it.
function(test_without header foreign file message)
    file(READ ${SOURCE_DIR}/include/curtail/artifact/${header} text)
    string(REPLACE "<${foreign}>" "<not_here/${foreign}>" copy "${text}")
    if(copy STREQUAL text)
        message(FATAL_ERROR "${header} no longer asks for ${foreign}: this test tests nothing")
    endif()
    file(WRITE ${WORK}/curtail/artifact/${header} "${copy}")
    file(WRITE ${WORK}/included.cpp "#include <curtail/artifact/${header}>\n")
    file(WRITE ${WORK}/used.cpp "#include <curtail/artifact/csv_sink.hpp>\n#include <curtail/artifact/${header}>\n"
        "curtail::CsvSink<curtail::${file}> sink(\"a.csv\");\n")
    execute_process(COMMAND ${COMPILER} ${flags} ${WORK}/included.cpp RESULT_VARIABLE status ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        message(SEND_ERROR "without ${foreign} ${header} does not even compile:\n${output}")
    endif()
    execute_process(COMMAND ${COMPILER} ${flags} ${WORK}/used.cpp RESULT_VARIABLE status ERROR_VARIABLE output)
    if(status EQUAL 0)
        message(SEND_ERROR "${file} compiles without ${foreign}")
    elseif(NOT output MATCHES "error: [^\n]*${message}")
        message(SEND_ERROR "the error of ${file} does not say what is missing:\n${output}")
    endif()
endfunction()

test_without(sha256_output.hpp openssl/evp.h Sha256File
    "needs OpenSSL's libcrypto: install its headers [(]Debian: libssl-dev[)] and link")
test_without(gzip_output.hpp libdeflate.h GzipFile
    "needs libdeflate: install its headers [(]Debian: libdeflate-dev[)] and link")
