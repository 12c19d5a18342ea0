# Runs a test with the interpreter of the environment that build_wheel.py made. Where packages were missing there is
# none.
cmake_minimum_required(VERSION 3.25)
if(NOT EXISTS ${PYTHON})
    message("skipped: there is no wheel")
    return()
endif()
execute_process(COMMAND ${PYTHON} -B ${SCRIPT} COMMAND_ERROR_IS_FATAL ANY)
