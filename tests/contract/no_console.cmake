# No function of curtail prints or ends the process. ${LIBRARY} holds all of them: ask its symbols.
execute_process(COMMAND ${NM} -C ${LIBRARY} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
if(NOT symbols MATCHES "curtail::v0::")
    message(FATAL_ERROR "no symbol of curtail in ${LIBRARY}: nothing was tested")
endif()
set(forbidden
    "std::(w?cout|w?cerr|w?clog|w?cin)" "ios_base::Init" "ios_base_library_init"  # std::cout, and <iostream> itself
    " U (v?printf|v?fprintf|puts|fputs|putchar|fputc|putc|perror|fwrite|stdout|stderr)"
    " U (abort|exit|_exit|_Exit|quick_exit|raise|__assert_fail)")
string(REPLACE "\n" ";" lines "${symbols}")
foreach(line IN LISTS lines)
    foreach(pattern IN LISTS forbidden)
        if(line MATCHES "${pattern}(\\(|@|$| )")
            message(SEND_ERROR "${line}")
        endif()
    endforeach()
endforeach()
