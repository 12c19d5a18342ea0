# What a project may have of its own, ask for and be refused. Configures small projects and compiles nothing.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${WORK})

# Configures a project of these lines. Fails the test unless that ends as `expected`: works, or a text of its error.
function(configure name expected lines)
    file(WRITE ${WORK}/${name}/CMakeLists.txt
        "cmake_minimum_required(VERSION 3.16...3.31)\nproject(${name} LANGUAGES CXX)\n${lines}\n")
    execute_process(
        COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM} -D CMAKE_CXX_COMPILER=${COMPILER}
            -S ${WORK}/${name} -B ${WORK}/${name}/build ${ARGN}
        RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    string(REGEX REPLACE "[ \n]+" " " output "${output}")
    if(expected STREQUAL "works")
        if(NOT status EQUAL 0)
            message(SEND_ERROR "${name} cannot be configured: ${output}")
        endif()
    elseif(status EQUAL 0 OR NOT output MATCHES "${expected}")
        message(SEND_ERROR "${name} should fail with \"${expected}\": ${output}")
    endif()
endfunction()

# Nothing of the system is found, and what is fetched fails.
set(alone -D CMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF -D CMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON
    -D FETCHCONTENT_SOURCE_DIR_NLOHMANN_JSON=${WORK}/nowhere
    -D FETCHCONTENT_SOURCE_DIR_FAST_CPP_CSV_PARSER=${WORK}/nowhere)
set(own_json "add_library(nlohmann_json INTERFACE)\nadd_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)\n")
set(subdirectory "add_subdirectory(${SOURCE_DIR} curtail)\n")

configure(own_json works "${own_json}${subdirectory}" ${alone})
configure(no_json "nowhere" "${subdirectory}" ${alone})
configure(csv_input "nowhere" "${own_json}set(CURTAIL_WITH_CSV_INPUT ON)\n${subdirectory}" ${alone})

# vcpkg and upstream have <csv.h>, others have another one.
file(WRITE ${WORK}/fccp/include/csv.h "#ifndef CSV_IO_NO_THREAD\n#endif\n")
file(WRITE ${WORK}/other/include/csv.h "struct csv_parser;\n")
set(found "if(NOT CURTAIL_FCCP_INCLUDE_DIR MATCHES /fccp/include)\nmessage(FATAL_ERROR \"not found\")\nendif()\n")
configure(csv_h works "${own_json}set(CURTAIL_WITH_CSV_INPUT ON)\n${subdirectory}${found}" ${alone} -D CMAKE_PREFIX_PATH=${WORK}/fccp)
configure(other_csv_h "not found" "${own_json}${subdirectory}${found}" ${alone} -D CMAKE_PREFIX_PATH=${WORK}/other)

# The package, its components and its licence.
foreach(old IN ITEMS 3.16 ${CMAKE_VERSION})
    set(prefix ${WORK}/prefix-${old})
    configure(install-${old} works "${own_json}set(CURTAIL_INSTALL ON)\n${subdirectory}" ${alone} -D CURTAIL_CMAKE_VERSION=${old}
        -D CMAKE_INSTALL_PREFIX=${prefix})
    execute_process(COMMAND ${CMAKE_COMMAND} --install ${WORK}/install-${old}/build OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    file(GLOB_RECURSE licences ${prefix}/share/doc/*/LICENSE)
    file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*.hpp)
    file(GLOB_RECURSE expected RELATIVE ${SOURCE_DIR}/include ${SOURCE_DIR}/include/*.hpp)
    if(NOT licences OR NOT headers STREQUAL expected)
        message(SEND_ERROR "not installed as it should be: ${licences}; ${headers}")
    endif()
    set(find -D CMAKE_PREFIX_PATH=${prefix} ${alone})
    configure(find-${old} works "${own_json}find_package(curtail 0.2 REQUIRED COMPONENTS compiled)" ${find})
    configure(find_twice-${old} works "${own_json}find_package(curtail REQUIRED)\nfind_package(curtail REQUIRED)" ${find})
    configure(vendored_too-${old} works "${own_json}${subdirectory}find_package(curtail REQUIRED COMPONENTS csv_input)" ${find}
        -D CMAKE_INCLUDE_PATH=${WORK}/fccp/include)
    configure(component-${old} "curtail has no component csv here" "${own_json}find_package(curtail 0.2 REQUIRED COMPONENTS csv)" ${find})
    configure(sha256-${old} "curtail has no component sha256 here" "${own_json}find_package(curtail 0.2 REQUIRED COMPONENTS sha256)" ${find})
    configure(optional-${old} works "${own_json}find_package(curtail 0.2 REQUIRED OPTIONAL_COMPONENTS csv)" ${find})
endforeach()

# The tools alone: three programs, without the warnings of curtail's authors.
file(MAKE_DIRECTORY ${WORK}/tools)
execute_process(
    COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM} -D CMAKE_CXX_COMPILER=${COMPILER}
        -S ${SOURCE_DIR} -B ${WORK}/tools -D CURTAIL_BUILD_TESTS=OFF -D CURTAIL_BUILD_EXAMPLES=OFF -D CURTAIL_INSTALL_TOOLS=ON
        -D CMAKE_EXPORT_COMPILE_COMMANDS=ON -D FETCHCONTENT_FULLY_DISCONNECTED=ON
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(READ ${WORK}/tools/compile_commands.json commands)
string(JSON count LENGTH "${commands}")
if(NOT commands MATCHES "/split[.]cpp" OR NOT commands MATCHES "/show[.]cpp" OR count GREATER 4 OR commands MATCHES "-Werror")
    message(SEND_ERROR "CURTAIL_INSTALL_TOOLS compiles other than the tools, or as their authors do: ${commands}")
endif()
