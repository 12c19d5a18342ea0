# The README's first code block is examples/quick_start.cpp, the block behind it is what that program prints, and the next
# what show prints of the penguins.
file(READ ${SOURCE_DIR}/README.md readme)
file(READ ${SOURCE_DIR}/examples/quick_start.cpp program)
string(FIND "${program}" "#include" begin)
string(SUBSTRING "${program}" ${begin} -1 program)
string(FIND "${readme}" "```cpp\n${program}```\n" found)
if(found EQUAL -1)
    message(FATAL_ERROR "README.md does not show examples/quick_start.cpp as it is")
endif()

execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "examples/quick_start failed: ${status}")
endif()
string(FIND "${readme}" "```text\n${output}```\n" found)
if(found EQUAL -1)
    message(FATAL_ERROR "README.md does not show what examples/quick_start prints:\n${output}")
endif()

file(REMOVE /tmp/predictions_penguins.csv /tmp/predictions_penguins.csv-metadata.json)
execute_process(
    COMMAND ${SPLIT} ${SOURCE_DIR}/examples/data/penguins.csv --job-id penguins --out /tmp
    COMMAND ${SHOW}
    OUTPUT_VARIABLE output RESULTS_VARIABLE statuses)
file(REMOVE /tmp/predictions_penguins.csv /tmp/predictions_penguins.csv-metadata.json)
if(NOT statuses STREQUAL "0;0")
    message(FATAL_ERROR "split | show failed: ${statuses}")
endif()
string(FIND "${readme}" "```text\n${output}```\n" found)
if(found EQUAL -1)
    message(FATAL_ERROR "README.md does not show what show prints of the penguins:\n${output}")
endif()
