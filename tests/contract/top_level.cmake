# The top level holds exactly this, dotfiles, build trees and a developer's own presets aside.
cmake_minimum_required(VERSION 3.25)
set(wished CMakeLists.txt LICENSE README.md examples include tests)
file(GLOB entries RELATIVE ${SOURCE_DIR} LIST_DIRECTORIES true ${SOURCE_DIR}/*)
list(FILTER entries EXCLUDE REGEX "^([.].*|build.*|CMakeUserPresets[.]json)$")
list(SORT entries)
if(NOT entries STREQUAL wished)
    message(FATAL_ERROR "the top level holds [${entries}] where it should hold exactly [${wished}]")
endif()
