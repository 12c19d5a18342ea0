# Writes the page of the manual ${OUT} of the tool curtail-${NAME}: what ${RUN} --help prints, as it is printed.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${RUN} --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${RUN} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE ".* " "" version "${version}")
get_filename_component(program "${RUN}" NAME_WE)  # of a list, the last

# The first sentence behind the usage says what the tool does.
string(REGEX MATCH "\n[A-Z][^\n]*" purpose "${help}")
string(REGEX REPLACE "[.]$" "" purpose "${purpose}")
string(STRIP "${purpose}" purpose)
string(REPLACE "usage: ${program}" "curtail-${NAME}" help "${help}")
foreach(text IN ITEMS help purpose)
    string(REPLACE "\\" "\\e" ${text} "${${text}}")
    string(REPLACE "-" "\\-" ${text} "${${text}}")
    string(REGEX REPLACE "\n([.'])" "\n\\\\&\\1" ${text} "${${text}}")
endforeach()
string(REPLACE "\n${purpose}.\n" "\n.fi\n.SH DESCRIPTION\n${purpose}.\n.SH OPTIONS\n.nf\n" help "${help}")
string(TOUPPER curtail-${NAME} title)
file(WRITE ${OUT} ".TH ${title} 1 \"\" \"curtail ${version}\" \"\"
.SH NAME
curtail\\-${NAME} \\- ${purpose}
.SH SYNOPSIS
.nf
${help}.fi
")
