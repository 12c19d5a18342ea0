# Runs the port of vcpkg with vcpkg's functions as far as the port uses them, as vcpkg's documentation says what they do,
# and finds the package where vcpkg puts it. vcpkg itself is not a package of Debian's.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
set(PORT curtail)
set(CURRENT_PACKAGES_DIR ${WORK}/packages/curtail)
file(READ ${SOURCE_DIR}/CMakeLists.txt cmakelists)

function(vcpkg_check_features)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" OUT_FEATURE_OPTIONS FEATURES)
    set(options "")
    while(arg_FEATURES)
        list(POP_FRONT arg_FEATURES feature option)
        string(JSON described ERROR_VARIABLE unknown GET "${manifest}" features ${feature} description)
        if(unknown)
            message(FATAL_ERROR "vcpkg.json has no feature ${feature}")
        endif()
        if(NOT cmakelists MATCHES "option[(]${option} ")
            message(FATAL_ERROR "CMakeLists.txt has no option ${option}")
        endif()
        list(APPEND options -D${option}=OFF)
    endwhile()
    set(${arg_OUT_FEATURE_OPTIONS} ${options} PARENT_SCOPE)
endfunction()
function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" SOURCE_PATH OPTIONS)
    run(${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM} -D CMAKE_CXX_COMPILER=${COMPILER}
        -S ${arg_SOURCE_PATH} -B ${WORK}/build -D CMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} ${arg_OPTIONS})
endfunction()
function(vcpkg_cmake_install)
    run(${CMAKE_COMMAND} --install ${WORK}/build)
endfunction()
# Moves the package file to share/PORT, and corrects the depth at which it finds its prefix.
function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" CONFIG_PATH "")
    file(RENAME ${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH} ${CURRENT_PACKAGES_DIR}/share/${PORT})
    file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/share/cmake)
    file(READ ${CURRENT_PACKAGES_DIR}/share/${PORT}/curtail-targets.cmake text)
    string(REGEX REPLACE "get_filename_component[(]_IMPORT_PREFIX \"[$]{CMAKE_CURRENT_LIST_FILE}\" PATH[)](\nget_filename_component[(]_IMPORT_PREFIX \"[$]{_IMPORT_PREFIX}\" PATH[)])*"
        "get_filename_component(_IMPORT_PREFIX \"\${CMAKE_CURRENT_LIST_DIR}/../../\" ABSOLUTE)" text "${text}")
    file(WRITE ${CURRENT_PACKAGES_DIR}/share/${PORT}/curtail-targets.cmake "${text}")
endfunction()
function(vcpkg_fixup_pkgconfig)
    if(NOT EXISTS ${CURRENT_PACKAGES_DIR}/share/pkgconfig/curtail.pc)
        message(FATAL_ERROR "no curtail.pc where vcpkg looks for it")
    endif()
endfunction()
function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" FILE_LIST)
    file(COPY_FILE ${arg_FILE_LIST} ${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright)
endfunction()

set(port ${SOURCE_DIR}/.github/packaging/vcpkg/curtail)
file(READ ${port}/vcpkg.json manifest)
string(JSON name GET "${manifest}" name)
string(JSON version GET "${manifest}" version)
if(NOT name STREQUAL "curtail" OR NOT version STREQUAL VERSION)
    message(FATAL_ERROR "vcpkg.json says ${name} ${version}, not curtail ${VERSION}")
endif()
include(${port}/portfile.cmake)

# What vcpkg checks after a build.
file(GLOB folders RELATIVE ${CURRENT_PACKAGES_DIR} ${CURRENT_PACKAGES_DIR}/*)
file(GLOB shared RELATIVE ${CURRENT_PACKAGES_DIR}/share ${CURRENT_PACKAGES_DIR}/share/*)
file(GLOB of_port RELATIVE ${CURRENT_PACKAGES_DIR}/share/curtail ${CURRENT_PACKAGES_DIR}/share/curtail/*)
if(NOT folders STREQUAL "include;share" OR NOT shared STREQUAL "curtail;pkgconfig"
   OR NOT "copyright" IN_LIST of_port OR NOT "usage" IN_LIST of_port)
    message(FATAL_ERROR "the port leaves [${folders}], in share [${shared}], in share/curtail [${of_port}]")
endif()

file(WRITE ${WORK}/user/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)\nproject(user LANGUAGES CXX)\n"
    "find_package(curtail CONFIG REQUIRED)\n"
    "get_target_property(include curtail::curtail INTERFACE_INCLUDE_DIRECTORIES)\n"
    "list(GET include 0 include)\nstring(REGEX REPLACE \"[$]<[A-Z_]+:([^>]*)>\" \"\\\\1\" include \"\${include}\")\n"
    "if(NOT EXISTS \${include}/curtail/curtail.hpp)\nmessage(FATAL_ERROR \"no headers in \${include}\")\nendif()\n")
run(${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM} -D CMAKE_CXX_COMPILER=${COMPILER}
    -S ${WORK}/user -B ${WORK}/user/build -D CMAKE_PREFIX_PATH=${CURRENT_PACKAGES_DIR})
