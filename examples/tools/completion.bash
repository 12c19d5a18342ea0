# bash: completes the options of curtail's tools, the words that an option takes, folders and files. What there is to
# complete is read from --help, so that it is said there alone.

_curtail_tool() {
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} help synopsis value=
    if [[ $word == "=" ]]; then
        word=
    elif [[ $previous == "=" ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    help=$("$1" --help 2>/dev/null) || return
    COMPREPLY=()
    # The words of the first lines, which say what each option takes.
    synopsis=${help%%$'\n'[A-Z]*}
    synopsis=${synopsis%%$'\n  -'*}
    if [[ $previous == --* && $synopsis =~ [[:space:][]"$previous"[[:space:]]+([A-Za-z][^][:space:]]*) ]]; then
        value=${BASH_REMATCH[1]}
    fi
    case $value in
        *"|"*) mapfile -t COMPREPLY < <(compgen -W "${value//|/ }" -- "$word") ;;
        DIR) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
        "" | FILE*)
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$(grep -o -e '--[a-z][a-z-]*' <<<"$help" | sort -u)" -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi
            ;;
    esac
}

complete -o filenames -F _curtail_tool curtail-split curtail-show curtail-rows
