# Configures curtail with CURTAIL_BUILD_PYTHON=ON, as its users do, and looks for the module among what can be built. Its
# compilation is what the wheel's test does.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${PYTHON} -c "import pybind11" RESULT_VARIABLE missing ERROR_QUIET)
if(missing)
    message("skipped: python3-pybind11 is not installed")
    return()
endif()
execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${OUT} -D CURTAIL_BUILD_PYTHON=ON -D CURTAIL_BUILD_TESTS=OFF
        -D CURTAIL_BUILD_EXAMPLES=OFF -D Python_EXECUTABLE=${PYTHON}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${OUT} --target help OUTPUT_VARIABLE targets COMMAND_ERROR_IS_FATAL ANY)
if(NOT targets MATCHES "curtail[.]python")
    message(FATAL_ERROR "CURTAIL_BUILD_PYTHON=ON has no target curtail.python:\n${targets}")
endif()
