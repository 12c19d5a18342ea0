# fish: completes the options that --help lists, with what it says of each, and files.
set -l tool (string replace -r '.*/(.*)[.]fish$' '$1' (status filename))
complete -c $tool -a "($tool --help | string replace -rf '^  (--[a-z-]+) +(.*)' '\$1\t\$2')"
