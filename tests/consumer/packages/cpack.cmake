# cpack makes an archive of what is installed, which works from where it is unpacked.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
configure(build)
run(${CPACK} --config ${WORK}/build/CPackConfig.cmake -B ${WORK}/archive)
file(ARCHIVE_EXTRACT INPUT ${WORK}/archive/curtail-${VERSION}-headers.tar.gz DESTINATION ${WORK})
set(prefix ${WORK}/curtail-${VERSION}-headers)
file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*.hpp)
file(GLOB_RECURSE expected RELATIVE ${SOURCE_DIR}/include ${SOURCE_DIR}/include/*.hpp)
if(NOT headers STREQUAL expected OR NOT EXISTS ${prefix}/share/pkgconfig/curtail.pc)
    message(FATAL_ERROR "the archive has other headers than the sources, or no curtail.pc: ${headers}")
endif()
file(WRITE ${WORK}/user/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)\nproject(user LANGUAGES CXX)\n"
    "find_package(curtail ${VERSION} EXACT CONFIG REQUIRED)\n")
run(${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM} -D CMAKE_CXX_COMPILER=${COMPILER}
    -S ${WORK}/user -B ${WORK}/user/build -D CMAKE_PREFIX_PATH=${prefix})
