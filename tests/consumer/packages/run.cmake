# For the tests of packages: runs commands, and configures and installs curtail without its tests and examples.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

# run(COMMAND...): sets `output`; a command that fails ends the test.
function(run)
    execute_process(COMMAND ${ARGV} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE status OUTPUT_VARIABLE output
        ERROR_VARIABLE error)
    if(NOT status EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "failed: ${command}\n${output}${error}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

# configure(DIR OPTION...): in ${WORK}/DIR.
function(configure dir)
    run(${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM} -D CMAKE_CXX_COMPILER=${COMPILER}
        -D CURTAIL_BUILD_TESTS=OFF -D CURTAIL_BUILD_EXAMPLES=OFF -S ${SOURCE_DIR} -B ${WORK}/${dir} ${ARGN})
endfunction()

# expect_failure_printed(TEXT): that of user.cpp.
function(expect_failure_printed text)
    if(NOT text MATCHES "job_1" OR NOT text MATCHES "no such model")
        message(FATAL_ERROR "the user's program does not print the failure:\n${text}")
    endif()
endfunction()
