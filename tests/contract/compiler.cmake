# For the scripts that call the compiler themselves: the flags, without code generation.
set(flags -std=c++20 -fsyntax-only -DCSV_IO_NO_THREAD)
list(REMOVE_DUPLICATES INCLUDE_DIRS)
foreach(dir IN LISTS INCLUDE_DIRS)
    list(APPEND flags -I${dir})
endforeach()

# Precompiles the includes at the head of ${source} and has ${flags} use them.
macro(precompile_includes source)
    file(READ ${source} head)
    string(REGEX REPLACE "\n(#if|struct |inline ).*" "" head "${head}")
    string(REGEX MATCHALL "#include <[^\n]+" head "${head}")
    list(JOIN head "\n" head)
    file(REMOVE_RECURSE ${WORK})
    file(WRITE ${WORK}/head.hpp "${head}\n")
    set(precompile ${flags})
    list(REMOVE_ITEM precompile -fsyntax-only)
    execute_process(COMMAND ${COMPILER} ${precompile} -x c++-header ${WORK}/head.hpp -o ${WORK}/head.hpp.gch
        COMMAND_ERROR_IS_FATAL ANY)
    list(PREPEND flags -include ${WORK}/head.hpp)
endmacro()
