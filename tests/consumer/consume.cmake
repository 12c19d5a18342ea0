# Configures, builds and runs project/ in ${WORK} as a user would who comes by curtail in one ${WAY} of
# find_package, add_subdirectory, fetch_content, with ${DEPENDENCIES} installed or fetched, and with ${USE} header_only,
# compiled or sha256.
cmake_minimum_required(VERSION 3.25)
set(with_sha256 OFF)
if(USE STREQUAL "sha256")
    set(with_sha256 ON)
endif()
file(REMOVE_RECURSE ${WORK})

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "failed: ${command}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

# Stand-ins for what FetchContent would download, with the layout of the real archives.
function(make_dependencies)
    find_path(json_dir nlohmann/json.hpp PATHS ${JSON_INCLUDE_DIRS} REQUIRED)
    file(COPY ${json_dir}/nlohmann DESTINATION ${WORK}/deps/json/include)
    file(WRITE ${WORK}/deps/json/CMakeLists.txt [[
cmake_minimum_required(VERSION 3.25)
project(nlohmann_json VERSION 3.11.3 LANGUAGES CXX)
option(JSON_Install "" ${PROJECT_IS_TOP_LEVEL})
add_library(nlohmann_json INTERFACE)
add_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)
target_include_directories(nlohmann_json INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
if(JSON_Install)
    include(CMakePackageConfigHelpers)
    install(DIRECTORY include/ DESTINATION include)
    install(TARGETS nlohmann_json EXPORT json)
    install(EXPORT json NAMESPACE nlohmann_json:: FILE nlohmann_jsonConfig.cmake DESTINATION share/cmake/nlohmann_json)
    write_basic_package_version_file(nlohmann_jsonConfigVersion.cmake COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
    install(FILES ${PROJECT_BINARY_DIR}/nlohmann_jsonConfigVersion.cmake DESTINATION share/cmake/nlohmann_json)
endif()
]])
    find_file(csv_header NAMES csv.h libfccp/csv.h PATHS ${FCCP_SOURCE_DIR} ${FCCP_INCLUDE_DIR} REQUIRED)
    file(COPY ${csv_header} DESTINATION ${WORK}/deps/fccp)
endfunction()

set(configure ${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_CXX_COMPILER=${COMPILER})
if(OLD_CMAKE)  # the release whose features curtail's CMakeLists.txt may use
    list(APPEND configure -D CURTAIL_CMAKE_VERSION=${OLD_CMAKE})
endif()
if(DEPENDENCIES STREQUAL "fetched")
    make_dependencies()
    set(fetch -D FETCHCONTENT_TRY_FIND_PACKAGE_MODE=NEVER
        -D CURTAIL_WITH_CSV_INPUT=ON
        -D FETCHCONTENT_SOURCE_DIR_NLOHMANN_JSON=${WORK}/deps/json
        -D FETCHCONTENT_SOURCE_DIR_FAST_CPP_CSV_PARSER=${WORK}/deps/fccp)
endif()

if(WAY STREQUAL "find_package")
    run(${configure} ${fetch} -S ${SOURCE_DIR} -B ${WORK}/curtail -D CMAKE_INSTALL_PREFIX=${WORK}/prefix
        -D CURTAIL_WITH_SHA256=${with_sha256}
        -D CURTAIL_BUILD_TESTS=OFF -D CURTAIL_BUILD_EXAMPLES=OFF)
    run(${CMAKE_COMMAND} --install ${WORK}/curtail)
    # The build tree is gone, as it is on the machine of someone who installed a package.
    file(REMOVE_RECURSE ${WORK}/curtail)
    set(find -D CMAKE_PREFIX_PATH=${WORK}/prefix)
    if(DEPENDENCIES STREQUAL "fetched")
        file(REMOVE_RECURSE ${WORK}/deps)
    endif()
else()
    set(find ${fetch})
endif()
run(${configure} ${find} -S ${CMAKE_CURRENT_LIST_DIR}/project -B ${WORK}/build -D CURTAIL_BY=${WAY} -D CURTAIL_USE=${USE}
    -D CURTAIL_SOURCE_DIR=${SOURCE_DIR} -D CURTAIL_WITH_SHA256=${with_sha256} -D CMAKE_EXPORT_COMPILE_COMMANDS=ON)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer ${WORK}/predictions.csv)

# curtail's tests, examples, warnings and install rules are its own affair.
file(READ ${WORK}/build/compile_commands.json commands)
if(commands MATCHES "-W(all|error|extra|conversion)")
    message(SEND_ERROR "a user's code is compiled with curtail's warnings:\n${commands}")
endif()
# Of curtail at most one file is compiled, and only for those who ask for it.
file(GLOB_RECURSE objects ${WORK}/build/*.o ${WORK}/build/*.obj)
list(FILTER objects EXCLUDE REGEX "/CMakeFiles/[0-9.]+/")
list(LENGTH objects compiled)
set(expected 1)
if(USE STREQUAL "compiled")
    set(expected 3)
endif()
if(NOT compiled EQUAL ${expected})
    message(SEND_ERROR "a user's build compiles other than ${expected} files: ${objects}")
endif()
if(DEPENDENCIES STREQUAL "fetched")
    if(WAY STREQUAL "find_package")
        # What curtail fetched it installs as well: its package needs nothing from the system.
        file(STRINGS ${WORK}/build/CMakeCache.txt json_package REGEX "^nlohmann_json_DIR:")
        if(NOT json_package MATCHES "=${WORK}/prefix/" OR NOT EXISTS ${WORK}/prefix/include/curtail/third_party/csv.h)
            message(SEND_ERROR "the fetched dependencies were not installed: ${json_package}")
        endif()
    elseif(NOT commands MATCHES "${WORK}/deps/json" OR NOT commands MATCHES "${WORK}/deps/fccp")
        message(SEND_ERROR "the fetched dependencies were not used:\n${commands}")
    endif()
endif()
run(${CMAKE_COMMAND} --install ${WORK}/build --prefix ${WORK}/users_prefix)
file(GLOB installed ${WORK}/users_prefix/*)
if(installed)
    message(SEND_ERROR "a user's install has curtail's files in it: ${installed}")
endif()
