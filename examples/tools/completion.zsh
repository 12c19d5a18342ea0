#compdef curtail-split curtail-show curtail-rows
# zsh: completes the options that --help lists, and files.
_arguments '*:file:_files' --
